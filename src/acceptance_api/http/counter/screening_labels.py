"""Writing screening labels off."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from acceptance_api.http.callers import CounterCaller
from acceptance_api.http.counter.screening_wire import ScreeningHistoryOut, history_out
from acceptance_api.http.idempotency import AttemptDep, Reply, once
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.problems import again, documented
from acceptance_api.http.standard import CLERK, WRITING
from acceptance_api.http.wire import In, RecordId, Waybill
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.problems import Kind
from acceptance_api.screening import WriteOffLabel, name_on_labels, write_off_label
from acceptance_api.screening.model import WriteOffReason

router = APIRouter(tags=["screenings"])


class WriteOffIn(In):
    """Why a label no longer marks the parcel of this waybill: it is that parcel's alone."""

    id: RecordId
    waybill: Waybill
    reason: WriteOffReason


@router.post(
    "/screening-labels/{serial}/write-offs",
    status_code=201,
    response_model=ScreeningHistoryOut,
    responses=documented(*CLERK, *WRITING, Kind.NOT_FOUND, Kind.ID_CONFLICT, Kind.STEP_NOT_DUE)
    | again(ScreeningHistoryOut),
)
async def write_a_label_off(
    serial: Annotated[str, Path(max_length=128, description="As the pass was answered with.")],
    body: WriteOffIn,
    caller: CounterCaller,
    office: OfficeDep,
    attempt: AttemptDep,
) -> Response:
    """Write a label off: the pass stays clear, but nothing marks the parcel until it passes again."""
    name = await name_on_labels(office.screening, caller, at=office.clock.now())
    request = WriteOffLabel(
        id=body.id, serial=serial, waybill=body.waybill, reason=body.reason, fingerprint=attempt.fingerprint
    )

    async def act(tx: Tx) -> Reply:
        history, is_new = await write_off_label(tx, caller, request, at=office.clock.now())
        return Reply(body=history_out(history, name), status=201 if is_new else 200)

    return await once(office, caller, attempt, act)
