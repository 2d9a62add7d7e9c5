"""Idempotency keys in SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, delete, select, update

from acceptance_api.http.idempotency.attempts import Attempt
from acceptance_api.http.tables import idempotency_claims, idempotency_keys
from acceptance_api.kernel.database import Tx, insert_new
from acceptance_api.kernel.express import NewRow, Part, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What is known of a key: what was asked under it, and the answer."""

    fingerprint: bytes
    claimed_at: datetime
    status: int | None
    headers: dict[str, str] | None
    body: bytes | None


def _kept_part(asked: Mapping[str, ColumnElement[Any]]) -> Part[Stored | None]:
    table = idempotency_keys.c
    return Part(
        columns=(table.fingerprint, table.claimed_at, table.status, table.headers, table.body),
        read=_stored,
        joins=((idempotency_keys, and_(*(table[name] == asked[name] for name in _NAMES))),),
    )


def _stored(values: Sequence[Any]) -> Stored | None:
    if values[0] is None:
        return None
    fingerprint, claimed_at, status, headers, body = values
    return Stored(fingerprint=fingerprint, claimed_at=claimed_at, status=status, headers=headers, body=body)


_NAMES = ("client_id", "operation", "key")
KEPT = Question({name: idempotency_keys.c[name].type for name in _NAMES}, lambda asked: (_kept_part(asked),))
"""What is known of a key."""


async def claim(tx: Tx, client_id: UUID, attempt: Attempt, *, at: datetime) -> Stored | None:
    """Claim a key in the transaction that acts on it; None when it is ours now, else what is known of it.

    PostgreSQL lets a twin wait here until the first transaction ends; SQLite's writers come one after another.
    """
    row = _key_of(client_id, attempt) | {"fingerprint": attempt.fingerprint, "claimed_at": at}
    if await insert_new(tx, idempotency_keys, row):
        return None
    return await find(tx, client_id, attempt)


async def find(tx: Tx, client_id: UUID, attempt: Attempt) -> Stored | None:
    """What is known of a key."""
    stored: Stored | None
    (stored,) = await KEPT.of(tx, client_id, attempt.operation, attempt.key)
    return stored


async def forget(tx: Tx, client_id: UUID, attempt: Attempt, *, claimed_at: datetime) -> None:
    """Forget a key that is too old to be replayed, unless somebody has claimed it anew meanwhile."""
    is_old = idempotency_keys.c.claimed_at == claimed_at
    await tx.execute(delete(idempotency_keys).where(_is(idempotency_keys, client_id, attempt), is_old))


async def keep_answer(
    tx: Tx, client_id: UUID, attempt: Attempt, *, status: int, headers: dict[str, str], body: bytes
) -> None:
    """Keep the answer of a claimed key, in the transaction of what it tells about."""
    await tx.execute(
        update(idempotency_keys)
        .where(_is(idempotency_keys, client_id, attempt))
        .values(status=status, headers=headers, body=body)
    )


def answered_row(
    client_id: UUID, attempt: Attempt, *, at: datetime, status: int, headers: dict[str, str], body: bytes
) -> NewRow:
    """The row of a key with its answer, for who commits it together with what it tells about."""
    answer = {"claimed_at": at, "status": status, "headers": headers, "body": body}
    return idempotency_keys, _key_of(client_id, attempt) | {"fingerprint": attempt.fingerprint} | answer


async def open_claim(tx: Tx, client_id: UUID, attempt: Attempt, *, at: datetime, until: datetime) -> bytes | None:
    """Claim a key while a stranger is asked; None when it is ours now, else the fingerprint of who asks already."""
    row = _key_of(client_id, attempt) | {"fingerprint": attempt.fingerprint, "claimed_until": until}
    if await insert_new(tx, idempotency_claims, row):
        return None
    where = _is(idempotency_claims, client_id, attempt)
    lapsed = await tx.execute(
        update(idempotency_claims)
        .where(where, idempotency_claims.c.claimed_until <= at)
        .values(fingerprint=attempt.fingerprint, claimed_until=until)
    )
    if lapsed.rowcount:
        return None
    found: bytes | None = (await tx.execute(select(idempotency_claims.c.fingerprint).where(where))).scalar()
    return found


async def close_claim(tx: Tx, client_id: UUID, attempt: Attempt) -> None:
    """Give a claim up: its question is answered, or failed."""
    await tx.execute(delete(idempotency_claims).where(_is(idempotency_claims, client_id, attempt)))


def is_replayable(stored: Stored, *, at: datetime, kept: timedelta) -> bool:
    """Whether the answer is young enough to be given again."""
    return at - stored.claimed_at < kept


def _key_of(client_id: UUID, attempt: Attempt) -> dict[str, Any]:
    return {"client_id": client_id, "operation": attempt.operation, "key": attempt.key}


def _is(table: Table, client_id: UUID, attempt: Attempt) -> ColumnElement[bool]:
    return and_(*(table.c[name] == value for name, value in _key_of(client_id, attempt).items()))
