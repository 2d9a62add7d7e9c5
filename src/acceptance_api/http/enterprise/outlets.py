"""An enterprise's tree: branches and outlets."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from acceptance_api.access import Permission, require
from acceptance_api.http.callers import EnterpriseCaller
from acceptance_api.http.idempotency import AttemptDep, Reply, once
from acceptance_api.http.listing import page_by_id
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.pages import Cursor, Page, PageSize
from acceptance_api.http.problems import documented
from acceptance_api.http.standard import READING, WRITING
from acceptance_api.http.wire import DivisionCode, In, Line, Out
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import OutletId
from acceptance_api.kernel.problems import Kind
from acceptance_api.sites import (
    AddOutlet,
    Branch,
    BranchId,
    Outlet,
    add_branch,
    add_outlet,
    find_branches,
    find_division,
    find_outlets,
    get_outlet,
)

router = APIRouter(tags=["sites"])


class BranchIn(In):
    """A branch; without a parent it stands right below the headquarters."""

    name: Line
    parent_id: UUID | None = None


class BranchOut(Out):
    """A node of the enterprise's tree."""

    id: UUID
    parent_id: UUID | None
    name: str
    created_at: datetime


class BranchList(Out):
    """The whole tree, parents before their children."""

    data: list[BranchOut]


class OutletIn(In):
    """An outlet, in a county-level or city-level division (GB/T 2260)."""

    name: Line
    division: DivisionCode
    branch_id: UUID | None = None


class OutletOut(Out):
    """An outlet."""

    id: UUID
    branch_id: UUID | None
    name: str
    division: str
    division_name: str | None = Field(description="The division's full name in Chinese.")
    created_at: datetime
    closed_at: datetime | None


class OutletPage(Page[OutletOut]):
    """A page of outlets."""


@router.get("/branches", responses=documented(*READING))
async def list_branches(caller: EnterpriseCaller, office: OfficeDep) -> BranchList:
    """The enterprise's whole tree."""
    require(caller, Permission.ENTERPRISE_SITE_READ)
    async with office.database.read() as tx:
        branches = await find_branches(tx, caller.enterprise_id)
    return BranchList(data=[_branch_out(branch) for branch in branches])


@router.post(
    "/branches", status_code=201, response_model=BranchOut, responses=documented(*WRITING, Kind.REFERENCE_UNKNOWN)
)
async def add_a_branch(body: BranchIn, caller: EnterpriseCaller, office: OfficeDep, attempt: AttemptDep) -> Response:
    """Add a branch to the tree."""
    require(caller, Permission.ENTERPRISE_SITE_MANAGE)
    parent_id = BranchId(body.parent_id) if body.parent_id else None

    async def act(tx: Tx) -> Reply:
        branch = await add_branch(
            tx, caller.enterprise_id, name=body.name, parent_id=parent_id, actor=caller.actor, at=office.clock.now()
        )
        return Reply(body=_branch_out(branch))

    return await once(office, caller, attempt, act)


@router.get("/outlets", responses=documented(*READING, Kind.CURSOR_INVALID))
async def list_outlets(
    caller: EnterpriseCaller, office: OfficeDep, limit: PageSize = 50, cursor: Cursor = None
) -> OutletPage:
    """The enterprise's outlets, oldest first."""
    require(caller, Permission.ENTERPRISE_SITE_READ)

    async def find(tx: Tx, after: UUID | None, count: int) -> tuple[Outlet, ...]:
        return await find_outlets(tx, caller.enterprise_id, after=OutletId(after) if after else None, limit=count)

    filters = ["outlets", caller.enterprise_id]
    outlets, next_cursor = await page_by_id(office, find, cursor=cursor, limit=limit, filters=filters)
    return OutletPage(
        data=[_outlet_out(outlet) for outlet in outlets], has_more=next_cursor is not None, next_cursor=next_cursor
    )


@router.post(
    "/outlets", status_code=201, response_model=OutletOut, responses=documented(*WRITING, Kind.REFERENCE_UNKNOWN)
)
async def add_an_outlet(body: OutletIn, caller: EnterpriseCaller, office: OfficeDep, attempt: AttemptDep) -> Response:
    """Add an outlet."""
    require(caller, Permission.ENTERPRISE_SITE_MANAGE)
    branch_id = BranchId(body.branch_id) if body.branch_id else None
    request = AddOutlet(name=body.name, division=body.division, branch_id=branch_id)

    async def act(tx: Tx) -> Reply:
        outlet = await add_outlet(tx, caller.enterprise_id, request, actor=caller.actor, at=office.clock.now())
        return Reply(body=_outlet_out(outlet), headers={"Location": f"/enterprise/v1/outlets/{outlet.id}"})

    return await once(office, caller, attempt, act)


@router.get("/outlets/{outlet_id}", responses=documented(*READING))
async def read_outlet(outlet_id: UUID, caller: EnterpriseCaller, office: OfficeDep) -> OutletOut:
    """One outlet of this enterprise."""
    require(caller, Permission.ENTERPRISE_SITE_READ)
    async with office.database.read() as tx:
        outlet = await get_outlet(tx, OutletId(outlet_id), enterprise_id=caller.enterprise_id)
    return _outlet_out(outlet)


def _branch_out(branch: Branch) -> BranchOut:
    return BranchOut(id=branch.id, parent_id=branch.parent_id, name=branch.name, created_at=branch.created_at)


def _outlet_out(outlet: Outlet) -> OutletOut:
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
