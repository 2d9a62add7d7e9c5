"""The enterprise's outlets."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from acceptance_api.access import Permission, require
from acceptance_api.http.callers import EnterpriseCaller
from acceptance_api.http.idempotency import AttemptDep, Reply, once
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.pages import Cursor, Page, PageSize, open_cursor, seal_cursor
from acceptance_api.http.problems import documented
from acceptance_api.http.standard import READING, WRITING
from acceptance_api.http.wire import DivisionCode, In, Line, Out
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import OutletId
from acceptance_api.kernel.problems import Kind
from acceptance_api.sites import AddOutlet, BranchId, Outlet, add_outlet, find_division, find_outlets, get_outlet

router = APIRouter(tags=["sites"])


class OutletIn(In):
    """An outlet; its division is the GB/T 2260 code of its county, or of a city that has none."""

    name: Annotated[Line, Field(max_length=120)]
    division: DivisionCode
    branch_id: UUID | None = None


class OutletOut(Out):
    """A place that accepts parcels."""

    id: UUID
    branch_id: UUID | None
    name: str
    division: str
    division_name: str | None
    created_at: datetime
    closed_at: datetime | None


class OutletPage(Page[OutletOut]):
    """A page of outlets."""


@router.get("/outlets", responses=documented(*READING, Kind.CURSOR_INVALID))
async def list_outlets(
    caller: EnterpriseCaller, office: OfficeDep, limit: PageSize = 50, cursor: Cursor = None
) -> OutletPage:
    """The enterprise's outlets, closed ones too, oldest first."""
    require(caller, Permission.ENTERPRISE_SITE_READ)
    filters = ["outlets", caller.enterprise_id]
    place = open_cursor(office.cursor_key, cursor, filters=filters)
    after = OutletId(place[1]) if place else None
    async with office.database.read() as tx:
        found = await find_outlets(tx, caller.enterprise_id, after=after, limit=limit + 1)
    end = (None, found[limit - 1].id) if len(found) > limit else None
    return OutletPage(
        data=[_out(outlet) for outlet in found[:limit]],
        has_more=end is not None,
        next_cursor=seal_cursor(office.cursor_key, end, filters=filters),
    )


@router.post(
    "/outlets",
    status_code=201,
    response_model=OutletOut,
    responses=documented(*WRITING, Kind.NOT_FOUND, Kind.REFERENCE_UNKNOWN),
)
async def add_an_outlet(body: OutletIn, caller: EnterpriseCaller, office: OfficeDep, attempt: AttemptDep) -> Response:
    """Add an outlet."""
    require(caller, Permission.ENTERPRISE_SITE_MANAGE)
    request = AddOutlet(
        name=body.name,
        division=body.division,
        branch_id=BranchId(body.branch_id) if body.branch_id else None,
    )

    async def act(tx: Tx) -> Reply:
        outlet = await add_outlet(tx, caller.enterprise_id, request, actor=caller.actor, at=office.clock.now())
        return Reply(body=_out(outlet), headers={"Location": f"/enterprise/v1/outlets/{outlet.id}"})

    return await once(office, caller, attempt, act)


@router.get("/outlets/{outlet_id}", responses=documented(*READING))
async def read_outlet(outlet_id: UUID, caller: EnterpriseCaller, office: OfficeDep) -> OutletOut:
    """One outlet."""
    require(caller, Permission.ENTERPRISE_SITE_READ)
    async with office.database.read() as tx:
        return _out(await get_outlet(tx, OutletId(outlet_id), enterprise_id=caller.enterprise_id))


def _out(outlet: Outlet) -> OutletOut:
    division = find_division(outlet.division)
    return OutletOut(
        id=outlet.id,
        branch_id=outlet.branch_id,
        name=outlet.name,
        division=outlet.division,
        division_name=division.full_name if division else None,
        created_at=outlet.created_at,
        closed_at=outlet.closed_at,
    )
