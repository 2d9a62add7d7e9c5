"""A clerk finds goods by whatever she types."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acceptance_api.goods import MatchKind, edition_on

EDITION = edition_on(date(2026, 1, 1))


@pytest.mark.parametrize(
    ("text", "code", "kind"),
    [
        pytest.param("p04-10", "P04-10", MatchKind.CODE, id="code"),
        pytest.param("打火机", "P04-10", MatchKind.NAME, id="name"),
        pytest.param(" 打 火 机 ", "P04-10", MatchKind.NAME, id="blanks"),
        pytest.param("火机", "P04-10", MatchKind.SYNONYM, id="synonym"),
        pytest.param("打火", "P04-10", MatchKind.BEGINNING, id="beginning"),
        pytest.param("子电池", "R-06", MatchKind.PART, id="part"),
        pytest.param("dahuoji", "P04-10", MatchKind.PINYIN, id="pinyin"),
        pytest.param("da huo ji", "P04-10", MatchKind.PINYIN, id="pinyin with blanks"),
        pytest.param("dahuo", "P04-10", MatchKind.PINYIN_BEGINNING, id="beginning of the pinyin"),
        pytest.param("DHJ", "P04-10", MatchKind.INITIALS, id="initials"),
        pytest.param("xnjz", "P17-03", None, id="no such initials"),
        pytest.param("lüfen", "P06-03", MatchKind.PINYIN, id="pinyin with an umlaut"),
        pytest.param("lvfen", "P06-03", MatchKind.PINYIN, id="pinyin as it is typed"),
        pytest.param("LIGHTER", "P04-10", MatchKind.NAME, id="English name"),
        pytest.param("\uff2c\uff49\uff47\uff48\uff54\uff45\uff52", "P04-10", MatchKind.NAME, id="full width"),
        pytest.param("gasoline", "P05-01", MatchKind.SYNONYM, id="English synonym"),
        pytest.param("batt lead", "P11-04", MatchKind.ENGLISH_WORDS, id="beginnings of English words"),
        pytest.param("两个塑料打火机", "P04-10", MatchKind.CONTAINED, id="name within a description"),
    ],
)
def test_goods_are_found(text: str, code: str, kind: MatchKind | None) -> None:
    found = EDITION.search(text)

    assert ((found[0].goods.code, found[0].kind) == (code, kind)) if kind else found == ()


def test_initials_need_not_be_complete() -> None:
    assert MatchKind.INITIALS_BEGINNING in {match.kind for match in EDITION.search("dh", limit=100)}


def test_every_goods_is_among_what_its_name_finds() -> None:
    found = {goods.code: EDITION.search(goods.name_zh) for goods in EDITION.goods}

    assert [goods.code for goods in EDITION.goods if goods not in [one.goods for one in found[goods.code]]] == []


@pytest.mark.parametrize("text", ["", "  ", "\u200b", "???", "zzzzzz"])
def test_nothing_is_found_for_nothing(text: str) -> None:
    assert EDITION.search(text) == ()


def test_no_more_than_asked_for_is_returned() -> None:
    assert len(EDITION.search("a", limit=3)) == 3


def test_better_matches_come_first_and_ties_in_a_fixed_order() -> None:
    found = EDITION.search("电池", limit=100)

    assert [match.kind for match in found] == sorted(match.kind for match in found)
    assert found == EDITION.search("电池", limit=100)


@given(text=st.text(max_size=12))
def test_any_text_may_be_searched(text: str) -> None:
    assert len(EDITION.search(text, limit=5)) <= 5
