"""Finding acceptances by what was searched for: a waybill, or the tokens of a person. Never opens anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Table, and_, select, tuple_

from acceptance_api.acceptance.store import Place
from acceptance_api.acceptance.tables import acceptance_tokens, acceptance_waybills
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import AcceptanceId, OutletId

TOKENS_PER_STATEMENT = 1_000
"""Beyond this many the planner gives up on the index (measured on PostgreSQL 15)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A record that claims to be what was searched for; with a token, it must still be confirmed."""

    outlet_id: OutletId
    acceptance_id: AcceptanceId
    recorded_at: datetime
    role: str | None = None
    token: int | None = None
    index_key_id: int | None = None
    source_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """Where and when to look: a prefix of GB/T 2260, a half-open period, from where the last page ended."""

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
    tx: Tx, tokens: Sequence[int], roles: Sequence[str], within: Within
) -> tuple[Claim, ...]:
    """Every record that carries one of the tokens in one of the roles, newest first."""
    table, claims = acceptance_tokens, list[Claim]()
    for some in _batches(tokens):
        query = (
            select(table)
            .where(table.c.token.in_(some), table.c.role.in_(roles), *_inside(table, within))
            .order_by(table.c.recorded_at.desc(), table.c.acceptance_id.desc())
            .limit(within.limit)
        )
        claims += [_claim(row) for row in await tx.execute(query)]
    claims.sort(key=lambda claim: (claim.recorded_at, claim.acceptance_id), reverse=True)
    return tuple(claims[: within.limit])


def _batches(tokens: Sequence[int]) -> list[tuple[int, ...]]:
    ordered = sorted(set(tokens))
    return [tuple(ordered[i : i + TOKENS_PER_STATEMENT]) for i in range(0, len(ordered), TOKENS_PER_STATEMENT)]


def _inside(table: Table, within: Within) -> list[ColumnElement[bool]]:
    wanted = [
        table.c.origin.startswith(within.jurisdiction, autoescape=True),
        and_(table.c.recorded_at >= within.since, table.c.recorded_at < within.until),
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
    )
