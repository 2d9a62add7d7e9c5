"""Leases in SQL: which imports want a worker, and who may work on one now.

What wants work is one plain look without a lock. The work itself is claimed under its enterprise's key, by a
conditional change: of two workers one changes the row, and the other finds nothing to change.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, and_, func, literal, or_, select, update

from acceptance_api.imports.model import Import, ImportId, ImportKey, ImportState, RunId
from acceptance_api.imports.store import import_of
from acceptance_api.imports.tables import import_chunks, import_records, imports
from acceptance_api.kernel.database import Instant, Tx
from acceptance_api.kernel.ids import EnterpriseId

_WAITING = [ImportState.QUEUED.value, ImportState.RUNNING.value]
_HELD = frozenset({ImportState.RUNNING.value})


async def find_waiting(tx: Tx, *, at: datetime) -> tuple[ImportKey, ...]:
    """Of each enterprise the import that came first, unless somebody works on it: its files are taken in order."""
    columns = imports.c.enterprise_id, imports.c.id, imports.c.leased_until
    query = select(*columns).where(imports.c.finished_at.is_(None), imports.c.state.in_(_WAITING))
    first: dict[EnterpriseId, ImportKey | None] = {}
    for row in await tx.execute(query.order_by(imports.c.enterprise_id, imports.c.received_at, imports.c.id)):
        is_free = row.leased_until is None or row.leased_until <= at
        key = EnterpriseId(row.enterprise_id), ImportId(row.id)
        first.setdefault(key[0], key if is_free else None)
    return tuple(key for key in first.values() if key is not None)


async def claim(tx: Tx, key: ImportKey, run_id: RunId, *, at: datetime, until: datetime) -> Import | None:
    """Take an import up until a moment; None when somebody else was first, or it has ended."""
    is_free = or_(imports.c.leased_until.is_(None), imports.c.leased_until <= at)
    taken = {
        "state": ImportState.RUNNING.value,
        "runs": imports.c.runs + 1,
        "started_at": func.coalesce(imports.c.started_at, literal(at, Instant())),
        "run_id": run_id,
        "leased_until": until,
    }
    return await _changed(tx, key, and_(imports.c.state.in_(_WAITING), is_free), taken)


async def hold(
    tx: Tx, key: ImportKey, run_id: RunId, *, until: datetime, even_cancelled: bool = False
) -> Import | None:
    """Go on with an import until a later moment; None when it has ended, or another run has it.

    From here to the end of the transaction nobody else can take it or cancel it. One that was cancelled meanwhile is
    held only where it is asked for.
    """
    states = _HELD | {ImportState.CANCELLED.value} if even_cancelled else _HELD
    return await _changed(tx, key, _held_by(run_id, states), {"leased_until": until})


async def release(tx: Tx, key: ImportKey, run_id: RunId) -> None:
    """Leave an import to the next worker that looks."""
    left = {"state": ImportState.QUEUED.value, "run_id": None, "leased_until": None}
    await _changed(tx, key, _held_by(run_id, _HELD), left)


async def find_leftovers(tx: Tx, *, at: datetime) -> tuple[ImportKey, ...]:
    """Imports that stopped coming in, or ended while something of them waited, and that nobody works on."""
    unreceived = select(imports.c.enterprise_id, imports.c.id).where(
        imports.c.state.in_([ImportState.RECEIVING.value, ImportState.ABANDONED.value]), imports.c.leased_until <= at
    )
    queries = [unreceived, *(_ended_with(table, at=at) for table in (import_chunks, import_records))]
    found = [row for query in queries for row in await tx.execute(query)]
    return tuple(dict.fromkeys((EnterpriseId(row[0]), ImportId(row[1])) for row in found))


def _ended_with(table: Table, *, at: datetime) -> Select[tuple[UUID, UUID]]:
    """Imports that have ended and still have rows in a table."""
    same = and_(imports.c.enterprise_id == table.c.enterprise_id, imports.c.id == table.c.import_id)
    nobody = or_(imports.c.leased_until.is_(None), imports.c.leased_until <= at)
    keys = select(table.c.enterprise_id, table.c.import_id).join(imports, same)
    return keys.where(imports.c.finished_at.is_not(None), nobody).distinct()


async def _changed(tx: Tx, key: ImportKey, condition: ColumnElement[bool], values: Mapping[str, Any]) -> Import | None:
    this = and_(imports.c.enterprise_id == key[0], imports.c.id == key[1])
    changed = await tx.execute(update(imports).where(this, condition).values(dict(values)))
    if not changed.rowcount:
        return None
    return import_of((await tx.execute(select(imports).where(this))).one())


def _held_by(run_id: RunId, states: frozenset[str]) -> ColumnElement[bool]:
    return and_(imports.c.state.in_(sorted(states)), imports.c.run_id == run_id)
