"""Runs: whatever becomes of a worker or of its import, each record is made once and each line is counted once."""

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from acceptance_api.acceptance.tables import acceptances
from acceptance_api.access import revoke_client
from acceptance_api.audit import OPERATOR, Action, find_entries
from acceptance_api.disclosure import DisclosureDesk
from acceptance_api.imports import (
    ImportKey,
    ImportState,
    ProcessingDesk,
    Setback,
    advance,
    cancel_import,
    clear_leftovers,
    find_work,
    leave,
    take_up,
)
from acceptance_api.imports.model import Failure, Tally
from acceptance_api.imports.splitting import CHUNK_LINES_MAX
from acceptance_api.imports.tables import import_chunks, import_records
from acceptance_api.kernel.express import Record, Writer
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.vault import FileKeyStore, Vault
from tests.imports.conftest import LATER, LEASE, Office, counted, entries, file_of, id_of, taken

SECOND = timedelta(seconds=1)


async def test_the_trail_tells_of_each_run_before_anything_is_opened(office: Office) -> None:
    key = await office.load(file_of([office.line() for _ in range(CHUNK_LINES_MAX + 1)]))
    run = await taken(office, key)
    assert await advance(office.desk, run, at=LATER)
    await leave(office.desk, run)
    done = await office.process(key)

    actions = [(entry.action, entry.detail.get("processed")) for entry in await entries(office)]
    assert actions == [
        (Action.IMPORT_RECEIVED, None),
        (Action.IMPORT_STARTED, 0),
        (Action.IMPORT_STARTED, CHUNK_LINES_MAX),
        (Action.IMPORT_FINISHED, None),
    ]
    assert (done.runs, done.tally.refused) == (2, CHUNK_LINES_MAX + 1)
    assert {entry.actor.client_id for entry in await entries(office)} == {office.caller.client.id}


class Stuck(Writer):
    """A writer that commits some records and then nothing more, like a process that is about to be killed."""

    def __init__(self, writer: Writer, *, records: int) -> None:
        self._writer = writer
        self._left = records
        self.is_stuck = asyncio.Event()

    async def add(self, record: Record) -> None:
        if self._left == 0:
            self.is_stuck.set()
            await asyncio.Event().wait()
        self._left -= 1
        await self._writer.add(record)


@pytest.mark.parametrize("records", [0, 1, 24, 25, 26, 57])
async def test_a_worker_killed_in_the_middle_of_a_chunk_costs_nothing_and_nothing_is_done_twice(
    office: Office, records: int
) -> None:
    lines = [office.line() for _ in range(58)] + [{"outlet_id": "x"}]
    key = await office.load(file_of(lines))
    await _killed(office, key, records=records)
    made = await counted(office.database, acceptances)
    too_early = await find_work(office.desk, at=LATER + LEASE - SECOND)
    done = await office.process(key, at=LATER + LEASE)

    assert (made, too_early) == (records, ())
    assert done.tally == Tally(received=59, refused=58, faulty=1), "what the first worker recorded is no repetition"
    assert await counted(office.database, acceptances) == 58
    assert await counted(office.database, import_records) == 0
    async with office.database.read() as tx:
        decided = await find_entries(tx, office.shop.world.outlet_id, limit=1_000)
    told = Counter(entry.subject_id for entry in decided if entry.action is Action.ACCEPTANCE_DECIDED)
    assert set(told.values()) == {1}


async def test_a_worker_that_wakes_up_after_its_lease_has_lost_the_import(office: Office) -> None:
    key = await office.load(file_of([office.line() for _ in range(3)]))
    asleep = await taken(office, key)
    other = await taken(office, key, at=LATER + LEASE)

    assert not await advance(office.desk, asleep, at=LATER + LEASE)
    assert (await office.look(key)).tally.processed == 0
    await leave(office.desk, asleep)
    assert (await office.look(key)).state is ImportState.RUNNING, "it is not its to leave"
    while await advance(office.desk, other, at=LATER + LEASE):
        pass
    assert (await office.look(key)).tally == Tally(received=3, refused=3)


