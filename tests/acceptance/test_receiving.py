"""What was decided offline: recorded when it arrives, judged by when it happened, never back-dated."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from acceptance_api.acceptance import Acceptance, DecideParcel, Late, OfflineParcel, Outcome, receive_parcels
from acceptance_api.acceptance.receiving import late_of
from acceptance_api.audit import find_entries
from acceptance_api.kernel.ids import AcceptanceId, InspectionId, new_uuid
from acceptance_api.kernel.problems import Fault, Kind, Problem
from tests.support.builders import NOON, Shop, parcel

HOUR, KEPT = timedelta(hours=1), timedelta(days=30)


def offline(
    shop: Shop, request: DecideParcel, *, occurred_at: datetime = NOON - HOUR, sequence: int = 1
) -> OfflineParcel:
    return OfflineParcel(caller=shop.caller, request=request, occurred_at=occurred_at, sequence=sequence)


async def received(
    shop: Shop, *parcels: OfflineParcel, sent_at: datetime = NOON, at: datetime = NOON
) -> list[tuple[Acceptance, bool] | Problem]:
    return await receive_parcels(shop.deciding, parcels, sent_at=sent_at, at=at, kept=KEPT)


async def recorded(shop: Shop, one: OfflineParcel, *, sent_at: datetime = NOON, at: datetime = NOON) -> Acceptance:
    (outcome,) = await received(shop, one, sent_at=sent_at, at=at)
    assert not isinstance(outcome, Problem), outcome
    return outcome[0]


# --- when it happened -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ahead", "occurred", "corrected"),
    [
        pytest.param(timedelta(0), -HOUR, -HOUR, id="a clock that is right"),
        pytest.param(2 * HOUR, HOUR, -HOUR, id="a clock that is ahead"),
        pytest.param(-48 * HOUR, -49 * HOUR, -HOUR, id="a clock that is two days behind"),
        pytest.param(timedelta(0), HOUR, timedelta(0), id="a clock set back since tells of the future"),
    ],
)
def test_the_devices_time_is_corrected_by_its_skew(
    shop: Shop, ahead: timedelta, occurred: timedelta, corrected: timedelta
) -> None:
    one = offline(shop, parcel(), occurred_at=NOON + occurred, sequence=7)

    late = late_of(one, sent_at=NOON + ahead, received_at=NOON)

    assert late == Late(
        occurred_at=NOON + corrected,
        device_occurred_at=NOON + occurred,
        clock_skew_ms=round(ahead / timedelta(milliseconds=1)),
        sequence=7,
    )


# --- how it is recorded -----------------------------------------------------------------------------------------------


async def test_it_is_recorded_as_of_its_receipt_and_marked(shop: Shop) -> None:
    accepted = await recorded(shop, offline(shop, await shop.ready(), sequence=3))

    assert (accepted.decision.outcome, accepted.recorded_at, accepted.decided_at) == (Outcome.ACCEPTED, NOON, NOON)
    assert accepted.late is not None
    assert (accepted.late.occurred_at, accepted.late.sequence) == (NOON - HOUR, 3)
    async with shop.database.read() as tx:
        (entry,) = await find_entries(tx, accepted.outlet_id, subject_id=accepted.id)
    assert (entry.at, entry.detail["occurred_at"]) == (NOON, (NOON - HOUR).isoformat())


async def test_it_is_judged_by_the_rules_in_force_when_it_happened(shop: Shop) -> None:
    """The articles of 快递暂行条例 were renumbered on 1 June 2025."""
    received_at = datetime(2025, 6, 2, 4, tzinfo=UTC)
    before = offline(shop, parcel(), occurred_at=datetime(2025, 5, 31, 4, tzinfo=UTC))
    after = offline(shop, parcel(), occurred_at=datetime(2025, 6, 1, 4, tzinfo=UTC))

    earlier, later = [await recorded(shop, one, sent_at=received_at, at=received_at) for one in (before, after)]

    assert earlier.decision.rules["statutory"] != later.decision.rules["statutory"]
    assert [one.facts["on"] for one in (earlier, later)] == ["2025-05-31", "2025-06-01"]
    cited = [{objection.citation.version for objection in one.decision.objections} for one in (earlier, later)]
    assert cited[0] != cited[1]


async def test_what_happened_too_long_ago_is_not_taken(shop: Shop) -> None:
    old, young = (offline(shop, parcel(), occurred_at=NOON - KEPT - timedelta(seconds=s)) for s in (1, 0))

    refused, taken = await received(shop, old, young)

    assert isinstance(refused, Problem)
    assert (refused.kind, refused.faults) == (Kind.INVALID, (Fault("/occurred_at", "occurred_too_long_ago"),))
    assert not isinstance(taken, Problem)


async def test_one_that_cannot_be_taken_does_not_harm_its_neighbours(shop: Shop) -> None:
    good, foreign = await shop.ready(), replace(parcel(), inspection_id=InspectionId(new_uuid()))

    outcomes = await received(shop, offline(shop, foreign), offline(shop, good), offline(shop, parcel()))

    assert [isinstance(one, Problem) for one in outcomes] == [True, False, False]


async def test_sent_again_it_is_known(shop: Shop) -> None:
    parcels = [offline(shop, parcel(), sequence=i) for i in range(1, 4)]
    first = await received(shop, *parcels)

    again = await received(shop, *parcels, sent_at=NOON + 5 * HOUR, at=NOON + 2 * HOUR)

    assert [isinstance(one, tuple) and one[1] for one in first] == [True] * 3
    assert [isinstance(one, tuple) and one[1] for one in again] == [False] * 3
    assert _marks(again) == _marks(first)


def _marks(outcomes: list[tuple[Acceptance, bool] | Problem]) -> list[Late | None]:
    return [one[0].late for one in outcomes if not isinstance(one, Problem)]


async def test_of_two_of_one_waybill_the_first_stands(shop: Shop) -> None:
    request = await shop.ready()
    rival = replace(request, id=AcceptanceId(new_uuid()))

    first, second = await received(shop, offline(shop, request), offline(shop, rival, sequence=2))

    assert not isinstance(first, Problem)
    assert isinstance(second, Problem)
    assert second.kind is Kind.WAYBILL_ALREADY_DECIDED


async def test_more_than_one_transaction_takes_are_all_recorded(shop: Shop) -> None:
    parcels = [offline(shop, parcel(), sequence=i) for i in range(1, 301)]

    outcomes = await received(shop, *parcels)

    assert [isinstance(one, tuple) and one[1] for one in outcomes] == [True] * 300


async def test_the_same_from_many_devices_at_once_is_recorded_once(shop: Shop) -> None:
    parcels = [offline(shop, parcel(), sequence=i) for i in range(1, 41)]

    storms = await asyncio.gather(*(received(shop, *parcels[:: 1 if i % 2 else -1]) for i in range(8)))

    new = [isinstance(one, tuple) and one[1] for storm in storms for one in storm]
    assert sum(new) == 40
    assert not [one for storm in storms for one in storm if isinstance(one, Problem)]
