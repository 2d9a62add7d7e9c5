"""Rehearsals of an agency's campaigns (推演): what would an edition have held or refused of past traffic?"""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from acceptance_api.acceptance import (
    Findings,
    Ground,
    Heading,
    Rehearsal,
    RequestRehearsal,
    Window,
    chart_of,
    get_rehearsal,
    list_rehearsals,
    request_rehearsal,
)
from acceptance_api.access import Caller, Permission, require
from acceptance_api.http.callers import RegulatorCaller
from acceptance_api.http.idempotency import AttemptDep, Reply, once
from acceptance_api.http.languages import Language
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.pages import Cursor, Page, PageSize, open_cursor, seal_cursor
from acceptance_api.http.problems import documented
from acceptance_api.http.rule_set_wire import EditionNumber, Name
from acceptance_api.http.standard import READING, WRITING
from acceptance_api.http.wire import In, Instant, Out, RecordId
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import RehearsalId
from acceptance_api.kernel.problems import Kind
from acceptance_api.rulesets import RuleSetKey

router = APIRouter(tags=["campaigns"])
_BASE = "/campaigns/{name}/editions/{edition}/rehearsals"
_ONE = f"{_BASE}/{{rehearsal_id}}"
SVG = "image/svg+xml"
_RETRY_AFTER_S = 2
_PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The findings so far, drawn.", "content": {SVG: {"schema": {"type": "string"}}}}
}


class RehearsalIn(In):
    """On which traffic the edition is tried: parcels recorded in a half-open period of at most 400 days."""

    id: RecordId
    since: Annotated[Instant, Field(examples=["2026-01-01T00:00:00+08:00"])]
    until: Annotated[
        Instant,
        Field(
            description="Exclusive; what is recorded after the request is not looked at.",
            examples=["2026-02-01T00:00:00+08:00"],
        ),
    ]


class TallyOut(Out):
    """Sums of parcels.

    `seen`: looked at; `concerned`: the edition asks something of them. Of these `refused_before` were refused and
    `held_before` held by the counter, the latter now for something more; `would_hold` were accepted and would have been
    held, `would_refuse` were accepted or held and would have been refused. At an outlet of their destination
    `screened_again` would be screened again; `returned` bore no screening label when they were accepted, and would be
    sent back if they got none.
    """

    seen: int
    concerned: int
    refused_before: int
    held_before: int
    would_hold: int
    would_refuse: int
    screened_again: int
    returned: int


class GroundTallyOut(Out):
    """Parcels to which the edition adds a ground; one parcel may have several."""

    code: str
    title: str
    weight: str
    parcels: int


class OutletTallyOut(TallyOut):
    """The sums of one outlet."""

    outlet_id: UUID
    division: str


class OtherOutletsOut(TallyOut):
    """The sums of the outlets that are not told by themselves, and how many these are."""

    outlets: int


class DayTallyOut(TallyOut):
    """The sums of one legal day."""

    day: date


class FindingsOut(Out):
    """What was found so far: in all, by ground, by outlet (the 200 with the most to do), by day."""

    totals: TallyOut
    grounds: list[GroundTallyOut]
    outlets: list[OutletTallyOut]
    other_outlets: OtherOutletsOut
    days: list[DayTallyOut]


class RehearsalOut(Out):
    """A rehearsal and how far it has come: `state` is queued, running, finished or failed; then `failure` says why.

    `total` is null until it was counted.
    """

    id: UUID
    name: str
    edition: int
    version: str
    jurisdiction: str
    since: datetime
    until: datetime
    state: str
    failure: str | None
    seen: int
    total: int | None
    percent: float
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class RehearsalFindingsOut(RehearsalOut):
    """A rehearsal with what it has found so far; null before anything was looked at."""

    findings: FindingsOut | None


class RehearsalPage(Page[RehearsalOut]):
    """A page of rehearsals, without what they found."""


@router.post(
    _BASE,
    status_code=202,
    response_model=RehearsalOut,
    responses=documented(*WRITING, Kind.NOT_FOUND, Kind.ID_CONFLICT),
)
async def rehearse_a_campaign(
    name: Name,
    edition: EditionNumber,
    body: RehearsalIn,
    caller: RegulatorCaller,
    office: OfficeDep,
    attempt: AttemptDep,
) -> Response:
    """Try an edition, whatever became of it, on past decisions at the outlets of the caller's jurisdiction.

    A worker does it in the background: each decision is made again under the rules it names and this edition. No person
    is looked at: the facts of decisions hold none. The same id again answers with the rehearsal that there is.
    """
    require(caller, Permission.REGULATOR_CAMPAIGN_REHEARSE)
    request = RequestRehearsal(
        id=RehearsalId(body.id), name=name, edition=edition, window=Window(body.since, body.until)
    )

    async def act(tx: Tx) -> Reply:
        one, _ = await request_rehearsal(tx, caller, request, at=office.clock.now())
        place = f"/regulator/v1/campaigns/{one.name}/editions/{one.edition}/rehearsals/{one.id}"
        return Reply(body=_out(one), status=202, headers={"Location": place, "Retry-After": str(_RETRY_AFTER_S)})

    return await once(office, caller, attempt, act)


