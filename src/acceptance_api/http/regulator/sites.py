"""The outlets in an agency's jurisdiction."""

from uuid import UUID

from fastapi import APIRouter

from acceptance_api.access import Permission, require
from acceptance_api.http.callers import RegulatorCaller
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.pages import Cursor, Page, PageSize, open_cursor, seal_cursor
from acceptance_api.http.problems import documented
from acceptance_api.http.standard import READING
from acceptance_api.http.wire import Out
from acceptance_api.kernel.ids import OutletId
from acceptance_api.kernel.problems import Kind
from acceptance_api.sites import Outlet, find_division, outlets_within

router = APIRouter(tags=["sites"])


class RegulatedOutletOut(Out):
    """An outlet as its supervisor sees it."""

    id: UUID
    enterprise_id: UUID
    name: str
    division: str
    division_name: str | None


class RegulatedOutletPage(Page[RegulatedOutletOut]):
    """A page of outlets."""


@router.get("/outlets", responses=documented(*READING, Kind.CURSOR_INVALID))
async def list_regulated_outlets(
    caller: RegulatorCaller, office: OfficeDep, limit: PageSize = 50, cursor: Cursor = None
) -> RegulatedOutletPage:
    """The outlets in the agency's jurisdiction, oldest first."""
    require(caller, Permission.REGULATOR_SITE_READ)
    filters = ["outlets", caller.agency_id]
    place = open_cursor(office.cursor_key, cursor, filters=filters)
    after = OutletId(place[1]) if place else None
    async with office.database.read() as tx:
        outlets = await outlets_within(tx, caller.client.jurisdiction, after=after, limit=limit + 1)
    end = (None, outlets[limit - 1].id) if len(outlets) > limit else None
    return RegulatedOutletPage(
        data=[_out(outlet) for outlet in outlets[:limit]],
        has_more=end is not None,
        next_cursor=seal_cursor(office.cursor_key, end, filters=filters),
    )


def _out(outlet: Outlet) -> RegulatedOutletOut:
    division = find_division(outlet.division)
    return RegulatedOutletOut(
        id=outlet.id,
        enterprise_id=outlet.enterprise_id,
        name=outlet.name,
        division=outlet.division,
        division_name=division.full_name if division else None,
    )
