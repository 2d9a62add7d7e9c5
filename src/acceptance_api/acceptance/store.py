"""Acceptances in SQL: revisions and decisions are added, never changed; look-ups follow them."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, literal_column, select, tuple_, update

from acceptance_api.acceptance.model import Acceptance, Outcome, RecordKey, Revisions, SealedRecord, Token
from acceptance_api.acceptance.rows import acceptance_of, acceptance_row, decision_row
from acceptance_api.acceptance.tables import (
    acceptance_tokens,
    acceptance_waybills,
    acceptances,
    decisions,
)
from acceptance_api.audit import Entry, append, row_of
from acceptance_api.kernel.database import Tx, insert_new
from acceptance_api.kernel.express import NewRow, Part, Record
from acceptance_api.kernel.ids import AcceptanceId, ClerkId, EnterpriseId, OutletId
from acceptance_api.kernel.problems import Kind, Problem

Place = tuple[datetime, UUID]
"""Where a page ended: the time and id of its last record."""


def record_of(acceptance: Acceptance, sealed: SealedRecord, *, entry: Entry) -> Record:
    """A parcel's first decision with everything that belongs to it, to be committed together.

    A conflict on committing means that the id, the waybill or the inspection's mark was taken meanwhile.
    """
    stands = acceptance.decision.outcome is not Outcome.REFUSED
    rows: list[NewRow] = [
        (acceptances, acceptance_row(acceptance, sealed)),
        (decisions, decision_row(acceptance, decision_id=acceptance.id, fingerprint=acceptance.fingerprint)),
        (acceptance_waybills, _waybill_row(acceptance, stands=stands)),
        *((acceptance_tokens, _token_row(acceptance, token)) for token in sealed.tokens),
        row_of(entry),
    ]
    claims: set[Hashable] = {
        ("acceptance", acceptance.outlet_id, acceptance.id),
        ("waybill", acceptance.enterprise_id, acceptance.waybill),
    }
    return Record(tuple(rows), frozenset(claims))


def standing_parts(
    asked: Mapping[str, ColumnElement[Any]],
) -> tuple[Part[bytes | None], Part[UUID | None], Part[UUID | None]]:
    """What stands in the way of a parcel, as parts of a question.

    The fingerprint of the request that was decided under its id, the acceptance for which its waybill stands, and the
    outlet that presented the waybill under its id.
    """
    first, standing, same = (
        decisions.alias("first"),
        acceptance_waybills.alias("standing"),
        acceptance_waybills.alias("same"),
    )
    of_first = and_(
        first.c.outlet_id == asked["outlet_id"],
        first.c.acceptance_id == asked["acceptance_id"],
        first.c.sequence == literal_column("1"),
    )
    of_standing = and_(
        standing.c.waybill == asked["waybill"],
        standing.c.enterprise_id == asked["enterprise_id"],
        standing.c.stands,
    )
    of_same = and_(
        same.c.waybill == asked["waybill"],
        same.c.enterprise_id == asked["enterprise_id"],
        same.c.acceptance_id == asked["acceptance_id"],
    )
    return (
        Part(columns=(first.c.fingerprint,), read=itemgetter(0), joins=((first, of_first),)),
        Part(columns=(standing.c.acceptance_id,), read=itemgetter(0), joins=((standing, of_standing),)),
        Part(columns=(same.c.outlet_id,), read=itemgetter(0), joins=((same, of_same),)),
    )


async def add_revision(
    tx: Tx, acceptance: Acceptance, sealed: SealedRecord, *, decision_id: UUID, entry: Entry
) -> None:
    """Record a correction of a parcel, with its decision and audit entry.

    Raises:
        Problem: CHANGED_MEANWHILE, when somebody else revised it first.
    """
    if not await insert_new(tx, acceptances, acceptance_row(acceptance, sealed)):
        raise Problem(Kind.CHANGED_MEANWHILE)
    for token in sealed.tokens:  # the token of a verification may be there already
        await add_token(tx, acceptance, token)
    await add_decision(tx, acceptance, decision_id=decision_id, fingerprint=acceptance.fingerprint, entry=entry)


async def add_decision(tx: Tx, acceptance: Acceptance, *, decision_id: UUID, fingerprint: bytes, entry: Entry) -> None:
    """Record a decision on a known parcel, with its audit entry; a refused one's waybill stands no more.

    Raises:
        Problem: CHANGED_MEANWHILE.
    """
    row = decision_row(acceptance, decision_id=decision_id, fingerprint=fingerprint)
    if not await insert_new(tx, decisions, row):
        raise Problem(Kind.CHANGED_MEANWHILE)
    if acceptance.decision.outcome is Outcome.REFUSED:
        await _let_fall(tx, acceptance)
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


async def find_acceptance_anywhere(
    tx: Tx, acceptance_id: AcceptanceId, *, outlet_id: OutletId | None
) -> Acceptance | None:
    """The acceptance with this id, for the operator; without an outlet every outlet is looked through, which is slow.

    None too when several outlets have used the id.
    """
    wanted = [acceptances.c.id == acceptance_id]
    if outlet_id is not None:
        wanted.append(acceptances.c.outlet_id == outlet_id)
    rows = (await tx.execute(_latest().where(*wanted).limit(2))).all()
    return acceptance_of(rows[0]) if len(rows) == 1 else None


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


async def find_clerks(tx: Tx, outlet_id: OutletId, acceptance_id: AcceptanceId) -> frozenset[ClerkId]:
    """The clerks who presented an acceptance or corrected it; not those who resolved it."""
    query = select(acceptances.c.clerk_id).where(
        acceptances.c.outlet_id == outlet_id, acceptances.c.id == acceptance_id
    )
    return frozenset(ClerkId(row.clerk_id) for row in await tx.execute(query))


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
    table = acceptance_waybills.c
    query = select(table.acceptance_id).where(
        table.waybill == waybill, table.enterprise_id == enterprise_id, table.stands
    )
    return (await tx.execute(query)).scalar()


def _waybill_row(acceptance: Acceptance, *, stands: bool) -> dict[str, object]:
    return {
        "waybill": acceptance.waybill,
        "enterprise_id": acceptance.enterprise_id,
        "acceptance_id": acceptance.id,
        "outlet_id": acceptance.outlet_id,
        "origin": acceptance.origin,
        "recorded_at": acceptance.recorded_at,
        "stands": stands,
    }


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
        "phone_token": token.phone_token,
        "refused_name_token": token.refused_name_token,
    }


async def _let_fall(tx: Tx, acceptance: Acceptance) -> None:
    table = acceptance_waybills.c
    await tx.execute(
        update(acceptance_waybills)
        .where(
            table.waybill == acceptance.waybill,
            table.enterprise_id == acceptance.enterprise_id,
            table.acceptance_id == acceptance.id,
        )
        .values(stands=False)
    )


@cache
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
