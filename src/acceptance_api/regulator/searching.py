"""Searching across enterprises under a case: the look is recorded first, hits are confirmed, then shown masked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from acceptance_api.acceptance import (
    INDEXED,
    SENDER_ID_NUMBER,
    Acceptance,
    Claim,
    Revisions,
    Within,
    cells_of,
    find_acceptances,
    find_by_tokens,
    find_by_waybill,
    find_sealed_of,
    list_acceptances,
    probe_of,
)
from acceptance_api.access import Caller, Permission, is_within, require
from acceptance_api.audit import Action, Entry
from acceptance_api.disclosure import DisclosureDesk, Look
from acceptance_api.identity import Verification, find_verifications
from acceptance_api.kernel.clock import legal_months
from acceptance_api.kernel.database import Database, Tx
from acceptance_api.kernel.ids import AcceptanceId, VerificationId, new_uuid
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.regulator.fields import SEARCHED_COMMITMENT
from acceptance_api.regulator.model import Case, SearchKind, SearchRecords
from acceptance_api.regulator.opening_cases import require_open_case
from acceptance_api.sites import enterprises_within, find_outlet
from acceptance_api.vault import Index, Vault

_INDEX_OF = {
    SearchKind.ID_NUMBER: Index.ID_NUMBER,
    SearchKind.PHONE: Index.PHONE,
    SearchKind.NAME_AND_PHONE: Index.NAME_AND_PHONE,
}
_VERIFICATION_LEAD = timedelta(days=31)
"""A verification may be older than the acceptance it serves, so its token may be of the month before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchingDesk:
    """What searching needs."""

    database: Database
    vault: Vault
    disclosure: DisclosureDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A record that was found, its personal fields masked."""

    acceptance: Acceptance
    masked: Mapping[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Hits, newest first; `end` is where the next page begins, None at the end. `entry_id` is the look's audit entry."""

    hits: tuple[Hit, ...]
    end: tuple[datetime, UUID] | None
    entry_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    claims: tuple[Claim, ...]
    acceptances: tuple[Acceptance, ...]
    revisions: Mapping[AcceptanceId, Revisions]
    verifications: Mapping[VerificationId, Verification]


async def search_records(desk: SearchingDesk, caller: Caller, request: SearchRecords, *, at: datetime) -> Page:
    """Find records within the caller's jurisdiction, confirm them, and show them masked.

    Raises:
        Problem: NOT_PERMITTED, CASE_NOT_OPEN, or NOT_FOUND for an outlet outside the jurisdiction.
    """
    require(caller, Permission.REGULATOR_RECORD_SEARCH)
    async with desk.database.read() as tx:
        case = await require_open_case(tx, caller, request.case_id, at=at)
        found = await _found(desk, tx, caller, request)
    entry = await _entry(desk, caller, case, request, len(found.acceptances), at=at)
    look = await desk.disclosure.begin(entry)
    shown = found.claims[: request.limit]
    confirmed = await _confirmed(look, found, shown)
    hits = tuple([await _hit(look, found, acceptance) for acceptance in confirmed])
    end = (shown[-1].recorded_at, shown[-1].acceptance_id) if len(found.claims) > request.limit else None
    return Page(hits=hits, end=end, entry_id=entry.id)


async def _found(desk: SearchingDesk, tx: Tx, caller: Caller, request: SearchRecords) -> _Found:
    claims = await _claims(desk, tx, caller, request)
    keys = [(claim.outlet_id, claim.acceptance_id) for claim in claims]
    acceptances = await find_acceptances(tx, keys)
    wanted = [
        (acceptance.outlet_id, acceptance.references.verification_id)
        for acceptance in acceptances
        if acceptance.references.verification_id
    ]
    wanted += [
        (claim.outlet_id, VerificationId(claim.source_id))
        for claim in claims
        if claim.role == SENDER_ID_NUMBER.role and claim.source_id
    ]
    return _Found(
        claims=claims,
        acceptances=acceptances,
        revisions=await find_sealed_of(tx, keys),
        verifications=await find_verifications(tx, wanted),
    )


