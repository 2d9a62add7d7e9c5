"""What became of the requests: counted while they are sent, summed up at the end."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from benchmarks.exchange import Kind
from benchmarks.figures import quantile

_REPEATED = frozenset({200, 201})
_SHOWN_BYTES = 400


@dataclass(kw_only=True)
class Tally:
    """Counts and latencies of one load.

    A good answer has `status`, holds `mark` exactly `marks` times, and stands for so many `units` of work.
    """

    status: int = 201
    mark: bytes = b""
    marks: int = 1
    units: int = 1
    started: float = 0.0
    ended: float = 0.0
    good: int = 0
    latencies_s: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    surprises: Counter[str] = field(default_factory=Counter)
    bytes_received: int = 0

    def count(self, kind: Kind, status: int, body: bytes, *, latency_s: float, at: float) -> bool:
        """Count one answer; whether it was a good one to a good request."""
        self.ended = at
        self.statuses[f"{kind.name.lower()} {status}"] += 1
        self.bytes_received += len(body)
        if kind is Kind.GOOD:
            self.latencies_s.append(latency_s)
            if status == self.status and (not self.mark or body.count(self.mark) == self.marks):
                self.good += 1
                return True
        elif status in _REPEATED if kind is Kind.REPEAT else 400 <= status < 500:  # noqa: PLR2004 - client errors
            return False
        self.surprise(f"{kind.name.lower()} request: {status} {body[:_SHOWN_BYTES].decode(errors='replace')}")
        return False

    def surprise(self, words: str) -> None:
        """Count what must not happen: an unexpected answer, a lost connection."""
        known = words in self.surprises
        self.surprises[words if known or len(self.surprises) < 5 else "others"] += 1  # noqa: PLR2004 - a few tell enough

    def as_json(self) -> dict[str, Any]:
        """The sum: rates in good units a second, latencies of good requests in milliseconds."""
        elapsed = max(self.ended - self.started, 1e-9)
        ordered = sorted(self.latencies_s)
        return {
            "elapsed_s": round(elapsed, 6),
            "good": self.good,
            "accepted": self.good * self.units,
            "rate": round(self.good * self.units / elapsed, 3),
            "answers": sum(self.statuses.values()),
            "statuses": dict(self.statuses),
            "surprises": dict(self.surprises),
            "bytes_received": self.bytes_received,
            **{f"p{q}_ms": round(quantile(ordered, q / 100) * 1000, 4) if ordered else None for q in (50, 90, 99)},
            "max_ms": round(ordered[-1] * 1000, 4) if ordered else None,
        }
