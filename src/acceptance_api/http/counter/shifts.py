"""Screeners sign on to machines and off; machines say that they are on."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response

from acceptance_api.http.callers import CounterCaller
from acceptance_api.http.idempotency import AttemptDep, Reply, once
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.problems import again, documented
from acceptance_api.http.standard import CLERK, WRITING
from acceptance_api.http.wire import In, Out, RecordId
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import MachineId
from acceptance_api.kernel.problems import Kind
from acceptance_api.screening import Shift, ShiftId, report_machine, sign_off, sign_on

router = APIRouter(tags=["shifts"])


class ShiftIn(In):
    """The screener of the request signs on to a machine."""

    id: RecordId
    machine_id: UUID


class ShiftOut(Out):
    """A screener's time at a machine; signing on elsewhere ends it too."""

    id: UUID
    clerk_id: UUID
    machine_id: UUID
    signed_on_at: datetime
    signed_off_at: datetime | None


class HeartbeatOut(Out):
    """That a machine is on; one is kept for each minute."""

    machine_id: UUID
    reported_at: datetime


@router.post(
    "/shifts",
    status_code=201,
    response_model=ShiftOut,
    responses=documented(*CLERK, *WRITING, Kind.REFERENCE_UNKNOWN, Kind.ID_CONFLICT, Kind.CHANGED_MEANWHILE)
    | again(ShiftOut),
)
async def sign_on_to_a_machine(
    body: ShiftIn, caller: CounterCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """Sign the screener of the request on to a machine; a shift at another machine ends with it."""

    async def act(tx: Tx) -> Reply:
        shift, is_new = await sign_on(tx, caller, ShiftId(body.id), MachineId(body.machine_id), at=office.clock.now())
        return Reply(body=_out(shift), status=201 if is_new else 200)

    return await once(office, caller, attempt, act)


@router.post(
    "/shifts/{shift_id}/ending",
    status_code=201,
    response_model=ShiftOut,
    responses=documented(*CLERK, *WRITING, Kind.NOT_FOUND, Kind.STEP_NOT_DUE, Kind.CHANGED_MEANWHILE),
)
async def sign_off_from_a_machine(
    shift_id: UUID, caller: CounterCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """End the shift of the screener of the request; doing it again changes nothing."""

    async def act(tx: Tx) -> Reply:
        return Reply(body=_out(await sign_off(tx, caller, ShiftId(shift_id), at=office.clock.now())))

    return await once(office, caller, attempt, act)


@router.post(
    "/machines/{machine_id}/heartbeats",
    status_code=201,
    response_model=HeartbeatOut,
    responses=documented(*CLERK, *WRITING, Kind.NOT_FOUND) | again(HeartbeatOut),
)
async def report_a_machine(machine_id: UUID, caller: CounterCaller, office: OfficeDep, attempt: AttemptDep) -> Response:
    """Say that a machine is on. Once a minute is enough: more are answered with 200, and change nothing."""
    at = office.clock.now()

    async def act(tx: Tx) -> Reply:
        is_new = await report_machine(tx, caller, MachineId(machine_id), at=at)
        return Reply(body=HeartbeatOut(machine_id=machine_id, reported_at=at), status=201 if is_new else 200)

    return await once(office, caller, attempt, act)


def _out(shift: Shift) -> ShiftOut:
    return ShiftOut(
        id=shift.id,
        clerk_id=shift.clerk_id,
        machine_id=shift.machine_id,
        signed_on_at=shift.signed_on_at,
        signed_off_at=shift.signed_off_at,
    )