async def test_two_workers_never_have_one_import(office: Office) -> None:
    key = await office.load(file_of([office.line()]))
    runs = await asyncio.gather(*(take_up(office.desk, key, at=LATER) for _ in range(8)))

    assert len([run for run in runs if run is not None]) == 1
    started = [entry for entry in await entries(office) if entry.action is Action.IMPORT_STARTED]
    assert len(started) == 1


async def test_the_files_of_an_enterprise_are_taken_in_their_order(office: Office) -> None:
    first = await office.load(file_of([office.line()]))
    second = await office.load(file_of([office.line()]), at=LATER + SECOND)
    at = LATER + 2 * SECOND

    assert await find_work(office.desk, at=at) == (first,)
    run = await taken(office, first, at=at)
    assert await find_work(office.desk, at=at) == ()
    while await advance(office.desk, run, at=at):
        pass
    assert await find_work(office.desk, at=at) == (second,)


async def test_what_is_cancelled_is_not_processed_and_what_was_processed_stays(office: Office) -> None:
    key = await office.load(file_of([office.line() for _ in range(2 * CHUNK_LINES_MAX)]))
    run = await taken(office, key)
    assert await advance(office.desk, run, at=LATER)
    await cancel_import(office.database, office.caller, key[1], at=LATER)
    goes_on = await advance(office.desk, run, at=LATER)
    cancelled = await office.look(key)

    assert not goes_on
    assert (cancelled.state, cancelled.tally.processed) == (ImportState.CANCELLED, CHUNK_LINES_MAX)
    assert cancelled.tally.progress == 0.5
    assert await counted(office.database, acceptances) == CHUNK_LINES_MAX
    assert await counted(office.database, import_chunks) == 0
    await cancel_import(office.database, office.caller, key[1], at=LATER + SECOND)
    assert [entry.action for entry in await entries(office)].count(Action.IMPORT_CANCELLED) == 1


async def test_lines_that_were_being_recorded_when_it_was_cancelled_are_counted(office: Office) -> None:
    key = await office.load(file_of([office.line() for _ in range(40)]))
    stuck = Stuck(office.shop.writer, records=30)
    run = await taken(office, key)
    at_work = asyncio.create_task(advance(_with(office, stuck), run, at=LATER))
    await stuck.is_stuck.wait()
    await cancel_import(office.database, office.caller, key[1], at=LATER)
    await _gone(office, at_work, records=30)
    await clear_leftovers(office.database, at=LATER + LEASE)

    assert (await office.look(key)).tally == Tally(received=40, refused=30)
    assert await counted(office.database, acceptances) == 30
    assert await counted(office.database, import_records) == 0


async def test_a_chunk_that_was_finished_while_it_was_cancelled_is_counted_by_its_worker(office: Office) -> None:
    key = await office.load(file_of([office.line() for _ in range(2)]))
    run = await taken(office, key)

    class Cancelling(Writer):
        def __init__(self) -> None:
            """Write with the shop's writer."""

        async def add(self, record: Record) -> None:
            await cancel_import(office.database, office.caller, key[1], at=LATER)
            await office.shop.writer.add(record)

    assert await advance(_with(office, Cancelling()), run, at=LATER)
    assert not await advance(office.desk, run, at=LATER)
    one = await office.look(key)
    assert (one.state, one.tally) == (ImportState.CANCELLED, Tally(received=2, refused=2))


