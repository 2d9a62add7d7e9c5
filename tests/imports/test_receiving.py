"""Receiving: lines are sealed as they come in, a file that does not come in whole leaves nothing behind."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from acceptance_api.access import Caller, Permission
from acceptance_api.audit import Action
from acceptance_api.imports import ImportState, clear_leftovers, queue_import, receive_lines
from acceptance_api.imports.receiving import RECEIVING_MAX, UNFINISHED_MAX
from acceptance_api.imports.splitting import CHUNK_LINES_MAX
from acceptance_api.imports.store import find
from acceptance_api.imports.tables import import_chunks, import_faults, imports
from acceptance_api.kernel.problems import Kind, Problem
from tests.imports.conftest import LATER, Office, counted, entries, file_of, pieces

TABLES = (imports, import_chunks, import_faults)


async def test_a_file_waits_in_chunks_until_it_is_processed(office: Office) -> None:
    lines = [office.line() for _ in range(CHUNK_LINES_MAX + 1)]
    key = await office.load(b"\n" + file_of(lines))
    queued = await office.look(key)

    assert (queued.state, queued.tally.received, queued.tally.processed) == (ImportState.QUEUED, len(lines), 0)
    assert await counted(office.database, import_chunks) == 2
    (entry,) = await entries(office)
    assert (entry.action, entry.subject_id, entry.actor.client_id) == (
        Action.IMPORT_RECEIVED,
        key[1],
        office.caller.client.id,
    )


async def test_lines_lie_sealed_and_are_bound_to_their_place(office: Office) -> None:
    line = office.line()
    key = await office.load(file_of([line]))
    async with office.database.read() as tx:
        row = (await tx.execute(select(import_chunks))).one()

    for secret in (line["acceptance"]["sender"]["name"], line["acceptance"]["addressee"]["phone"]):
        assert secret.encode() not in row.lines_sealed
    assert (row.enterprise_id, row.import_id) == key
    assert len(row.lines_sealed) > len(file_of([line]))


async def test_nobody_is_told_of_a_file_that_is_still_coming_in(office: Office) -> None:
    key = await receive_lines(office.receiving, office.caller, pieces(file_of([office.line()])), at=LATER)
    async with office.database.read() as tx:
        assert await find(tx, *key) is None

    async with office.database.transaction() as tx:
        assert (await queue_import(tx, office.caller, key, at=LATER)).state is ImportState.QUEUED


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        pytest.param(b"", Kind.INVALID, "no_lines", id="nothing"),
        pytest.param(b"\n \n\r\n", Kind.INVALID, "no_lines", id="blank lines only"),
        pytest.param(b"x\n" * 1_001, Kind.BODY_TOO_LARGE, None, id="too many lines"),
    ],
)
async def test_what_is_no_file_of_lines_leaves_nothing_behind(
    office: Office, content: bytes, kind: Kind, code: str | None
) -> None:
    with pytest.raises(Problem) as refused:
        await office.load(content)

    assert refused.value.kind is kind
    assert [fault.code for fault in refused.value.faults] == ([code] if code else [])
    assert [await counted(office.database, table) for table in TABLES] == [0, 0, 0]


async def test_a_connection_that_breaks_leaves_nothing_behind(office: Office) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield file_of([office.line() for _ in range(CHUNK_LINES_MAX)]) + b"\xff\n" * CHUNK_LINES_MAX
        assert await counted(office.database, import_chunks) == 1
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await receive_lines(office.receiving, office.caller, broken(), at=LATER)

    assert [await counted(office.database, table) for table in TABLES] == [0, 0, 0]


async def test_what_a_killed_process_left_is_cleared_away_once_it_can_no_longer_come_in(office: Office) -> None:
    content = file_of([office.line()]) + b"\xff\n"
    key = await receive_lines(office.receiving, office.caller, pieces(content), at=LATER)
    await clear_leftovers(office.database, at=LATER + RECEIVING_MAX - timedelta(seconds=1))
    before = [await counted(office.database, table) for table in TABLES]
    await clear_leftovers(office.database, at=LATER + RECEIVING_MAX)

    assert before == [1, 1, 1]
    assert [await counted(office.database, table) for table in TABLES] == [0, 0, 0]
    with pytest.raises(Problem) as refused:
        async with office.database.transaction() as tx:
            await queue_import(tx, office.caller, key, at=LATER)
    assert refused.value.kind is Kind.OVERLOADED


async def test_lines_that_are_none_are_faults_of_their_own(office: Office) -> None:
    lines = [file_of([office.line()]).strip(), b"\xff\xfe", b"x" * 10_001, b"{}"]
    key = await office.load(b"\n".join(lines))

    assert await office.faults(key) == {2: (("", "not_utf8"),), 3: (("", "line_too_long"),)}
    assert (await office.look(key)).tally.faulty == 2


async def test_an_enterprise_may_have_so_many_imports_and_no_more(office: Office) -> None:
    for _ in range(UNFINISHED_MAX):
        await office.load(b"{}")
    with pytest.raises(Problem) as refused:
        await office.load(b"{}")

    assert refused.value.kind is Kind.OVERLOADED


async def test_loading_needs_its_permission(office: Office) -> None:
    less = replace(
        office.caller.client, permissions=office.caller.client.permissions - {Permission.ENTERPRISE_IMPORT_MANAGE}
    )
    with pytest.raises(Problem) as refused:
        await receive_lines(office.receiving, Caller(client=less), pieces(b"{}"), at=LATER)

    assert refused.value.kind is Kind.NOT_PERMITTED
