"""Idempotency keys in SQL."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, select, update

from acceptance_api.http.idempotency.attempts import Attempt
from acceptance_api.http.tables import idempotency_keys
from acceptance_api.kernel.database import Tx, insert_new


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What is known of a key: who claimed it with what, and the answer once there is one."""

    fingerprint: bytes
    claimed_at: datetime
    claimed_until: datetime | None
    status: int | None
    headers: dict[str, str] | None
    body: bytes | None


async def claim(
    tx: Tx, client_id: UUID, attempt: Attempt, *, at: datetime, until: datetime | None = None
) -> Stored | None:
    """Claim a key; None when it is ours now, else what is known of it.

    PostgreSQL lets a twin wait here until the first transaction ends; SQLite's writers come one after another.
    """
    row = {
        "client_id": client_id,
        "operation": attempt.operation,
        "key": attempt.key,
        "fingerprint": attempt.fingerprint,
        "claimed_at": at,
        "claimed_until": until,
    }
    if await insert_new(tx, idempotency_keys, row):
        return None
    return await find(tx, client_id, attempt)


async def reclaim(tx: Tx, client_id: UUID, attempt: Attempt, *, at: datetime, until: datetime | None = None) -> bool:
    """Take over a key whose claim lapsed or whose answer is too old to be replayed; say whether it is ours now."""
    table = idempotency_keys
    await tx.execute(delete(table).where(_is(client_id, attempt)))
    return await claim(tx, client_id, attempt, at=at, until=until) is None


async def find(tx: Tx, client_id: UUID, attempt: Attempt) -> Stored | None:
    """What is known of a key."""
    row = (await tx.execute(select(idempotency_keys).where(_is(client_id, attempt)))).first()
    if row is None:
        return None
    return Stored(
        fingerprint=row.fingerprint,
        claimed_at=row.claimed_at,
        claimed_until=row.claimed_until,
        status=row.status,
        headers=row.headers,
        body=row.body,
    )


async def keep_answer(
    tx: Tx, client_id: UUID, attempt: Attempt, *, status: int, headers: dict[str, str], body: bytes
) -> None:
    """Keep the answer of a claimed key, in the transaction of what it tells about."""
    await tx.execute(
        update(idempotency_keys)
        .where(_is(client_id, attempt))
        .values(status=status, headers=headers, body=body, claimed_until=None)
    )


async def release(tx: Tx, client_id: UUID, attempt: Attempt) -> None:
    """Give up a claim that has no answer."""
    await tx.execute(delete(idempotency_keys).where(_is(client_id, attempt), idempotency_keys.c.status.is_(None)))


def is_replayable(stored: Stored, *, at: datetime, kept: timedelta) -> bool:
    """Whether the answer is young enough to be given again."""
    return at - stored.claimed_at < kept


def _is(client_id: UUID, attempt: Attempt) -> ColumnElement[bool]:
    table = idempotency_keys
    return and_(table.c.client_id == client_id, table.c.operation == attempt.operation, table.c.key == attempt.key)
