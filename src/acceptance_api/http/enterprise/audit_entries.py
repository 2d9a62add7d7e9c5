"""The audit trail of the enterprise and of each of its outlets."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from acceptance_api.access import Permission, require
from acceptance_api.audit import find_entries
from acceptance_api.http.callers import EnterpriseCaller
from acceptance_api.http.entries import EntryPage, entry_out
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.pages import Cursor, PageSize, open_cursor, seal_cursor
from acceptance_api.http.problems import documented
from acceptance_api.http.standard import READING
from acceptance_api.kernel.ids import EntryId, OutletId
from acceptance_api.kernel.problems import Kind
from acceptance_api.sites import get_outlet

router = APIRouter(tags=["audit"])


@router.get("/audit-entries", responses=documented(*READING, Kind.CURSOR_INVALID))
async def list_audit_entries(
    caller: EnterpriseCaller,
    office: OfficeDep,
    outlet_id: Annotated[UUID | None, Query(description="The trail of this outlet, not the enterprise's own.")] = None,
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> EntryPage:
    """The entries of the enterprise's own trail, or of one of its outlets, oldest first."""
    require(caller, Permission.ENTERPRISE_AUDIT_READ)
    stream_id = outlet_id or caller.enterprise_id
    filters = ["audit-entries", caller.enterprise_id, stream_id]
    place = open_cursor(office.cursor_key, cursor, filters=filters)
    after = EntryId(place[1]) if place else None
    async with office.database.read() as tx:
        if outlet_id is not None:
            await get_outlet(tx, OutletId(outlet_id), enterprise_id=caller.enterprise_id)
        found = await find_entries(tx, stream_id, after=after, limit=limit + 1)
    end = (None, found[limit - 1].id) if len(found) > limit else None
    return EntryPage(
        data=[entry_out(entry) for entry in found[:limit]],
        has_more=end is not None,
        next_cursor=seal_cursor(office.cursor_key, end, filters=filters),
    )
