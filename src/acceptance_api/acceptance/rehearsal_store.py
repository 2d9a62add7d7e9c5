"""Rehearsals in SQL: what was asked, how far it has come, and who may work on it now. Every statement names the agency.

As with imports, what wants work is one plain look without a lock; the work is claimed by a conditional change. What was
counted and up to where stand in one row and change together: whoever goes on counts nothing twice.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, literal, or_, select, update

from acceptance_api.acceptance.rehearsal_findings import Findings, findings_from_json
from acceptance_api.acceptance.rehearsal_model import (
    Place,
    Rehearsal,
    RehearsalFailure,
    RehearsalKey,
    RehearsalState,
    RunId,
    Window,
)
from acceptance_api.acceptance.tables import rehearsals
from acceptance_api.audit import Entry, append
from acceptance_api.kernel.database import Instant, Tx, insert_new
from acceptance_api.kernel.ids import AcceptanceId, AgencyId, ClientId, OutletId, RehearsalId
from acceptance_api.kernel.problems import Kind, Problem

_WAITING = [RehearsalState.QUEUED.value, RehearsalState.RUNNING.value]
_PLAIN = ("agency_id", "id", "name", "edition", "jurisdiction", "client_id", "request_id", "requested_at", "seen")


async def add(tx: Tx, one: Rehearsal, *, entry: Entry) -> None:
    """Let a rehearsal wait for a worker, and record the audit entry.

    Raises:
        Problem: ID_CONFLICT, when the id was taken meanwhile.
    """
    row = {name: getattr(one, name) for name in _PLAIN}
    row |= {"state": one.state.value, "since": one.window.since, "until": one.window.until}
    if not await insert_new(tx, rehearsals, row):
        raise Problem(Kind.ID_CONFLICT)
    await append(tx, entry)


async def find_rehearsal(tx: Tx, agency_id: AgencyId, rehearsal_id: RehearsalId) -> Rehearsal | None:
    """The agency's rehearsal with this id."""
    row = (await tx.execute(select(rehearsals).where(_is((agency_id, rehearsal_id))))).first()
    return _rehearsal(row) if row else None


async def find_rehearsals(
    tx: Tx,
    agency_id: AgencyId,
    *,
    name: str,
    edition: int,
    jurisdiction: str,
    after: RehearsalId | None,
    limit: int,
) -> tuple[Rehearsal, ...]:
    """The rehearsals of an edition that lie in a jurisdiction, oldest first."""
    query = select(rehearsals).where(
        rehearsals.c.agency_id == agency_id,
        rehearsals.c.name == name,
        rehearsals.c.edition == edition,
        rehearsals.c.jurisdiction.startswith(jurisdiction, autoescape=True),
    )
    if after is not None:
        query = query.where(rehearsals.c.id > after)
    return tuple(_rehearsal(row) for row in await tx.execute(query.order_by(rehearsals.c.id).limit(limit)))


async def count_unfinished(tx: Tx, agency_id: AgencyId) -> int:
    """How many rehearsals of an agency wait or run."""
    query = select(func.count()).select_from(rehearsals)
    wanted = rehearsals.c.agency_id == agency_id, rehearsals.c.finished_at.is_(None)
    return int((await tx.execute(query.where(*wanted))).scalar_one())


async def find_waiting(tx: Tx, *, at: datetime) -> tuple[RehearsalKey, ...]:
    """The rehearsals on which nobody works, in the order in which they were asked for."""
    query = select(rehearsals.c.agency_id, rehearsals.c.id).where(rehearsals.c.finished_at.is_(None), _is_free(at))
    rows = await tx.execute(query.order_by(rehearsals.c.requested_at, rehearsals.c.id))
    return tuple((AgencyId(row.agency_id), RehearsalId(row.id)) for row in rows)


