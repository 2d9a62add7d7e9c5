"""Finding what a search may be about: rows only, nothing is opened here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from acceptance_api.acceptance import (
    INDEXED,
    SENDER_ID_NUMBER,
    Acceptance,
    Claim,
    Place,
    RecordKey,
    Revisions,
    Within,
    find_acceptances,
    find_by_tokens,
    find_by_waybill,
    find_sealed_of,
    list_acceptances,
)
from acceptance_api.access import Caller, is_within
from acceptance_api.identity import Verification, VerificationKey, find_verifications
from acceptance_api.kernel.clock import legal_months
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import VerificationId
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.regulator.model import SearchKind, SearchRecords
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
class Found:
    """All claims of one page of records, newest first, and the rows they are confirmed with.

    `end` is the place of the page's last record when there are more.
    """

    claims: tuple[Claim, ...]
    acceptances: Mapping[RecordKey, Acceptance]
    revisions: Mapping[RecordKey, Revisions]
    verifications: Mapping[VerificationKey, Verification]
    end: Place | None

    def verification_of(self, acceptance: Acceptance) -> Verification | None:
        """The verification on which a record's latest decision rests."""
        key = acceptance.verification_key
        return self.verifications.get(key) if key else None


async def find_records(vault: Vault, tx: Tx, caller: Caller, request: SearchRecords, *, at: datetime) -> Found:
    """One page of what may be what was searched for, within the caller's jurisdiction.

    Raises:
        Problem: NOT_FOUND for an outlet outside the jurisdiction.
        KeyStoreUnavailable, KeyUnavailable: the vault cannot make the tokens to search for.
    """
    claims, end = _page(await _claims(vault, tx, caller, request, at=at), limit=request.limit)
    keys = [(claim.outlet_id, claim.acceptance_id) for claim in claims]
    acceptances = await find_acceptances(tx, keys)
    return Found(
        claims=claims,
        acceptances={one.key: one for one in acceptances},
        revisions=await find_sealed_of(tx, keys),
        verifications=await find_verifications(tx, {*_referenced(acceptances), *_claimed(claims)}),
        end=end,
    )


def _page(claims: tuple[Claim, ...], *, limit: int) -> tuple[tuple[Claim, ...], Place | None]:
    """All claims of the first `limit` records: a record is on one page, whatever it claims there."""
    places = list(dict.fromkeys((claim.recorded_at, claim.acceptance_id) for claim in claims))
    if len(places) <= limit:
        return claims, None
    kept = set(places[:limit])
    return tuple(claim for claim in claims if (claim.recorded_at, claim.acceptance_id) in kept), places[limit - 1]


async def _claims(vault: Vault, tx: Tx, caller: Caller, request: SearchRecords, *, at: datetime) -> tuple[Claim, ...]:
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
        return await _of_outlet(tx, request, within)
    index = _INDEX_OF[request.kind]
    owners = await enterprises_within(tx, caller.client.jurisdiction)
    tokens = await vault.search_tokens(owners, _months(request, at=at), index, *request.values)
    roles = [indexed.role for indexed in (*INDEXED, SENDER_ID_NUMBER) if indexed.index is index]
    return await find_by_tokens(tx, tokens, roles, within)


def _months(request: SearchRecords, *, at: datetime) -> tuple[str, ...]:
    """The months whose keys made the tokens: those of the records, or for a document those of the verifications.

    A held record may be resolved, and any corrected, with a verification made long after it.
    """
    if request.kind is SearchKind.ID_NUMBER:
        return legal_months(request.since - _VERIFICATION_LEAD, max(request.until, at))
    return legal_months(request.since, request.until)


async def _of_outlet(tx: Tx, request: SearchRecords, within: Within) -> tuple[Claim, ...]:
    outlet = await find_outlet(tx, request.outlet_id) if request.outlet_id else None
    if outlet is None or not is_within(outlet.division, within.jurisdiction):
        raise Problem(Kind.NOT_FOUND)
    listed = await list_acceptances(
        tx, [outlet.id], since=within.since, until=within.until, before=within.before, limit=within.limit
    )
    return tuple(Claim(outlet_id=one.outlet_id, acceptance_id=one.id, recorded_at=one.recorded_at) for one in listed)


def _referenced(acceptances: tuple[Acceptance, ...]) -> Iterator[VerificationKey]:
    for acceptance in acceptances:
        if (key := acceptance.verification_key) is not None:
            yield key


def _claimed(claims: tuple[Claim, ...]) -> Iterator[VerificationKey]:
    for claim in claims:
        if claim.role == SENDER_ID_NUMBER.role and claim.source_id:
            yield claim.outlet_id, VerificationId(claim.source_id)
