"""Acceptances in SQL: revisions and decisions are added, never changed; look-ups follow them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, Select, and_, delete, func, insert, select, tuple_

from acceptance_api.acceptance.model import Acceptance, Outcome, RecordKey, Revisions, SealedRecord, Token
from acceptance_api.acceptance.rows import acceptance_of, acceptance_row, decision_row
from acceptance_api.acceptance.tables import (
    acceptance_tokens,
    acceptance_waybills,
    acceptances,
    decisions,
    standing_waybills,
)
from acceptance_api.audit import Entry, append
from acceptance_api.kernel.database import Tx, insert_new
from acceptance_api.kernel.ids import AcceptanceId, EnterpriseId, OutletId
from acceptance_api.kernel.problems import Kind, Problem

Place = tuple[datetime, UUID]
"""Where a page ended: the time and id of its last record."""


async def add(tx: Tx, acceptance: Acceptance, sealed: SealedRecord, *, decision_id: UUID, entry: Entry) -> None:
    """Record a presented parcel, or a correction of it, with its decision and audit entry.

    Raises:
        Problem: WAYBILL_ALREADY_DECIDED, when another acceptance of the waybill stands; CHANGED_MEANWHILE, when
            somebody else revised it first; ID_CONFLICT, when another outlet has the id.
    """
    if not await insert_new(tx, acceptances, acceptance_row(acceptance, sealed)):
        raise Problem(Kind.CHANGED_MEANWHILE)
    await _index(tx, acceptance, sealed)
    await add_decision(tx, acceptance, decision_id=decision_id, fingerprint=acceptance.fingerprint, entry=entry)


async def add_decision(tx: Tx, acceptance: Acceptance, *, decision_id: UUID, fingerprint: bytes, entry: Entry) -> None:
    """Record a decision on a known parcel, with its audit entry, and let its waybill stand or fall with it.

    Raises:
        Problem: CHANGED_MEANWHILE or WAYBILL_ALREADY_DECIDED.
    """
    row = decision_row(acceptance, decision_id=decision_id, fingerprint=fingerprint)
    if not await insert_new(tx, decisions, row):
        raise Problem(Kind.CHANGED_MEANWHILE)
    await _stand_or_fall(tx, acceptance)
    await append(tx, entry)


async def add_token(tx: Tx, acceptance: Acceptance, token: Token) -> None:
    """Let a known acceptance be found by one more token, of a verification that came later."""
    await insert_new(tx, acceptance_tokens, _token_row(acceptance, token))


async def find_acceptance(tx: Tx, outlet_id: OutletId, acceptance_id: AcceptanceId) -> Acceptance | None:
    """The latest revision of an acceptance, with its latest decision."""
    found = await find_acceptances(tx, [(outlet_id, acceptance_id)])
    return found[0] if found else None


async def find_acceptances(tx: Tx, keys: Iterable[RecordKey]) -> tuple[Acceptance, ...]:
    """The latest state of several acceptances, newest first."""
    wanted = sorted(set(keys))
    if not wanted:
        return ()
    query = _latest().where(tuple_(acceptances.c.outlet_id, acceptances.c.id).in_(wanted))
    rows = await tx.execute(query.order_by(acceptances.c.recorded_at.desc(), acceptances.c.id.desc()))
    return tuple(acceptance_of(row) for row in rows)


async def list_acceptances(
    tx: Tx, outlet_ids: Sequence[OutletId], *, since: datetime, until: datetime, before: Place | None, limit: int
) -> tuple[Acceptance, ...]:
    """The acceptances of some outlets in a half-open period, newest first, from where the last page ended."""
    wanted = [
        acceptances.c.outlet_id.in_(outlet_ids),
        acceptances.c.recorded_at >= since,
        acceptances.c.recorded_at < until,
    ]
    if before is not None:
        wanted.append(tuple_(acceptances.c.recorded_at, acceptances.c.id) < before)
    query = _latest().where(and_(*wanted))
    rows = await tx.execute(query.order_by(acceptances.c.recorded_at.desc(), acceptances.c.id.desc()).limit(limit))
    return tuple(acceptance_of(row) for row in rows)


async def find_decision_fingerprint(
    tx: Tx, outlet_id: OutletId, acceptance_id: AcceptanceId, decision_id: UUID
) -> bytes | None:
    """The fingerprint of the request that made a decision: a repeated request is recognised by it."""
    query = select(decisions.c.fingerprint).where(
        decisions.c.outlet_id == outlet_id,
        decisions.c.acceptance_id == acceptance_id,
        decisions.c.id == decision_id,
    )
    return (await tx.execute(query)).scalar()


async def find_sealed(tx: Tx, outlet_id: OutletId, acceptance_id: AcceptanceId) -> Revisions:
    """The sealed values of every revision, newest first, with the revision's number."""
    return (await find_sealed_of(tx, [(outlet_id, acceptance_id)])).get((outlet_id, acceptance_id), ())


