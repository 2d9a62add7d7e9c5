"""Closing what a machine flagged."""

from uuid import UUID

from fastapi import APIRouter, Response

from acceptance_api.http.callers import CounterCaller
from acceptance_api.http.counter.screening_wire import FlagIndex, ScreeningHistoryOut, history_out
from acceptance_api.http.idempotency import AttemptDep, Reply, once
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.problems import again, documented
from acceptance_api.http.standard import CLERK, WRITING
from acceptance_api.http.wire import In, RecordId
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import ClerkId, ScreeningId
from acceptance_api.kernel.problems import Kind
from acceptance_api.screening import CloseFlag, close_flag, name_on_labels
from acceptance_api.screening.model import FlagConclusion, StepReason

router = APIRouter(tags=["screenings"])


class FlagClosingIn(In):
    """What a person says of a flag; the screener of the pass needs a second person, unless the rules say otherwise."""

    id: RecordId
    flag: FlagIndex
    conclusion: FlagConclusion
    reason: StepReason
    second_clerk_id: UUID | None = None


@router.post(
    "/screenings/{screening_id}/flag-closings",
    status_code=201,
    response_model=ScreeningHistoryOut,
    responses=documented(*CLERK, *WRITING, Kind.NOT_FOUND, Kind.ID_CONFLICT, Kind.STEP_NOT_DUE, Kind.REFERENCE_UNKNOWN)
    | again(ScreeningHistoryOut),
)
async def close_a_flag(
    screening_id: UUID, body: FlagClosingIn, caller: CounterCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """Close a flag. Confirmed, it makes a clear pass suspect; the last false alarm lets a clear pass be labelled."""
    name = await name_on_labels(office.screening, caller, at=office.clock.now())
    request = CloseFlag(
        id=body.id,
        screening_id=ScreeningId(screening_id),
        flag=body.flag,
        conclusion=body.conclusion,
        reason=body.reason,
        second_clerk_id=ClerkId(body.second_clerk_id) if body.second_clerk_id else None,
        fingerprint=attempt.fingerprint,
    )

    async def act(tx: Tx) -> Reply:
        history, is_new = await close_flag(tx, caller, request, at=office.clock.now())
        return Reply(body=history_out(history, name), status=201 if is_new else 200)

    return await once(office, caller, attempt, act)
