"""The observed campaigns, measure by measure, and at the edges of their windows."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from acceptance_api.campaigns import (
    NOTHING,
    Measures,
    ObservedCampaign,
    OverlayKind,
    Passage,
    as_content,
    history,
    measures,
    overlays_concerning,
    unknown_divisions,
)
from acceptance_api.kernel.clock import SHANGHAI
from acceptance_api.rulesets import Layer, RuleSet, in_force
from tests.campaigns.drawing import passage

HISTORY = {one.name: one for one in history()}
FROM_SHANGHAI = passage("310101", "110105")
FROM_TAIYUAN = passage("140105", "110105")
FROM_ZAOZHUANG = passage("370402", "110105")
WITHIN_BEIJING = passage("110108", "110105")
OUT_OF_BEIJING = passage("110105", "310101")
SECOND = timedelta(seconds=1)


def asked(name: str, way: Passage) -> Measures:
    """What one observed campaign asks of a parcel while it is in force."""
    return measures([(f"{name}@1", HISTORY[name].campaign)], way)


def asked_for(found: Measures) -> set[str]:
    """What is asked at all."""
    return {one.name for one in fields(Measures) if getattr(found, one.name)}


def bans(found: Measures, code: str) -> set[tuple[bool, bool]]:
    """The bans of these goods: on acceptance, on delivery."""
    return {
        (one.ban.on_acceptance, one.ban.on_delivery)
        for one in found.item_bans
        if one.ban.names(code, code.partition("-")[0])
    }


def china(year: int, month: int, day: int) -> datetime:
    """The first instant of a day in China."""
    return datetime(year, month, day, tzinfo=SHANGHAI)


def rule_set_of(observed: ObservedCampaign) -> RuleSet:
    """The rule set that carries an observed campaign, approved long before."""
    return RuleSet(
        layer=Layer.CAMPAIGN,
        owner_id=UUID(int=7),
        kind="campaign",
        name=observed.name,
        edition=1,
        starts_at=observed.starts_at,
        ends_at=observed.ends_at,
        content=observed.content,
        digest=bytes(32),
        approved_at=datetime(2000, 1, 1, tzinfo=UTC),
    )


# --- all of them ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", HISTORY)
def test_an_observed_campaign_is_spelt_as_it_would_be_written(name: str) -> None:
    assert as_content(HISTORY[name].campaign) == HISTORY[name].content
    assert unknown_divisions(HISTORY[name].campaign) == ()


def test_the_campaigns_of_the_dossier_are_there() -> None:
    assert HISTORY.keys() >= {
        "national-day-2009",
        "parade-2015",
        "party-centenary-2021-taiyuan",
        "party-congress-2022",
        "two-sessions-2023",
        "universiade-2023",
        "two-sessions-2024-zaozhuang",
        "two-sessions-2025",
    }


@pytest.mark.parametrize(
    ("name", "starts", "ends"),
    [
        pytest.param("national-day-2009", china(2009, 9, 15), china(2009, 10, 9), id="60th National Day"),
        pytest.param("parade-2015", china(2015, 8, 15), china(2015, 9, 6), id="parade"),
        pytest.param("national-day-2019", china(2019, 9, 15), china(2019, 10, 3), id="70th National Day"),
        pytest.param("party-centenary-2021-taiyuan", china(2021, 6, 21), None, id="centenary: no end is stated"),
        pytest.param("winter-olympics-2022", china(2022, 1, 25), china(2022, 3, 14), id="Winter Olympics"),
        pytest.param("party-congress-2022", china(2022, 10, 1), china(2022, 10, 23), id="Congress: closing day, 24:00"),
        pytest.param("two-sessions-2023", china(2023, 2, 25), china(2023, 3, 14), id="Two Sessions 2023"),
        pytest.param("universiade-2023", china(2023, 7, 28), china(2023, 8, 9), id="Universiade"),
        pytest.param("asian-games-2023-hangzhou", china(2023, 9, 16), china(2023, 10, 29), id="Asian Games"),
        pytest.param("asian-games-2023-venues", china(2023, 9, 16), china(2023, 10, 9), id="Asian Games, elsewhere"),
        pytest.param("two-sessions-2024-zaozhuang", china(2024, 3, 7), china(2024, 3, 12), id="Two Sessions 2024"),
        pytest.param("two-sessions-2025", china(2025, 2, 24), china(2025, 3, 12), id="Two Sessions 2025"),
    ],
)
def test_a_campaign_binds_from_its_first_to_its_last_second(name: str, starts: datetime, ends: datetime | None) -> None:
    sets = [rule_set_of(one) for one in history()]

    def binds(at: datetime) -> bool:
        return name in {one.name for one in in_force(sets, at=at)}

    assert [binds(starts + shift) for shift in (-SECOND, timedelta(0), SECOND)] == [False, True, True]
    if ends is None:
        assert binds(starts + timedelta(days=3650))
    else:
        assert [binds(ends + shift) for shift in (-SECOND, timedelta(0), SECOND)] == [True, False, False]


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        pytest.param("party-congress-2022", True, True, id="both were read"),
        pytest.param("party-centenary-2021-taiyuan", True, False, id="no end was read"),
        pytest.param("two-sessions-2024-zaozhuang", False, False, id="the report's day is no beginning"),
        pytest.param("two-sessions-2025", False, False, id="nor is that of a meeting"),
        pytest.param("universiade-2023", False, False, id="the days of the games are remembered"),
    ],
)
def test_a_window_says_whether_it_was_read(name: str, *, start: bool, end: bool) -> None:
    period = HISTORY[name].campaign.period

    assert (period.starts.verified, period.ends.verified) == (start, end)


@pytest.mark.parametrize(
    "name", [name for name in HISTORY if name not in {"universiade-2023", "two-sessions-2025", "parade-2015"}]
)
def test_a_parcel_to_somewhere_else_is_not_bound(name: str) -> None:
    assert asked(name, passage("140105", "440305")) == NOTHING


# --- one by one -------------------------------------------------------------------------------------------------------


def test_2009_names_and_numbers_of_senders_and_addressees() -> None:
    found = asked("national-day-2009", FROM_SHANGHAI)

    assert found.identity_even_if_agreement_by == ("national-day-2009@1",)
    assert found.addressee_identity_by == ("national-day-2009@1",)


def test_2009_what_cannot_be_recognised_is_not_accepted() -> None:
    assert asked("national-day-2009", FROM_SHANGHAI).unknown_substances_refused_by == ("national-day-2009@1",)


def test_2009_every_item_is_checked_agreement_or_not() -> None:
    found = asked("national-day-2009", FROM_SHANGHAI)

    assert (found.sampling_ratio, found.sampling_ratio_by) == (Decimal(1), ("national-day-2009@1",))
    assert not found.screening_required_by


def test_2009_out_of_beijing_nothing_is_asked() -> None:
    assert asked("national-day-2009", OUT_OF_BEIJING) == NOTHING


def test_2015_no_small_aircraft_in_beijing() -> None:
    assert bans(asked("parade-2015", OUT_OF_BEIJING), "R-LSS-01") == {(True, False)}
    assert bans(asked("parade-2015", FROM_SHANGHAI), "R-LSS-01") == {(True, True)}
    assert bans(asked("parade-2015", passage("310101", "440305")), "R-LSS-01") == set()


def test_2015_into_beijing_twice_through_the_machine() -> None:
    found = asked("parade-2015", FROM_SHANGHAI)

    assert found.screening_required_by == found.rescreen_at_destination_by == ("parade-2015@1",)


def test_2015_every_parcel_into_beijing_bears_its_sticker() -> None:
    texts = [one.duty.text_zh for one in asked("parade-2015", FROM_SHANGHAI).outlet_duties]

    assert any("已验视" in text for text in texts)


def test_2015_within_beijing_nobody_screens_twice() -> None:
    assert not asked("parade-2015", WITHIN_BEIJING).rescreen_at_destination_by


def test_2019_parcels_within_beijing_are_screened_again_too() -> None:
    found = asked("national-day-2019", WITHIN_BEIJING)

    assert found.rescreen_at_destination_by == found.return_without_mark_by == ("national-day-2019@1",)
    assert found.screening_required_by == found.mark_per_parcel_by == ("national-day-2019@1",)


def test_2019_toys_that_look_like_bombs_are_not_accepted() -> None:
    assert bans(asked("national-day-2019", FROM_SHANGHAI), "R-TOY-02") == {(True, False)}


def test_2021_taiyuan_screens_and_marks_every_single_parcel_to_beijing() -> None:
    found = asked("party-centenary-2021-taiyuan", FROM_TAIYUAN)

    assert found.screening_required_by == found.mark_per_parcel_by == ("party-centenary-2021-taiyuan@1",)


def test_2021_taiyuan_neither_accepts_nor_delivers_aircraft_for_beijing() -> None:
    assert bans(asked("party-centenary-2021-taiyuan", FROM_TAIYUAN), "R-LSS-01") == {(True, True)}


def test_2021_taiyuan_binds_no_other_city() -> None:
    assert asked("party-centenary-2021-taiyuan", FROM_SHANGHAI) == NOTHING
    assert asked("party-centenary-2021-taiyuan", passage("140105", "310101")) == NOTHING


def test_2022_games_are_screened_again_in_both_cities_and_between_them() -> None:
    for way in (FROM_SHANGHAI, passage("310101", "130702"), passage("130702", "110105"), passage("110105", "130702")):
        found = asked("winter-olympics-2022", way)

        assert found.rescreen_at_destination_by == found.return_without_mark_by == ("winter-olympics-2022@1",)
    assert not asked("winter-olympics-2022", WITHIN_BEIJING).rescreen_at_destination_by


def test_2022_games_know_key_parts_of_aircraft() -> None:
    assert bans(asked("winter-olympics-2022", FROM_SHANGHAI), "R-LSS-06") == {(True, True)}


def test_2022_a_parcel_into_beijing_without_a_screening_mark_is_returned() -> None:
    assert asked("party-congress-2022", FROM_SHANGHAI).return_without_mark_by == ("party-congress-2022@1",)


def test_2022_a_parcel_into_beijing_is_screened_at_origin_and_again_before_delivery() -> None:
    found = asked("party-congress-2022", FROM_SHANGHAI)

    assert found.screening_required_by == found.rescreen_at_destination_by == ("party-congress-2022@1",)


def test_2022_within_beijing_checks_are_stronger_but_nothing_is_into_beijing() -> None:
    found = asked("party-congress-2022", WITHIN_BEIJING)

    assert found.screening_required_by == ("party-congress-2022@1",)
    assert not found.rescreen_at_destination_by
    assert not found.return_without_mark_by


def test_2022_letters_and_agreement_customers_stay_exempt() -> None:
    found = asked("party-congress-2022", FROM_SHANGHAI)

    assert not found.identity_even_if_agreement_by
    assert found.sampling_ratio is None


def test_2022_whoever_refuses_registration_is_not_served() -> None:
    texts = [one.duty.text_zh for one in asked("party-congress-2022", FROM_SHANGHAI).outlet_duties]

    assert any("人证不一致" in text and "一律不予收寄" in text for text in texts)


def test_2023_a_parcel_into_beijing_is_screened_again_before_delivery() -> None:
    assert asked("two-sessions-2023", FROM_SHANGHAI).rescreen_at_destination_by == ("two-sessions-2023@1",)
    assert not asked("two-sessions-2023", WITHIN_BEIJING).rescreen_at_destination_by


@pytest.mark.parametrize("code", ["R-LSS-01", "R-LSS-02", "R-LSS-03", "R-LSS-04", "R-LSS-05"])
def test_2023_aircraft_are_neither_accepted_for_beijing_nor_delivered_there(code: str) -> None:
    assert bans(asked("two-sessions-2023", FROM_SHANGHAI), code) == {(True, True)}
    assert bans(asked("two-sessions-2023", WITHIN_BEIJING), code) == {(True, True)}
    assert bans(asked("two-sessions-2023", OUT_OF_BEIJING), code) == set()


def test_2023_sweaters_may_go_to_beijing() -> None:
    assert bans(asked("two-sessions-2023", FROM_SHANGHAI), "G-01") == set()


def test_2023_the_moat_is_seven_provinces() -> None:
    rings = HISTORY["two-sessions-2023"].campaign.rings

    assert rings["MOAT"].divisions == {"11", "12", "13", "14", "15", "21", "37"}
    assert rings["CORE"].divisions == {"11"}
    assert rings["MOAT"].verified


def test_universiade_reminds_and_decides_nothing() -> None:
    found = asked("universiade-2023", passage("440305", "510104"))

    assert asked_for(found) == {"outlet_duties"}
    assert any("人证相符" in one.duty.text_zh for one in found.outlet_duties)


def test_asian_games_last_longer_in_hangzhou_than_elsewhere() -> None:
    hangzhou, venues = "asian-games-2023-hangzhou", "asian-games-2023-venues"

    assert HISTORY[hangzhou].ends_at == china(2023, 10, 29)
    assert asked(hangzhou, passage("310101", "330102")).rescreen_at_destination_by == (f"{hangzhou}@1",)
    assert asked(venues, passage("310101", "330225")).mark_per_parcel_by == (f"{venues}@1",)
    assert asked(venues, passage("310101", "330102")) == NOTHING
    assert asked(hangzhou, passage("310101", "330225")) == NOTHING


def test_2024_zaozhuang_returns_what_was_not_screened_again() -> None:
    found = asked("two-sessions-2024-zaozhuang", FROM_ZAOZHUANG)

    assert found.rescreen_at_destination_by == found.return_without_mark_by == ("two-sessions-2024-zaozhuang@1",)
    assert any("通报" in one.duty.text_zh for one in found.outlet_duties)


def test_2024_zaozhuang_accepts_no_aircraft_for_beijing() -> None:
    assert bans(asked("two-sessions-2024-zaozhuang", FROM_ZAOZHUANG), "R-LSS-05") == {(True, True)}
    assert asked("two-sessions-2024-zaozhuang", FROM_SHANGHAI) == NOTHING


def test_2025_outlets_are_told_what_to_look_after() -> None:
    found = asked("two-sessions-2025", FROM_SHANGHAI)
    texts = "".join(one.duty.text_zh for one in found.outlet_duties)

    assert asked_for(found) == {"outlet_duties"}
    for word in ("三项制度", "消防", "个人信息", "统一管理责任", "矛盾纠纷", "第一时间", "内圈保核心"):
        assert word in texts, word


def test_no_observed_campaign_asked_for_what_the_dossier_only_remembers() -> None:
    kinds = {overlay.kind for one in history() for overlay in one.campaign.overlays}

    assert OverlayKind.DAILY_ZERO_REPORT not in kinds
    assert OverlayKind.FREEZE_CONFIG_CHANGES not in kinds


def test_a_campaign_for_beijing_concerns_every_outlet_and_taiyuans_only_taiyuan() -> None:
    assert overlays_concerning(HISTORY["two-sessions-2023"].campaign, "440305")
    assert overlays_concerning(HISTORY["party-centenary-2021-taiyuan"].campaign, "140105")
    assert not overlays_concerning(HISTORY["party-centenary-2021-taiyuan"].campaign, "440305")
