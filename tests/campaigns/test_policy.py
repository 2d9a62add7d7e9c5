"""Which parcels a campaign binds, and what all campaigns together ask of one."""

import sys
from dataclasses import fields
from decimal import Decimal
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acceptance_api.campaigns import (
    NOTHING,
    Campaign,
    Measures,
    OverlayKind,
    Passage,
    applies,
    freezes,
    measures,
    overlays_concerning,
)
from tests.campaigns.drawing import UNHURRIED, campaign, campaigns, overlay, passage, passages

TO_CORE = {"destination": ["CORE"]}
MEASURE_OF = {
    OverlayKind.SCREEN_100: "screening_required_by",
    OverlayKind.SCREEN_MARK_PER_PARCEL: "mark_per_parcel_by",
    OverlayKind.RESCREEN_AT_DESTINATION: "rescreen_at_destination_by",
    OverlayKind.NO_MARK_RETURN: "return_without_mark_by",
    OverlayKind.ID_REQUIRED_EVEN_IF_AGREEMENT: "identity_even_if_agreement_by",
    OverlayKind.RECIPIENT_ID: "addressee_identity_by",
    OverlayKind.UNKNOWN_SUBSTANCE_BAN: "unknown_substances_refused_by",
    OverlayKind.AGREEMENT_SAMPLING_RATIO: "sampling_ratio_by",
    OverlayKind.DUTY_ROSTER_24H: "duty_roster_by",
    OverlayKind.DAILY_ZERO_REPORT: "zero_report_by",
    OverlayKind.FREEZE_CONFIG_CHANGES: "frozen_by",
}


@pytest.mark.parametrize(
    ("scope", "way", "bound"),
    [
        pytest.param({}, passage(), True, id="no condition binds everything"),
        pytest.param(TO_CORE, passage(destination="110105"), True, id="to the core"),
        pytest.param(TO_CORE, passage(destination="120101"), False, id="to somewhere else"),
        pytest.param(TO_CORE, passage("110105", "310101"), False, id="from the core"),
        pytest.param({"destination": ["CORE", "3704"]}, passage(destination="370402"), True, id="any of a kind"),
        pytest.param({"origin": ["1401"], **TO_CORE}, passage("140105"), True, id="all kinds"),
        pytest.param({"origin": ["1401"], **TO_CORE}, passage("140205"), False, id="one kind is not enough"),
        pytest.param({"origin": ["1401"], **TO_CORE}, passage("140105", "310101"), False, id="nor the other"),
        pytest.param({"transport": ["air"]}, passage(transport="air"), True, id="by air"),
        pytest.param({"transport": ["air"]}, passage(transport="ground"), False, id="not by air"),
        pytest.param({"transit": ["MOAT"]}, passage(transit=("310101", "120101")), True, id="through the moat"),
        pytest.param({"transit": ["MOAT"]}, passage(transit=("310101",)), False, id="round the moat"),
        pytest.param({"transit": ["MOAT"]}, passage(), False, id="no way is known yet"),
        pytest.param({**TO_CORE, "inbound": True}, passage("120101", "110105"), True, id="into the core"),
        pytest.param({**TO_CORE, "inbound": True}, passage("110101", "110105"), False, id="within the core"),
        pytest.param({**TO_CORE, "inbound": False}, passage("110101", "110105"), True, id="within it, but to it"),
        pytest.param(
            {"destination": ["110105"]}, passage(destination="110000"), True, id="to Beijing, who knows where"
        ),
        pytest.param({"destination": ["110105"]}, passage(destination="110100"), True, id="nor in which district"),
        pytest.param({"destination": ["110105"]}, passage(destination=None), True, id="to nobody knows where"),
        pytest.param({"destination": ["110105"]}, passage(destination="110101"), False, id="to the next district"),
        pytest.param({"destination": ["1101"]}, passage(destination="120000"), False, id="coarse, but elsewhere"),
        pytest.param({"destination": ["RU"]}, passage(destination=None, country="RU"), True, id="to a country"),
        pytest.param({"destination": ["RU"]}, passage(destination=None, country="US"), False, id="to another country"),
        pytest.param({"destination": ["RU"]}, passage(destination=None), False, id="somewhere at home is not abroad"),
        pytest.param(TO_CORE, passage(destination=None, country="US"), False, id="abroad is not the core"),
        pytest.param({"destination": ["HK"]}, passage(destination="810000"), True, id="Hong Kong by its code"),
        pytest.param({"destination": ["81"]}, passage(destination=None, country="HK"), True, id="and by its country"),
        pytest.param({"origin": ["441901"]}, passage("441900"), True, id="an outlet known by its city alone"),
        pytest.param(
            {"destination": ["110105"], "inbound": True}, passage("110100", "110105"), True, id="perhaps from outside"
        ),
    ],
)
def test_a_scope_says_which_parcels_are_meant(scope: dict[str, Any], way: Passage, *, bound: bool) -> None:
    whole = campaign(applies_to=scope)
    part = campaign(overlay(applies_to=scope))

    assert applies(whole, way) is bound
    assert applies(part, way) is bound
    assert measures([("a@1", whole)], way) == measures([("a@1", part)], way)
    assert (measures([("a@1", whole)], way) == NOTHING) is not bound


