"""What an outlet works with: counters, clerks, X-ray machines."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from acceptance_api.access import Caller, Permission, require
from acceptance_api.http.callers import EnterpriseCaller
from acceptance_api.http.idempotency import AttemptDep, Reply, once
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.problems import documented
from acceptance_api.http.standard import READING, WRITING
from acceptance_api.http.wire import Code, In, Line, Out, PersonName
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import ClerkId, OutletId
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.sites import (
    AddClerk,
    Clerk,
    ClerkRole,
    Counter,
    Machine,
    add_clerk,
    add_counter,
    add_machine,
    find_clerks,
    find_counters,
    find_machines,
    get_outlet,
    retire_clerk,
)

router = APIRouter(prefix="/outlets/{outlet_id}", tags=["sites"])
_ADDING = (Kind.NOT_FOUND, Kind.ALREADY_EXISTS)


class CounterIn(In):
    """A counter of an outlet."""

    name: Line


class CounterOut(Out):
    """A counter."""

    id: UUID
    name: str
    created_at: datetime


class CounterList(Out):
    """Every counter of an outlet."""

    data: list[CounterOut]


class ClerkIn(In):
    """Somebody who works at the outlet. The name is sealed and never answered."""

    staff_no: Code
    name: PersonName
    roles: list[ClerkRole] = Field([ClerkRole.CLERK], min_length=1, max_length=3)


class ClerkOut(Out):
    """A clerk, by staff number."""

    id: UUID
    staff_no: str
    roles: list[str]
    created_at: datetime
    retired_at: datetime | None


class ClerkList(Out):
    """Everybody who works or worked at an outlet."""

    data: list[ClerkOut]


class MachineIn(In):
    """An X-ray machine and its certificate."""

    serial: Code
    certificate_no: Line


class MachineOut(Out):
    """An X-ray machine."""

    id: UUID
    serial: str
    certificate_no: str
    created_at: datetime
    retired_at: datetime | None


class MachineList(Out):
    """Every machine an outlet has or had."""

    data: list[MachineOut]


@router.get("/counters", responses=documented(*READING))
async def list_counters(outlet_id: UUID, caller: EnterpriseCaller, office: OfficeDep) -> CounterList:
    """The counters of an outlet."""
    async with office.database.read() as tx:
        counters = await find_counters(tx, await _readable(tx, caller, outlet_id))
    return CounterList(data=[_counter_out(counter) for counter in counters])


@router.post("/counters", status_code=201, response_model=CounterOut, responses=documented(*WRITING, *_ADDING))
async def add_a_counter(
    outlet_id: UUID, body: CounterIn, caller: EnterpriseCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """Add a counter to an outlet."""
    require(caller, Permission.ENTERPRISE_SITE_MANAGE)

    async def act(tx: Tx) -> Reply:
        counter = await add_counter(
            tx,
            OutletId(outlet_id),
            enterprise_id=caller.enterprise_id,
            name=body.name,
            actor=caller.actor,
            at=office.clock.now(),
        )
        return Reply(body=_counter_out(counter))

    return await once(office, caller, attempt, act)


@router.get("/clerks", responses=documented(*READING))
async def list_clerks(outlet_id: UUID, caller: EnterpriseCaller, office: OfficeDep) -> ClerkList:
    """The clerks of an outlet, retired ones too, by staff number: names are sealed."""
    async with office.database.read() as tx:
        clerks = await find_clerks(tx, await _readable(tx, caller, outlet_id))
    return ClerkList(data=[_clerk_out(clerk) for clerk in clerks])


@router.post("/clerks", status_code=201, response_model=ClerkOut, responses=documented(*WRITING, *_ADDING))
async def add_a_clerk(
    outlet_id: UUID, body: ClerkIn, caller: EnterpriseCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """Let somebody work at an outlet."""
    require(caller, Permission.ENTERPRISE_SITE_MANAGE)
    request = AddClerk(staff_no=body.staff_no, name=body.name, roles=frozenset(body.roles))

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
        return Reply(body=_clerk_out(clerk))

    return await once(office, caller, attempt, act)


@router.post(
    "/clerks/{clerk_id}/retirement",
    status_code=201,
    response_model=ClerkOut,
    responses=documented(*WRITING, Kind.NOT_FOUND),
)
async def retire_a_clerk(
    outlet_id: UUID, clerk_id: UUID, caller: EnterpriseCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """Let a clerk work at an outlet no longer. The records keep the id."""
    require(caller, Permission.ENTERPRISE_SITE_MANAGE)

    async def act(tx: Tx) -> Reply:
        await retire_clerk(
            tx,
            OutletId(outlet_id),
            ClerkId(clerk_id),
            enterprise_id=caller.enterprise_id,
            actor=caller.actor,
            at=office.clock.now(),
        )
        clerks = await find_clerks(tx, OutletId(outlet_id))
        retired = next((clerk for clerk in clerks if clerk.id == clerk_id), None)
        if retired is None:
            raise Problem(Kind.NOT_FOUND)
        return Reply(body=_clerk_out(retired))

    return await once(office, caller, attempt, act)


@router.get("/machines", responses=documented(*READING))
async def list_machines(outlet_id: UUID, caller: EnterpriseCaller, office: OfficeDep) -> MachineList:
    """The X-ray machines of an outlet."""
    async with office.database.read() as tx:
        machines = await find_machines(tx, await _readable(tx, caller, outlet_id))
    return MachineList(data=[_machine_out(machine) for machine in machines])


@router.post("/machines", status_code=201, response_model=MachineOut, responses=documented(*WRITING, *_ADDING))
async def add_a_machine(
    outlet_id: UUID, body: MachineIn, caller: EnterpriseCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """Register an X-ray machine at an outlet."""
    require(caller, Permission.ENTERPRISE_SITE_MANAGE)

    async def act(tx: Tx) -> Reply:
        machine = await add_machine(
            tx,
            OutletId(outlet_id),
            enterprise_id=caller.enterprise_id,
            serial=body.serial,
            certificate_no=body.certificate_no,
            actor=caller.actor,
            at=office.clock.now(),
        )
        return Reply(body=_machine_out(machine))

    return await once(office, caller, attempt, act)


async def _readable(tx: Tx, caller: Caller, outlet_id: UUID) -> OutletId:
    require(caller, Permission.ENTERPRISE_SITE_READ)
    return (await get_outlet(tx, OutletId(outlet_id), enterprise_id=caller.enterprise_id)).id


def _counter_out(counter: Counter) -> CounterOut:
    return CounterOut(id=counter.id, name=counter.name, created_at=counter.created_at)


def _clerk_out(clerk: Clerk) -> ClerkOut:
    return ClerkOut(
        id=clerk.id,
        staff_no=clerk.staff_no,
        roles=sorted(role.value for role in clerk.roles),
        created_at=clerk.created_at,
        retired_at=clerk.retired_at,
    )


def _machine_out(machine: Machine) -> MachineOut:
    return MachineOut(
        id=machine.id,
        serial=machine.serial,
        certificate_no=machine.certificate_no,
        created_at=machine.created_at,
        retired_at=machine.retired_at,
    )
