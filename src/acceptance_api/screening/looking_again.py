"""A suspect pass: another screener looks again, then two persons open the parcel, if it has to be opened."""

from datetime import datetime

from acceptance_api.access import Caller, Permission, require
from acceptance_api.audit import Action
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.screening.history import CheckOpen, Done, LookAgain, PassHistory
from acceptance_api.screening.history_store import change, history_of
from acceptance_api.screening.model import CheckConclusion, LookConclusion, Step
from acceptance_api.screening.policy import labelling, may_look_again
from acceptance_api.screening.stepping import (
    acting_clerk,
    entry_of,
    held,
    is_repeated,
    require_screener,
    second_person,
    stepped,
)


async def look_again(tx: Tx, caller: Caller, request: LookAgain, *, at: datetime) -> tuple[PassHistory, bool]:
    """Record a second look by another screener than the first; say whether it is new.

    Raises:
        Problem: NOT_PERMITTED (also the first screener, or none), NOT_FOUND, ID_CONFLICT, STEP_NOT_DUE.
    """
    require(caller, Permission.COUNTER_SCREENING_CLOSE)
    clerk = await acting_clerk(tx, caller)
    require_screener(clerk)
    history = await held(tx, caller, request.screening_id)
    if is_repeated(history, request.id, request.fingerprint):
        return history, False
    if not may_look_again(history.screening, clerk.id):
        raise Problem(Kind.NOT_PERMITTED, Fault("header:clerk-id", "screened_it_first"))
    is_clear = request.conclusion is LookConclusion.CLEAR
    found = Step.FIND_CLEAR if is_clear else Step.ASK_TO_OPEN
    done = Done(
        request_id=request.id,
        clerk_id=clerk.id,
        reason=request.reason.value,
        at=at,
        fingerprint=request.fingerprint,
    )
    steps = (Step.LOOK_AGAIN, found, *labelling(is_clear, flags_open=history.screening.flags_open))
    after, taken = stepped(history, steps, done)
    entry = entry_of(Action.SECOND_LOOK_RECORDED, caller, after, at=at, conclusion=request.conclusion.value)
    await change(tx, after, steps=taken, entry=entry)
    return await history_of(tx, after), True


async def check_open(tx: Tx, caller: Caller, request: CheckOpen, *, at: datetime) -> tuple[PassHistory, bool]:
    """Record that two clerks, a screener among them, opened the parcel; say whether it is new.

    Raises:
        Problem: NOT_PERMITTED (also when neither is a screener), NOT_FOUND, ID_CONFLICT, STEP_NOT_DUE, INVALID (one
            person twice), REFERENCE_UNKNOWN (the second clerk).
    """
    require(caller, Permission.COUNTER_SCREENING_CLOSE)
    clerk = await acting_clerk(tx, caller)
    history = await held(tx, caller, request.screening_id)
    if is_repeated(history, request.id, request.fingerprint):
        return history, False
    other = await second_person(tx, caller, request.second_clerk_id)
    require_screener(clerk, other)
    is_clear = request.conclusion is CheckConclusion.CLEAR
    found = Step.FIND_CLEAR if is_clear else Step.FIND_PROHIBITED
    done = Done(
        request_id=request.id,
        clerk_id=clerk.id,
        second_clerk_id=other.id,
        reason=request.reason.value,
        photo=request.photo,
        at=at,
        fingerprint=request.fingerprint,
    )
    steps = (found, *labelling(is_clear, flags_open=history.screening.flags_open))
    # A suspect pass that nobody has looked at again must not be opened, let alone be cleared, by this way.
    after, taken = stepped(history, steps, done)
    entry = entry_of(
        Action.OPEN_CHECK_RECORDED,
        caller,
        after,
        at=at,
        conclusion=request.conclusion.value,
        second_clerk_id=other.id.hex,
    )
    await change(tx, after, steps=taken, entry=entry)
    return await history_of(tx, after), True
