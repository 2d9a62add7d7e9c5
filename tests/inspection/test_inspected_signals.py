"""How long an inspection took, and whether its photos had served another parcel: recorded with it, for decisions."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Uuid

from acceptance_api.inspection import Inspected, Inspection, inspected_part, record_inspection, store_evidence
from acceptance_api.inspection.record import RecordInspection
from acceptance_api.kernel.express import Question
from tests.support.builders import NOON, Shop, inspecting, photo

INSPECTED = Question(
    {"outlet_id": Uuid(), "id": Uuid()}, lambda asked: (inspected_part(asked["outlet_id"], asked["id"]),)
)


async def record(shop: Shop, request: RecordInspection, *, at: datetime = NOON) -> Inspection:
    async with shop.database.transaction() as tx:
        inspection, _ = await record_inspection(shop.vault, tx, shop.caller, request, at=at)
    return inspection


async def photographed(shop: Shop, *numbers: int) -> tuple[str, ...]:
    taken = [photo(number) for number in numbers]
    async with shop.database.transaction() as tx:
        for one in taken:
            await store_evidence(shop.vault, tx, shop.caller, one, at=NOON)
    return tuple(one.sha256 for one in taken)


async def told(shop: Shop, inspection: Inspection) -> Inspected:
    """What a decision is told, which must be what the record says."""
    (inspected,) = await shop.reader.ask(INSPECTED, shop.world.outlet_id, inspection.id)
    assert inspected == inspection.inspected
    assert isinstance(inspected, Inspected)
    return inspected


@pytest.mark.parametrize(
    ("opened_at", "seconds"),
    [
        pytest.param(None, None, id="nobody said"),
        pytest.param(NOON - timedelta(seconds=42.9), 42, id="whole seconds"),
        pytest.param(NOON, 0, id="at once"),
        pytest.param(NOON + timedelta(hours=1), 0, id="a clock that runs ahead counts as now"),
    ],
)
async def test_how_long_it_took(shop: Shop, opened_at: datetime | None, seconds: int | None) -> None:
    inspection = await record(shop, replace(inspecting(photos=await photographed(shop, 1)), opened_at=opened_at))

    assert (await told(shop, inspection)).inspection_seconds == seconds


async def test_a_photo_that_served_another_waybill_is_noticed(shop: Shop) -> None:
    photos = await photographed(shop, 1, 2)
    first = await record(shop, inspecting(photos=photos))
    again = await record(shop, inspecting(waybill=first.waybill, photos=photos))
    one = await record(shop, inspecting(photos=(photos[0], *await photographed(shop, 3))))
    both = await record(shop, inspecting(photos=photos))
    fresh = await record(shop, inspecting(photos=await photographed(shop, 4)))

    reused = [(await told(shop, inspection)).photos_reused for inspection in (first, again, one, both, fresh)]
    assert reused == [0, 0, 1, 2, 0]


async def test_without_photos_none_was_reused(shop: Shop) -> None:
    inspection = await record(shop, inspecting(photos=()))

    assert (await told(shop, inspection)).photos_reused == 0
