"""The papers of an outlet's machines: certificate, calibration, who screens."""

from datetime import date, datetime
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
from acceptance_api.http.wire import Day, In, Line, Out
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import MachineId, OutletId
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.sites import (
    FileMachinePaper,
    MachinePaper,
    file_machine_paper,
    find_machine,
    find_machine_papers,
    get_outlet,
)

router = APIRouter(tags=["sites"])


class MachinePaperIn(In):
    """A machine's certificate and calibration, said anew as a whole; last days are included."""

    certificate_no: Annotated[Line, Field(max_length=64)]
    valid_from: Day
    valid_to: Day
    calibrated_on: Day
    calibration_due_on: Day
    networked: bool = Field(description="Whether its pictures are to be seen by the supervisor's network.")
    screening_company: Annotated[Line, Field(max_length=120)] | None = Field(
        None, description="The company that screens for the enterprise, which stays liable; left out when none does."
    )


class MachinePaperOut(Out):
    """A filed paper."""

    id: UUID
    machine_id: UUID
    certificate_no: str
    valid_from: date
    valid_to: date
    calibrated_on: date
    calibration_due_on: date
    networked: bool
    screening_company: str | None
    filed_at: datetime


class MachinePaperList(Out):
    """Every paper of a machine, oldest first; the newest that has begun is in force."""

    data: list[MachinePaperOut]


@router.get("/outlets/{outlet_id}/machines/{machine_id}/papers", responses=documented(*READING))
async def list_machine_papers(
    outlet_id: UUID, machine_id: UUID, caller: EnterpriseCaller, office: OfficeDep
) -> MachinePaperList:
    """The papers of a machine, also of a retired one."""
    require(caller, Permission.ENTERPRISE_SITE_READ)
    async with office.database.read() as tx:
        outlet = await get_outlet(tx, OutletId(outlet_id), enterprise_id=caller.enterprise_id)
        if await find_machine(tx, outlet.id, MachineId(machine_id), even_retired=True) is None:
            raise Problem(Kind.NOT_FOUND)
        found = await find_machine_papers(tx, outlet.id, MachineId(machine_id))
    return MachinePaperList(data=[_out(paper) for paper in found])


@router.post(
    "/outlets/{outlet_id}/machines/{machine_id}/papers",
    status_code=201,
    response_model=MachinePaperOut,
    responses=documented(*WRITING, Kind.NOT_FOUND),
)
async def file_a_machine_paper(
    outlet_id: UUID,
    machine_id: UUID,
    body: MachinePaperIn,
    caller: EnterpriseCaller,
    office: OfficeDep,
    attempt: AttemptDep,
) -> Response:
    """File a paper; from its first day on it takes the place of the earlier ones, which stay."""
    require(caller, Permission.ENTERPRISE_SITE_MANAGE)
    request = FileMachinePaper(
        certificate_no=body.certificate_no,
        valid_from=body.valid_from,
        valid_to=body.valid_to,
        calibrated_on=body.calibrated_on,
        calibration_due_on=body.calibration_due_on,
        is_networked=body.networked,
        screening_company=body.screening_company,
    )

    async def act(tx: Tx) -> Reply:
        paper = await file_machine_paper(
            tx,
            OutletId(outlet_id),
            MachineId(machine_id),
            request,
            enterprise_id=caller.enterprise_id,
            actor=caller.actor,
            at=office.clock.now(),
        )
        return Reply(body=_out(paper))

    return await once(office, caller, attempt, act)


def _out(paper: MachinePaper) -> MachinePaperOut:
    return MachinePaperOut(
        id=paper.id,
        machine_id=paper.machine_id,
        certificate_no=paper.certificate_no,
        valid_from=paper.valid_from,
        valid_to=paper.valid_to,
        calibrated_on=paper.calibrated_on,
        calibration_due_on=paper.calibration_due_on,
        networked=paper.is_networked,
        screening_company=paper.screening_company,
        filed_at=paper.filed_at,
    )
