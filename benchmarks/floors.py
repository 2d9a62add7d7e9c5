"""The floors that the service must reach, as ratios within each round of one run, and whether it does."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.figures import Figure, figure, ratios
from benchmarks.rounds import Row, growth_mb_per_100_000, valid

Results = Mapping[str, Sequence[Row]]
"""The rows of each workload that was run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """A figure that must be at least, or at most, so much."""

    name: str
    workload: str
    bound: float
    is_least: bool = True
    find: Callable[[Sequence[Row]], Figure | None]

    def words(self) -> str:
        """`at least 4`."""
        return f"at {'least' if self.is_least else 'most'} {self.bound:g}"

    def is_reached(self, found: Figure) -> bool:
        """Whether the median reaches it."""
        return found.median >= self.bound if self.is_least else found.median <= self.bound


class TooNoisy(Exception):  # noqa: N818 - it says what is wrong
    """The rounds of a contestant lie too far apart: what rests on them is neither reached nor missed."""


def by_round(rows: Sequence[Row], contestant: str, load: str, quantity: str = "rate") -> dict[int, float]:
    """A quantity of the rounds that count."""
    return {row["round"]: float(row[quantity]) for row in valid(rows, contestant, load) if row.get(quantity)}


def steady(rows: Sequence[Row], contestant: str, load: str, quantity: str = "rate") -> dict[int, float]:
    """The same, of a contestant whose rates are steady enough.

    Raises:
        TooNoisy: they are not.
    """
    rate = figure(by_round(rows, contestant, load).values())
    if rate is not None and rate.is_noisy:
        raise TooNoisy
    return by_round(rows, contestant, load, quantity)


def ratio(above: str, below: str, load: str, *, quantity: str = "rate") -> Callable[[Sequence[Row]], Figure | None]:
    """The ratio of two contestants under one load."""
    return lambda rows: ratios(steady(rows, above, load, quantity), steady(rows, below, load, quantity))


def of_best(contestant: str, load: str, limit: str) -> Callable[[Sequence[Row]], Figure | None]:
    """The ratio of a contestant to the best that a limit reached in the round under any load."""

    def find(rows: Sequence[Row]) -> Figure | None:
        best: dict[int, float] = {}
        for row in rows:
            if row["contestant"] == limit and not row["void"]:
                best[row["round"]] = max(best.get(row["round"], 0.0), row["rate"])
        found = figure(best.values())
        if found is not None and found.is_noisy:
            raise TooNoisy
        return ratios(steady(rows, contestant, load), best)

    return find


def of_load(contestant: str, above: str, below: str) -> Callable[[Sequence[Row]], Figure | None]:
    """The ratio of a contestant's rates under two loads."""
    return lambda rows: ratios(steady(rows, contestant, above), steady(rows, contestant, below))


def tail(contestant: str, load: str) -> Callable[[Sequence[Row]], Figure | None]:
    """The 99th percentile over the median, of the loads whose names begin so."""

    def find(rows: Sequence[Row]) -> Figure | None:
        wanted = [row for row in rows if row["contestant"] == contestant and row["load"].startswith(load)]
        return figure(row["p99_ms"] / row["p50_ms"] for row in wanted if not row["void"])

    return find


def voids(contestant: str, load: str) -> Callable[[Sequence[Row]], Figure | None]:
    """How many rounds had an error or lost a row."""

    def find(rows: Sequence[Row]) -> Figure | None:
        wanted = [row for row in rows if row["contestant"] == contestant and row["load"] == load]
        return figure([float(sum(row["void"] is not None for row in wanted))]) if wanted else None

    return find


def growth(rows: Sequence[Row]) -> Figure | None:
    """By how many megabytes memory grew for 100,000 acceptances, after the warm-up."""
    return figure([growth_mb_per_100_000(list(rows))]) if rows else None


FLOORS = (
    Floor(name="accept, 64 counters, over P1", workload="accept", bound=15, find=ratio("ours", "tutorial", "64")),
    Floor(name="accept, 64 counters, over P2", workload="accept", bound=4, find=ratio("ours", "tuned", "64")),
    Floor(
        name="accept, 64 counters, of the best pgbench rate",
        workload="accept",
        bound=0.4,
        find=of_best("ours", "64", "pgbench"),
    ),
    Floor(name="accept, 1 counter, over P1", workload="accept", bound=5, find=ratio("ours", "tutorial", "1")),
    Floor(name="accept, 256 counters, over 64", workload="accept", bound=1, find=of_load("ours", "256", "64")),
    Floor(
        name="accept, 256 counters, rounds with errors",
        workload="accept",
        bound=0,
        is_least=False,
        find=voids("ours", "256"),
    ),
    Floor(
        name="accept, 1 counter, p50 over pgbench's",
        workload="accept",
        bound=4,
        is_least=False,
        find=ratio("ours", "pgbench", "1", quantity="p50_ms"),
    ),
    Floor(
        name="accept, open loop at half of peak, p99 over p50",
        workload="accept",
        bound=3,
        is_least=False,
        find=tail("ours", "open"),
    ),
    Floor(
        name="SQLite, 16 counters, over one commit each",
        workload="sqlite",
        bound=2,
        find=ratio("grouped", "alone", "16"),
    ),
    Floor(
        name="SQLite, 64 counters, over one commit each",
        workload="sqlite",
        bound=2,
        find=ratio("grouped", "alone", "64"),
    ),
    Floor(name="SQLite, 16 counters, over P1", workload="sqlite", bound=20, find=ratio("grouped", "tutorial", "16")),
    Floor(name="SQLite, 64 counters, over P1", workload="sqlite", bound=20, find=ratio("grouped", "tutorial", "64")),
    Floor(name="batches of 500, of raw COPY", workload="batch", bound=0.3, find=ratio("batches", "copy", "2")),
    Floor(
        name="search by ID number, p50 at 10^6 over 10^4 records",
        workload="search",
        bound=2,
        is_least=False,
        find=ratio("archive6", "archive4", "1", quantity="p50_ms"),
    ),
    Floor(name="64 counters, every duty over none", workload="duties", bound=0.9, find=ratio("whole", "bare", "64")),
    Floor(
        name="64 counters, with over without audit entry",
        workload="duties",
        bound=0.9,
        find=ratio("whole", "unaudited", "64"),
    ),
    Floor(name="soak, MB of memory for 100,000 acceptances", workload="soak", bound=2, is_least=False, find=growth),
)


def judged(results: Results) -> list[dict[str, Any]]:
    """Every floor of a workload that was run, with its figure; `reached` is None when nothing can be said."""
    return [
        {"floor": floor.name, "bound": floor.words(), **_judgement(floor, results[floor.workload])}
        for floor in FLOORS
        if floor.workload in results
    ]


def _judgement(floor: Floor, rows: Sequence[Row]) -> dict[str, Any]:
    try:
        measured = floor.find(rows)
    except TooNoisy:
        return {"figure": "too noisy", "reached": None}
    if measured is None:
        return {"figure": "not measured", "reached": None}
    return {"figure": str(measured), "reached": floor.is_reached(measured)}
