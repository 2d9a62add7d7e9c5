"""Bans of goods, said to the catalogue in its own words: exactly, or not at all."""

from typing import Any

import pytest
from hypothesis import given

from acceptance_api.campaigns import Campaign, goods_layer, goods_rules, history
from acceptance_api.goods import parse_layer
from tests.campaigns.drawing import STATED, UNHURRIED, campaign, campaigns, overlay


def rules(scope: dict[str, Any] | None = None, whole: dict[str, Any] | None = None, **ban: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - JSON
    """The rules of one ban, without their sources."""
    one = overlay("item_ban", **ban, **({"applies_to": scope} if scope else {}))
    said = goods_rules(campaign(one, applies_to=whole or {}))
    return [{name: value for name, value in rule.items() if name not in STATED} for rule in said]


@pytest.mark.parametrize(
    ("scope", "whole", "said"),
    [
        pytest.param({}, {}, {"verdict": "ban"}, id="everywhere"),
        pytest.param({"destination": ["CORE", "RU"]}, {}, {"not_to": ["11", "RU"]}, id="to a destination"),
        pytest.param({}, {"destination": ["CORE"]}, {"not_to": ["11"]}, id="by the campaign's own scope"),
        pytest.param(
            {"destination": ["110105", "12"]}, {"destination": ["CORE"]}, {"not_to": ["110105"]}, id="by both"
        ),
        pytest.param({"transport": ["air"]}, {}, {"not_by": ["air"]}, id="by a transport"),
        pytest.param({"origin": ["1401", "CORE"]}, {}, {"verdict": "ban", "only_in": ["11", "1401"]}, id="by origin"),
        pytest.param(
            {"origin": ["14"], "destination": ["CORE"]},
            {"origin": ["1401", "37"]},
            {"only_in": ["1401"], "not_to": ["11"]},
            id="from here to there",
        ),
        pytest.param({"transport": ["air", "ground"]}, {"transport": ["air"]}, {"not_by": ["air"]}, id="by one of two"),
    ],
)
def test_a_ban_is_said_as_a_rule_of_a_layer(scope: dict[str, Any], whole: dict[str, Any], said: dict[str, Any]) -> None:
    assert rules(scope, whole) == [{"about": "R-LSS-01", **said}]


@pytest.mark.parametrize(
    ("scope", "whole"),
    [
        pytest.param({"transit": ["MOAT"]}, {}, id="by transit"),
        pytest.param({"destination": ["CORE"], "inbound": True}, {}, id="inbound only"),
        pytest.param({"destination": ["CORE"], "transport": ["air"]}, {}, id="by destination and transport together"),
        pytest.param({"transport": ["air"]}, {"destination": ["CORE"]}, id="together with the campaign's own"),
        pytest.param({"destination": ["12"]}, {"destination": ["CORE"]}, id="nowhere"),
        pytest.param({"origin": ["12"]}, {"origin": ["CORE"]}, id="from nowhere"),
        pytest.param({"transport": ["air"]}, {"transport": ["ground"]}, id="by nothing"),
    ],
)
def test_what_a_layer_cannot_say_exactly_it_is_not_told(scope: dict[str, Any], whole: dict[str, Any]) -> None:
    assert rules(scope, whole) == []


def test_a_ban_of_delivery_alone_is_none_of_the_counters_catalogue() -> None:
    assert rules(on=["delivery"]) == []


def test_every_code_has_its_rule_with_the_bans_source() -> None:
    one = campaign(overlay("item_ban", goods=["R-LSS-02", "P04"], on=["acceptance", "delivery"]), overlay())

    assert goods_rules(one) == [
        {"about": "P04", "verdict": "ban", **STATED},
        {"about": "R-LSS-02", "verdict": "ban", **STATED},
    ]


def test_aircraft_are_introduced_to_the_catalogue_and_not_sent_to_beijing() -> None:
    (observed,) = [one for one in history() if one.name == "two-sessions-2023"]
    layer = goods_layer(observed.campaign)

    assert {row["name_zh"] for row in layer["goods"]} >= {"低慢小航空器", "无人机", "穿越机"}
    assert {row["verdict"] for row in layer["goods"]} == {"ok"}
    assert [(rule["about"], rule["not_to"]) for rule in layer["rules"]] == [
        (row["code"], ["11"]) for row in layer["goods"]
    ]


@UNHURRIED
@given(campaigns())
def test_the_catalogue_reads_whatever_a_campaign_tells_it(one: Campaign) -> None:
    layer = parse_layer(goods_layer(one))

    assert [goods.code for goods in layer.goods] == [goods.code for goods in one.goods]
    assert len(layer.rules) == len(goods_rules(one))


@pytest.mark.parametrize("observed", history(), ids=lambda observed: observed.name)
def test_the_catalogue_reads_every_observed_campaign(observed: Any) -> None:  # noqa: ANN401 - one of the history
    layer = parse_layer(goods_layer(observed.campaign))

    assert {rule.about for rule in layer.rules} <= {goods.code for goods in layer.goods}
