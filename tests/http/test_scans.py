"""Scans over HTTP: what is to be done with a parcel here, with every reason, in the reader's language."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from acceptance_api.demo.world import World
from acceptance_api.kernel.ids import new_uuid
from acceptance_api.rulesets import Layer
from tests.acceptance.layered import campaign
from tests.acceptance.places import Site, bind, world_of_another_outlet
from tests.support.authorities import StandingClock
from tests.support.builders import new_waybill
from tests.support.journeys import FAR_AWAY, Body, new_id, prepare, present, screen
from tests.support.service import Service, running_service

PATH = "/counter/v1/scans"
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
DAY = timedelta(days=1)
THERE = {"rings": {"CORE": {"divisions": ["44"], "source": "a test", "verified": False}}}


@pytest.fixture
def clock() -> StandingClock:
    """A clock that the test moves."""
    return StandingClock(NOON)


@pytest.fixture
async def service(database_url: str, tmp_path: Path, clock: StandingClock) -> AsyncIterator[Service]:
    """The service by that clock, on each backend in turn."""
    async with running_service(database_url, tmp_path, clock=clock) as running:
        yield running


def site(service: Service) -> Site:
    return Site(service.office.database, service.office.vault, service.world)


async def there(service: Service) -> World:
    """The enterprise's outlet where the parcels go."""
    return await world_of_another_outlet(site(service), FAR_AWAY)


async def announce(service: Service, *kinds: str, starts_at: datetime = NOON) -> None:
    content = campaign(*({"kind": kind} for kind in kinds), **THERE)
    await bind(site(service), Layer.CAMPAIGN, "campaign", content, name="drill", starts_at=starts_at)


async def sent(service: Service) -> str:
    """The waybill of a parcel that was screened and accepted."""
    body = await prepare(service, division=FAR_AWAY)
    await screen(service, body["waybill"])
    answer = await service.post("/counter/v1/acceptances", body, await service.as_counter())
    assert answer.json()["decision"]["outcome"] == "accepted", answer.text
    waybill: str = body["waybill"]
    return waybill


def let_a_day_pass(service: Service, clock: StandingClock) -> None:
    clock.move(DAY)
    service.tokens.clear()  # they are too old by now


async def scan(
    service: Service,
    waybill: str,
    world: World | None = None,
    *,
    language: str = "zh-CN",
    key: str | None = None,
    **changes: Any,  # noqa: ANN401 - JSON
) -> httpx.Response:
    body = {"id": new_id(), "waybill": waybill, "stage": "out_for_delivery"} | changes
    headers = await service.as_counter(world, **{"Accept-Language": language})
    return await service.post(PATH, body, headers | ({"Idempotency-Key": key} if key else {}))


async def read(service: Service, scan_id: str, world: World | None = None) -> httpx.Response:
    return await service.http.get(f"{PATH}/{scan_id}", headers=await service.as_counter(world))


async def test_a_parcel_that_may_go_on_goes_on(service: Service) -> None:
    waybill, place = await sent(service), await there(service)

    answer = await scan(service, waybill, place)
    read_again = await read(service, answer.json()["id"], place)

    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"{PATH}/{answer.json()['id']}"
    shown: Body = answer.json()
    assert (shown["instruction"], shown["reasons"], shown["rules"]) == ("proceed", [], {})
    assert (shown["waybill"], shown["stage"], shown["clerk_id"]) == (waybill, "out_for_delivery", str(place.clerk_id))
    assert read_again.json() == shown


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        pytest.param("zh-CN", ["投递前应当二次安检"], id="Chinese"),
        pytest.param("en", ["A campaign asks for a second screening before delivery"], id="English"),
    ],
)
async def test_a_campaign_that_began_since_is_told_with_its_name(
    service: Service, clock: StandingClock, language: str, titles: list[str]
) -> None:
    waybill, place = await sent(service), await there(service)
    await announce(service, "rescreen_at_destination", starts_at=NOON + DAY)
    before = await scan(service, waybill, place)
    let_a_day_pass(service, clock)
    within = await scan(service, waybill, place, language=language)
    await screen(service, waybill, world=place)
    after = await scan(service, waybill, place)

    assert [one.json()["instruction"] for one in (before, within, after)] == ["proceed", "screen", "proceed"]
    (reason,) = within.json()["reasons"]
    assert reason == {"code": "not_screened_again", "title": titles[0], "about": None, "by": "drill@1"}
    assert within.json()["rules"] == {f"campaign:{service.world.agency_id}/drill": "1"}


async def test_what_was_not_accepted_is_held_and_what_has_no_mark_returned(service: Service) -> None:
    place = await there(service)
    await announce(service, "no_mark_return")
    held = await present(service, division=FAR_AWAY)

    answer = await scan(service, held["waybill"], place)

    assert answer.json()["instruction"] == "hold"
    assert [one["code"] for one in answer.json()["reasons"]] == ["not_accepted", "no_screening_mark"]


async def test_a_retry_is_replayed_and_the_same_scan_under_another_key_is_the_same(
    service: Service, clock: StandingClock
) -> None:
    waybill, place, scan_id, key = await sent(service), await there(service), new_id(), new_uuid().hex
    await announce(service, "rescreen_at_destination", starts_at=NOON + DAY)
    first = await scan(service, waybill, place, id=scan_id, key=key)
    let_a_day_pass(service, clock)

    replayed = await scan(service, waybill, place, id=scan_id, key=key)
    again = await scan(service, waybill, place, id=scan_id)
    other = await scan(service, waybill, place, id=scan_id, stage="arrived")

    assert [one.status_code for one in (first, replayed, again)] == [201, 201, 200]
    assert first.json() == replayed.json() == again.json()
    assert replayed.headers["Idempotent-Replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (409, "id_conflict")


async def test_another_outlet_of_the_enterprise_may_scan_and_only_it_reads_its_scan(service: Service) -> None:
    waybill, place = await sent(service), await there(service)
    made = await scan(service, waybill, place, stage="at_destination")

    here, elsewhere = [await read(service, made.json()["id"], world) for world in (place, None)]

    assert (made.status_code, here.status_code, elsewhere.status_code) == (201, 200, 404)


async def test_an_unknown_waybill_and_another_enterprises_look_alike(service: Service) -> None:
    other = await service.another_world(division="310101")
    waybill = await sent(service)

    answers = [await scan(service, new_waybill()), await scan(service, waybill, other)]

    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (422, "reference_unknown")
        assert answer.json()["errors"] == answers[0].json()["errors"]
        assert answer.json()["errors"][0]["pointer"] == "/waybill"
        assert waybill not in answer.text


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        pytest.param({"stage": "lost"}, "/stage", id="no such stage"),
        pytest.param({"waybill": "a b"}, "/waybill", id="no waybill"),
        pytest.param({"id": "1"}, "/id", id="no id"),
        pytest.param({"verdict": "clear"}, "/verdict", id="not asked"),
    ],
)
async def test_a_scan_has_a_form(service: Service, changes: Body, pointer: str) -> None:
    body = {"id": new_id(), "waybill": new_waybill(), "stage": "arrived"} | changes
    answer = await service.post(PATH, body, await service.as_counter())

    assert (answer.status_code, [one["pointer"] for one in answer.json()["errors"]]) == (422, [pointer])
