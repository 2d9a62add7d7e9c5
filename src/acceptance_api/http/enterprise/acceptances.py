"""What an outlet presented, masked: enterprise IT never sees a personal field in the clear."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from acceptance_api.acceptance import ListAcceptances, MaskedAcceptance, list_masked
from acceptance_api.access import Permission, require
from acceptance_api.http.callers import EnterpriseCaller
from acceptance_api.http.decisions import DecisionOut, decision_out
from acceptance_api.http.languages import Language
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.pages import Cursor, Page, PageSize, open_cursor, seal_cursor
from acceptance_api.http.problems import documented
from acceptance_api.http.standard import READING
from acceptance_api.http.wire import Instant, Out
from acceptance_api.kernel.ids import OutletId
from acceptance_api.kernel.problems import Fault, Kind, Problem

router = APIRouter(tags=["acceptances"])
PERIOD_MAX = timedelta(days=92)
_PERIOD = timedelta(days=1)
_SECOND = timedelta(seconds=1)
Since = Annotated[
    Instant | None,
    Query(description="RFC 3339, inclusive; a day before `until` if left out. With a cursor: the page's own `since`."),
]
Until = Annotated[
    Instant | None,
    Query(description="RFC 3339, exclusive; now if left out. With a cursor: the page's own `until`."),
]


class MaskedAcceptanceOut(Out):
    """A presented parcel and its latest decision; personal fields are masked after GB/T 41833-2022."""

    id: UUID
    outlet_id: UUID
    counter_id: UUID | None
    clerk_id: UUID
    waybill: str
    destination_country: str
    destination_division: str | None
    sender_kind: str
    contents_kind: str
    revision: int
    sequence: int
    decision: DecisionOut
    masked: dict[str, str | None]
    recorded_at: datetime
    decided_at: datetime


class MaskedAcceptancePage(Page[MaskedAcceptanceOut]):
    """A page of acceptances, newest first, and the period it is of: send both ends back with the cursor."""

    since: datetime
    until: datetime


@router.get(
    "/outlets/{outlet_id}/acceptances",
    responses=documented(*READING, Kind.CURSOR_INVALID),
)
async def list_outlet_acceptances(
    outlet_id: UUID,
    caller: EnterpriseCaller,
    office: OfficeDep,
    language: Language,
    since: Since = None,
    until: Until = None,
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> MaskedAcceptancePage:
    """The acceptances one outlet recorded in at most 92 days, masked. Each page leaves its own audit entry."""
    require(caller, Permission.ENTERPRISE_ACCEPTANCE_READ)
    at = office.clock.now()
    first, last = _period(since, until, at=at, is_continued=cursor is not None)
    filters = ["acceptances", caller.enterprise_id, outlet_id, first, last]
    place = open_cursor(office.cursor_key, cursor, filters=filters)
    request = ListAcceptances(
        outlet_id=OutletId(outlet_id),
        since=first,
        until=last,
        before=(place[0], place[1]) if place and place[0] else None,
        limit=limit,
    )
    shown = await list_masked(office.database, office.disclosure, caller, request, at=at)
    end = _place_of(shown[limit - 1]) if len(shown) > limit else None
    return MaskedAcceptancePage(
        data=[_out(one, language) for one in shown[:limit]],
        has_more=end is not None,
        next_cursor=seal_cursor(office.cursor_key, end, filters=filters),
        since=first,
        until=last,
    )


def _period(
    since: datetime | None, until: datetime | None, *, at: datetime, is_continued: bool
) -> tuple[datetime, datetime]:
    """The period in UTC, so that its cursor fits however the same instants are spelled.

    A default would move with the clock, so a cursor comes with the ends of the period it was made for.
    """
    if is_continued and (since is None or until is None):
        absent = [name for name, value in (("since", since), ("until", until)) if value is None]
        raise Problem(Kind.INVALID, *(Fault(f"query:{name}", "required_with_cursor") for name in absent))
    # The end is exclusive: what was recorded in this very instant is still shown.
    last = (until or at + _SECOND).astimezone(UTC)
    first = (since or last - _PERIOD).astimezone(UTC)
    if not timedelta(0) < last - first <= PERIOD_MAX:
        raise Problem(Kind.INVALID, Fault("query:since", "period", {"days_max": PERIOD_MAX.days}))
    return first, last


def _place_of(shown: MaskedAcceptance) -> tuple[datetime, UUID]:
    return shown.acceptance.recorded_at, shown.acceptance.id


def _out(shown: MaskedAcceptance, language: str) -> MaskedAcceptanceOut:
    acceptance = shown.acceptance
    return MaskedAcceptanceOut(
        id=acceptance.id,
        outlet_id=acceptance.outlet_id,
        counter_id=acceptance.counter_id,
        clerk_id=acceptance.clerk_id,
        waybill=acceptance.waybill,
        destination_country=acceptance.destination.country,
        destination_division=acceptance.destination.division,
        sender_kind=acceptance.sender_kind.value,
        contents_kind=acceptance.contents_kind,
        revision=acceptance.revision,
        sequence=acceptance.sequence,
        decision=decision_out(acceptance.decision, language),
        masked=dict(shown.masked),
        recorded_at=acceptance.recorded_at,
        decided_at=acceptance.decided_at,
    )
