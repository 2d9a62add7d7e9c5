"""Listing an enterprise's own acceptances, masked, under an audit entry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from acceptance_api.acceptance import store
from acceptance_api.acceptance.cells import cells_of
from acceptance_api.acceptance.model import Acceptance
from acceptance_api.access import Caller, Permission, require
from acceptance_api.audit import Action, Entry
from acceptance_api.disclosure import DisclosureDesk
from acceptance_api.identity import Verification, find_verifications
from acceptance_api.kernel.database import Database, Tx
from acceptance_api.kernel.ids import OutletId, VerificationId
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.sites import find_outlet


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedAcceptance:
    """An acceptance with its personal fields masked."""

    acceptance: Acceptance
    masked: Mapping[str, str | None]


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
        found = await store.list_acceptances(
            tx,
            [request.outlet_id],
            since=request.since,
            until=request.until,
            before=request.before,
            limit=request.limit + 1,
        )
        sealed = await store.find_sealed_of(tx, [(one.outlet_id, one.id) for one in found])
        verifications = await _verifications(tx, found)
    look = await disclosure.begin(_entry(caller, request, len(found), at=at))
    listed = []
    for acceptance in found:
        (_, record), *_ = sealed[acceptance.id]
        verification_id = acceptance.references.verification_id
        cells = cells_of(acceptance, record, verifications.get(verification_id) if verification_id else None)
        masked = dict(zip(cells, await look.masked(tuple(cells.values())), strict=True))
        listed.append(MaskedAcceptance(acceptance=acceptance, masked=masked))
    return tuple(listed)


async def _require_own(tx: Tx, caller: Caller, outlet_id: OutletId) -> None:
    outlet = await find_outlet(tx, outlet_id)
    if outlet is None or outlet.enterprise_id != caller.enterprise_id:
        raise Problem(Kind.NOT_FOUND)


async def _verifications(tx: Tx, found: tuple[Acceptance, ...]) -> dict[VerificationId, Verification]:
    return await find_verifications(
        tx,
        [(one.outlet_id, one.references.verification_id) for one in found if one.references.verification_id],
    )


def _entry(caller: Caller, request: ListAcceptances, found: int, *, at: datetime) -> Entry:
    return Entry(
        action=Action.RECORDS_LISTED,
        actor=caller.actor,
        at=at,
        stream_id=caller.enterprise_id,
        subject_id=request.outlet_id,
        detail={"since": request.since.isoformat(), "until": request.until.isoformat(), "found": found},
    )
