"""Imports in SQL: the file, its waiting lines, its faults. Every statement names the enterprise whose import it is."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Table, and_, delete, func, insert, select, update

from acceptance_api.audit import Entry, append
from acceptance_api.imports.model import (
    Chunk,
    Ending,
    Failure,
    FaultyLine,
    Import,
    ImportId,
    ImportKey,
    ImportState,
    LineResult,
    Tally,
)
from acceptance_api.imports.tables import import_chunks, import_faults, import_records, imports
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.express import NewRow
from acceptance_api.kernel.ids import ClientId, EnterpriseId
from acceptance_api.kernel.problems import Fault, Kind, Problem

FAULTS_KEPT_MAX = 10_000
"""Of so many faulty lines it is told what is wrong; more are counted only."""
_HIDDEN = [ImportState.RECEIVING.value, ImportState.ABANDONED.value]
_UNFINISHED = [ImportState.QUEUED.value, ImportState.RUNNING.value]


async def add(tx: Tx, one: Import, *, until: datetime) -> None:
    """Begin to receive an import; what has not come in by then is given up."""
    await tx.execute(insert(imports).values(_row(one) | {"leased_until": until}))


async def add_lines(tx: Tx, key: ImportKey, chunk: Chunk | None, faulty: Sequence[FaultyLine]) -> None:
    """Put lines away, and record what is wrong with those that are none.

    Raises:
        Problem: OVERLOADED, when the import has been given up meanwhile.
    """
    received = (chunk.lines if chunk else 0) + len(faulty)
    changed = await tx.execute(
        update(imports)
        .where(_is(imports, key), imports.c.state == ImportState.RECEIVING.value)
        .values(received=imports.c.received + received, faulty=imports.c.faulty + len(faulty))
    )
    if not changed.rowcount:
        raise Problem(Kind.OVERLOADED)
    if chunk is not None:
        await tx.execute(insert(import_chunks).values({name: getattr(chunk, name) for name in Chunk.__slots__}))
    await _add_faults(tx, key, faulty)


async def queue(tx: Tx, key: ImportKey, *, entry: Entry) -> Import:
    """Let an import that came in whole wait for a worker, and record the audit entry.

    Raises:
        Problem: OVERLOADED, when it has been given up meanwhile.
    """
    changed = await tx.execute(
        update(imports)
        .where(_is(imports, key), imports.c.state == ImportState.RECEIVING.value)
        .values(state=ImportState.QUEUED.value, leased_until=None)
    )
    found = await find(tx, *key)
    if not changed.rowcount or found is None:
        raise Problem(Kind.OVERLOADED)
    await append(tx, entry)
    return found


async def find(tx: Tx, enterprise_id: EnterpriseId, import_id: ImportId) -> Import | None:
    """The enterprise's import with this id; one that is still coming in looks missing."""
    query = select(imports).where(_is(imports, (enterprise_id, import_id)))
    row = (await tx.execute(query.where(imports.c.state.not_in(_HIDDEN)))).first()
    return import_of(row) if row else None


async def count_unfinished(tx: Tx, enterprise_id: EnterpriseId) -> int:
    """How many imports of an enterprise are coming in, wait or run."""
    query = select(func.count()).select_from(imports)
    wanted = imports.c.enterprise_id == enterprise_id, imports.c.finished_at.is_(None)
    return int((await tx.execute(query.where(*wanted))).scalar_one())


async def find_faulty(tx: Tx, key: ImportKey, *, after: int, limit: int) -> tuple[FaultyLine, ...]:
    """The faulty lines behind a line, in the order of the file."""
    query = select(import_faults).where(_of(import_faults, key), import_faults.c.line > after)
    rows = await tx.execute(query.order_by(import_faults.c.line).limit(limit))
    return tuple(FaultyLine(row.line, tuple(Fault(**fault) for fault in row.faults)) for row in rows)


async def next_chunk(tx: Tx, key: ImportKey) -> Chunk | None:
    """The first chunk of an import that still waits."""
    query = select(import_chunks).where(_of(import_chunks, key)).order_by(import_chunks.c.number).limit(1)
    row = (await tx.execute(query)).first()
    return Chunk(**row._mapping) if row else None  # noqa: SLF001 - SQLAlchemy's documented way to read a row by name


def record_row(key: ImportKey, number: int, ending: Ending) -> NewRow:
    """What is committed together with the record that a line asked for: what became of the line."""
    enterprise_id, import_id = key
    return import_records, {
        "enterprise_id": enterprise_id,
        "import_id": import_id,
        "line": number,
        "ending": ending.value,
    }


async def find_recorded(tx: Tx, key: ImportKey, first: int, last: int) -> dict[int, Ending]:
    """Of the lines from one number to another those whose record was made and not yet counted."""
    query = select(import_records.c.line, import_records.c.ending).where(_between(key, first, last))
    return {row.line: Ending(row.ending) for row in await tx.execute(query)}


