"""The rulebook of a day, and how far every destination is."""

from datetime import date, timedelta

import pytest

from acceptance_api.acceptance import Destination
from acceptance_api.acceptance.bundling import Reaches, _from, reaches_from, rulebook_on
from acceptance_api.acceptance.policy import reach_of
from acceptance_api.acceptance.rules import rules_on
from acceptance_api.goods import Goods, edition_on
from acceptance_api.law import Duty
from acceptance_api.sites import Level, find_division

RENUMBERED_ON = date(2025, 6, 1)
CODES = tuple(code for number in range(110_000, 1_000_000) if find_division(code := str(number)))


def nearest(reaches: Reaches, destination: Destination) -> str:
    """What the table says of a destination: the longest prefix counts."""
    if destination.country != "CN":
        return reaches.countries.get(destination.country, reaches.other_countries)
    division = destination.division or ""
    fitting = [prefix for prefix in reaches.divisions if division.startswith(prefix)]
    return reaches.divisions[max(fitting, key=len)] if fitting else reaches.other_divisions


@pytest.mark.parametrize("origin", ["110105", "310101", "440305", "540102", "419001", "500101"])
def test_the_table_of_reaches_says_what_the_policy_says(origin: str) -> None:
    reaches = reaches_from(origin)
    destinations = [
        *(Destination(country="CN", division=code) for code in (*CODES, "000000", "990101", "810000", "999999")),
        *(Destination(country=code) for code in ("HK", "MO", "TW", "US", "XK", "JP")),
        Destination(country="CN"),
    ]

    assert len(CODES) > 3_000
    assert [d for d in destinations if nearest(reaches, d) != reach_of(origin, d)] == []


def test_every_city_of_the_table_has_its_own_reaches() -> None:
    cities = [code for code in CODES if find_division(code).level is Level.CITY]  # type: ignore[union-attr]

    assert all(nearest(reaches_from(code), Destination(country="CN", division=code)) == "same_city" for code in cities)


@pytest.mark.parametrize(
    ("day", "versions"),
    [
        pytest.param(date(2020, 1, 1), ["2018-05-01", "2025-06-01"], id="what comes is known before it comes"),
        pytest.param(RENUMBERED_ON - timedelta(days=1), ["2018-05-01", "2025-06-01"], id="on the eve"),
        pytest.param(RENUMBERED_ON, ["2025-06-01"], id="what is over is left out"),
    ],
)
def test_the_sets_in_force_and_those_to_come_are_in_it(day: date, versions: list[str]) -> None:
    assert [rules.version for rules in rulebook_on(day).statutory] == versions


def test_before_the_first_set_the_first_counts_and_the_others_are_known() -> None:
    known = _from(date(2017, 1, 1), lambda on: rules_on(on).statutory)

    assert [rules.version for rules in known] == ["2018-05-01", "2025-06-01"]


def test_an_article_that_is_over_is_left_out() -> None:
    before, after = (rulebook_on(day) for day in (RENUMBERED_ON - timedelta(days=1), RENUMBERED_ON))

    assert [one.citation.article for one in before.articles if one.duty is Duty.INSPECTION] == ["31", "32"]
    assert [one.citation.article for one in after.articles if one.duty is Duty.INSPECTION] == ["32"]


def test_tobacco_and_wildlife_cite_their_own_acts() -> None:
    assert rulebook_on(RENUMBERED_ON).duties_of_own_acts == (Duty.TOBACCO, Duty.WILDLIFE)


def test_no_two_goods_of_one_edition_share_a_code() -> None:
    goods: tuple[Goods, ...] = edition_on(RENUMBERED_ON).goods

    assert len({one.code for one in goods}) == len(goods)
