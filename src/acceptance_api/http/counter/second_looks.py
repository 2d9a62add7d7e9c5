"""What follows a suspect pass: a second look, and opening the parcel in twos."""

from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from acceptance_api.http.callers import CounterCaller
from acceptance_api.http.counter.screening_wire import ScreeningHistoryOut, history_out
from acceptance_api.http.idempotency import AttemptDep, Reply, once
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.problems import again, documented
from acceptance_api.http.standard import CLERK, WRITING
from acceptance_api.http.wire import In, RecordId, Sha256
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import ClerkId, ScreeningId
from acceptance_api.kernel.problems import Kind
from acceptance_api.screening import CheckOpen, LookAgain, check_open, look_again, name_on_labels
from acceptance_api.screening.model import CheckConclusion, LookConclusion, StepReason

router = APIRouter(tags=["screenings"])
_CHANGING = (*CLERK, *WRITING, Kind.NOT_FOUND, Kind.ID_CONFLICT, Kind.STEP_NOT_DUE)


class SecondLookIn(In):
    """Another screener than the first looked at the picture: nothing is wrong, or the parcel has to be opened."""

    id: RecordId
    conclusion: LookConclusion
    reason: StepReason


class OpenCheckIn(In):
    """The clerk of the request and a second one, a screener among them, opened the parcel."""

    id: RecordId
    second_clerk_id: UUID
    conclusion: CheckConclusion
    reason: StepReason
    photo: Sha256 | None = Field(None, description="Digest of a photo; store it as evidence.")


@router.post(
    "/screenings/{screening_id}/second-looks",
    status_code=201,
    response_model=ScreeningHistoryOut,
    responses=documented(*_CHANGING) | again(ScreeningHistoryOut),
)
async def record_a_second_look(
    screening_id: UUID, body: SecondLookIn, caller: CounterCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """Record that another screener looked at a suspect pass. Cleared, it counts as clear."""
    name = await name_on_labels(office.screening, caller, at=office.clock.now())
    request = LookAgain(
        id=body.id,
        screening_id=ScreeningId(screening_id),
        conclusion=body.conclusion,
        reason=body.reason,
        fingerprint=attempt.fingerprint,
    )

    async def act(tx: Tx) -> Reply:
        history, is_new = await look_again(tx, caller, request, at=office.clock.now())
        return Reply(body=history_out(history, name), status=201 if is_new else 200)

    return await once(office, caller, attempt, act)


@router.post(
    "/screenings/{screening_id}/open-checks",
    status_code=201,
    response_model=ScreeningHistoryOut,
    responses=documented(*_CHANGING, Kind.REFERENCE_UNKNOWN) | again(ScreeningHistoryOut),
)
async def record_an_open_check(
    screening_id: UUID, body: OpenCheckIn, caller: CounterCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """Record that two persons opened a parcel whose second look asked for it. Cleared, the pass counts as clear."""
    name = await name_on_labels(office.screening, caller, at=office.clock.now())
    request = CheckOpen(
        id=body.id,
        screening_id=ScreeningId(screening_id),
        second_clerk_id=ClerkId(body.second_clerk_id),
        conclusion=body.conclusion,
        reason=body.reason,
        photo=body.photo,
        fingerprint=attempt.fingerprint,
    )

    async def act(tx: Tx) -> Reply:
        history, is_new = await check_open(tx, caller, request, at=office.clock.now())
        return Reply(body=history_out(history, name), status=201 if is_new else 200)

    return await once(office, caller, attempt, act)