async def count(tx: Tx, key: ImportKey, chunk: Chunk, results: Sequence[LineResult]) -> None:
    """Count what became of the lines of a chunk, and forget the chunk."""
    await _count(tx, key, Counter(result.ending for result in results))
    await _add_faults(tx, key, [FaultyLine(result.number, result.faults) for result in results if result.faults])
    numbers = [result.number for result in results]
    await tx.execute(delete(import_records).where(_between(key, min(numbers), max(numbers))))
    await tx.execute(delete(import_chunks).where(_of(import_chunks, key), import_chunks.c.number == chunk.number))


async def count_rest(tx: Tx, key: ImportKey) -> None:
    """Of an import that ended in the middle of a chunk, count the lines whose record was made."""
    recorded = select(import_records.c.ending, func.count().label("lines")).where(_of(import_records, key))
    endings = {Ending(row.ending): row.lines for row in await tx.execute(recorded.group_by(import_records.c.ending))}
    await _count(tx, key, Counter(endings))
    await tx.execute(delete(import_records).where(_of(import_records, key)))


async def end(
    tx: Tx, key: ImportKey, state: ImportState, *, at: datetime, entry: Entry, failure: Failure | None = None
) -> None:
    """Bring an unfinished import to its end, and record the audit entry; nothing when it has ended before.

    The run that is at it, if there is one, still counts the chunk at hand: its lines are decided already.
    """
    changed = await tx.execute(
        update(imports)
        .where(_is(imports, key), imports.c.state.in_(_UNFINISHED))
        .values(
            state=state.value,
            finished_at=at,
            failure=failure.value if failure else None,
        )
    )
    if changed.rowcount:
        await append(tx, entry)


async def forget_chunks(tx: Tx, key: ImportKey, *, limit: int) -> bool:
    """Delete some chunks of an import that will not be processed; say whether there were any."""
    numbers = select(import_chunks.c.number).where(_of(import_chunks, key)).order_by(import_chunks.c.number)
    found = list((await tx.execute(numbers.limit(limit))).scalars())
    if found:
        await tx.execute(delete(import_chunks).where(_of(import_chunks, key), import_chunks.c.number.in_(found)))
    return bool(found)


async def abandon(tx: Tx, key: ImportKey, *, at: datetime) -> bool:
    """Give up an import that is still coming in, so that it cannot be queued any more; say whether it was."""
    changed = await tx.execute(
        update(imports)
        .where(_is(imports, key), imports.c.state == ImportState.RECEIVING.value)
        .values(state=ImportState.ABANDONED.value, finished_at=at)
    )
    return bool(changed.rowcount)


async def forget_abandoned(tx: Tx, key: ImportKey) -> None:
    """Delete an import that was given up, with the faults found in it; its chunks are gone before."""
    deleted = await tx.execute(delete(imports).where(_is(imports, key), imports.c.state == ImportState.ABANDONED.value))
    if deleted.rowcount:
        await tx.execute(delete(import_faults).where(_of(import_faults, key)))


async def _count(tx: Tx, key: ImportKey, endings: Mapping[Ending, int]) -> None:
    counted = {ending.value: imports.c[ending.value] + lines for ending, lines in endings.items()}
    if counted:
        await tx.execute(update(imports).where(_is(imports, key)).values(counted))


async def _add_faults(tx: Tx, key: ImportKey, faulty: Sequence[FaultyLine]) -> None:
    if not faulty:
        return
    kept = select(func.count()).select_from(import_faults).where(_of(import_faults, key))
    room = max(0, FAULTS_KEPT_MAX - int((await tx.execute(kept)).scalar_one()))
    enterprise_id, import_id = key
    rows = [
        {
            "enterprise_id": enterprise_id,
            "import_id": import_id,
            "line": line.number,
            "faults": [asdict(fault) for fault in line.faults],
        }
        for line in faulty[:room]
    ]
    if rows:
        await tx.execute(insert(import_faults), rows)


def _between(key: ImportKey, first: int, last: int) -> ColumnElement[bool]:
    return and_(_of(import_records, key), import_records.c.line.between(first, last))


def _is(table: Table, key: ImportKey) -> ColumnElement[bool]:
    return and_(table.c.enterprise_id == key[0], table.c.id == key[1])


def _of(table: Table, key: ImportKey) -> ColumnElement[bool]:
    return and_(table.c.enterprise_id == key[0], table.c.import_id == key[1])


def _row(one: Import) -> dict[str, object]:
    return {
        "enterprise_id": one.enterprise_id,
        "id": one.id,
        "client_id": one.client_id,
        "request_id": one.request_id,
        "state": one.state.value,
        "runs": one.runs,
        "received_at": one.received_at,
        **asdict(one.tally),
    }


def import_of(row: Row[tuple[object, ...]]) -> Import:
    """An import from its row."""
    return Import(
        enterprise_id=EnterpriseId(row.enterprise_id),
        id=ImportId(row.id),
        client_id=ClientId(row.client_id),
        request_id=row.request_id,
        state=ImportState(row.state),
        tally=Tally(**{name: getattr(row, name) for name in Tally.__slots__}),
        runs=row.runs,
        received_at=row.received_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        failure=Failure(row.failure) if row.failure else None,
    )
