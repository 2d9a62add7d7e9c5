"""The worker's rounds: every enterprise has its turn, and no import's trouble is another's."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from acceptance_api.imports import ImportState, receive_lines
from acceptance_api.imports.receiving import RECEIVING_MAX
from acceptance_api.imports.splitting import CHUNK_LINES_MAX
from acceptance_api.imports.tables import import_chunks
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.express import Record, Writer
from acceptance_api.worker import Worker
from tests.imports.conftest import LATER, Office, counted, entries, file_of, open_office, pieces
from tests.support.authorities import StandingClock
from tests.support.builders import open_shop

LINES = CHUNK_LINES_MAX + 1


@pytest.fixture
async def other(database: Database, tmp_path: Path) -> AsyncIterator[Office]:
    """Another enterprise that loads files."""
    async with open_shop(database, tmp_path, division="310101") as shop:
        yield await open_office(shop)


def worker_of(office: Office, stop: asyncio.Event | None = None, *, writer: Writer | None = None) -> Worker:
    """A worker that looks for work without a pause."""
    deciding = replace(office.desk.deciding, writer=writer or office.desk.deciding.writer)
    desk = replace(office.desk, deciding=deciding)
    return Worker(desk, StandingClock(LATER), stop or asyncio.Event(), poll_s=0.01)


async def test_every_enterprise_has_its_turn(office: Office, other: Office) -> None:
    keys = [(one, await one.load(file_of(one.line() for _ in range(LINES)))) for one in (office, other)]
    worker, rounds = worker_of(office), []
    for _ in range(3):
        assert await worker.turn()
        rounds.append([(await one.look(key)).tally.processed for one, key in keys])

    assert rounds == [[CHUNK_LINES_MAX] * 2, [LINES] * 2, [LINES] * 2]
    assert [(await one.look(key)).state for one, key in keys] == [ImportState.FINISHED] * 2
    assert not await worker.turn(), "there is nothing left to do"


async def test_one_import_in_trouble_holds_up_no_other_and_is_tried_again(office: Office, other: Office) -> None:
    class Failing(Writer):
        """A writer that fails for one enterprise, some times."""

        def __init__(self) -> None:
            self.failures = 3

        async def add(self, record: Record) -> None:
            rows = [row for _, row in record.rows if row.get("enterprise_id") == office.caller.enterprise_id]
            if rows and self.failures:
                self.failures -= 1
                raise RuntimeError("张三")
            await office.shop.writer.add(record)

    troubled = await office.load(file_of([office.line()]))
    untroubled = await other.load(file_of([other.line()]))
    worker = worker_of(office, writer=Failing())
    with capture_logs() as lines:
        for _ in range(4):
            await worker.turn()
        done_meanwhile = (await other.look(untroubled)).state
        for _ in range(10):
            await asyncio.sleep(0.02)
            await worker.turn()

    assert done_meanwhile is ImportState.FINISHED
    assert (await office.look(troubled)).tally.refused == 1
    assert {line["event"] for line in lines} == {"a line could not be processed", "an import waits"}
    assert {line["record_id"] for line in lines} == {str(troubled[1])}


async def test_a_worker_that_is_told_to_stop_leaves_what_it_holds(office: Office) -> None:
    key = await office.load(file_of(office.line() for _ in range(LINES)))
    stop = asyncio.Event()

    class Stopping(Writer):
        def __init__(self) -> None:
            """Write with the shop's writer."""

        async def add(self, record: Record) -> None:
            stop.set()
            await office.shop.writer.add(record)

    await worker_of(office, stop, writer=Stopping()).work()
    left = await office.look(key)

    assert (left.state, left.tally.processed) == (ImportState.QUEUED, CHUNK_LINES_MAX)
    assert (await office.process(key)).tally.refused == LINES


async def test_a_worker_clears_away_what_a_killed_process_left(office: Office) -> None:
    await receive_lines(office.receiving, office.caller, pieces(file_of([office.line()])), at=LATER - RECEIVING_MAX)
    assert await counted(office.database, import_chunks) == 1
    await worker_of(office).turn()

    assert await counted(office.database, import_chunks) == 0
    assert [entry.action for entry in await entries(office)] == []


async def test_a_worker_without_a_database_waits_for_it(office: Office, tmp_path: Path) -> None:
    stop = asyncio.Event()
    away = Database(f"sqlite+aiosqlite:///{tmp_path}/nowhere/none.db")
    desk = replace(office.desk, deciding=replace(office.desk.deciding, database=away))
    with capture_logs() as lines:
        at_work = asyncio.create_task(Worker(desk, StandingClock(LATER), stop, poll_s=0.01).work())
        await asyncio.sleep(0.2)
        assert not at_work.done()
        stop.set()
        await at_work
    await away.dispose()

    assert len(lines) > 1
    assert {line["event"] for line in lines} == {"work cannot be looked for"}
