"""What the signals are judged by: counts around one parcel, of what the records hold already. No person is opened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, FromClause, Integer, String, and_, cast, func, literal_column, select

from acceptance_api.acceptance.facts import SEEN_NOTHING
from acceptance_api.acceptance.fields import SENDER_ID_NUMBER
from acceptance_api.acceptance.model import DecideParcel
from acceptance_api.acceptance.tables import acceptance_tokens, acceptances
from acceptance_api.identity import Identified, asked_number_token
from acceptance_api.inspection import Inspected
from acceptance_api.kernel.clock import legal_day, start_of
from acceptance_api.kernel.database import Instant
from acceptance_api.kernel.express import Part
from acceptance_api.kernel.spelling import normal_phone
from acceptance_api.signals import Seen, Signal, Values
from acceptance_api.sites import Outlet, OutletDetails

NEVER: Final = datetime(9000, 1, 1, tzinfo=UTC)
_BETWEEN = ";"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """The last parcel of a document on a day."""

    outlet_id: UUID
    division: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sightings:
    """The earlier parcels of the verified document since the day began, counted where they lie."""

    count: int = 0
    phones: int = 0
    """How many telephones were given with it; `with_this_phone` parcels came with the one that is given now."""
    names: int = 0
    """How many names were tried with it that are not its holder's."""
    with_this_phone: int = 0
    last: Sighting | None = None


def day_part() -> Part[Sightings]:
    """The earlier parcels of the verified document since `asked.day_start`, as a part of a question.

    A shop sends hundreds in a day: the database counts them and gives two short texts.
    """
    counted, newest = acceptance_tokens.alias("counted"), acceptance_tokens.alias("sighting")
    with_phone = func.count().filter(counted.c.phone_token == literal_column("asked.phone_token", BigInteger()))
    numbers = (
        func.count(),
        func.count(counted.c.phone_token.distinct()),
        func.count(counted.c.refused_name_token.distinct()),
        with_phone,
    )
    last = (newest.c.outlet_id, newest.c.origin, newest.c.recorded_at)
    return Part(
        columns=(
            select(_packed(numbers)).select_from(counted).where(_of_today(counted)).scalar_subquery(),
            select(_packed(last))
            .where(_of_today(newest))
            .order_by(newest.c.recorded_at.desc())
            .limit(literal_column("1", Integer()))
            .scalar_subquery(),
        ),
        read=_sightings,
    )


def _of_today(table: FromClause) -> ColumnElement[bool]:
    """Of parcels that were presented at a counter; other tokens have no telephone beside them."""
    return and_(
        table.c.token == asked_number_token(),
        table.c.phone_token.is_not(None),
        table.c.role == literal_column(f"'{SENDER_ID_NUMBER.role}'", String()),
        table.c.recorded_at >= literal_column("asked.day_start", Instant()),
    )


def _packed(values: Sequence[ColumnElement[Any]]) -> ColumnElement[str]:
    """Several values as one text."""
    first, *others = (cast(value, String()) for value in values)
    packed: ColumnElement[str] = first
    for other in others:
        packed = packed + literal_column(f"'{_BETWEEN}'", String()) + other
    return packed


def burst_part(asked: Mapping[str, ColumnElement[Any]]) -> Part[int]:
    """How many parcels the outlet has recorded since `burst_start`, as a part of a question."""
    table = acceptances.alias("lately")
    counted = (
        select(func.count())
        .select_from(table)
        .where(table.c.outlet_id == asked["outlet_id"], table.c.recorded_at >= asked["burst_start"])
        .scalar_subquery()
    )
    return Part(columns=(counted,), read=lambda values: values[0] or 0)


def burst_start(details: OutletDetails | None, values: Values, *, at: datetime) -> datetime:
    """Since when the outlet's parcels are counted; never, while it does not close soon."""
    window = values.figure(Signal.BURST_BEFORE_CLOSING, "window_minutes")
    closing = values.figure(Signal.BURST_BEFORE_CLOSING, "closing_minutes")
    left = details.minutes_to_closing(at) if details else None
    if window is None or closing is None or left is None or left > closing:
        return NEVER
    return at - timedelta(minutes=window)


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Where a parcel is presented, and what is known of its sender's day."""

    outlet: Outlet
    details: OutletDetails | None
    verification: Identified | None
    inspection: Inspected | None
    sightings: Sightings
    last_details: OutletDetails | None
    """Of the outlet that saw the document last."""
    lately: int


def seen_around(request: DecideParcel, around: Around, *, at: datetime) -> Seen:
    """What is known around a parcel that is presented at this moment; what is unknown stays silent."""
    verification, inspection, details = around.verification, around.inspection, around.details
    earlier, last = around.sightings, around.sightings.last
    phones = earlier.phones + (0 if earlier.with_this_phone else 1)
    return Seen(
        staff=verification.staff.value if verification and verification.staff else None,
        parcels_today=earlier.count + 1 if verification else None,
        distinct_phones=phones if verification else None,
        distinct_names_refused=earlier.names if verification else None,
        same_outlet=last.outlet_id == around.outlet.id if last else None,
        minutes_since_last=max(0, int((at - last.at) / timedelta(minutes=1))) if last else None,
        outlet_division=around.outlet.division,
        last_outlet_division=last.division if last else None,
        outlet_location=details.location if details else None,
        last_outlet_location=around.last_details.location if around.last_details else None,
        same_phone=normal_phone(request.sender.phone) == normal_phone(request.addressee.phone),
        accepted_in_last_minutes=around.lately + 1,
        minutes_to_closing=details.minutes_to_closing(at) if details else None,
        inspection_seconds=inspection.inspection_seconds if inspection else None,
        items_declared=len(request.contents),
        photos_reused=inspection.photos_reused if inspection else None,
    )


def seen_with(seen: Seen, verification: Identified | None) -> Seen:
    """The same when the parcel's decision rests on another document since: whose it is, is told by that one.

    Where nothing was looked at, as of late parcels, nothing is looked at now.
    """
    if verification is None or seen is SEEN_NOTHING:
        return seen
    return replace(seen, staff=verification.staff.value if verification.staff else None)


def day_start(at: datetime) -> datetime:
    """Since when a document's parcels are counted: the beginning of the legal day."""
    return start_of(legal_day(at))


def _sightings(values: Sequence[Any]) -> Sightings:
    numbers, last = values
    if last is None:
        return Sightings()
    count, phones, names, with_this_phone = map(int, numbers.split(_BETWEEN))
    return Sightings(count=count, phones=phones, names=names, with_this_phone=with_this_phone, last=_sighting(last))


def _sighting(packed: str) -> Sighting:
    outlet_id, division, at = packed.split(_BETWEEN)
    moment = datetime.fromisoformat(at)
    return Sighting(
        outlet_id=UUID(outlet_id), division=division, at=moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    )
