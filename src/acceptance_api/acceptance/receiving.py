"""Receiving what was decided while a counter was offline: recorded when it arrives, judged by when it happened."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from acceptance_api.acceptance.asking import QUESTION, Known, asked_of
from acceptance_api.acceptance.deciding import DecidingDesk, decide_parcel
from acceptance_api.acceptance.model import Acceptance, DecideParcel, Late
from acceptance_api.access import Caller
from acceptance_api.kernel.problems import Fault, Kind, Problem

OCCURRED_AT = "/occurred_at"
_AT_ONCE = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineParcel:
    """A parcel as the device has kept it. `occurred_at` is by the device's own clock."""

    caller: Caller
    """The client that brings it, with the clerk who stood at the counter."""
    request: DecideParcel
    occurred_at: datetime
    sequence: int
    bundle_version: str | None = None


def late_of(parcel: OfflineParcel, *, sent_at: datetime, received_at: datetime) -> Late:
    """When it happened, by our clock: the device's time less what its clock was ahead when it sent (`sent_at`).

    A device whose clock was set back meanwhile may tell of the future: nothing happens later than it is received.
    """
    skew = sent_at - received_at
    return Late(
        occurred_at=min(parcel.occurred_at - skew, received_at).astimezone(UTC),
        device_occurred_at=parcel.occurred_at,
        clock_skew_ms=round(skew / timedelta(milliseconds=1)),
        sequence=parcel.sequence,
        bundle_version=parcel.bundle_version,
    )


async def receive_parcels(
    desk: DecidingDesk, parcels: Sequence[OfflineParcel], *, sent_at: datetime, at: datetime, kept: timedelta
) -> list[tuple[Acceptance, bool] | Problem]:
    """Decide and record each parcel, marked late; the decision and whether it is new, or what is wrong, in their order.

    Recorded as of now, never back-dated; decided by the rules in force when it happened, at most `kept` ago. One parcel
    does not harm another, and each can be sent again: its id says that it is known.
    """
    outcomes: list[tuple[Acceptance, bool] | Problem] = []
    for start in range(0, len(parcels), _AT_ONCE):
        some = parcels[start : start + _AT_ONCE]
        lines: dict[str, asyncio.Lock] = {parcel.request.waybill: asyncio.Lock() for parcel in some}

        async def in_line(parcel: OfflineParcel, line: asyncio.Lock) -> tuple[Acceptance, bool] | Problem:
            async with line:  # of two about one waybill the first stands: whoever is asked first gets it
                return await _received(desk, parcel, sent_at=sent_at, at=at, kept=kept)

        outcomes += await asyncio.gather(*(in_line(parcel, lines[parcel.request.waybill]) for parcel in some))
    return outcomes


async def _received(
    desk: DecidingDesk, parcel: OfflineParcel, *, sent_at: datetime, at: datetime, kept: timedelta
) -> tuple[Acceptance, bool] | Problem:
    late = late_of(parcel, sent_at=sent_at, received_at=at)
    try:
        # What is recorded is known however late it is sent again: the device is still waiting for its answer.
        if late.occurred_at < at - kept and not await _is_known(desk, parcel):
            return Problem(Kind.INVALID, Fault(OCCURRED_AT, "occurred_too_long_ago"))
        return await decide_parcel(desk, parcel.caller, replace(parcel.request, late=late), at=at)
    except Problem as problem:
        return problem


async def _is_known(desk: DecidingDesk, parcel: OfflineParcel) -> bool:
    asked = asked_of(parcel.caller, parcel.request, presented_at=parcel.occurred_at)
    known = Known(*await desk.reader.ask(QUESTION, *asked))
    return known.fingerprint is not None
