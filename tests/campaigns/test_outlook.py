"""Which campaigns bind an outlet: those of agencies that supervise it, now and soon."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from acceptance_api.campaigns import AHEAD, binding_campaigns, campaign_of, find_prospects, measures
from acceptance_api.rulesets import Layer, RuleSet
from tests.campaigns.drawing import content, overlay, passage

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def rule_set(name: str = "example", *, document: dict[str, Any] | None = None, **changes: Any) -> RuleSet:  # noqa: ANN401 - as in RuleSet
    """A campaign of the national agency, approved a month ago, in force since yesterday for three days."""
    made = RuleSet(
        layer=Layer.CAMPAIGN,
        owner_id=UUID(int=7),
        kind="campaign",
        name=name,
        edition=1,
        starts_at=NOON - DAY,
        ends_at=NOON + 2 * DAY,
        content=document or content(),
        digest=bytes(32),
        approved_at=NOON - 30 * DAY,
    )
    return replace(made, **changes)


def prospects(*sets: RuleSet, division: str = "310101", at: datetime = NOON) -> list[tuple[str, bool]]:
    """Version of each, and whether it is in force."""
    return [(one.rule_set.version, one.is_in_force) for one in find_prospects(sets, division=division, at=at)]


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        pytest.param({}, [("example@1", True)], id="in force"),
        pytest.param({"starts_at": NOON}, [("example@1", True)], id="from its first instant"),
        pytest.param({"starts_at": NOON + SECOND}, [("example@1", False)], id="in a second"),
        pytest.param({"starts_at": NOON + AHEAD, "ends_at": None}, [("example@1", False)], id="in just 14 days"),
        pytest.param({"starts_at": NOON + AHEAD + SECOND, "ends_at": None}, [], id="later than 14 days"),
        pytest.param({"ends_at": NOON}, [], id="over"),
        pytest.param({"ends_at": NOON + SECOND}, [("example@1", True)], id="nearly over"),
        pytest.param({"approved_at": None}, [], id="nobody has approved it"),
        pytest.param({"jurisdiction": "31"}, [("example@1", True)], id="of the outlet's own agency"),
        pytest.param({"jurisdiction": "1401"}, [], id="of an agency elsewhere"),
        pytest.param({"layer": Layer.BRAND, "kind": "goods", "content": {}}, [], id="no campaign"),
        pytest.param(
            {"content": content(applies_to={"origin": ["1401"], "destination": ["CORE"]})}, [], id="not its business"
        ),
    ],
)
def test_an_outlet_sees_what_concerns_it_now_and_in_the_next_14_days(
    changes: dict[str, Any], seen: list[tuple[str, bool]]
) -> None:
    assert prospects(rule_set(**changes)) == seen


def test_a_later_edition_stands_for_the_earlier() -> None:
    first, second = rule_set(), rule_set(edition=2, starts_at=NOON + 5 * DAY, ends_at=None, approved_at=NOON - DAY)

    assert prospects(first, second) == [("example@2", False)]
    assert prospects(first, second, at=NOON - DAY - SECOND) == [("example@1", False)]
    assert prospects(first) == [("example@1", True)]


def test_what_begins_first_stands_first() -> None:
    later, sooner, now = rule_set("c", starts_at=NOON + DAY), rule_set("b", starts_at=NOON + SECOND), rule_set("a")

    assert [version for version, _ in prospects(later, sooner, now)] == ["a@1", "b@1", "c@1"]


def test_only_overlays_that_concern_the_outlet_are_shown() -> None:
    local = overlay("daily_zero_report", applies_to={"origin": ["12"]})
    (seen,) = find_prospects([rule_set(document=content(overlay(), local))], division="310101", at=NOON)

    assert [one.kind for _, one in seen.overlays] == ["screen_100"]


def test_binding_campaigns_are_those_in_force_of_agencies_that_supervise_the_outlet() -> None:
    sets = [
        rule_set("national"),
        rule_set("taiyuan", jurisdiction="1401"),
        rule_set("soon", starts_at=NOON + SECOND),
        rule_set("brand", layer=Layer.BRAND, kind="goods", content={}),
    ]

    at_home = binding_campaigns(sets, division="140105", at=NOON)
    elsewhere = binding_campaigns(sets, division="310101", at=NOON)

    assert [version for version, _ in at_home] == ["national@1", "taiyuan@1"]
    assert [version for version, _ in elsewhere] == ["national@1"]
    assert measures(at_home, passage("140105")).screening_required_by == ("national@1", "taiyuan@1")


def test_an_edition_is_read_once() -> None:
    one = rule_set("read-once")

    assert campaign_of(one) is campaign_of(one)
    assert campaign_of(one) != campaign_of(replace(one, edition=2, content=content(name_en="Another")))
