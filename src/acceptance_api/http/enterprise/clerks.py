"""The clerks of an outlet. A clerk's name is sealed when it comes in and never answered; a number is not even kept."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from acceptance_api.access import Permission, require
from acceptance_api.http.callers import EnterpriseCaller
from acceptance_api.http.enterprise.staff_numbers import require_in_form
from acceptance_api.http.idempotency import AttemptDep, Reply, once
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.problems import documented
from acceptance_api.http.standard import READING, WRITING
from acceptance_api.http.wire import DocumentNumber, In, Line, Out, PersonName
from acceptance_api.identity import DocumentType
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import ClerkId, OutletId
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.sites import (
    AddClerk,
    Clerk,
    ClerkRole,
    add_clerk,
    find_clerk,
    find_clerks,
    get_outlet,
    retire_clerk,
)

router = APIRouter(tags=["sites"])


class ClerkIn(In):
    """A clerk; the staff number is unique among those who work at the outlet, and is not the name."""

    staff_no: Annotated[Line, Field(max_length=40)]
    name: PersonName
    roles: list[ClerkRole] = Field([ClerkRole.CLERK], min_length=1, max_length=len(ClerkRole))
    id_number: DocumentNumber | None = Field(
        None, description="Of the clerk's own resident identity card; other documents by `id-numbers`."
    )


class ClerkOut(Out):
    """A person who works, or worked, at an outlet."""

    id: UUID
    outlet_id: UUID
    staff_no: str
    roles: list[str]
    created_at: datetime
    retired_at: datetime | None


class ClerkList(Out):
    """Everyone who ever worked at an outlet, oldest first."""

    data: list[ClerkOut]


@router.get("/outlets/{outlet_id}/clerks", responses=documented(*READING))
async def list_clerks(outlet_id: UUID, caller: EnterpriseCaller, office: OfficeDep) -> ClerkList:
    """The clerks of an outlet, retired ones too."""
    require(caller, Permission.ENTERPRISE_SITE_READ)
    async with office.database.read() as tx:
        outlet = await get_outlet(tx, OutletId(outlet_id), enterprise_id=caller.enterprise_id)
        found = await find_clerks(tx, outlet.id)
    return ClerkList(data=[_out(clerk) for clerk in found])


@router.post(
    "/outlets/{outlet_id}/clerks",
    status_code=201,
    response_model=ClerkOut,
    responses=documented(*WRITING, Kind.NOT_FOUND, Kind.ALREADY_EXISTS),
)
async def add_a_clerk(
    outlet_id: UUID, body: ClerkIn, caller: EnterpriseCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """Add a clerk to an outlet; from now on its counters can name the clerk in `Clerk-Id`."""
    require(caller, Permission.ENTERPRISE_SITE_MANAGE)
    if body.id_number is not None:
        require_in_form(office, DocumentType.RESIDENT_ID, body.id_number)
    request = AddClerk(staff_no=body.staff_no, name=body.name, roles=frozenset(body.roles), id_number=body.id_number)

    async def act(tx: Tx) -> Reply:
        clerk = await add_clerk(
            tx,
            office.vault,
            OutletId(outlet_id),
            request,
            enterprise_id=caller.enterprise_id,
            actor=caller.actor,
            at=office.clock.now(),
        )
        return Reply(body=_out(clerk))

    return await once(office, caller, attempt, act)


@router.post(
    "/outlets/{outlet_id}/clerks/{clerk_id}/retirement",
    status_code=201,
    response_model=ClerkOut,
    responses=documented(*WRITING, Kind.NOT_FOUND),
)
async def retire_a_clerk(
    outlet_id: UUID, clerk_id: UUID, caller: EnterpriseCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """Let a clerk work at an outlet no longer. What the clerk did stays; doing it again changes nothing."""
    require(caller, Permission.ENTERPRISE_SITE_MANAGE)

    async def act(tx: Tx) -> Reply:
        place = OutletId(outlet_id), ClerkId(clerk_id)
        at = office.clock.now()
        await retire_clerk(tx, *place, enterprise_id=caller.enterprise_id, actor=caller.actor, at=at)
        clerk = await find_clerk(tx, *place, even_retired=True)
        if clerk is None:
            raise Problem(Kind.NOT_FOUND)
        return Reply(body=_out(clerk))

    return await once(office, caller, attempt, act)


def _out(clerk: Clerk) -> ClerkOut:
    return ClerkOut(
        id=clerk.id,
        outlet_id=clerk.outlet_id,
        staff_no=clerk.staff_no,
        roles=sorted(role.value for role in clerk.roles),
        created_at=clerk.created_at,
        retired_at=clerk.retired_at,
    )
