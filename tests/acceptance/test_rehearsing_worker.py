"""The worker's rounds over rehearsals: it stops in order, and tries again what failed for a reason nobody foresaw."""

import asyncio
from datetime import datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from acceptance_api.acceptance import Rehearsal, RehearsalState, advance_rehearsal
from acceptance_api.acceptance.rehearsal_model import RehearsalFailure
from acceptance_api.access import Caller
from acceptance_api.worker import Worker, open_desk
from tests.acceptance.rehearsed import HOUR, LATER, Archive, archive_of, looked_up, propose, requested, taken
from tests.support.authorities import StandingClock
from tests.support.builders import NOON, Shop
from tests.support.service import settings_for


@pytest.fixture
async def regulator(shop: Shop) -> Caller:
    """An agency that has proposed a campaign."""
    caller = await shop.caller_of(shop.world.regulator)
    async with shop.database.transaction() as tx:
        await propose(tx, caller)
    return caller


@pytest.fixture
async def archive(shop: Shop) -> Archive:
    """One accepted parcel."""
    return await archive_of(shop.database, await shop.decide(await shop.ready()))


class StoppingClock(StandingClock):
    """A clock that tells a worker to stop when it is asked the time too often."""

    def __init__(self, stop: asyncio.Event, *, asked_max: int) -> None:
        """Stand at the moment when rehearsals are asked for."""
        super().__init__(LATER)
        self._stop, self._left = stop, asked_max

    def now(self) -> datetime:
        """The instant it stands at."""
        self._left -= 1
        if self._left <= 0:
            self._stop.set()
        return super().now()


async def work(shop: Shop, directory: Path, *, asked_max: int) -> None:
    """Let a worker work until its clock tells it to stop."""
    stop = asyncio.Event()
    async with open_desk(settings_for(shop.database.url, directory)) as desk:
        await Worker(desk, StoppingClock(stop, asked_max=asked_max), stop, poll_s=0.01).work()


async def test_a_worker_that_is_told_to_stop_leaves_a_rehearsal_to_the_next(
    shop: Shop, archive: Archive, regulator: Caller, tmp_path: Path
) -> None:
    await archive.add([NOON + HOUR])
    one = await requested(shop.database, regulator)
    await work(shop, tmp_path, asked_max=4)
    left = await looked_up(shop.database, one)
    await work(shop, tmp_path, asked_max=40)
    done = await looked_up(shop.database, one)

    assert (left.state, left.total, left.seen) == (RehearsalState.QUEUED, 2, 0), "no lease has to lapse"
    assert (done.state, done.seen) == (RehearsalState.FINISHED, 2)


@pytest.mark.usefixtures("archive")
async def test_more_rehearsals_than_it_holds_at_once_come_to_their_end_too(
    shop: Shop, regulator: Caller, tmp_path: Path
) -> None:
    asked = [await requested(shop.database, regulator) for _ in range(6)]
    await work(shop, tmp_path, asked_max=60)
    done = [await looked_up(shop.database, one) for one in asked]

    assert [(one.state, one.seen) for one in done] == [(RehearsalState.FINISHED, 1)] * 6


async def test_what_failed_for_a_reason_nobody_foresaw_is_tried_again_some_times_then_told(
    archive: Archive, regulator: Caller
) -> None:
    goods = [{"code": "R-10", "quantity": "many", "documents": []}]
    await archive.add([NOON + HOUR], facts=archive.decision["facts"] | {"goods": goods})
    one = await requested(archive.database, regulator)
    with capture_logs() as lines:
        tries, failed = await tried(archive, one)

    assert (failed.state, failed.failure, failed.seen) == (RehearsalState.FAILED, RehearsalFailure.INTERNAL, 0)
    assert tries == 4
    assert {line["event"] for line in lines} == {"a rehearsal failed"}
    assert [line["attempt"] for line in lines] == [1, 2, 3, 4]


async def tried(archive: Archive, one: Rehearsal) -> tuple[int, Rehearsal]:
    """Go on until it ends; how often, after the counting, and what came of it."""
    desk, run = await taken(archive.database, one)
    tries = 0
    while await advance_rehearsal(desk, run, at=LATER):
        tries += run.total is not None
    return tries, await looked_up(archive.database, one)
