"""Closing the flags of a machine: a person says what each was, in time, and not alone where the rules say so."""

from dataclasses import replace
from datetime import datetime

from acceptance_api.access import Caller, Permission, require
from acceptance_api.audit import Action
from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.screening.editions import screening_values_on
from acceptance_api.screening.history import CloseFlag, Done, FlagClosing, PassHistory
from acceptance_api.screening.history_store import change, history_of
from acceptance_api.screening.model import FlagConclusion, PassState, Step
from acceptance_api.screening.policy import is_in_time, labelling, two_persons_close
from acceptance_api.screening.stepping import (
    acting_clerk,
    entry_of,
    held,
    is_repeated,
    require_screener,
    second_person,
    stepped,
)
from acceptance_api.sites import Clerk


async def close_flag(tx: Tx, caller: Caller, request: CloseFlag, *, at: datetime) -> tuple[PassHistory, bool]:
    """Record what a flag was; say whether it is new.

    A confirmed flag makes a clear pass suspect; a clear pass is labelled when the last of its flags is closed.

    Raises:
        Problem: NOT_PERMITTED (also when nobody is a screener), NOT_FOUND, ID_CONFLICT, STEP_NOT_DUE (closed before),
            INVALID (a second person is missing, or the same), REFERENCE_UNKNOWN (the flag, or the second clerk).
    """
    require(caller, Permission.COUNTER_SCREENING_CLOSE)
    clerk = await acting_clerk(tx, caller)
    history = await held(tx, caller, request.screening_id)
    if is_repeated(history, request.id, request.fingerprint):
        return history, False
    other = await _other(tx, caller, history, request, at=at)
    _require_open(history, request.flag)
    require_screener(*(one for one in (clerk, other) if one is not None))
    done = Done(
        request_id=request.id,
        clerk_id=clerk.id,
        second_clerk_id=other.id if other else None,
        reason=request.reason.value,
        at=at,
        fingerprint=request.fingerprint,
    )
    values = screening_values_on(legal_day(at))
    closing = FlagClosing(
        flag=request.flag,
        conclusion=request.conclusion,
        in_time=is_in_time(history.screening, values, at=at),
        rules_version=values.version,
        done=done,
    )
    left = history.screening.flags_open - 1
    after, taken = stepped(history, _steps(history, request.conclusion, left), done)
    after = replace(after, flags_open=left)
    entry = entry_of(Action.FLAG_CLOSED, caller, after, at=at, flag=request.flag, conclusion=request.conclusion.value)
    await change(tx, after, steps=taken, closing=closing, entry=entry)
    return await history_of(tx, after), True


def _steps(history: PassHistory, conclusion: FlagConclusion, left: int) -> tuple[Step, ...]:
    """What closing a flag does to the pass: only a clear one is made suspect, or labelled, by it."""
    is_clear = history.screening.state is PassState.CLEAR
    if conclusion is FlagConclusion.CONFIRMED:
        return (Step.CONFIRM_FLAG,) if is_clear else ()
    return labelling(is_clear, flags_open=left)


def _require_open(history: PassHistory, flag: int) -> None:
    if flag >= len(history.screening.flags):
        raise Problem(Kind.REFERENCE_UNKNOWN, Fault("/flag", "unknown"))
    if any(closing.flag == flag for closing in history.closings):
        raise Problem(Kind.STEP_NOT_DUE, Fault("/flag", "closed_before"))


async def _other(tx: Tx, caller: Caller, history: PassHistory, request: CloseFlag, *, at: datetime) -> Clerk | None:
    if request.second_clerk_id is not None:
        return await second_person(tx, caller, request.second_clerk_id)
    if two_persons_close(history.screening, caller.named_clerk_id, screening_values_on(legal_day(at))):
        raise Problem(Kind.INVALID, Fault("/second_clerk_id", "second_person_required"))
    return None
