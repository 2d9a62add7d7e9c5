"""The enterprise's tree above its outlets."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from acceptance_api.access import Permission, require
from acceptance_api.http.callers import EnterpriseCaller
from acceptance_api.http.idempotency import AttemptDep, Reply, once
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.problems import documented
from acceptance_api.http.standard import READING, WRITING
from acceptance_api.http.wire import In, Line, Out
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.problems import Kind
from acceptance_api.sites import Branch, BranchId, add_branch, find_branches

router = APIRouter(tags=["sites"])


class BranchIn(In):
    """A branch; without a parent it stands right below the headquarters."""

    name: Annotated[Line, Field(max_length=120)]
    parent_id: UUID | None = None


class BranchOut(Out):
    """A node of the enterprise's tree."""

    id: UUID
    parent_id: UUID | None
    name: str
    created_at: datetime


class BranchList(Out):
    """Every branch, parents before their children."""

    data: list[BranchOut]


@router.get("/branches", responses=documented(*READING))
async def list_branches(caller: EnterpriseCaller, office: OfficeDep) -> BranchList:
    """The whole tree of branches."""
    require(caller, Permission.ENTERPRISE_SITE_READ)
    async with office.database.read() as tx:
        found = await find_branches(tx, caller.enterprise_id)
    return BranchList(data=[_out(branch) for branch in found])


@router.post(
    "/branches",
    status_code=201,
    response_model=BranchOut,
    responses=documented(*WRITING, Kind.NOT_FOUND, Kind.REFERENCE_UNKNOWN),
)
async def add_a_branch(body: BranchIn, caller: EnterpriseCaller, office: OfficeDep, attempt: AttemptDep) -> Response:
    """Add a branch below another one, or below the headquarters."""
    require(caller, Permission.ENTERPRISE_SITE_MANAGE)
    parent_id = BranchId(body.parent_id) if body.parent_id else None

    async def act(tx: Tx) -> Reply:
        branch = await add_branch(
            tx,
            caller.enterprise_id,
            name=body.name,
            parent_id=parent_id,
            actor=caller.actor,
            at=office.clock.now(),
        )
        return Reply(body=_out(branch))

    return await once(office, caller, attempt, act)


def _out(branch: Branch) -> BranchOut:
    return BranchOut(id=branch.id, parent_id=branch.parent_id, name=branch.name, created_at=branch.created_at)
