"""Metrics in Prometheus's text form: counts and durations by route template, never by value."""

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """The metrics of one process, in a registry of their own."""

    media_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        """Register the metrics."""
        self.registry = CollectorRegistry()
        labels = ["method", "route", "status"]
        self._requests = Counter("acceptance_requests", "Requests answered.", labels, registry=self.registry)
        self._seconds = Histogram(
            "acceptance_request_seconds",
            "Time to answer.",
            ["method", "route"],
            buckets=_BUCKETS,
            registry=self.registry,
        )
        # Looking a child up by its labels takes as long as counting.
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self.decisions = Counter("acceptance_decisions", "Parcels decided.", ["outcome"], registry=self.registry)

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request; a method nobody knows is counted as OTHER."""
        key = method if method in _METHODS else "OTHER", route, status
        if key not in self._known:
            self._known[key] = self._requests.labels(*map(str, key)), self._seconds.labels(*key[:2])
        counted, timed = self._known[key]
        counted.inc()
        timed.observe(seconds)

    def exposition(self) -> bytes:
        """Everything, as Prometheus reads it."""
        return generate_latest(self.registry)
