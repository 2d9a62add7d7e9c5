"""Rounds: every contestant is up, they are loaded in turn, and every other round goes the other way about."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from statistics import linear_regression
from typing import Any, Protocol

from benchmarks.loading import Load

Row = dict[str, Any]
"""What one load of one contestant in one round came to; `void` says why it does not count."""
Say = Callable[[str], None]
_WARM_SHARE = 0.2
"""So much of a soak is its warm-up, whose growth does not count: caches fill, the allocator settles."""
_SHORT = 0.5
"""A load that used up its requests in less than this share of its time is void."""


class Contestant(Protocol):
    """Somebody who can be loaded."""

    @property
    def name(self) -> str:
        """A short name."""
        ...

    async def prepare(self, count: int) -> None:
        """Do what must be done before so many requests, so that nothing of it falls into a load."""
        ...

    async def measure(self, load: Load, *, count: int) -> Row:
        """Load it with at most so many requests; what came of it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much is measured."""

    name: str
    rounds: int
    seconds: float
    counters: tuple[int, ...] = (1, 16, 64, 256)
    records: tuple[int, ...] = (10_000, 1_000_000)
    warm_s: float = 1.0
    is_brief: bool = False
    """Whether only what is steered by is measured."""
    soak_s: float = 600.0


QUICK = Plan(
    name="quick", rounds=3, seconds=1.0, counters=(1, 64, 256), records=(10_000, 100_000), warm_s=0.4, is_brief=True
)
NORMAL = Plan(name="default", rounds=5, seconds=2.5)
FULL = Plan(name="full", rounds=9, seconds=8.0)


@dataclass(kw_only=True)
class Rounds:
    """The rounds of one workload."""

    plan: Plan
    say: Say
    guess: float = 400.0
    """The rate that is expected of who was never measured."""
    rates: dict[tuple[str, str], float] = field(default_factory=dict)
    """The last rate of each contestant under each load: how many requests its next load is given."""

    async def run(self, contestants: Sequence[Contestant], loads: Sequence[Load]) -> list[Row]:
        """Warm everybody up, prepare everything, then measure in rounds."""
        for load in loads:
            for contestant in contestants:
                await self._measured(contestant, replace(load, seconds=self.plan.warm_s), 0)
        for contestant in contestants:
            await contestant.prepare(sum(self._count(contestant, load) for load in loads) * self.plan.rounds)
        return [
            await self._measured(contestant, load, number)
            for number in range(1, self.plan.rounds + 1)
            for load in loads
            for contestant in (contestants if number % 2 else tuple(reversed(contestants)))
        ]

    async def _measured(self, contestant: Contestant, load: Load, number: int) -> Row:
        found = await contestant.measure(load, count=self._count(contestant, load))
        self.rates[contestant.name, load.name] = found["rate"]
        row = {"contestant": contestant.name, "load": load.name, "round": number, "void": reason(found, load), **found}
        self.say(line_of(row))
        return row

    def _count(self, contestant: Contestant, load: Load) -> int:
        """How many requests a load may use: more than it used the last time."""
        rate = load.rate or self.rates.get((contestant.name, load.name), self.guess) * 1.4
        return int(rate * load.seconds) + 8 * load.connections + 100


def reason(found: Row, load: Load) -> str | None:
    """Why a round does not count, None when it does."""
    if found["surprises"]:
        return "; ".join(f"{count} x {words}" for words, count in found["surprises"].items())
    if "stored" in found and found["stored"] != found["accepted"]:
        return f"{found['accepted']} were answered accepted, {found['stored']} rows are there"
    if not found["good"]:
        return "no answer was good"
    if found["elapsed_s"] < load.seconds * _SHORT:
        return "the requests were used up"
    return None


def line_of(row: Row) -> str:
    """A row for the person who waits."""
    words = f"  round {row['round']}  {row['contestant']:<12} {row['load']:>8}  {row['rate']:>9,.0f}/s"
    words += f"  p50 {row['p50_ms'] or 0:8.2f}  p99 {row['p99_ms'] or 0:8.2f} ms  load {os.getloadavg()[0]:.1f}"
    return words + (f"  VOID: {row['void']}" if row["void"] else "")


def growth_mb_per_100_000(rows: Sequence[Row]) -> float:
    """The slope of memory over acceptances, after the warm-up."""
    counted = rows[int(len(rows) * _WARM_SHARE) :]
    points = [(row["accepted_so_far"] / 100_000, row["rss_bytes"] / 2**20) for row in counted]
    slope, _ = linear_regression([x for x, _ in points], [y for _, y in points])
    return slope


def valid(rows: Sequence[Row], contestant: str, load: str) -> list[Row]:
    """The rounds of a contestant under a load that count."""
    return [row for row in rows if row["contestant"] == contestant and row["load"] == load and not row["void"]]