async def claim(tx: Tx, key: RehearsalKey, run_id: RunId, *, at: datetime, until: datetime) -> Rehearsal | None:
    """Take a rehearsal up until a moment; None when somebody else was first, or it has ended."""
    taken = {
        "state": RehearsalState.RUNNING.value,
        "started_at": func.coalesce(rehearsals.c.started_at, literal(at, Instant())),
        "run_id": run_id,
        "leased_until": until,
    }
    return await _changed(tx, key, and_(rehearsals.c.state.in_(_WAITING), _is_free(at)), taken)


async def keep_total(tx: Tx, key: RehearsalKey, run_id: RunId, total: int | None, *, until: datetime) -> bool:
    """Keep how many decisions there are, or only the lease while they are counted; False when another run has it."""
    changes = {"leased_until": until} | ({"total": total} if total is not None else {})
    return await _changed(tx, key, _held_by(run_id), changes) is not None


async def keep_findings(
    tx: Tx, key: RehearsalKey, run_id: RunId, findings: Mapping[str, Any], place: Place, *, until: datetime
) -> bool:
    """Keep what was found and up to where, together; False when another run has it."""
    changes = {
        "findings": dict(findings),
        "seen": findings["totals"]["seen"],
        "at_outlet_id": place.outlet_id,
        "at_recorded_at": place.recorded_at,
        "at_acceptance_id": place.acceptance_id,
        "leased_until": until,
    }
    return await _changed(tx, key, _held_by(run_id), changes) is not None


async def release(tx: Tx, key: RehearsalKey, run_id: RunId) -> None:
    """Leave a rehearsal to the next worker that looks."""
    left = {"state": RehearsalState.QUEUED.value, "run_id": None, "leased_until": None}
    await _changed(tx, key, _held_by(run_id), left)


async def end(
    tx: Tx, key: RehearsalKey, run_id: RunId, findings: Findings, failure: RehearsalFailure | None, *, at: datetime
) -> Rehearsal | None:
    """Bring a rehearsal to its end; None when another run has it."""
    state = RehearsalState.FAILED if failure else RehearsalState.FINISHED
    ended: dict[str, Any] = {
        "state": state.value,
        "failure": failure.value if failure else None,
        "findings": findings.as_json(),
        "seen": findings.totals.seen,
        "finished_at": at,
        "leased_until": None,
    }
    if failure is None:  # what was recorded meanwhile is among those that were seen
        ended["total"] = findings.totals.seen
    return await _changed(tx, key, _held_by(run_id), ended)


async def _changed(
    tx: Tx, key: RehearsalKey, condition: ColumnElement[bool], values: Mapping[str, Any]
) -> Rehearsal | None:
    changed = await tx.execute(update(rehearsals).where(_is(key), condition).values(dict(values)))
    return await find_rehearsal(tx, *key) if changed.rowcount else None


def _is(key: RehearsalKey) -> ColumnElement[bool]:
    return and_(rehearsals.c.agency_id == key[0], rehearsals.c.id == key[1])


def _is_free(at: datetime) -> ColumnElement[bool]:
    return or_(rehearsals.c.leased_until.is_(None), rehearsals.c.leased_until <= at)


def _held_by(run_id: RunId) -> ColumnElement[bool]:
    return and_(rehearsals.c.state == RehearsalState.RUNNING.value, rehearsals.c.run_id == run_id)


def _rehearsal(row: Row[tuple[object, ...]]) -> Rehearsal:
    place = None
    if row.at_outlet_id is not None:
        at_acceptance_id = AcceptanceId(row.at_acceptance_id) if row.at_acceptance_id else None
        place = Place(OutletId(row.at_outlet_id), row.at_recorded_at, at_acceptance_id)
    return Rehearsal(
        agency_id=AgencyId(row.agency_id),
        id=RehearsalId(row.id),
        name=row.name,
        edition=row.edition,
        jurisdiction=row.jurisdiction,
        window=Window(row.since, row.until),
        client_id=ClientId(row.client_id),
        request_id=row.request_id,
        requested_at=row.requested_at,
        state=RehearsalState(row.state),
        failure=RehearsalFailure(row.failure) if row.failure else None,
        total=row.total,
        seen=row.seen,
        place=place,
        findings=findings_from_json(row.findings) if row.findings else None,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )
