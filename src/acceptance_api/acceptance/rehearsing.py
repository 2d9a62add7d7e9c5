"""Rehearsing: what would a campaign have held or refused? Asked for by its agency, worked off piece by piece."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from acceptance_api.acceptance import rehearsal_store as store
from acceptance_api.acceptance.rehearsal_findings import Findings, findings_from_json
from acceptance_api.acceptance.rehearsal_model import (
    Place,
    Rehearsal,
    RehearsalFailure,
    RehearsalKey,
    RunId,
    Window,
)
from acceptance_api.acceptance.rehearsal_policy import Rehearser
from acceptance_api.acceptance.rehearsal_reading import (
    PastRow,
    count_past,
    editions_unknown,
    find_past,
    place_behind,
    rehearse_rows,
)
from acceptance_api.acceptance.replaying import VersionUnknown
from acceptance_api.audit import Action, Actor, Entry, append
from acceptance_api.kernel.database import Database, Tx
from acceptance_api.kernel.ids import OutletId, new_uuid
from acceptance_api.kernel.log import get_logger
from acceptance_api.kernel.problems import Problem
from acceptance_api.rulesets import RuleSetKey, find_proposal, find_rule_sets
from acceptance_api.sites import Outlet, find_outlet, outlets_within

PIECE: Final = 4_000
"""So many decisions are looked at together: at most a fifth of a second's work."""
_OUTLETS_TOGETHER: Final = 200
_COUNTED_TOGETHER: Final = 20
"""Outlets whose decisions one statement counts: it must end before the database's patience does."""
_SETBACKS_MAX: Final = 4
"""So often a piece is tried anew that fails for a reason nobody foresaw."""
_UNREADABLE = (KeyError, ValueError, TypeError, AttributeError)
log = get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsingDesk:
    """What rehearsing needs. `lease` is how long a worker may stay silent before another one goes on.

    `piece` is how many decisions are looked at before what was found is kept.
    """

    database: Database
    lease: timedelta
    piece: int = PIECE


@dataclass(slots=True, kw_only=True)
class RehearsalRun:
    """One worker's turn at a rehearsal: the draft, and how far it has counted."""

    id: RunId
    one: Rehearsal
    rehearser: Rehearser | None = None
    """None before the draft was read, or when it cannot be."""
    counted: int = 0
    counted_to: OutletId | None = None
    total: int | None = None
    found: Mapping[str, Any] | None = None
    """As it is kept; a piece that could not be kept leaves no trace."""
    place: Place | None = None
    setbacks: int = 0

    @property
    def key(self) -> RehearsalKey:
        """Which rehearsal it is about."""
        return self.one.key


@dataclass(slots=True)
class Piece:
    """Some decisions of some outlets, one after the other, and where to go on; None behind the last one."""

    room: int
    read: list[tuple[Outlet, Sequence[PastRow]]] = field(default_factory=list)
    place: Place | None = None

    def take(self, outlet: Outlet, rows: Sequence[PastRow]) -> None:
        """Add a page of an outlet."""
        if rows:
            self.read.append((outlet, rows))
        self.room -= len(rows)


class _Failed(Exception):  # noqa: N818 - a state of the rehearsal
    """The rehearsal cannot be brought to its end."""

    def __init__(self, failure: RehearsalFailure) -> None:
        """Say why."""
        super().__init__(failure.value)
        self.failure = failure


class _LeaseLost(Exception):  # noqa: N818 - a state of the lease
    """Another run has the rehearsal."""


async def find_waiting_rehearsals(desk: RehearsingDesk, *, at: datetime) -> tuple[RehearsalKey, ...]:
    """The rehearsals that want a worker, those that were asked for first in front."""
    async with desk.database.read() as tx:
        return await store.find_waiting(tx, at=at)


async def take_up_rehearsal(desk: RehearsingDesk, key: RehearsalKey, *, at: datetime) -> RehearsalRun | None:
    """Claim a rehearsal, to go on where it was left; None when somebody else was first."""
    run_id = RunId(new_uuid())
    async with desk.database.transaction() as tx:
        one = await store.claim(tx, key, run_id, at=at, until=at + desk.lease)
    if one is None:
        return None
    found = one.findings.as_json() if one.findings else None
    return RehearsalRun(id=run_id, one=one, total=one.total, found=found, place=one.place)


async def advance_rehearsal(desk: RehearsingDesk, run: RehearsalRun, *, at: datetime) -> bool:
    """Look at a piece, or bring the rehearsal to its end when there is none left; say whether the run goes on.

    Raises:
        Problem: DATABASE_UNAVAILABLE or OVERLOADED; try again, later.
    """
    try:
        return await _advance(desk, run, at=at)
    except _LeaseLost:
        return False
    except _Failed as failed:
        return await _end(desk, run, failed.failure, at=at)
    except Problem:
        raise
    except Exception as error:
        run.setbacks += 1
        log.exception("a rehearsal failed", record_id=str(run.one.id), attempt=run.setbacks, exc_info=error)
        if run.setbacks < _SETBACKS_MAX:
            return True
        return await _end(desk, run, RehearsalFailure.INTERNAL, at=at)


async def leave_rehearsal(desk: RehearsingDesk, run: RehearsalRun) -> None:
    """End a run before its rehearsal has ended: another worker can take it up at once."""
    async with desk.database.transaction() as tx:
        await store.release(tx, run.key, run.id)


async def rehearse_outlets(
    database: Database, rehearser: Rehearser, outlets: Sequence[Outlet], window: Window, findings: Findings
) -> AsyncIterator[int]:
    """Look at the decisions of these outlets piece by piece and count what is found; yields the size of each piece.

    Raises:
        VersionUnknown: a decision names an edition that is not there.
        ValueError, KeyError, TypeError: facts that this release cannot read.
        Problem: DATABASE_UNAVAILABLE or OVERLOADED.
    """
    for outlet in outlets:
        place: Place | None = Place(outlet.id)
        while place is not None:
            async with database.read() as tx:
                rows = await find_past(tx, place, window, limit=PIECE)
                await _learn(tx, rehearser, rows)
            _count(rehearser, findings, outlet, rows)
            place = place_behind(outlet.id, rows) if len(rows) == PIECE else None
            yield len(rows)


async def _advance(desk: RehearsingDesk, run: RehearsalRun, *, at: datetime) -> bool:
    if run.rehearser is None:
        run.rehearser = await _rehearser(desk, run)
    if run.total is None:
        await _count_total(desk, run, at=at)
        return True
    async with desk.database.read() as tx:
        piece = await _next_piece(tx, run, desk.piece)
        for _, rows in piece.read:
            await _learn(tx, run.rehearser, rows)
    findings = _rehearsed(run.rehearser, run, piece)
    if piece.place is None:
        run.found = findings.as_json()
        return await _end(desk, run, None, at=at)
    found = findings.as_json()
    async with desk.database.transaction() as tx:
        if not await store.keep_findings(tx, run.key, run.id, found, piece.place, until=at + desk.lease):
            raise _LeaseLost
    run.found, run.place, run.setbacks = found, piece.place, 0
    return True


async def _rehearser(desk: RehearsingDesk, run: RehearsalRun) -> Rehearser:
    one = run.one
    async with desk.database.read() as tx:
        key = RuleSetKey(owner_id=one.agency_id, name=one.name, edition=one.edition)
        proposal = await find_proposal(tx, key)
    try:
        if proposal is not None:
            return Rehearser(proposal.rule_set)
    except Problem as problem:
        raise _Failed(RehearsalFailure.DRAFT_UNREADABLE) from problem
    raise _Failed(RehearsalFailure.DRAFT_UNREADABLE)


