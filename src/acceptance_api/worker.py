"""Composition root of the background process: what need not be done while a counter waits."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta

from acceptance_api.acceptance import DecidingDesk
from acceptance_api.disclosure import DisclosureDesk
from acceptance_api.http.enterprise.import_lines import line_reader
from acceptance_api.imports import (
    ImportKey,
    ProcessingDesk,
    Run,
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
from acceptance_api.sites import Roster
from acceptance_api.vault import FileKeyStore, Vault, verify_algorithms

RUNS_MAX = 8
"""So many enterprises' imports go on side by side, a chunk of each in turn."""
COMMIT_TOGETHER = 25
"""Small transactions: a counter that shares an SQLite file waits for one of them."""
_CONNECTIONS = 2
_SWEEP_S = 60.0
_PAUSE_MAX_S = 5.0
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
                vault=vault,
                writer=writer,
            ),
            disclosure=DisclosureDesk(database, vault),
            read_line=line_reader(await vault.fixed_key("fingerprint"), depth_max=settings.json_depth_max),
            lease=timedelta(seconds=settings.worker_lease_s),
            kept=timedelta(days=settings.offline_days_max),
        )


class Worker:
    """Goes on with every import it holds in turn, and takes its time: after each chunk it rests as long as it worked.

    Whatever goes wrong with one import is logged and tried again later; the others go on.
    """

    def __init__(self, desk: ProcessingDesk, clock: Clock, stop: asyncio.Event, *, poll_s: float) -> None:
        """Hold nothing yet."""
        self._desk = desk
        self._clock = clock
        self._stop = stop
        self._poll_s = poll_s
        self._runs: dict[ImportKey, Run] = {}
        self._not_before: dict[ImportKey, float] = {}
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
        for run in self._runs.values():
            with suppress(Problem):  # then the lease lapses by itself
                await leave(self._desk, run)

    async def turn(self) -> bool:
        """Take up what waits, and process a chunk of each import; say whether any came on."""
        await self._sweep()
        await self._take_up()
        has_worked = False
        for key, run in list(self._runs.items()):
            if self._stop.is_set():
                break
            if self._not_before.get(key, 0.0) <= time.monotonic():
                has_worked |= await self._go_on(key, run)
        return has_worked

    async def _go_on(self, key: ImportKey, run: Run) -> bool:
        began = time.monotonic()
        self._not_before.pop(key, None)
        try:
            if not await advance(self._desk, run, at=self._clock.now()):
                del self._runs[key]
        except (Problem, Setback) as error:
            log.warning("an import waits", record_id=str(run.key[1]), reason=str(error))
            self._not_before[key] = time.monotonic() + self._poll_s
            return False
        except Exception as error:
            log.exception("an import waits", record_id=str(run.key[1]), exc_info=error)
            self._not_before[key] = time.monotonic() + self._poll_s
            return False
        await self._rest(min(_PAUSE_MAX_S, time.monotonic() - began))
        return True

    async def _take_up(self) -> None:
        at = self._clock.now()
        for key in await find_work(self._desk, at=at):
            if key not in self._runs and len(self._runs) < RUNS_MAX and not self._stop.is_set():
                run = await take_up(self._desk, key, at=at)
                if run is not None:
                    self._runs[key] = run

    async def _sweep(self) -> None:
        if time.monotonic() - self._swept_at >= _SWEEP_S:
            await clear_leftovers(self._desk.deciding.database, at=self._clock.now())
            self._swept_at = time.monotonic()

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stop.wait()
