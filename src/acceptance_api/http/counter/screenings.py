"""Recording passes through the X-ray machine, and reading them."""

from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from acceptance_api.http.callers import CounterCaller
from acceptance_api.http.counter.screening_wire import (
    FLAGS_MAX,
    FlagIn,
    ScreeningHistoryOut,
    ScreeningOut,
    flag_of,
    history_out,
    screening_out,
)
from acceptance_api.http.idempotency import AttemptDep, Reply, once_together
from acceptance_api.http.lean_route import lean
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.problems import again, documented
from acceptance_api.http.standard import CLERK, READING, WRITING
from acceptance_api.http.wire import In, RecordId, Waybill
from acceptance_api.kernel.express import Record
from acceptance_api.kernel.ids import MachineId, ScreeningId
from acceptance_api.kernel.problems import Kind
from acceptance_api.screening import (
    RecordScreening,
    ScreeningVerdict,
    draft_screening,
    find_repeated,
    name_on_labels,
    read_screening,
)
from acceptance_api.screening.model import LabelKind

router = APIRouter(tags=["screenings"])


class ScreeningIn(In):
    """One pass; the clerk of the request is the operator."""

    id: RecordId
    waybill: Waybill
    machine_id: UUID
    verdict: ScreeningVerdict
    flags: list[FlagIn] = Field(
        [], max_length=FLAGS_MAX, description="What the machine's own recognition points at; people close each of it."
    )
    label_kind: LabelKind = Field(LabelKind.WALK_IN, description="Whose parcel it is: that stands on the label.")


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
        label_kind=body.label_kind,
        flags=tuple(map(flag_of, body.flags)),
    )
    desk = office.screening

    async def draft() -> tuple[Reply, Record]:
        at = office.clock.now()
        screening, record = await draft_screening(desk, caller, request, at=at)
        return Reply(body=screening_out(screening, await name_on_labels(desk, caller, at=at))), record

    async def repeated() -> Reply | None:
        known = await find_repeated(desk, caller, request)
        if known is None:
            return None
        name = await name_on_labels(desk, caller, at=office.clock.now())
        return Reply(body=screening_out(known, name), status=200)

    return await once_together(office, caller, attempt, draft, repeated)


@router.get("/screenings/{screening_id}", responses=documented(*CLERK, *READING))
async def read_a_screening(screening_id: UUID, caller: CounterCaller, office: OfficeDep) -> ScreeningHistoryOut:
    """A pass of this outlet, and everything that was done with it since."""
    desk = office.screening
    history = await read_screening(desk, caller, ScreeningId(screening_id))
    return history_out(history, await name_on_labels(desk, caller, at=office.clock.now()))
