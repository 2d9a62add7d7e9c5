"""What an enterprise sees of its records: acceptances, masked, and its audit trail."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from acceptance_api.acceptance import ListAcceptances, MaskedAcceptance, list_masked
from acceptance_api.access import Caller, Permission, require
from acceptance_api.audit import Entry, find_entries
from acceptance_api.http.callers import EnterpriseCaller
from acceptance_api.http.decisions import DecisionOut, decision_out
from acceptance_api.http.entries import EntryPage, entry_out
from acceptance_api.http.languages import Language
from acceptance_api.http.listing import page_by_id
from acceptance_api.http.office import Office, OfficeDep
from acceptance_api.http.pages import Cursor, Page, PageSize, open_cursor, seal_cursor
from acceptance_api.http.problems import documented
from acceptance_api.http.standard import READING
from acceptance_api.http.wire import Instant, Out
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import EntryId, OutletId
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.sites import get_outlet

router = APIRouter(tags=["records"])
PERIOD_MAX = timedelta(days=92)
Since = Annotated[Instant, Query(description="Start of the period (inclusive).")]
Until = Annotated[Instant, Query(description="End of the period (exclusive), at most 92 days later.")]


class MaskedAcceptanceOut(Out):
    """An acceptance; personal fields are masked after GB/T 41833-2022."""

    id: UUID
    outlet_id: UUID
    clerk_id: UUID
    waybill: str
    sender_kind: str
    contents_kind: str
    revision: int
    decision: DecisionOut
    masked: dict[str, str | None]
    recorded_at: datetime


class MaskedAcceptancePage(Page[MaskedAcceptanceOut]):
    """A page of acceptances, newest first."""


@router.get(
    "/outlets/{outlet_id}/acceptances",
    responses=documented(*READING, Kind.CURSOR_INVALID, Kind.KEYS_UNAVAILABLE),
)
async def list_outlet_acceptances(
    outlet_id: UUID,
    caller: EnterpriseCaller,
    office: OfficeDep,
    language: Language,
    since: Since,
    until: Until,
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> MaskedAcceptancePage:
    """One outlet's acceptances in a period, masked. Each page is a look and leaves an audit entry."""
    if not timedelta(0) < until - since <= PERIOD_MAX:
        raise Problem(Kind.INVALID, Fault("query:since", "period", {"days_max": PERIOD_MAX.days}))
    filters = ["acceptances", caller.enterprise_id, outlet_id, since, until]
    place = open_cursor(office.cursor_key, cursor, filters=filters)
    request = ListAcceptances(
        outlet_id=OutletId(outlet_id),
        since=since,
        until=until,
        before=(place[0], place[1]) if place and place[0] else None,
        limit=limit,
    )
    listed = await list_masked(office.database, office.disclosure, caller, request, at=office.clock.now())
    last = listed[limit - 1].acceptance if len(listed) > limit else None
    end = (last.recorded_at, last.id) if last else None
    return MaskedAcceptancePage(
        data=[_masked_out(one, language) for one in listed[:limit]],
        has_more=end is not None,
        next_cursor=seal_cursor(office.cursor_key, end, filters=filters),
    )


@router.get("/audit-entries", responses=documented(*READING, Kind.CURSOR_INVALID))
async def list_audit_entries(
    caller: EnterpriseCaller,
    office: OfficeDep,
    outlet_id: Annotated[UUID | None, Query(description="One outlet's trail instead of the enterprise's own.")] = None,
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> EntryPage:
    """The enterprise's audit trail, or that of one of its outlets, oldest first."""
    require(caller, Permission.ENTERPRISE_AUDIT_READ)
    stream_id = await _stream(office, caller, outlet_id)

    async def find(tx: Tx, after: UUID | None, count: int) -> tuple[Entry, ...]:
        return await find_entries(tx, stream_id, after=EntryId(after) if after else None, limit=count)

    filters = ["audit-entries", stream_id]
    entries, next_cursor = await page_by_id(office, find, cursor=cursor, limit=limit, filters=filters)
    return EntryPage(
        data=[entry_out(entry) for entry in entries], has_more=next_cursor is not None, next_cursor=next_cursor
    )


async def _stream(office: Office, caller: Caller, outlet_id: UUID | None) -> UUID:
    if outlet_id is None:
        return caller.enterprise_id
    async with office.database.read() as tx:
        return (await get_outlet(tx, OutletId(outlet_id), enterprise_id=caller.enterprise_id)).id


def _masked_out(one: MaskedAcceptance, language: str) -> MaskedAcceptanceOut:
    acceptance = one.acceptance
    return MaskedAcceptanceOut(
        id=acceptance.id,
        outlet_id=acceptance.outlet_id,
        clerk_id=acceptance.clerk_id,
        waybill=acceptance.waybill,
        sender_kind=acceptance.sender_kind.value,
        contents_kind=acceptance.contents_kind,
        revision=acceptance.revision,
        decision=decision_out(acceptance.decision, language),
        masked=dict(one.masked),
        recorded_at=acceptance.recorded_at,
    )