def test_an_overlay_can_only_narrow_the_campaign() -> None:
    narrow = campaign(overlay(applies_to={"transport": ["air"]}), applies_to=TO_CORE)

    assert applies(narrow, passage(transport="air"))
    assert not applies(narrow, passage(transport="ground"))
    assert not applies(narrow, passage(destination="310101", transport="air"))


@pytest.mark.parametrize(("kind", "measure"), MEASURE_OF.items(), ids=str)
def test_each_kind_of_overlay_is_its_own_measure(kind: OverlayKind, measure: str) -> None:
    asked = measures([("a@1", campaign(overlay(kind))), ("b@2", campaign(overlay(kind)))], passage())

    assert getattr(asked, measure) == ("a@1", "b@2")
    assert [name for name in MEASURE_OF.values() if getattr(asked, name)] == [measure]


def test_every_kind_of_overlay_is_a_measure() -> None:
    assert {*MEASURE_OF, OverlayKind.ITEM_BAN, OverlayKind.OUTLET_DUTY} == set(OverlayKind)


def test_a_campaign_that_asks_twice_is_named_once() -> None:
    twice = campaign(overlay(), overlay(applies_to=TO_CORE))

    assert measures([("a@1", twice)], passage()).screening_required_by == ("a@1",)


def test_of_several_ratios_the_greatest_counts() -> None:
    def ratio(value: str) -> Campaign:
        return campaign(overlay("agreement_sampling_ratio", ratio=value))

    asked = measures(
        [("a@1", ratio("0.3")), ("b@1", ratio("0.5")), ("c@1", ratio("0.2")), ("d@1", ratio("0.50"))], passage()
    )

    assert (asked.sampling_ratio, asked.sampling_ratio_by) == (Decimal("0.5"), ("b@1", "d@1"))


def test_bans_and_duties_stand_with_the_campaign_that_asks_for_them() -> None:
    asked = measures(
        [
            ("a@1", campaign(overlay("item_ban", goods=["R-LSS-01", "P04"], on=["delivery"]))),
            ("b@1", campaign(overlay("outlet_duty"))),
        ],
        passage(),
    )

    ((version, ban),) = [(one.version, one.ban) for one in asked.item_bans]
    assert (version, ban.on_acceptance, ban.on_delivery) == ("a@1", False, True)
    assert ban.names("R-LSS-01", "R")
    assert ban.names("P04-10", "P04")
    assert not ban.names("R-LSS-02", "R")
    assert [(one.version, one.duty.text_en) for one in asked.outlet_duties] == [("b@1", "Keep watch.")]


def test_without_campaigns_nothing_is_asked() -> None:
    assert measures([], passage()) is NOTHING


def asks_at_least(more: Measures, less: Measures) -> bool:
    """Whether everything that is asked here is asked there too, as strictly."""
    for one in fields(Measures):
        mine, theirs = getattr(more, one.name), getattr(less, one.name)
        if one.name == "sampling_ratio":
            if (mine or 0) < (theirs or 0):
                return False
        elif one.name == "sampling_ratio_by":
            if more.sampling_ratio == less.sampling_ratio and not set(mine) >= set(theirs):
                return False
        elif not all(each in mine for each in theirs):
            return False
    return True


