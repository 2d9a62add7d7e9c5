"""Batches of what was decided offline: always 207, each item answered for itself, safe to send again."""

import gzip
import json
from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import func, select

from acceptance_api.acceptance.tables import acceptances
from tests.support import journeys
from tests.support.service import Service

PACKED = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
BATCHES, PARCELS = "/counter/v1/acceptance-batches", "/counter/v1/acceptances"


def item_of(
    service: Service,
    acceptance: Any,  # noqa: ANN401 - JSON
    *,
    ago_s: float = 600,
    sequence: int = 1,
    **changes: Any,  # noqa: ANN401 - JSON
) -> dict[str, Any]:
    occurred_at = service.office.clock.now() - timedelta(seconds=ago_s)
    return {"occurred_at": occurred_at.isoformat(), "sequence": sequence, "acceptance": acceptance} | changes


async def sent(service: Service, *items: Any, ahead_s: float = 0, is_packed: bool = False) -> httpx.Response:  # noqa: ANN401 - JSON
    sent_at = service.office.clock.now() + timedelta(seconds=ahead_s)
    body = {"device": {"sent_at": sent_at.isoformat()}, "items": list(items)}
    counter = await service.as_counter()
    counter.pop("Idempotency-Key")
    if is_packed:
        packed = gzip.compress(json.dumps(body).encode())
        return await service.http.post(BATCHES, content=packed, headers=counter | PACKED)
    return await service.http.post(BATCHES, json=body, headers=counter)


def statuses(answer: httpx.Response) -> list[int]:
    assert answer.status_code == 207, answer.text
    return [result["status"] for result in answer.json()["results"]]


async def test_each_item_is_answered_for_itself_in_order(service: Service) -> None:
    good = await journeys.prepare(service)
    faulty = journeys.parcel_of(waybill="?")
    foreign = journeys.parcel_of(inspection_id=journeys.new_id())

    answer = await sent(
        service,
        item_of(service, good),
        item_of(service, faulty, sequence=2),
        item_of(service, foreign, sequence=3),
        item_of(service, journeys.parcel_of(), sequence=0),
        item_of(service, journeys.parcel_of(), ago_s=31 * 86_400, sequence=5),
        item_of(service, journeys.parcel_of(), sequence=6, clerk_id=journeys.new_id()),
        "no item",
    )

    assert statuses(answer) == [201, 422, 422, 422, 422, 403, 422]
    results = answer.json()["results"]
    assert [result["index"] for result in results] == list(range(7))
    pointers = [[fault["pointer"] for fault in (result["problem"] or {"errors": []})["errors"]] for result in results]
    assert pointers == [
        [],
        ["/items/1/acceptance/waybill"],
        ["/items/2/acceptance/inspection_id"],
        ["/items/3/sequence"],
        ["/items/4/occurred_at"],
        ["/items/5/clerk_id"],
        ["/items/6"],
    ]
    assert (results[0]["id"], results[0]["acceptance"]["decision"]["outcome"]) == (good["id"], "accepted")
    assert results[2]["id"] == foreign["id"]


async def test_the_record_is_marked_late_and_not_back_dated(service: Service) -> None:
    body = journeys.parcel_of()
    item = item_of(service, body, ago_s=600 - 7_200, sequence=9, bundle_version="v1")

    (result,) = (await sent(service, item, ahead_s=7_200)).json()["results"]
    read = (await service.http.get(f"{PARCELS}/{body['id']}", headers=await service.as_counter())).json()

    late = result["acceptance"]["late"]
    assert (late["sequence"], late["bundle_version"]) == (9, "v1")
    assert abs(late["clock_skew_ms"] - 7_200_000) < 60_000
    assert late["occurred_at"] < result["acceptance"]["recorded_at"]
    assert read["late"] == late


async def test_a_batch_may_be_sent_again_whole_or_in_part(service: Service) -> None:
    items = [item_of(service, journeys.parcel_of(), sequence=i) for i in range(1, 6)]
    await sent(service, *items[:3])

    answer = await sent(service, *items)

    assert statuses(answer) == [200, 200, 200, 201, 201]
    assert await _count(service) == 5


async def test_what_was_sent_alone_first_is_known_in_a_batch(service: Service) -> None:
    """The counter did not get the answer, took itself for offline, and keeps the parcel for later."""
    body = await journeys.prepare(service)
    alone = await service.post(PARCELS, body, await service.as_counter())

    answer = await sent(service, item_of(service, body))

    assert (alone.status_code, statuses(answer)) == (201, [200])
    assert answer.json()["results"][0]["acceptance"]["late"] is None


async def test_other_content_under_a_known_id_is_a_conflict_of_that_item(service: Service) -> None:
    body = journeys.parcel_of()
    await sent(service, item_of(service, body))

    answer = await sent(service, item_of(service, body | {"weight_g": 5}), item_of(service, journeys.parcel_of()))

    assert statuses(answer) == [409, 201]
    assert answer.json()["results"][0]["problem"]["code"] == "id_conflict"


async def test_the_clerk_who_stood_at_the_counter_is_named(service: Service) -> None:
    body = journeys.parcel_of()

    (result,) = (await sent(service, item_of(service, body, clerk_id=str(service.world.clerk_id)))).json()["results"]

    assert result["acceptance"]["clerk_id"] == str(service.world.clerk_id)


async def test_a_full_batch_may_come_compressed(service: Service) -> None:
    items = [item_of(service, journeys.parcel_of(), sequence=i) for i in range(1, 501)]

    answer = await sent(service, *items, is_packed=True)

    assert statuses(answer) == [201] * 500
    assert await _count(service) == 500


async def test_one_item_more_than_may_be_is_refused_whole(embedded: Service) -> None:
    items = [item_of(embedded, journeys.parcel_of(), sequence=i) for i in range(1, 502)]

    answer = await sent(embedded, *items)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/items")
    assert await _count(embedded) == 0


async def test_no_personal_value_is_repeated(embedded: Service) -> None:
    person = journeys.SENDER
    bodies = [
        journeys.parcel_of() | {"sender": person.as_party()},
        journeys.parcel_of() | {person.number: person.name},
        journeys.parcel_of(waybill=person.phone + person.name),
    ]

    answer = await sent(embedded, *(item_of(embedded, body) for body in bodies))

    assert statuses(answer) == [422] * 3
    assert not [value for value in person.secrets() if value in answer.text]


async def _count(service: Service) -> int:
    async with service.office.database.read() as tx:
        return int((await tx.execute(select(func.count()).select_from(acceptances))).scalar_one())