async def _count_total(desk: RehearsingDesk, run: RehearsalRun, *, at: datetime) -> None:
    """Count the decisions of some outlets; keep the sum when there are no more outlets."""
    counted = run.counted
    async with desk.database.read() as tx:
        outlets = await outlets_within(tx, run.one.jurisdiction, after=run.counted_to, limit=_COUNTED_TOGETHER)
        if outlets:
            found = await count_past(tx, [outlet.id for outlet in outlets], run.one.looked_at)
            counted += sum(found.values())
    total = counted if len(outlets) < _COUNTED_TOGETHER else None
    async with desk.database.transaction() as tx:
        if not await store.keep_total(tx, run.key, run.id, total, until=at + desk.lease):
            raise _LeaseLost
    run.counted, run.total = counted, total
    run.counted_to = outlets[-1].id if outlets else run.counted_to


async def _next_piece(tx: Tx, run: RehearsalRun, room: int) -> Piece:
    """The decisions behind those that were looked at: the rest of an outlet, then those of the next ones."""
    piece, window, last = Piece(room), run.one.looked_at, run.place
    if last is not None and (outlet := await find_outlet(tx, last.outlet_id)) is not None:
        rows = await find_past(tx, last, window, limit=piece.room)
        piece.take(outlet, rows)
        if piece.room == 0:
            piece.place = place_behind(outlet.id, rows)
            return piece
    after = last.outlet_id if last else None
    outlets = await outlets_within(tx, run.one.jurisdiction, after=after, limit=_OUTLETS_TOGETHER)
    for outlet in outlets:
        rows = await find_past(tx, Place(outlet.id), window, limit=piece.room)
        piece.take(outlet, rows)
        piece.place = place_behind(outlet.id, rows) if rows else Place(outlet.id)
        if piece.room == 0:
            break
    return piece


def _rehearsed(rehearser: Rehearser, run: RehearsalRun, piece: Piece) -> Findings:
    findings = findings_from_json(run.found)
    try:
        for outlet, rows in piece.read:
            _count(rehearser, findings, outlet, rows)
    except (VersionUnknown, Problem) as error:
        raise _Failed(RehearsalFailure.EDITION_UNKNOWN) from error
    except _UNREADABLE as error:
        log.exception("facts cannot be read", record_id=str(run.one.id), exc_info=error)
        raise _Failed(RehearsalFailure.FACTS_UNREADABLE) from error
    return findings


def _count(rehearser: Rehearser, findings: Findings, outlet: Outlet, rows: Sequence[PastRow]) -> None:
    for day, differences in rehearse_rows(rehearser, rows):
        findings.count(outlet.id, outlet.division, day, differences)


async def _learn(tx: Tx, rehearser: Rehearser, rows: Sequence[PastRow]) -> None:
    if unknown := editions_unknown(rehearser, rows):
        rehearser.learn(await find_rule_sets(tx, unknown))


async def _end(desk: RehearsingDesk, run: RehearsalRun, failure: RehearsalFailure | None, *, at: datetime) -> bool:
    findings = findings_from_json(run.found)
    findings.close()
    async with desk.database.transaction() as tx:
        one = await store.end(tx, run.key, run.id, findings, failure, at=at)
        if one is not None:
            await append(tx, _finished(one, at=at))
    return False


def _finished(one: Rehearsal, *, at: datetime) -> Entry:
    """What a worker does, it does for the client that asked for it, in the request that did."""
    detail = {"version": one.version, "state": one.state.value, "seen": one.seen}
    if one.failure is not None:
        detail["failure"] = one.failure.value
    elif one.findings is not None:
        detail |= one.findings.totals.as_json()
    return Entry(
        action=Action.REHEARSAL_FINISHED,
        actor=Actor(client_id=one.client_id, request_id=one.request_id),
        at=at,
        stream_id=one.agency_id,
        subject_id=one.id,
        detail=detail,
    )
