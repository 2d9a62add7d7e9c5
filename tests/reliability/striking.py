"""Strikes: kill -9 of the service, of its database or of both, from a seed, while counters work."""

import asyncio
import random
import signal
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from acceptance_api.kernel.migrations import upgrade
from tests.reliability.counters import Answered, counters_at_work, present_one
from tests.reliability.running import Server, Till
from tests.support.durable_postgresql import DurableServer


class Target(StrEnum):
    """What is killed."""

    SERVICE = "service"
    DATABASE = "database"
    BOTH = "both"


@dataclass(kw_only=True)
class Drill:
    """What happened."""

    seed: int
    answered: list[Answered] = field(default_factory=list)
    strikes: list[Target] = field(default_factory=list)
    recoveries_s: list[float] = field(default_factory=list)
    """After each kill of the database alone: from its accepting connections to the answer to a new parcel."""

    def __str__(self) -> str:
        counted = ", ".join(f"{self.strikes.count(target)} x {target}" for target in Target if target in self.strikes)
        replays = sum(one.is_replay for one in self.answered)
        slowest = f", slowest recovery {max(self.recoveries_s):.2f} s" if self.recoveries_s else ""
        return f"seed {self.seed}: killed {counted}; answered {len(self.answered)}, {replays} by replay{slowest}"


def strikes_of(seed: int, count: int) -> list[Target]:
    """As many strikes in a random order: a tenth of both at once, the rest half and half."""
    both = count // 10
    rest = [Target.SERVICE, Target.DATABASE] * ((count - both + 1) // 2)
    chosen = [*[Target.BOTH] * both, *rest[: count - both]]
    random.Random(seed).shuffle(chosen)  # noqa: S311 - a seed that can be repeated, not a secret
    return chosen


async def drill(
    server: Server, till: Till, database: DurableServer | None, *, strikes: Sequence[Target], seed: int, counters: int
) -> Drill:
    """Let counters work, and strike at random moments; when it ends, every counter has been answered."""
    moments = random.Random(seed)  # noqa: S311 - as above
    report = Drill(seed=seed)
    async with counters_at_work(till, counters) as report.answered:
        for target in strikes:
            await asyncio.sleep(moments.uniform(0.3, 1.5))
            await _strike(server, till, database, target, report)
        await asyncio.sleep(0.3)
    return report


async def _strike(server: Server, till: Till, database: DurableServer | None, target: Target, report: Drill) -> None:
    report.strikes.append(target)
    if target is not Target.DATABASE:
        await server.stop(signal.SIGKILL)
    if target is not Target.SERVICE:
        assert database is not None
        await asyncio.to_thread(database.kill)
        await asyncio.to_thread(database.start)
    if target is not Target.DATABASE:
        await server.start()
        return
    began = time.monotonic()
    report.answered.append(await present_one(till))
    report.recoveries_s.append(time.monotonic() - began)


@asynccontextmanager
async def migrated(options: dict[str, str] | None = None) -> AsyncIterator[DurableServer]:
    """A server of our own with this release's schema; it keeps what it committed, unless the options say otherwise."""
    with await asyncio.to_thread(DurableServer, options) as database:
        await upgrade(database.url)
        yield database