@router.get(_BASE, responses=documented(*READING, Kind.CURSOR_INVALID))
async def list_campaign_rehearsals(
    name: Name,
    edition: EditionNumber,
    caller: RegulatorCaller,
    office: OfficeDep,
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> RehearsalPage:
    """The rehearsals of an edition, oldest first."""
    key = _key(caller, name, edition)
    filters = ["rehearsals", caller.agency_id, caller.client.jurisdiction, name, edition]
    place = open_cursor(office.cursor_key, cursor, filters=filters)
    after = RehearsalId(place[1]) if place else None
    async with office.database.read() as tx:
        found = await list_rehearsals(tx, caller, key, after=after, limit=limit + 1)
    end = (None, found[limit - 1].id) if len(found) > limit else None
    return RehearsalPage(
        data=[_out(one) for one in found[:limit]],
        has_more=end is not None,
        next_cursor=seal_cursor(office.cursor_key, end, filters=filters),
    )


@router.get(_ONE, responses=documented(*READING))
async def read_rehearsal(
    name: Name,
    edition: EditionNumber,
    rehearsal_id: UUID,
    caller: RegulatorCaller,
    office: OfficeDep,
    language: Language,
) -> RehearsalFindingsOut:
    """One rehearsal, how far it has come, and what it has found so far."""
    async with office.database.read() as tx:
        one = await get_rehearsal(tx, caller, _key(caller, name, edition), RehearsalId(rehearsal_id))
    findings = _findings_out(one.findings, language) if one.findings else None
    return RehearsalFindingsOut(**_fields(one), findings=findings)


@router.get(f"{_ONE}/chart", response_class=Response, responses=_PICTURE | documented(*READING))
async def draw_rehearsal(
    name: Name,
    edition: EditionNumber,
    rehearsal_id: UUID,
    caller: RegulatorCaller,
    office: OfficeDep,
    language: Language,
) -> Response:
    """What a rehearsal has found so far as a picture (SVG), with its figures as accessible text."""
    async with office.database.read() as tx:
        one = await get_rehearsal(tx, caller, _key(caller, name, edition), RehearsalId(rehearsal_id))
    heading = Heading(version=one.version, window=one.looked_at, jurisdiction=one.jurisdiction, percent=one.percent)
    drawn = chart_of(one.findings or Findings(), heading, language=language)
    return Response(drawn, media_type=SVG, headers={"Content-Language": language, "Vary": "Accept-Language"})


def _key(caller: Caller, name: str, edition: int) -> RuleSetKey:
    return RuleSetKey(owner_id=caller.agency_id, name=name, edition=edition)


def _out(one: Rehearsal) -> RehearsalOut:
    return RehearsalOut(**_fields(one))


def _fields(one: Rehearsal) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "edition": one.edition,
        "version": one.version,
        "jurisdiction": one.jurisdiction,
        "since": one.window.since,
        "until": one.window.until,
        "state": one.state.value,
        "failure": one.failure.value if one.failure else None,
        "seen": one.seen,
        "total": one.total,
        "percent": one.percent,
        "requested_at": one.requested_at,
        "started_at": one.started_at,
        "finished_at": one.finished_at,
    }


def _findings_out(findings: Findings, language: str) -> FindingsOut:
    return FindingsOut(
        totals=TallyOut(**findings.totals.as_json()),
        grounds=[_ground_out(code, parcels, language) for code, parcels in findings.grounds.most_common()],
        outlets=[
            OutletTallyOut(outlet_id=one.outlet_id, division=one.division, **one.tally.as_json())
            for one in findings.ranked()
        ],
        other_outlets=OtherOutletsOut(outlets=findings.other_outlets, **findings.others.as_json()),
        days=[DayTallyOut(day=day, **tally.as_json()) for day, tally in sorted(findings.days.items())],
    )


def _ground_out(code: str, parcels: int, language: str) -> GroundTallyOut:
    meaning = Ground.of(code).value
    title = meaning.en if language == "en" else meaning.zh
    return GroundTallyOut(code=code, title=title, weight=meaning.weight.value, parcels=parcels)