async def find_sealed_of(tx: Tx, keys: Iterable[RecordKey]) -> dict[RecordKey, Revisions]:
    """The sealed values of every revision of several acceptances, newest first, by acceptance."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    query = (
        select(acceptances)
        .where(tuple_(acceptances.c.outlet_id, acceptances.c.id).in_(wanted))
        .order_by(acceptances.c.revision.desc())
    )
    found: dict[RecordKey, Revisions] = {}
    for row in await tx.execute(query):
        key = OutletId(row.outlet_id), AcceptanceId(row.id)
        found[key] = (*found.get(key, ()), (row.revision, _sealed(row)))
    return found


async def find_standing(tx: Tx, waybill: str, enterprise_id: EnterpriseId) -> AcceptanceId | None:
    """The acceptance that stands accepted or held under a waybill."""
    query = select(standing_waybills.c.acceptance_id).where(
        standing_waybills.c.waybill == waybill, standing_waybills.c.enterprise_id == enterprise_id
    )
    return (await tx.execute(query)).scalar()


async def _index(tx: Tx, acceptance: Acceptance, sealed: SealedRecord) -> None:
    if acceptance.revision == 1:
        row = {
            "waybill": acceptance.waybill,
            "enterprise_id": acceptance.enterprise_id,
            "acceptance_id": acceptance.id,
            "outlet_id": acceptance.outlet_id,
            "origin": acceptance.origin,
            "recorded_at": acceptance.recorded_at,
        }
        if not await insert_new(tx, acceptance_waybills, row):  # another outlet of the enterprise used this id
            raise Problem(Kind.ID_CONFLICT)
        await tx.execute(insert(acceptance_tokens), [_token_row(acceptance, token) for token in sealed.tokens])
        return
    for token in sealed.tokens:  # the token of a verification may be there already
        await add_token(tx, acceptance, token)


def _token_row(acceptance: Acceptance, token: Token) -> dict[str, object]:
    return {
        "token": token.value,
        "outlet_id": acceptance.outlet_id,
        "acceptance_id": acceptance.id,
        "role": token.role,
        "source_id": token.source_id,
        "origin": acceptance.origin,
        "index_key_id": token.index_key_id,
        "recorded_at": acceptance.recorded_at,
    }


async def _stand_or_fall(tx: Tx, acceptance: Acceptance) -> None:
    """A waybill that is accepted or held stands for one acceptance; the database settles who was first."""
    where = {"waybill": acceptance.waybill, "enterprise_id": acceptance.enterprise_id}
    if acceptance.decision.outcome is Outcome.REFUSED:
        await tx.execute(
            delete(standing_waybills).where(
                *(standing_waybills.c[name] == value for name, value in where.items()),
                standing_waybills.c.acceptance_id == acceptance.id,
            )
        )
        return
    row = where | {
        "outlet_id": acceptance.outlet_id,
        "acceptance_id": acceptance.id,
        "recorded_at": acceptance.recorded_at,
    }
    if await insert_new(tx, standing_waybills, row):
        return
    if await find_standing(tx, acceptance.waybill, acceptance.enterprise_id) != acceptance.id:
        raise Problem(Kind.WAYBILL_ALREADY_DECIDED)


def _latest() -> Select[tuple[object, ...]]:
    newer = acceptances.alias("newer")
    later = decisions.alias("later")
    last_revision = (
        select(func.max(newer.c.revision))
        .where(newer.c.outlet_id == acceptances.c.outlet_id, newer.c.id == acceptances.c.id)
        .scalar_subquery()
    )
    last_sequence = (
        select(func.max(later.c.sequence))
        .where(later.c.outlet_id == decisions.c.outlet_id, later.c.acceptance_id == decisions.c.acceptance_id)
        .scalar_subquery()
    )
    decided = [decisions.c[name].label(f"decision_{name}") for name in decisions.c.keys()]  # noqa: SIM118 - a collection of columns iterates over columns
    same = and_(decisions.c.outlet_id == acceptances.c.outlet_id, decisions.c.acceptance_id == acceptances.c.id)
    return (
        select(acceptances, *decided)
        .join(decisions, same)
        .where(acceptances.c.revision == last_revision, decisions.c.sequence == last_sequence)
    )


def _sealed(row: Row[tuple[object, ...]]) -> SealedRecord:
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's documented way to read a row by name
    return SealedRecord(
        record_id=row.record_id,
        seal_key_id=row.seal_key_id,
        envelopes={name: values[name] for name in values if name.endswith("_sealed")},
        sender_name_commitment=row.sender_name_commitment,
        contents_commitment=row.contents_commitment,
        tokens=(),
    )
