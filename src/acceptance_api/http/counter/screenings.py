"""Recording passes through the X-ray machine."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response

from acceptance_api.http.callers import CounterCaller
from acceptance_api.http.idempotency import AttemptDep, Reply, once_together
from acceptance_api.http.lean_route import lean
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.problems import again, documented
from acceptance_api.http.standard import CLERK, WRITING
from acceptance_api.http.wire import In, Out, RecordId, Waybill
from acceptance_api.kernel.express import Record
from acceptance_api.kernel.ids import MachineId, ScreeningId
from acceptance_api.kernel.problems import Kind
from acceptance_api.screening import RecordScreening, Screening, ScreeningVerdict, draft_screening, find_repeated

router = APIRouter(tags=["screenings"])


class ScreeningIn(In):
    """One pass; the clerk of the request is the operator."""

    id: RecordId
    waybill: Waybill
    machine_id: UUID
    verdict: ScreeningVerdict


class ScreeningOut(Out):
    """A recorded pass and the serial for its label."""

    id: UUID
    waybill: str
    pass_number: int
    verdict: str
    label_serial: str
    recorded_at: datetime


@router.post(
    "/screenings",
    status_code=201,
    response_model=ScreeningOut,
    responses=documented(*CLERK, *WRITING, Kind.REFERENCE_UNKNOWN, Kind.ID_CONFLICT, Kind.CHANGED_MEANWHILE)
    | again(ScreeningOut),
)
@lean(ScreeningIn)
async def record_a_screening(
    body: ScreeningIn, caller: CounterCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """Record one pass of a parcel, before or after its acceptance."""
    request = RecordScreening(
        id=ScreeningId(body.id),
        waybill=body.waybill,
        machine_id=MachineId(body.machine_id),
        verdict=body.verdict,
        fingerprint=attempt.fingerprint,
    )

    async def draft() -> tuple[Reply, Record]:
        screening, record = await draft_screening(office.screening, caller, request, at=office.clock.now())
        return Reply(body=_out(screening)), record

    async def repeated() -> Reply | None:
        known = await find_repeated(office.screening, caller, request)
        return Reply(body=_out(known), status=200) if known is not None else None

    return await once_together(office, caller, attempt, draft, repeated)


def _out(screening: Screening) -> ScreeningOut:
    return ScreeningOut(
        id=screening.id,
        waybill=screening.waybill,
        pass_number=screening.pass_number,
        verdict=screening.verdict.value,
        label_serial=screening.label_serial,
        recorded_at=screening.recorded_at,
    )
