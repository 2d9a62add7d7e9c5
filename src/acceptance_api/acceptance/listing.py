"""Listing an enterprise's own acceptances, masked, under an audit entry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from acceptance_api.acceptance import store
from acceptance_api.acceptance.cells import cells_of
from acceptance_api.acceptance.model import Acceptance, Revisions
from acceptance_api.access import Caller, Permission, require
from acceptance_api.audit import Action, Entry
from acceptance_api.disclosure import Cell, DisclosureDesk
from acceptance_api.identity import Verification, VerificationKey, find_verifications
from acceptance_api.kernel.database import Database, Tx
from acceptance_api.kernel.ids import OutletId
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.sites import find_outlet


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedAcceptance:
    """An acceptance with its personal fields masked. Masks still tell something, so it shows nothing of itself."""

    acceptance: Acceptance
    masked: Mapping[str, str | None]

    def __repr__(self) -> str:
        """Show no value."""
        return "<masked acceptance>"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAcceptances:
    """Which acceptances an enterprise looks at."""

    outlet_id: OutletId
    since: datetime
    until: datetime
    before: store.Place | None
    limit: int


async def list_masked(
    database: Database, disclosure: DisclosureDesk, caller: Caller, request: ListAcceptances, *, at: datetime
) -> tuple[MaskedAcceptance, ...]:
    """One outlet's acceptances in a period, newest first, masked; up to `limit + 1`, to tell whether there are more.

    Raises:
        Problem: NOT_PERMITTED, NOT_FOUND (also for another enterprise's outlet) or KEYS_UNAVAILABLE.
    """
    require(caller, Permission.ENTERPRISE_ACCEPTANCE_READ)
    async with database.read() as tx:
        await _require_own(tx, caller, request.outlet_id)
        found = await _found(tx, request)
    look = await disclosure.begin(_entry(caller, request, len(found), at=at))
    shown = await look.masked([cells for _, cells in found])
    return tuple(
        MaskedAcceptance(acceptance=acceptance, masked=masked)
        for (acceptance, _), masked in zip(found, shown, strict=True)
    )


async def _found(tx: Tx, request: ListAcceptances) -> list[tuple[Acceptance, Mapping[str, Cell]]]:
    found = await store.list_acceptances(
        tx,
        [request.outlet_id],
        since=request.since,
        until=request.until,
        before=request.before,
        limit=request.limit + 1,
    )
    sealed = await store.find_sealed_of(tx, [one.key for one in found])
    verifications = await find_verifications(tx, [key for one in found if (key := one.verification_key)])
    return [(one, _cells(one, sealed[one.key], verifications)) for one in found]


def _cells(
    acceptance: Acceptance, revisions: Revisions, verifications: Mapping[VerificationKey, Verification]
) -> Mapping[str, Cell]:
    (_, latest), *_ = revisions
    key = acceptance.verification_key
    return cells_of(acceptance, latest, verifications.get(key) if key else None)


async def _require_own(tx: Tx, caller: Caller, outlet_id: OutletId) -> None:
    outlet = await find_outlet(tx, outlet_id)
    if outlet is None or outlet.enterprise_id != caller.enterprise_id:
        raise Problem(Kind.NOT_FOUND)


def _entry(caller: Caller, request: ListAcceptances, found: int, *, at: datetime) -> Entry:
    return Entry(
        action=Action.RECORDS_LISTED,
        actor=caller.actor,
        at=at,
        stream_id=caller.enterprise_id,
        subject_id=request.outlet_id,
        detail={"since": request.since.isoformat(), "until": request.until.isoformat(), "found": found},
    )
