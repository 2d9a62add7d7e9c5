"""The catalogue is complete, dated, and says where each rule comes from."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from acceptance_api.goods import Disposal, Document, Verdict, catalogue_editions, edition_on

EDITION = edition_on(date(2026, 1, 1))
STATUTORY = [f"P{number:02d}" for number in range(1, 20)]


def test_the_catalogue_of_2016_is_in_force_from_the_day_it_was_published() -> None:
    assert edition_on(date(2016, 12, 19)).version == "2016-12-19"


def test_no_edition_is_made_up_for_days_before_the_first() -> None:
    with pytest.raises(LookupError, match="2016-12-18"):
        edition_on(date(2016, 12, 18))


def test_editions_stand_in_the_order_of_their_days() -> None:
    days = [edition.valid_from for edition in catalogue_editions()]

    assert days == sorted(days)


def test_there_are_18_classes_the_rest_and_our_own_two() -> None:
    assert [one.code for one in EDITION.classes] == [*STATUTORY, "R", "G"]


def test_every_statutory_class_has_goods_that_are_banned_without_exception() -> None:
    count = Counter(goods.class_code for goods in EDITION.goods)

    assert all(count[code] for code in STATUTORY)
    assert {goods.verdict for goods in EDITION.goods if goods.class_code in STATUTORY} == {Verdict.BAN}
    assert 150 <= sum(count[code] for code in STATUTORY) <= 190


def test_codes_are_unique_and_begin_with_their_class() -> None:
    codes = [goods.code for goods in EDITION.goods]

    assert len(codes) == len(set(codes))
    assert [goods.code for goods in EDITION.goods if not goods.code.startswith(f"{goods.class_code}-")] == []


def test_every_disposal_class_is_used_and_none_is_said_to_be_verified() -> None:
    assert {goods.disposal for goods in EDITION.goods} - {None} == set(Disposal)
    assert not any(one.disposal_verified for one in EDITION.classes)


def test_state_secrets_are_disposed_of_differently_from_other_border_goods() -> None:
    assert [goods.disposal for goods in EDITION.goods if goods.class_code == "P18"] == ["D8", "D8", "D9"]


def test_all_goods_are_named_in_both_languages_and_have_a_source() -> None:
    assert [goods.code for goods in EDITION.goods if not (goods.name_zh and goods.name_en and goods.source)] == []


@pytest.mark.parametrize(
    ("code", "limit", "unit", "verified"),
    [
        pytest.param("R-01", 400, "piece", True, id="cigarettes and cigars together"),
        pytest.param("R-02", 5, "kg", True, id="tobacco leaf"),
        pytest.param("R-03", 5, "kg", True, id="cut tobacco"),
        pytest.param("R-06", 100, "Wh", False, id="lithium-ion"),
        pytest.param("R-09", 2, "g lithium", False, id="lithium-metal"),
    ],
)
def test_limits_say_whether_they_were_read(code: str, limit: int, unit: str, *, verified: bool) -> None:
    goods = EDITION.find(code)

    assert goods is not None
    assert (goods.max_per_item, goods.unit, goods.verified) == (Decimal(limit), unit, verified)


def test_a_limit_has_a_figure_and_a_condition_has_documents() -> None:
    limited = [goods for goods in EDITION.goods if goods.verdict is Verdict.LIMIT]
    conditional = [goods for goods in EDITION.goods if goods.verdict is Verdict.CONDITION]

    assert all(goods.max_per_item is not None for goods in limited)
    assert all(goods.required_documents for goods in conditional)


def test_every_kind_of_document_is_asked_for_somewhere() -> None:
    assert frozenset[Document]().union(*(goods.required_documents for goods in EDITION.goods)) == frozenset(Document)


def test_clerks_can_pick_everyday_goods() -> None:
    everyday = [goods for goods in EDITION.goods if goods.class_code == "G"]

    assert len(everyday) >= 25
    assert {goods.verdict for goods in everyday} == {Verdict.OK}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        pytest.param("打火机", "P04-10", id="name"),
        pytest.param(" LIGHTER", "P04-10", id="English name in another spelling"),
        pytest.param("火机", "P04-10", id="synonym"),
        pytest.param("枪支", "P01-01", id="the first of many with this synonym"),
        pytest.param("固体酒精", "P06-05", id="the whole name, not a part"),
        pytest.param("酒精灯", None, id="more than a name"),
        pytest.param("", None, id="nothing"),
        pytest.param("caps", None, id="a hat is no explosive"),
    ],
)
def test_goods_are_looked_up_by_their_exact_name(name: str, code: str | None) -> None:
    goods = EDITION.find_named(name)

    assert (goods.code if goods else None) == code


def test_a_name_is_never_hidden_by_a_synonym_of_other_goods() -> None:
    assert [goods.code for goods in EDITION.goods if EDITION.find_named(goods.name_zh) != goods] == []
    assert [goods.code for goods in EDITION.goods if EDITION.find_named(goods.name_en) != goods] == []


def test_an_everyday_word_never_names_banned_goods() -> None:
    everyday = [goods for goods in EDITION.goods if goods.verdict is Verdict.OK]
    words = {word: goods for goods in everyday for word in (goods.name_zh, goods.name_en, *goods.synonyms)}

    assert [word for word, goods in words.items() if EDITION.find_named(word) != goods] == []


def test_the_limits_of_batteries_hold_for_each_battery() -> None:
    assert {goods.unit for goods in EDITION.goods if goods.limit_per_piece} == {"Wh", "g lithium"}


def test_goods_banned_from_the_air_only_are_accepted_on_the_ground() -> None:
    perfume = EDITION.find_named("香水")

    assert perfume is not None
    assert (perfume.verdict, perfume.not_by_air) == (Verdict.OK, True)


def test_an_unknown_code_is_not_found() -> None:
    assert EDITION.find("P99-01") is None
