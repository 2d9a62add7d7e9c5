"""The contract at its edges, asked of the model and of the service alike."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.offline.contract import (
    AGE_MAX,
    MILLISECOND,
    MULTI_STATUS,
    Answer,
    Json,
    Record,
    Server,
    batch_of,
    reason_of,
    written,
)
from tests.offline.device import minted
from tests.offline.model import ModelServer
from tests.offline.parcels import parcel, waybill
from tests.offline.real import open_arena

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RNG = Random(0)  # noqa: S311 - any parcel will do


class Compared:
    """The service, and beside it the model: whatever the one answers, the other does."""

    def __init__(self, service: Server) -> None:
        """Begin with nothing in either."""
        self._service = service
        self._model = ModelServer()

    async def receive(self, device: int, body: bytes, *, is_gzipped: bool, at: datetime) -> Answer:
        """The service's answer. Which of two items of one batch was first, the contract leaves open."""
        answer = await self._service.receive(device, body, is_gzipped=is_gzipped, at=at)
        expected = await self._model.receive(device, body, is_gzipped=is_gzipped, at=at)
        assert sorted(map(_summary, answer.body["results"])) == sorted(map(_summary, expected.body["results"]))
        return answer

    async def records(self) -> tuple[Record, ...]:
        """What the service has recorded."""
        return await self._service.records()


@pytest.fixture
async def server(database_url: str, tmp_path: Path) -> AsyncIterator[Server]:
    """The service, on each backend in turn, with the model beside it."""
    async with open_arena(database_url, tmp_path) as arena:
        yield Compared(await arena.server(devices=1, at=NOON - AGE_MAX - 5 * DAY))


async def test_what_is_recorded_is_known_however_late_it_is_sent_again(server: Server) -> None:
    one = item(occurred_at=NOON - HOUR)

    assert await statuses(server, [one]) == [201]
    assert await statuses(server, [one], at=NOON + AGE_MAX + DAY) == [200]


async def test_thirty_days_are_taken_and_a_millisecond_more_is_not(server: Server) -> None:
    young, old = item(occurred_at=NOON - AGE_MAX), item(occurred_at=NOON - AGE_MAX - MILLISECOND)
    answers = await results(server, [young, old])

    assert [one["status"] for one in answers] == [201, 422]
    assert answers[1]["problem"]["errors"][0]["pointer"] == "/items/1/occurred_at"
    assert answers[1]["problem"]["errors"][0]["code"] == "occurred_too_long_ago"


async def test_an_item_that_is_not_in_form_harms_no_neighbour(server: Server) -> None:
    batch = [item(), item(waybill="too short"), item()]
    answers = await results(server, batch)

    assert [one["status"] for one in answers] == [201, 422, 201]
    assert reason_of(answers[1]["problem"]) == "invalid acceptance/waybill"


async def test_the_same_item_twice_in_one_batch_is_recorded_once(server: Server) -> None:
    one = item()

    assert sorted(await statuses(server, [one, one])) == [200, 201]
    assert len(await server.records()) == 1


async def test_two_contents_under_one_id_in_one_batch_are_one_record(server: Server) -> None:
    one = item()
    other = {**one, "acceptance": {**one["acceptance"], "weight_g": one["acceptance"]["weight_g"] + 1}}

    assert sorted(await statuses(server, [one, other])) == [201, 409]
    assert len(await server.records()) == 1


async def test_of_two_parcels_with_one_waybill_in_one_batch_one_stands(server: Server) -> None:
    both = waybill(RNG)
    answers = await results(server, [item(waybill=both), item(waybill=both)])

    assert sorted(one["status"] for one in answers) == [201, 409]
    assert [reason_of(one["problem"]) for one in answers if one["problem"]] == ["waybill_already_decided"]
    assert len(await server.records()) == 1


@pytest.mark.parametrize("skew", [timedelta(hours=-48), -MILLISECOND, timedelta(0), timedelta(hours=48)])
async def test_a_clock_that_is_off_is_put_right(server: Server, skew: timedelta) -> None:
    record = await recorded(server, item(occurred_at=NOON - HOUR + skew), sent_at=NOON + skew)

    assert (record.recorded_at, record.late.occurred_at) == (NOON, NOON - HOUR)
    assert record.late.device_occurred_at == NOON - HOUR + skew
    assert record.late.clock_skew_ms == skew // MILLISECOND


async def test_nothing_happens_after_it_was_received(server: Server) -> None:
    record = await recorded(server, item(occurred_at=NOON + HOUR), sent_at=NOON)

    assert (record.recorded_at, record.late.occurred_at) == (NOON, NOON)


async def test_what_was_recorded_keeps_its_first_mark(server: Server) -> None:
    one = item(occurred_at=NOON - HOUR)
    await results(server, [one])
    again = await recorded(server, {**one, "occurred_at": written(NOON - DAY)}, sent_at=NOON + DAY, status=200)

    assert (again.recorded_at, again.late.occurred_at) == (NOON, NOON - HOUR)


# --- how it is asked --------------------------------------------------------------------------------------------------


def item(*, occurred_at: datetime = NOON - HOUR, **changes: Any) -> Json:  # noqa: ANN401 - JSON
    """A letter within the city."""
    content = parcel(RNG, waybill=waybill(RNG)) | {
        "destination": {"country": "CN", "division": "110108"},
        "contents_kind": "letter",
    }
    return {
        "occurred_at": written(occurred_at),
        "sequence": 1,
        "bundle_version": None,
        "acceptance": {"id": minted(occurred_at, RNG)} | content | changes,
    }


async def results(
    server: Server, items: list[Json], *, sent_at: datetime | None = None, at: datetime = NOON
) -> list[Json]:
    """The results of a batch that takes no time on its way."""
    answer = await server.receive(0, batch_of(items, sent_at=sent_at or at), is_gzipped=False, at=at)
    assert answer.status == MULTI_STATUS, answer
    told: list[Json] = answer.body["results"]
    return told


async def statuses(server: Server, items: list[Json], *, at: datetime = NOON) -> list[int]:
    """The status of each."""
    return [one["status"] for one in await results(server, items, at=at)]


async def recorded(server: Server, one: Json, *, sent_at: datetime, status: int = 201) -> Record:
    """The record that an item makes."""
    assert [told["status"] for told in await results(server, [one], sent_at=sent_at)] == [status]
    (record,) = await server.records()
    return record


def _summary(result: Json) -> str:
    return f"{result['status']} {reason_of(result['problem']) if result['problem'] else ''}"