async def _claims(desk: SearchingDesk, tx: Tx, caller: Caller, request: SearchRecords) -> tuple[Claim, ...]:
    within = Within(
        jurisdiction=caller.client.jurisdiction,
        since=request.since,
        until=request.until,
        before=request.before,
        limit=request.limit + 1,
    )
    if request.kind is SearchKind.WAYBILL:
        return await find_by_waybill(tx, request.values[0], within)
    if request.kind is SearchKind.OUTLET:
        return await _of_outlet(tx, caller, request, within)
    index = _INDEX_OF[request.kind]
    months = legal_months(request.since - _VERIFICATION_LEAD, request.until)
    owners = await enterprises_within(tx, caller.client.jurisdiction)
    tokens = await desk.vault.search_tokens(owners, months, index, *request.values)
    roles = [indexed.role for indexed in (*INDEXED, SENDER_ID_NUMBER) if indexed.index is index]
    return await find_by_tokens(tx, tokens, roles, within)


async def _of_outlet(tx: Tx, caller: Caller, request: SearchRecords, within: Within) -> tuple[Claim, ...]:
    outlet = await find_outlet(tx, request.outlet_id) if request.outlet_id else None
    if outlet is None or not is_within(outlet.division, caller.client.jurisdiction):
        raise Problem(Kind.NOT_FOUND)
    listed = await list_acceptances(
        tx, [outlet.id], since=within.since, until=within.until, before=within.before, limit=within.limit
    )
    return tuple(
        Claim(outlet_id=one.outlet_id, acceptance_id=one.id, recorded_at=one.recorded_at) for one in listed
    )


async def _confirmed(look: Look, found: _Found, claims: tuple[Claim, ...]) -> tuple[Acceptance, ...]:
    """The records of which at least one claim holds, in the order of the claims."""
    by_id = {acceptance.id: acceptance for acceptance in found.acceptances}
    kept: dict[AcceptanceId, Acceptance] = {}
    for claim in claims:
        acceptance = by_id.get(claim.acceptance_id)
        if acceptance is not None and acceptance.id not in kept and await _holds(look, found, claim, acceptance):
            kept[acceptance.id] = acceptance
    return tuple(kept.values())


async def _holds(look: Look, found: _Found, claim: Claim, acceptance: Acceptance) -> bool:
    if claim.token is None:
        return True
    verifications: dict[UUID, Verification] = dict(found.verifications)
    probe = probe_of(claim, acceptance, found.revisions.get(acceptance.id, ()), verifications)
    return probe is not None and await look.confirms(probe)


async def _hit(look: Look, found: _Found, acceptance: Acceptance) -> Hit:
    (_, sealed), *_ = found.revisions[acceptance.id]
    verification_id = acceptance.references.verification_id
    verification = found.verifications.get(verification_id) if verification_id else None
    cells = cells_of(acceptance, sealed, verification)
    return Hit(
        acceptance=acceptance,
        masked=dict(zip(cells, await look.masked(tuple(cells.values())), strict=True)),
    )


async def _entry(  # noqa: PLR0913 - an entry tells who, under what, what and how many
    desk: SearchingDesk, caller: Caller, case: Case, request: SearchRecords, found: int, *, at: datetime
) -> Entry:
    scope = await desk.vault.scope(case.agency_id, at=at)
    salt = new_uuid()
    return Entry(
        action=Action.RECORDS_SEARCHED,
        actor=caller.actor,
        at=at,
        stream_id=case.agency_id,
        subject_id=case.id,
        detail={
            "kind": request.kind.value,
            "legal_basis": case.legal_basis.value,
            "since": request.since.isoformat(),
            "until": request.until.isoformat(),
            "found": found,
            "salt": str(salt),
        },
        commitments={"values": scope.commit(SEARCHED_COMMITMENT, salt, "\n".join(request.values))},
    )