async def test_what_a_revoked_client_left_behind_is_not_gone_on_with(office: Office) -> None:
    key = await office.load(file_of([office.line() for _ in range(CHUNK_LINES_MAX + 1)]))
    run = await taken(office, key)
    assert await advance(office.desk, run, at=LATER)
    async with office.database.transaction() as tx:
        await revoke_client(tx, office.caller.client.id, enterprise_id=None, actor=OPERATOR, at=LATER)
    goes_on = await advance(office.desk, run, at=LATER)
    failed = await office.look(key)

    assert not goes_on
    assert (failed.state, failed.failure) == (ImportState.FAILED, Failure.CLIENT_REVOKED)
    assert failed.tally.processed == CHUNK_LINES_MAX
    assert await counted(office.database, import_chunks) == 0
    assert (await entries(office))[-1].action is Action.IMPORT_FAILED


async def test_a_chunk_that_was_tampered_with_fails_the_import_and_nothing_of_it_is_recorded(office: Office) -> None:
    key = await office.load(file_of([office.line()]))
    async with office.database.transaction() as tx:
        sealed = (await tx.execute(select(import_chunks.c.lines_sealed))).scalar_one()
        await tx.execute(update(import_chunks).values(lines_sealed=sealed[:-1] + bytes([sealed[-1] ^ 1])))
    failed = await office.process(key)

    assert (failed.state, failed.failure) == (ImportState.FAILED, Failure.SEALED_DATA_DAMAGED)
    assert await counted(office.database, acceptances) == 0


async def test_without_keys_an_import_waits(office: Office, tmp_path: Path) -> None:
    key = await office.load(file_of([office.line()]))
    run = await taken(office, key)
    elsewhere = DisclosureDesk(office.database, Vault(FileKeyStore(tmp_path / "elsewhere")))
    away = replace(office.desk, disclosure=elsewhere)
    lost = await take_up(away, key, at=LATER + LEASE)
    assert lost is not None
    with pytest.raises(Problem) as waits:
        await advance(away, lost, at=LATER + LEASE)
    await leave(away, lost)

    assert waits.value.kind is Kind.KEYS_UNAVAILABLE
    assert not await advance(office.desk, run, at=LATER + LEASE)
    assert (await office.process(key, at=LATER + LEASE)).tally == Tally(received=1, refused=1)


async def test_a_line_that_nobody_foresaw_is_given_up_after_some_tries_and_the_others_are_recorded(
    office: Office,
) -> None:
    lines = [office.line() for _ in range(5)]
    key = await office.load(file_of(lines))
    bad = id_of(lines[2])

    class Choking(Writer):
        def __init__(self) -> None:
            """Write with the shop's writer."""

        async def add(self, record: Record) -> None:
            if any(row.get("acceptance_id") == bad for _, row in record.rows):
                raise RuntimeError("张三")
            await office.shop.writer.add(record)

    run, desk, setbacks = await taken(office, key), _with(office, Choking()), 0
    goes_on = True
    while goes_on:
        try:
            goes_on = await advance(desk, run, at=LATER)
        except Setback:
            setbacks += 1

    assert setbacks == 4
    assert await office.faults(key) == {3: (("", "internal"),)}
    assert (await office.look(key)).tally == Tally(received=5, refused=4, faulty=1)


async def _killed(office: Office, key: ImportKey, *, records: int) -> None:
    """A worker that is gone after it committed so many records."""
    stuck = Stuck(office.shop.writer, records=records)
    run = await taken(office, key)
    at_work = asyncio.create_task(advance(_with(office, stuck), run, at=LATER))
    await stuck.is_stuck.wait()
    await _gone(office, at_work, records=records)


async def _gone(office: Office, at_work: asyncio.Task[bool], *, records: int) -> None:
    """End a worker once what it handed over is committed."""
    while await counted(office.database, acceptances) < records:  # noqa: ASYNC110 - the database has no event of ours
        await asyncio.sleep(0.01)
    at_work.cancel()
    with suppress(asyncio.CancelledError):
        await at_work


def _with(office: Office, writer: Writer) -> ProcessingDesk:
    """The desk, with another writer."""
    return replace(office.desk, deciding=replace(office.desk.deciding, writer=writer))
