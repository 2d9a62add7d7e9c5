"""Taking steps with a pass: what every use case that changes one has in common."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from acceptance_api.access import Caller
from acceptance_api.audit import Action, Entry
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import ClerkId, ScreeningId
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.screening import store
from acceptance_api.screening.history import Done, PassHistory, StepTaken
from acceptance_api.screening.history_store import history_of
from acceptance_api.screening.model import Screening, Step
from acceptance_api.screening.policy import walked
from acceptance_api.sites import Clerk, ClerkRole, find_clerk


async def held(tx: Tx, caller: Caller, screening_id: ScreeningId) -> PassHistory:
    """A pass of the caller's outlet; whoever wants to change it too waits until this transaction ends.

    Raises:
        Problem: NOT_FOUND.
    """
    screening = await store.find_to_change(tx, caller.outlet_id, screening_id)
    if screening is None:
        raise Problem(Kind.NOT_FOUND)
    return await history_of(tx, screening)


def is_repeated(history: PassHistory, request_id: UUID, fingerprint: bytes) -> bool:
    """Whether this very request has changed the pass before.

    Raises:
        Problem: ID_CONFLICT, when the id was used for something else.
    """
    done = (*(step.done for step in history.steps), *(closing.done for closing in history.closings))
    known = [one.fingerprint for one in done if one.request_id == request_id]
    if known and known[0] != fingerprint:
        raise Problem(Kind.ID_CONFLICT)
    return bool(known)


def stepped(history: PassHistory, steps: Iterable[Step], done: Done) -> tuple[Screening, tuple[StepTaken, ...]]:
    """Where the pass stands after the steps, and the steps.

    Raises:
        Problem: STEP_NOT_DUE, when one of them may not follow.
    """
    way = walked(history.screening.state, steps)
    if way is None:
        raise Problem(Kind.STEP_NOT_DUE)
    taken = tuple(
        StepTaken(number=number, step=step, state=state, done=done)
        for number, (step, state) in enumerate(way, start=len(history.steps) + 1)
    )
    state = taken[-1].state if taken else history.screening.state
    return replace(history.screening, state=state), taken


async def acting_clerk(tx: Tx, caller: Caller) -> Clerk:
    """The clerk of the request.

    Raises:
        Problem: CLERK_NOT_OF_OUTLET.
    """
    clerk = await find_clerk(tx, caller.outlet_id, caller.named_clerk_id)
    if clerk is None:
        raise Problem(Kind.CLERK_NOT_OF_OUTLET)
    return clerk


async def second_person(tx: Tx, caller: Caller, clerk_id: ClerkId) -> Clerk:
    """The other clerk that the request names.

    Raises:
        Problem: INVALID, when it is the same person, or REFERENCE_UNKNOWN.
    """
    if clerk_id == caller.named_clerk_id:
        raise Problem(Kind.INVALID, Fault("/second_clerk_id", "same_person"))
    clerk = await find_clerk(tx, caller.outlet_id, clerk_id)
    if clerk is None:
        raise Problem(Kind.REFERENCE_UNKNOWN, Fault("/second_clerk_id", "unknown"))
    return clerk


def require_screener(*clerks: Clerk) -> None:
    """One of them must be a screener.

    Raises:
        Problem: NOT_PERMITTED.
    """
    if not any(ClerkRole.SCREENER in clerk.roles for clerk in clerks):
        raise Problem(Kind.NOT_PERMITTED, Fault("header:clerk-id", "not_a_screener"))


def entry_of(action: Action, caller: Caller, after: Screening, *, at: datetime, **detail: object) -> Entry:
    """The audit entry of a step."""
    return Entry(
        action=action,
        actor=caller.actor,
        at=at,
        stream_id=after.outlet_id,
        subject_id=after.id,
        detail={"state": after.state.value, **detail},
    )
