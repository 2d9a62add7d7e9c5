"""The audit trail in SQL: append and read, never change."""

from uuid import UUID

from sqlalchemy import Row, Table, and_, insert, or_, select

from acceptance_api.audit.model import Action, Actor, Entry
from acceptance_api.audit.tables import audit_entries
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import EntryId


async def append(tx: Tx, entry: Entry) -> None:
    """Append an entry to the trail, in the transaction of what it tells about."""
    await tx.execute(insert(audit_entries), _row(entry))


def row_of(entry: Entry) -> tuple[Table, dict[str, object]]:
    """The row of an entry, for who commits it together with what it tells about."""
    return audit_entries, _row(entry)


async def find_entries(
    tx: Tx,
    stream_id: UUID,
    *,
    subject_id: UUID | None = None,
    case_id: UUID | None = None,
    after: EntryId | None = None,
    limit: int = 50,
) -> tuple[Entry, ...]:
    """The entries of one stream, oldest first, optionally of one subject or one case.

    Ids are UUIDv7, so their order is that of minting, to the millisecond.
    """
    wanted = [audit_entries.c.stream_id == stream_id]
    if subject_id is not None:
        wanted.append(audit_entries.c.subject_id == subject_id)
    if case_id is not None:
        wanted.append(or_(audit_entries.c.case_id == case_id, audit_entries.c.subject_id == case_id))
    if after is not None:
        wanted.append(audit_entries.c.id > after)
    query = select(audit_entries).where(and_(*wanted)).order_by(audit_entries.c.id).limit(limit)
    return tuple(_entry(row) for row in await tx.execute(query))


def _row(entry: Entry) -> dict[str, object]:
    return {
        "stream_id": entry.stream_id,
        "id": entry.id,
        "at": entry.at,
        "action": entry.action.value,
        "client_id": entry.actor.client_id,
        "clerk_id": entry.actor.clerk_id,
        "case_id": entry.actor.case_id,
        "request_id": entry.actor.request_id,
        "subject_id": entry.subject_id,
        "detail": dict(entry.detail),
        "commitments": {name: value.hex() for name, value in entry.commitments.items()},
    }


def _entry(row: Row[tuple[object, ...]]) -> Entry:
    return Entry(
        id=EntryId(row.id),
        action=Action(row.action),
        actor=Actor(client_id=row.client_id, clerk_id=row.clerk_id, case_id=row.case_id, request_id=row.request_id),
        at=row.at,
        stream_id=row.stream_id,
        subject_id=row.subject_id,
        detail=row.detail,
        commitments={name: bytes.fromhex(value) for name, value in row.commitments.items()},
    )
