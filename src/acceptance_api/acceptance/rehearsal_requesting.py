"""Asking for a rehearsal of a campaign, and looking at it; the looking at past traffic is done in the background."""

from datetime import datetime

from acceptance_api.acceptance import rehearsal_store as store
from acceptance_api.acceptance.rehearsal_model import (
    UNFINISHED_MAX,
    WINDOW_MAX,
    Rehearsal,
    RequestRehearsal,
    Window,
)
from acceptance_api.access import Caller, Permission, is_within, require
from acceptance_api.audit import Action, Entry
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import RehearsalId
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.rulesets import RuleSetKey, find_proposal


async def request_rehearsal(
    tx: Tx, caller: Caller, request: RequestRehearsal, *, at: datetime
) -> tuple[Rehearsal, bool]:
    """Let an edition of the agency's campaigns, whatever became of it, be tried on a period; say whether it is new.

    Only outlets within the caller's jurisdiction are looked at, which may be smaller than its agency's, and only what
    was recorded before `at`.

    Raises:
        Problem: NOT_PERMITTED, NOT_FOUND (no such edition, another agency's too), INVALID (a period that is empty,
            too long or not begun), ID_CONFLICT, or OVERLOADED when too many of the agency's wait.
    """
    require(caller, Permission.REGULATOR_CAMPAIGN_REHEARSE)
    key = RuleSetKey(owner_id=caller.agency_id, name=request.name, edition=request.edition)
    if await find_proposal(tx, key) is None:
        raise Problem(Kind.NOT_FOUND)
    known = await store.find_rehearsal(tx, caller.agency_id, request.id)
    if known is not None:
        if not known.asks_the_same(request):
            raise Problem(Kind.ID_CONFLICT)
        return known, False
    if faults := faults_of(request.window, at=at):
        raise Problem(Kind.INVALID, *faults)
    if await store.count_unfinished(tx, caller.agency_id) >= UNFINISHED_MAX:
        raise Problem(Kind.OVERLOADED)
    one = Rehearsal(
        agency_id=caller.agency_id,
        id=request.id,
        name=request.name,
        edition=request.edition,
        jurisdiction=caller.client.jurisdiction,
        window=request.window,
        client_id=caller.client.id,
        request_id=caller.request_id,
        requested_at=at,
    )
    await store.add(tx, one, entry=_requested(caller, one))
    return one, True


async def get_rehearsal(tx: Tx, caller: Caller, key: RuleSetKey, rehearsal_id: RehearsalId) -> Rehearsal:
    """A rehearsal of an edition, as far as it has come.

    Raises:
        Problem: NOT_PERMITTED or NOT_FOUND (also one that looks further than the caller may).
    """
    require(caller, Permission.REGULATOR_CAMPAIGN_READ)
    found = await store.find_rehearsal(tx, caller.agency_id, rehearsal_id)
    if found is None or (found.name, found.edition) != (key.name, key.edition):
        raise Problem(Kind.NOT_FOUND)
    if not is_within(found.jurisdiction, caller.client.jurisdiction):
        raise Problem(Kind.NOT_FOUND)
    return found


async def list_rehearsals(
    tx: Tx, caller: Caller, key: RuleSetKey, *, after: RehearsalId | None, limit: int
) -> tuple[Rehearsal, ...]:
    """The rehearsals of an edition, oldest first.

    Raises:
        Problem: NOT_PERMITTED or NOT_FOUND (no such edition, another agency's too).
    """
    require(caller, Permission.REGULATOR_CAMPAIGN_READ)
    if await find_proposal(tx, key) is None:
        raise Problem(Kind.NOT_FOUND)
    return await store.find_rehearsals(
        tx,
        caller.agency_id,
        name=key.name,
        edition=key.edition,
        jurisdiction=caller.client.jurisdiction,
        after=after,
        limit=limit,
    )


def faults_of(window: Window, *, at: datetime) -> tuple[Fault, ...]:
    """What is wrong with a period: it has begun, and is neither empty nor longer than a rehearsal may look back."""
    faults = []
    if window.until <= window.since:
        faults.append(Fault("/until", "not_after_since"))
    elif window.until - window.since > WINDOW_MAX:
        faults.append(Fault("/until", "period_too_long", {"days_max": WINDOW_MAX.days}))
    if window.since >= at:
        faults.append(Fault("/since", "not_in_the_past"))
    return tuple(faults)


def _requested(caller: Caller, one: Rehearsal) -> Entry:
    return Entry(
        action=Action.REHEARSAL_REQUESTED,
        actor=caller.actor,
        at=one.requested_at,
        stream_id=one.agency_id,
        subject_id=one.id,
        detail={
            "version": one.version,
            "jurisdiction": one.jurisdiction,
            "since": one.window.since.isoformat(),
            "until": one.window.until.isoformat(),
        },
    )
