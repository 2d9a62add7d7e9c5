"""Searching records, and disclosing named fields of one."""

from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from acceptance_api.acceptance import FIELDS
from acceptance_api.access import Caller
from acceptance_api.http.callers import RegulatorCaller
from acceptance_api.http.decisions import DecisionOut, decision_out
from acceptance_api.http.languages import Language
from acceptance_api.http.office import Office, OfficeDep
from acceptance_api.http.pages import Page, open_cursor, seal_cursor
from acceptance_api.http.problems import documented
from acceptance_api.http.standard import ASKING
from acceptance_api.http.wire import DocumentNumber, In, Instant, Out, PersonName, Phone, Text, Waybill
from acceptance_api.kernel.ids import AcceptanceId, CaseId, OutletId
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.regulator import (
    DiscloseFields,
    Hit,
    SearchKind,
    SearchRecords,
    disclose_fields,
    search_records,
)

router = APIRouter(tags=["searches"])
PERIOD_MAX = timedelta(days=1_100)
_PERIOD = timedelta(days=365)
FieldName = Literal[
    "sender_name",
    "sender_phone",
    "sender_address",
    "sender_id_number",
    "organisation_name",
    "organisation_code",
    "addressee_name",
    "addressee_phone",
    "addressee_address",
    "contents",
]


class ByWaybill(In):
    """By waybill."""

    kind: Literal["waybill"]
    waybill: Waybill


class ByIdNumber(In):
    """By the number of the sender's identity document."""

    kind: Literal["id_number"]
    id_number: DocumentNumber


class ByPhone(In):
    """By the telephone of a sender or addressee."""

    kind: Literal["phone"]
    phone: Phone


class ByNameAndPhone(In):
    """By the name of a sender or addressee and the last four digits of the telephone."""

    kind: Literal["name_and_phone"]
    name: PersonName
    phone_last_4: Annotated[str, Field(pattern=r"^[0-9]{4}$")]


class ByOutlet(In):
    """Everything one outlet presented in the period."""

    kind: Literal["outlet"]
    outlet_id: UUID


By = Annotated[ByWaybill | ByIdNumber | ByPhone | ByNameAndPhone | ByOutlet, Field(discriminator="kind")]


class SearchIn(In):
    """A search under a case. The period is half-open; without one, the last 365 days."""

    case_id: UUID
    by: By
    since: Instant | None = None
    until: Instant | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: Annotated[str, Field(max_length=400)] | None = None


class HitOut(Out):
    """A record that was found; personal fields are masked after GB/T 41833-2022."""

    acceptance_id: UUID
    outlet_id: UUID
    enterprise_id: UUID
    waybill: str
    origin: str
    destination_country: str
    destination_division: str | None
    sender_kind: str
    contents_kind: str
    revision: int
    decision: DecisionOut
    masked: dict[str, str | None]
    recorded_at: datetime


class SearchOut(Page[HitOut]):
    """A page of hits, newest first, and the audit entry that this look left."""

    entry_id: UUID
    since: datetime
    until: datetime


class DisclosureIn(In):
    """Which fields of one record to open, and why."""

    case_id: UUID
    outlet_id: UUID
    acceptance_id: UUID
    fields: list[FieldName] = Field(min_length=1, max_length=len(FIELDS))
    reason: Text


class DisclosureOut(Out):
    """Opened values, and the audit entry that was committed before they were."""

    id: UUID
    entry_id: UUID
    acceptance_id: UUID
    values: dict[str, str | None]


@router.post(
    "/searches",
    responses=documented(*ASKING, Kind.CASE_NOT_OPEN, Kind.NOT_FOUND, Kind.CURSOR_INVALID),
)
async def search(body: SearchIn, caller: RegulatorCaller, office: OfficeDep, language: Language) -> SearchOut:
    """Find records in the agency's jurisdiction. A POST, because what is searched for must not stand in a URL.

    Each page is a look of its own and leaves its own audit entry.
    """
    request, filters = _request(office, caller, body)
    page = await search_records(office.searching, _under(caller, body.case_id), request, at=office.clock.now())
    return SearchOut(
        data=[_hit(hit, language) for hit in page.hits],
        has_more=page.end is not None,
        next_cursor=seal_cursor(office.cursor_key, page.end, filters=filters),
        entry_id=page.entry_id,
        since=request.since,
        until=request.until,
    )


@router.post(
    "/disclosures",
    status_code=201,
    responses=documented(*ASKING, Kind.CASE_NOT_OPEN, Kind.NOT_FOUND),
)
async def disclose(body: DisclosureIn, caller: RegulatorCaller, office: OfficeDep) -> DisclosureOut:
    """Open named fields of one record for a stated reason. Not idempotent: every look is its own entry."""
    request = DiscloseFields(
        case_id=CaseId(body.case_id),
        outlet_id=OutletId(body.outlet_id),
        acceptance_id=AcceptanceId(body.acceptance_id),
        fields=tuple(dict.fromkeys(body.fields)),
        reason=body.reason,
    )
    opened = await disclose_fields(office.searching, _under(caller, body.case_id), request, at=office.clock.now())
    return DisclosureOut(
        id=opened.id, entry_id=opened.entry_id, acceptance_id=opened.acceptance.id, values=dict(opened.values)
    )


def _under(caller: Caller, case_id: UUID) -> Caller:
    return Caller(client=caller.client, case_id=CaseId(case_id), request_id=caller.request_id)


def _request(office: Office, caller: Caller, body: SearchIn) -> tuple[SearchRecords, list[object]]:
    kind, values = SearchKind(body.by.kind), _values(body.by)
    filters: list[object] = [caller.agency_id, body.case_id, kind.value, *values, body.since, body.until]
    # Pages go backwards in time, so a later page of an open period ends where the first one did.
    until = body.until or office.clock.now() + timedelta(seconds=1)
    since = body.since or until - _PERIOD
    if not timedelta(0) < until - since <= PERIOD_MAX:
        raise Problem(Kind.INVALID, Fault("/since", "period", {"days_max": PERIOD_MAX.days}))
    place = open_cursor(office.cursor_key, body.cursor, filters=filters)
    before = (place[0], AcceptanceId(place[1])) if place and place[0] else None
    request = SearchRecords(
        case_id=CaseId(body.case_id),
        kind=kind,
        values=values,
        outlet_id=OutletId(body.by.outlet_id) if isinstance(body.by, ByOutlet) else None,
        since=since,
        until=until,
        before=before,
        limit=body.limit,
    )
    return request, filters


def _values(by: ByWaybill | ByIdNumber | ByPhone | ByNameAndPhone | ByOutlet) -> tuple[str, ...]:
    if isinstance(by, ByWaybill):
        return (by.waybill,)
    if isinstance(by, ByIdNumber):
        return (by.id_number,)
    if isinstance(by, ByPhone):
        return (by.phone,)
    if isinstance(by, ByNameAndPhone):
        return (by.name, by.phone_last_4)
    return (str(by.outlet_id),)


def _hit(hit: Hit, language: str) -> HitOut:
    acceptance = hit.acceptance
    return HitOut(
        acceptance_id=acceptance.id,
        outlet_id=acceptance.outlet_id,
        enterprise_id=acceptance.enterprise_id,
        waybill=acceptance.waybill,
        origin=acceptance.origin,
        destination_country=acceptance.destination.country,
        destination_division=acceptance.destination.division,
        sender_kind=acceptance.sender_kind.value,
        contents_kind=acceptance.contents_kind,
        revision=acceptance.revision,
        decision=decision_out(acceptance.decision, language),
        masked=dict(hit.masked),
        recorded_at=acceptance.recorded_at,
    )
