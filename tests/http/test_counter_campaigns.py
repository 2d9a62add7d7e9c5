"""What an outlet's manager sees of the campaigns."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from acceptance_api.campaigns import history, parse_campaign
from acceptance_api.rulesets import Layer, ProposeRuleSet, RuleSetKey, approve_rule_set, propose_rule_set
from tests.campaigns.drawing import content, overlay
from tests.support.authorities import StandingClock
from tests.support.service import Service, running_service

PATH = "/counter/v1/campaigns"
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
DAY = timedelta(days=1)
MOAT = next(one for one in history() if one.name == "two-sessions-2023")


@pytest.fixture
def clock() -> StandingClock:
    """A clock that the test moves."""
    return StandingClock(NOON)


@pytest.fixture
async def service(database_url: str, tmp_path: Path, clock: StandingClock) -> AsyncIterator[Service]:
    """The service by that clock, on each backend in turn."""
    async with running_service(database_url, tmp_path, clock=clock) as running:
        yield running


async def order(
    service: Service,
    document: dict[str, Any],
    *,
    name: str = "example",
    starts_at: datetime = NOON - DAY,
    ends_at: datetime | None = NOON + DAY,
) -> None:
    """A campaign of the world's agency, proposed by one officer and approved by another."""
    owner = service.world.agency_id
    request = ProposeRuleSet(
        layer=Layer.CAMPAIGN,
        owner_id=owner,
        kind="campaign",
        name=name,
        starts_at=starts_at,
        ends_at=ends_at,
        content=document,
        by="officer-1",
    )
    async with service.office.transaction() as tx:
        made = await propose_rule_set(tx, None, request, parsers={"campaign": parse_campaign}, at=NOON - 2 * DAY)
        key = RuleSetKey(owner_id=owner, name=name, edition=made.rule_set.edition)
        await approve_rule_set(tx, None, key, by="officer-2", at=NOON - 2 * DAY)


async def seen(service: Service, language: str = "zh-CN") -> list[dict[str, Any]]:
    """What the counter is shown."""
    answer = await service.http.get(PATH, headers=await service.as_counter(None, **{"Accept-Language": language}))
    assert answer.status_code == 200, answer.text
    shown: list[dict[str, Any]] = answer.json()["data"]
    return shown


async def test_without_campaigns_nothing_is_shown(service: Service) -> None:
    answer = await service.http.get(PATH, headers=await service.as_counter())

    assert answer.json() == {"at": "2026-11-23T04:00:00Z", "until": "2026-12-07T04:00:00Z", "data": []}


@pytest.mark.parametrize(
    ("language", "name", "said", "drone"),
    [
        pytest.param("zh-CN", "2023年全国两会寄递安保", "不得收寄、不得投递所列物品。", "无人机", id="Chinese"),
        pytest.param("en", "Two Sessions 2023", "Neither accept nor deliver the listed goods.", "Drone", id="English"),
    ],
)
async def test_a_campaign_in_force_is_shown_in_the_readers_language(
    service: Service, language: str, name: str, said: str, drone: str
) -> None:
    await order(service, dict(MOAT.content), name="two-sessions")

    (shown,) = await seen(service, language)

    assert (shown["version"], shown["state"], shown["name"]) == ("two-sessions@1", "in_force", name)
    assert shown["applies_to"]["destination"] == [{"code": "11", "name": "北京市"}]
    ban, rescreen = shown["measures"]
    assert (ban["kind"], ban["text"]) == ("item_ban", said)
    assert {"code": "R-LSS-02", "name": drone} in ban["goods"]
    assert rescreen["applies_to"]["inbound"] is True
    assert rescreen["verified"] is True
    assert [one["kind"] for one in shown["obligations"]] == ["outlet_duty"]
    assert shown["issuing_documents"][0]["issuer"] == "国家邮政局"


async def test_an_upcoming_campaign_is_shown_14_days_ahead_and_no_earlier(
    service: Service, clock: StandingClock
) -> None:
    begins = NOON + 20 * DAY
    await order(service, content(overlay("daily_zero_report")), starts_at=begins, ends_at=None)
    assert await seen(service) == []

    clock.at = begins - 14 * DAY
    service.tokens.clear()
    (shown,) = await seen(service)

    assert (shown["state"], shown["starts_at"], shown["ends_at"]) == ("upcoming", "2026-12-13T04:00:00Z", None)
    assert [one["text"] for one in shown["obligations"]] == ["每日报告，无情况也须“零报告”。"]
    assert shown["measures"] == []


async def test_a_campaign_that_is_over_is_not_shown(service: Service, clock: StandingClock) -> None:
    await order(service, content())
    assert len(await seen(service)) == 1

    clock.at = NOON + DAY
    service.tokens.clear()

    assert await seen(service) == []


async def test_goods_of_the_catalogue_and_unknown_ones_are_named_as_far_as_they_can_be(service: Service) -> None:
    await order(service, content(overlay("item_ban", goods=["P04-10", "P05", "Z-9"])))

    ((ban,),) = [one["measures"] for one in await seen(service, "en")]

    assert ban["goods"] == [
        {"code": "P04-10", "name": "Lighter"},
        {"code": "P05", "name": "Flammable liquids"},
        {"code": "Z-9", "name": None},
    ]


async def test_a_campaign_that_has_nothing_to_do_with_the_outlet_is_not_shown(service: Service) -> None:
    await order(service, content(applies_to={"origin": ["1401"], "destination": ["37"]}))

    assert await seen(service) == []


async def test_only_a_counter_reads_it(service: Service) -> None:
    for headers in (await service.as_enterprise(), await service.as_regulator(), {}):
        clerk = {"Clerk-Id": str(service.world.clerk_id)}
        answer = await service.http.get(PATH, headers=headers | clerk)

        assert answer.status_code == 401