@UNHURRIED
@given(st.lists(campaigns(), max_size=4), campaigns(), passages(), st.data())
def test_one_more_campaign_never_asks_for_less(
    some: list[Campaign], added: Campaign, way: Passage, data: st.DataObject
) -> None:
    before = [(f"c@{i}", one) for i, one in enumerate(some)]
    place = data.draw(st.integers(0, len(before)))
    after = [*before[:place], ("added@1", added), *before[place:]]

    assert asks_at_least(measures(after, way), measures(before, way))


@UNHURRIED
@given(campaigns(), passages())
def test_a_campaign_applies_when_it_asks_for_something(one: Campaign, way: Passage) -> None:
    assert applies(one, way) is (measures([("a@1", one)], way) != NOTHING)


@UNHURRIED
@given(campaigns(), passages())
def test_whatever_binds_a_parcel_concerns_the_outlet_that_accepts_it(one: Campaign, way: Passage) -> None:
    concerning = [overlay for _, overlay in overlays_concerning(one, way.origin)]
    asked = measures([("a@1", one)], way)

    assert {one.ban for one in asked.item_bans} <= set(concerning)
    assert {one.duty for one in asked.outlet_duties} <= set(concerning)
    assert not applies(one, way) or concerning


def test_a_comparison_that_finds_nothing_less_would_prove_nothing() -> None:
    asked = measures([("a@1", campaign(overlay()))], passage())

    assert not asks_at_least(NOTHING, asked)
    assert asks_at_least(asked, NOTHING)


@pytest.mark.parametrize(
    ("scope", "division", "concerned"),
    [
        pytest.param({}, "310101", True, id="everybody"),
        pytest.param(TO_CORE, "310101", True, id="whoever may accept for the core"),
        pytest.param({"origin": ["1401"], **TO_CORE}, "140105", True, id="who accepts"),
        pytest.param({"origin": ["1401"], **TO_CORE}, "110105", True, id="who delivers"),
        pytest.param({"origin": ["1401"], "transit": ["MOAT"]}, "120101", True, id="who passes on"),
        pytest.param({"origin": ["1401"], **TO_CORE}, "310101", False, id="who has nothing to do with it"),
    ],
)
def test_a_campaign_concerns_the_outlets_on_the_way(scope: dict[str, Any], division: str, *, concerned: bool) -> None:
    assert bool(overlays_concerning(campaign(applies_to=scope), division)) is concerned
    assert bool(overlays_concerning(campaign(overlay(applies_to=scope)), division)) is concerned


def test_systems_are_frozen_where_a_campaign_says_so() -> None:
    frozen = campaign(overlay("freeze_config_changes", applies_to={"origin": ["MOAT"]}), overlay())

    assert freezes(frozen, ["310101", "120101"])
    assert not freezes(frozen, ["310101"])
    assert not freezes(frozen, [])
    assert not freezes(campaign(), ["120101"])


@pytest.mark.skipif(sys.gettrace() is not None, reason="whoever traces lines measures the tracing")
@pytest.mark.parametrize(
    "scope",
    [
        pytest.param({"destination": ["65"]}, id="none applies"),
        pytest.param(TO_CORE, id="all apply"),
        pytest.param({**TO_CORE, "inbound": True, "transport": ["ground"], "origin": ["31"]}, id="all conditions"),
    ],
)
def test_five_campaigns_take_less_than_10_microseconds(scope: dict[str, Any]) -> None:
    """The best of 20 rounds: a busy machine slows some of them, a look-up for each parcel all."""
    kinds = [overlay(kind) for kind in OverlayKind]
    five = [(f"c@{i}", campaign(*kinds, overlay(applies_to=TO_CORE), applies_to=scope)) for i in range(5)]
    way = passage()

    rounds = []
    for _ in range(20):
        begun = perf_counter()
        for _ in range(200):
            measures(five, way)
        rounds.append((perf_counter() - begun) / 200)

    assert min(rounds) < 10e-6
