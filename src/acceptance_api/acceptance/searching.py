"""Finding acceptances by what was searched for: a waybill, or the tokens of a person. Never opens anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Table, exists, or_, select, tuple_

from acceptance_api.acceptance.fields import SENDER_ID_NUMBER
from acceptance_api.acceptance.store import Place
from acceptance_api.acceptance.tables import acceptance_tokens, acceptance_waybills, decisions
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import AcceptanceId, OutletId

TOKENS_PER_STATEMENT = 1_000
"""Beyond this many the planner gives up on the index (measured on PostgreSQL 15)."""
_Record = tuple[datetime, UUID, UUID]
"""A record that was found: its time and id, which order it among the others, and its outlet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A record that claims to be what was searched for; with a token, it must still be confirmed.

    `is_referenced` is false for a token of a verification on which no decision of the record rests.
    """

    outlet_id: OutletId
    acceptance_id: AcceptanceId
    recorded_at: datetime
    role: str | None = None
    token: int | None = None
    index_key_id: int | None = None
    source_id: UUID | None = None
    is_referenced: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """Where and when to look: a prefix of GB/T 2260, a half-open period, from where the last page ended.

    `limit` counts records; one record may make several claims.
    """

    jurisdiction: str
    since: datetime
    until: datetime
    before: Place | None
    limit: int


async def find_by_waybill(tx: Tx, waybill: str, within: Within) -> tuple[Claim, ...]:
    """Every presentation of a waybill in a jurisdiction and period, newest first."""
    table = acceptance_waybills
    query = (
        select(table)
        .where(table.c.waybill == waybill, *_inside(table, within))
        .order_by(table.c.recorded_at.desc(), table.c.acceptance_id.desc())
        .limit(within.limit)
    )
    return tuple(
        Claim(outlet_id=row.outlet_id, acceptance_id=row.acceptance_id, recorded_at=row.recorded_at)
        for row in await tx.execute(query)
    )


async def find_by_tokens(
    tx: Tx,
    tokens: Sequence[int],
    roles: Sequence[str],
    within: Within,
    *,
    per_statement: int = TOKENS_PER_STATEMENT,
) -> tuple[Claim, ...]:
    """All claims of the newest records that carry one of the tokens in one of the roles, newest record first."""
    batches = _batches(tokens, per_statement)
    found: set[_Record] = set()
    for some in batches:
        found |= await _records(tx, some, roles, within)
    newest = sorted(found, reverse=True)[: within.limit]
    claims: list[Claim] = []
    for some in batches if newest else ():
        claims += await _claims(tx, some, roles, newest)
    return tuple(sorted(claims, key=_order, reverse=True))


async def _records(tx: Tx, tokens: Sequence[int], roles: Sequence[str], within: Within) -> set[_Record]:
    table = acceptance_tokens
    query = (
        select(table.c.recorded_at, table.c.acceptance_id, table.c.outlet_id)
        .where(table.c.token.in_(tokens), table.c.role.in_(roles), *_inside(table, within))
        .distinct()
        .order_by(table.c.recorded_at.desc(), table.c.acceptance_id.desc(), table.c.outlet_id.desc())
        .limit(within.limit)
    )
    return {(row.recorded_at, row.acceptance_id, row.outlet_id) for row in await tx.execute(query)}


async def _claims(tx: Tx, tokens: Sequence[int], roles: Sequence[str], records: Sequence[_Record]) -> list[Claim]:
    table = acceptance_tokens
    keys = [(outlet_id, acceptance_id) for _, acceptance_id, outlet_id in records]
    query = select(table, _is_referenced()).where(
        table.c.token.in_(tokens), table.c.role.in_(roles), tuple_(table.c.outlet_id, table.c.acceptance_id).in_(keys)
    )
    return [_claim(row) for row in await tx.execute(query)]


def _is_referenced() -> ColumnElement[bool]:
    """A verification serves many records; only those that rest on it may be found by its number."""
    table = acceptance_tokens
    decided = exists().where(
        decisions.c.outlet_id == table.c.outlet_id,
        decisions.c.acceptance_id == table.c.acceptance_id,
        decisions.c.verification_id == table.c.source_id,
    )
    return or_(table.c.role != SENDER_ID_NUMBER.role, decided).label("is_referenced")


def _order(claim: Claim) -> tuple[datetime, UUID, UUID]:
    return claim.recorded_at, claim.acceptance_id, claim.outlet_id


def _batches(tokens: Sequence[int], size: int) -> list[tuple[int, ...]]:
    ordered = sorted(set(tokens))
    return [tuple(ordered[i : i + size]) for i in range(0, len(ordered), size)]


def _inside(table: Table, within: Within) -> list[ColumnElement[bool]]:
    wanted = [
        table.c.origin.startswith(within.jurisdiction, autoescape=True),
        table.c.recorded_at >= within.since,
        table.c.recorded_at < within.until,
    ]
    if within.before is not None:
        wanted.append(tuple_(table.c.recorded_at, table.c.acceptance_id) < within.before)
    return wanted


def _claim(row: Row[tuple[object, ...]]) -> Claim:
    return Claim(
        outlet_id=OutletId(row.outlet_id),
        acceptance_id=AcceptanceId(row.acceptance_id),
        recorded_at=row.recorded_at,
        role=row.role,
        token=row.token,
        index_key_id=row.index_key_id,
        source_id=row.source_id,
        is_referenced=bool(row.is_referenced),
    )
