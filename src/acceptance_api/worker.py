"""Composition root of the background process: what need not be done while a counter waits."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, TypeVar
from uuid import UUID

from acceptance_api.acceptance import (
    DecidingDesk,
    RehearsalKey,
    RehearsingDesk,
    RuleDesk,
    advance_rehearsal,
    find_waiting_rehearsals,
    leave_rehearsal,
    take_up_rehearsal,
)
from acceptance_api.disclosure import DisclosureDesk
from acceptance_api.http.enterprise.import_lines import line_reader
from acceptance_api.imports import (
    ImportKey,
    ProcessingDesk,
    Setback,
    advance,
    clear_leftovers,
    find_work,
    leave,
    take_up,
)
from acceptance_api.kernel.clock import Clock
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.express import Reader, Writer, open_lane
from acceptance_api.kernel.log import get_logger
from acceptance_api.kernel.problems import Problem
from acceptance_api.kernel.settings import Settings
from acceptance_api.rulesets import Shelf
from acceptance_api.sites import Roster
from acceptance_api.vault import FileKeyStore, Vault, verify_algorithms

RUNS_MAX = 8
"""So many enterprises' imports go on side by side, a chunk of each in turn."""
REHEARSALS_MAX = 4
COMMIT_TOGETHER = 25
"""Small transactions: a counter that shares an SQLite file waits for one of them."""
_CONNECTIONS = 2
_SWEEP_S = 60.0
_PAUSE_MAX_S = 5.0
_Key = TypeVar("_Key")
log = get_logger()


async def work(settings: Settings, clock: Clock, stop: asyncio.Event) -> None:
    """Work until told to stop: the chunk at hand is finished, and what waits is left to the next worker.

    Raises:
        BrokenAlgorithm: this build of the cryptography library answers wrongly; nothing is done.
    """
    async with open_desk(settings) as desk:
        await Worker(desk, clock, stop, poll_s=settings.worker_poll_s).work()


@asynccontextmanager
async def open_desk(settings: Settings) -> AsyncIterator[ProcessingDesk]:
    """Put the collaborators of a worker together, and take them apart at the end."""
    verify_algorithms()
    async with AsyncExitStack() as stack:
        database = Database(settings.database_url, pool_size=_CONNECTIONS)
        stack.push_async_callback(database.dispose)
        lane = open_lane(database)
        stack.push_async_callback(lane.close)
        together = {"together_max": COMMIT_TOGETHER, "waiting_max": settings.commit_waiting_max}
        reader, writer = Reader(lane, **together), Writer(lane, **together, lanes=1)
        stack.push_async_callback(writer.drain)
        vault = Vault(FileKeyStore(settings.key_directory))
        yield ProcessingDesk(
            deciding=DecidingDesk(
                database=database,
                reader=reader,
                roster=Roster(reader, lag_s=settings.revocation_lag_s),
                rules=RuleDesk(Shelf(database, lag_s=settings.revocation_lag_s)),
                vault=vault,
                writer=writer,
            ),
            disclosure=DisclosureDesk(database, vault),
            read_line=line_reader(await vault.fixed_key("fingerprint"), depth_max=settings.json_depth_max),
            lease=timedelta(seconds=settings.worker_lease_s),
            kept=timedelta(days=settings.offline_days_max),
        )


class Advance(Protocol):
    """Does a piece of work; says whether there is more. Raises a Problem or Setback when it must be tried later."""

    def __call__(self, *, at: datetime) -> Awaitable[bool]:
        """Do it, at this moment."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work that this worker holds, and goes on with piece by piece."""

    id: UUID
    trouble: str
    """What the log says when it has to wait."""
    advance: Advance
    leave: Callable[[], Awaitable[None]]


class Worker:
    """Goes on with every import and rehearsal it holds in turn, and takes its time: after each piece it rests as long.

    Whatever goes wrong with one of them is logged and tried again later; the others go on.
    """

    def __init__(self, desk: ProcessingDesk, clock: Clock, stop: asyncio.Event, *, poll_s: float) -> None:
        """Hold nothing yet."""
        self._desk = desk
        self._rehearsing = RehearsingDesk(database=desk.deciding.database, lease=desk.lease)
        self._clock = clock
        self._stop = stop
        self._poll_s = poll_s
        self._imports: dict[ImportKey, Job] = {}
        self._rehearsals: dict[RehearsalKey, Job] = {}
        self._not_before: dict[UUID, float] = {}
        self._swept_at = -_SWEEP_S

    async def work(self) -> None:
        """Look for work and do it, until told to stop."""
        while not self._stop.is_set():
            try:
                has_worked = await self.turn()
            except Exception as error:
                log.exception("work cannot be looked for", exc_info=error)
                has_worked = False
            if not has_worked:
                await self._rest(self._poll_s)
        for job in (*self._imports.values(), *self._rehearsals.values()):
            with suppress(Problem):  # then the lease lapses by itself
                await job.leave()

    async def turn(self) -> bool:
        """Take up what waits, and do a piece of each import and rehearsal; say whether any came on."""
        await self._sweep()
        await self._take_up_imports()
        await self._take_up_rehearsals()
        has_worked = await self._go_on_with(self._imports)
        return await self._go_on_with(self._rehearsals) or has_worked

    async def _go_on_with(self, jobs: dict[_Key, Job]) -> bool:
        has_worked = False
        for key, job in list(jobs.items()):
            if self._stop.is_set():
                break
            if self._not_before.get(job.id, 0.0) <= time.monotonic():
                has_worked |= await self._go_on(jobs, key, job)
        return has_worked

    async def _go_on(self, jobs: dict[_Key, Job], key: _Key, job: Job) -> bool:
        began = time.monotonic()
        self._not_before.pop(job.id, None)
        try:
            if not await job.advance(at=self._clock.now()):
                del jobs[key]
        except (Problem, Setback) as error:
            log.warning(job.trouble, record_id=str(job.id), reason=str(error))
            self._not_before[job.id] = time.monotonic() + self._poll_s
            return False
        except Exception as error:
            log.exception(job.trouble, record_id=str(job.id), exc_info=error)
            self._not_before[job.id] = time.monotonic() + self._poll_s
            return False
        await self._rest(min(_PAUSE_MAX_S, time.monotonic() - began))
        return True

    async def _take_up_imports(self) -> None:
        at = self._clock.now()
        for key in await find_work(self._desk, at=at):
            if key not in self._imports and len(self._imports) < RUNS_MAX and not self._stop.is_set():
                run = await take_up(self._desk, key, at=at)
                if run is not None:
                    self._imports[key] = Job(
                        id=key[1],
                        trouble="an import waits",
                        advance=partial(advance, self._desk, run),
                        leave=partial(leave, self._desk, run),
                    )

    async def _take_up_rehearsals(self) -> None:
        at, desk = self._clock.now(), self._rehearsing
        for key in await find_waiting_rehearsals(desk, at=at):
            if key not in self._rehearsals and len(self._rehearsals) < REHEARSALS_MAX and not self._stop.is_set():
                run = await take_up_rehearsal(desk, key, at=at)
                if run is not None:
                    self._rehearsals[key] = Job(
                        id=key[1],
                        trouble="a rehearsal waits",
                        advance=partial(advance_rehearsal, desk, run),
                        leave=partial(leave_rehearsal, desk, run),
                    )

    async def _sweep(self) -> None:
        if time.monotonic() - self._swept_at >= _SWEEP_S:
            await clear_leftovers(self._desk.deciding.database, at=self._clock.now())
            self._swept_at = time.monotonic()

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stop.wait()
