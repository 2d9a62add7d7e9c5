"""What tightens the rules at an outlet stands in its policy bundle; a counter offline asks what its brand asks."""

import random
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from acceptance_api.access import Audience
from acceptance_api.demo.world import World
from acceptance_api.kernel.clock import legal_day
from tests.http.bundles import Json, bundle_of, by_code, questions, required
from tests.http.offline_counter import OfflineCounter
from tests.http.rule_desks import a_desk
from tests.support import journeys
from tests.support.authorities import StandingClock
from tests.support.service import Service, running_service

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
TOMORROW = "2026-11-21T00:00:00+08:00"
SAID: Json = {"source": "内部手册 3", "verified": False}
GOODS: Json = {
    "rules": [
        {"about": "*", "not_by": ["high_speed_rail"], **SAID},
        {"about": "P16", "max_per_item": "2", "unit": "piece", **SAID},
        {"about": "R", "required_documents": ["purchase_invoice"], **SAID},
        {"about": "R-01", "max_per_sender_per_day": "300", **SAID},
        {"about": "R-15", "not_to": ["65"], **SAID},
        {"about": "R-19", "verdict": "ban", "only_in": ["44"], **SAID},
        {"about": "R-20", "verdict": "ban", "only_in": ["11"], **SAID},
    ]
}
VALUES: Json = {
    "screening_required": [{"reach": "same_city", **SAID}],
    "parcel": {"weight_g_max": 20_000, **SAID},
}
CAMPAIGN: Json = {
    "name_zh": "示例重点管控",
    "name_en": "Example",
    "period": {"starts": SAID, "ends": SAID},
    "issuing_documents": [],
    "rings": {"CORE": {"divisions": ["11"], **SAID}},
    "applies_to": {"destination": ["CORE"]},
    "overlays": [{"kind": "screen_mark_per_parcel", **SAID}],
}


@pytest.fixture
def clock() -> StandingClock:
    """A clock that the test moves."""
    return StandingClock(NOON)


@pytest.fixture
async def service(database_url: str, tmp_path: Path, clock: StandingClock) -> AsyncIterator[Service]:
    """The service by that clock, on each backend in turn."""
    async with running_service(database_url, tmp_path, clock=clock) as running:
        yield running


async def test_what_the_brand_asks_beyond_the_law_is_asked_offline_too(service: Service) -> None:
    await approved(service, "brand-goods", GOODS, kind="goods")
    await approved(service, "brand-values", VALUES, kind="acceptance")
    offline = OfflineCounter(await bundle_of(service), on=legal_day(NOON))

    named = set()
    for question in questions(random.Random(4), 40):  # noqa: S311 - a fixed table of parcels, no secret
        told = await required(service, question)
        assert offline.requirements(question) == told | {"rules": without_sets(told["rules"])}, question
        named |= {line["by"] for line in told["contents"]}
    assert named >= {None, "brand-goods@1"}


@pytest.mark.parametrize(
    "parcel",
    [
        pytest.param({}, id="screened in the city too"),
        pytest.param({"weight_g": 20_001}, id="too heavy for the brand"),
        pytest.param({"contents": [{"name": "香烟", "quantity": 200}] * 2}, id="over the brand's limit by the day"),
        pytest.param({"contents": [{"name": "毛衣"}], "transport": "high_speed_rail"}, id="nothing known to it"),
        pytest.param({"contents": [{"name": "口红"}], "transport": "high_speed_rail"}, id="not by rail"),
        pytest.param({"contents": [{"name": "口红"}], "division": "650102"}, id="not to there"),
        pytest.param({"contents": [{"name": "音箱"}, {"name": "电钻"}]}, id="banned here, and banned elsewhere"),
    ],
)
async def test_the_grounds_are_those_of_the_service(service: Service, parcel: Json) -> None:
    await approved(service, "brand-goods", GOODS, kind="goods")
    await approved(service, "brand-values", VALUES, kind="acceptance")
    body = journeys.parcel_of(**parcel)
    offline = OfflineCounter(await bundle_of(service), on=legal_day(NOON))

    answer = await service.post("/counter/v1/acceptances", body, await service.as_counter())

    decided = answer.json()["decision"]
    assert sorted(offline.grounds(body), key=by_code) == sorted(decided["grounds"], key=by_code)


async def test_what_begins_tomorrow_is_known_today_and_asked_tomorrow(service: Service, clock: StandingClock) -> None:
    before = await bundle_of(service)
    await approved(service, "brand-values", VALUES, kind="acceptance", starts_at=TOMORROW)
    clock.move(timedelta(seconds=1))
    bundle = await bundle_of(service)
    today, tomorrow = (OfflineCounter(bundle, on=legal_day(NOON + timedelta(days=days))) for days in (0, 1))
    near = journeys.parcel_of()

    assert bundle["version"] != before["version"]
    assert [ground["code"] for ground in today.grounds(near)] == ["sender_not_verified", "not_inspected"]
    assert [ground["code"] for ground in tomorrow.grounds(near)][-1] == "not_screened"


async def test_a_campaign_stands_in_the_bundles_of_the_outlets_it_has_to_do_with(service: Service) -> None:
    far = await service.another_world(division="440305")
    supervised = await service.another_world(division="110105", jurisdiction="11")
    await approved(service, "campaign", CAMPAIGN, audience=Audience.REGULATOR, world=supervised)
    here, there = await bundle_of(service), await bundle_of(service, world=far)

    (told,) = here["campaigns"]
    assert (told["layer"], told["version"], told["content"]) == ("campaign", "campaign@1", CAMPAIGN)
    assert there["campaigns"] == []


async def test_what_another_brand_asks_is_not_told(service: Service) -> None:
    other = await service.another_world()
    await approved(service, "brand-values", VALUES, kind="acceptance")

    assert [one["name"] for one in (await bundle_of(service))["rule_sets"]] == ["brand-values"]
    assert (await bundle_of(service, world=other))["rule_sets"] == []


async def approved(
    service: Service,
    name: str,
    content: Mapping[str, Any],
    *,
    audience: Audience = Audience.ENTERPRISE,
    world: World | None = None,
    starts_at: str = "2020-01-01T00:00:00+08:00",
    **said: str,
) -> None:
    """A rule set that one person proposed and another approved."""
    base = "/enterprise/v1/rule-sets" if audience is Audience.ENTERPRISE else "/regulator/v1/campaigns"
    desk = await a_desk(service, audience, base, world)
    body = {"name": name, "starts_at": starts_at, "content": content, "by": "S-001"} | said
    answers = [await desk.post("", body), await desk.answer(name, 1)]
    assert [answer.status_code for answer in answers] == [201, 201], answers[0].text


def without_sets(versions: Mapping[str, str]) -> dict[str, str]:
    """The versions but those of the brand's sets: a counter knows them by name, not by whose they are."""
    return {key: version for key, version in versions.items() if ":" not in key}
