"""The X-ray machines of an outlet."""

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
from acceptance_api.kernel.ids import OutletId
from acceptance_api.kernel.problems import Kind
from acceptance_api.sites import Machine, add_machine, find_machines, get_outlet

router = APIRouter(tags=["sites"])


class MachineIn(In):
    """An X-ray machine and its certificate; the serial is unique among those in use at the outlet."""

    serial: Annotated[Line, Field(max_length=40)]
    certificate_no: Annotated[Line, Field(max_length=64)]


class MachineOut(Out):
    """An X-ray machine."""

    id: UUID
    outlet_id: UUID
    serial: str
    certificate_no: str
    created_at: datetime
    retired_at: datetime | None


class MachineList(Out):
    """Every machine an outlet ever had, oldest first."""

    data: list[MachineOut]


@router.get("/outlets/{outlet_id}/machines", responses=documented(*READING))
async def list_machines(outlet_id: UUID, caller: EnterpriseCaller, office: OfficeDep) -> MachineList:
    """The X-ray machines of an outlet."""
    require(caller, Permission.ENTERPRISE_SITE_READ)
    async with office.database.read() as tx:
        outlet = await get_outlet(tx, OutletId(outlet_id), enterprise_id=caller.enterprise_id)
        found = await find_machines(tx, outlet.id)
    return MachineList(data=[_out(machine) for machine in found])


@router.post(
    "/outlets/{outlet_id}/machines",
    status_code=201,
    response_model=MachineOut,
    responses=documented(*WRITING, Kind.NOT_FOUND, Kind.ALREADY_EXISTS),
)
async def add_a_machine(
    outlet_id: UUID, body: MachineIn, caller: EnterpriseCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """Add an X-ray machine to an outlet."""
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
        return Reply(body=_out(machine))

    return await once(office, caller, attempt, act)


def _out(machine: Machine) -> MachineOut:
    return MachineOut(
        id=machine.id,
        outlet_id=machine.outlet_id,
        serial=machine.serial,
        certificate_no=machine.certificate_no,
        created_at=machine.created_at,
        retired_at=machine.retired_at,
    )
