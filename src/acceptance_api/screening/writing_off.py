"""What ends a label's or a parcel's way: writing a label off, and handing a prohibited parcel to interception."""

from datetime import datetime
from uuid import UUID

from acceptance_api.access import Caller, Permission, require
from acceptance_api.audit import Action
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import ScreeningId
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.screening import store
from acceptance_api.screening.history import Done, PassHistory, WriteOffLabel
from acceptance_api.screening.history_store import change, history_of
from acceptance_api.screening.model import PassState, Step
from acceptance_api.screening.stepping import entry_of, held, is_repeated, stepped


async def write_off_label(tx: Tx, caller: Caller, request: WriteOffLabel, *, at: datetime) -> tuple[PassHistory, bool]:
    """Let a label mark its parcel no longer; another pass gives another. Say whether it is new.

    Raises:
        Problem: NOT_PERMITTED, NOT_FOUND (also the label of another waybill), ID_CONFLICT, STEP_NOT_DUE (no label was
            put on, or it was written off before).
    """
    require(caller, Permission.COUNTER_SCREENING_LABEL)
    screening = await store.find_labelled_to_change(tx, caller.outlet_id, request.waybill, request.serial)
    if screening is None:
        raise Problem(Kind.NOT_FOUND)
    history = await history_of(tx, screening)
    if is_repeated(history, request.id, request.fingerprint):
        return history, False
    done = Done(
        request_id=request.id,
        clerk_id=caller.named_clerk_id,
        reason=request.reason.value,
        at=at,
        fingerprint=request.fingerprint,
    )
    after, taken = stepped(history, (Step.WRITE_OFF,), done)
    entry = entry_of(Action.LABEL_WRITTEN_OFF, caller, after, at=at, reason=request.reason.value)
    await change(tx, after, steps=taken, entry=entry)
    return await history_of(tx, after), True


async def intercept_screening(
    tx: Tx, caller: Caller, screening_id: ScreeningId, *, case_id: UUID, at: datetime
) -> PassHistory:
    """Say that the parcel of a prohibited pass has been taken out of the way by a case of interception.

    Doing it again changes nothing.

    Raises:
        Problem: NOT_PERMITTED, NOT_FOUND, STEP_NOT_DUE (not prohibited).
    """
    require(caller, Permission.COUNTER_SCREENING_CLOSE)
    history = await held(tx, caller, screening_id)
    if history.screening.state is PassState.INTERCEPTED:
        return history
    done = Done(request_id=case_id, clerk_id=caller.named_clerk_id, reason="case", at=at, fingerprint=b"")
    after, taken = stepped(history, (Step.INTERCEPT,), done)
    entry = entry_of(Action.SCREENING_INTERCEPTED, caller, after, at=at, case_id=case_id.hex)
    await change(tx, after, steps=taken, entry=entry)
    return await history_of(tx, after)
