"""A clerk finds goods by whatever she types."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acceptance_api.goods import Goods, MatchKind, edition_on
from acceptance_api.goods.misspelling import distance

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


@pytest.mark.parametrize(
    ("text", "code", "kind"),
    [
        pytest.param("打火几", "P04-10", MatchKind.HOMOPHONE, id="sounds alike"),
        pytest.param("鞭泡", "P03-06", MatchKind.HOMOPHONE, id="sounds alike, of two characters"),
        pytest.param("打火杌", "P04-10", MatchKind.MISSPELT, id="looks alike"),
        pytest.param("洒精", "P05-10", MatchKind.MISSPELT, id="looks alike, of two characters"),
        pytest.param("打机火", "P04-10", MatchKind.MISSPELT, id="characters changed places"),
        pytest.param("打火火机", "P04-10", MatchKind.CONTAINED, id="a character too many, and a synonym within"),
        pytest.param("离子锂电池", "R-06", MatchKind.CONTAINED, id="a description that holds a synonym"),
        pytest.param("dahuoij", "P04-10", MatchKind.MISSPELT, id="pinyin with letters swapped"),
        pytest.param("dahouji", "P04-10", MatchKind.MISSPELT, id="pinyin with vowels swapped"),
        pytest.param("dahuji", "P04-10", MatchKind.MISSPELT, id="pinyin with a letter missing"),
        pytest.param("dahuooji", "P04-10", MatchKind.MISSPELT, id="pinyin with a letter too many"),
        pytest.param("ligther", "P04-10", MatchKind.MISSPELT, id="English with letters swapped"),
        pytest.param("lightter", "P04-10", MatchKind.MISSPELT, id="English with a letter too many"),
        pytest.param("Gazoline", "P05-01", MatchKind.MISSPELT, id="English with a wrong letter"),
        pytest.param("gassoleen", "P05-01", None, id="too many errors"),
        pytest.param("batery lead", "P11-04", MatchKind.MISSPELT, id="one word of two"),
        pytest.param("firecrakcres", "P03-06", MatchKind.MISSPELT_TWICE, id="two errors in a long word"),
    ],
)
def test_misspelt_goods_are_found(text: str, code: str, kind: MatchKind | None) -> None:
    found = {match.goods.code: match.kind for match in EDITION.search(text)}

    assert found.get(code) == kind


def test_what_is_misspelt_comes_after_what_is_not() -> None:
    for text in ("lighter fuel", "dianchi", "电地", "baozha", "gas", "mao", "酒清", "huoj"):
        kinds = [match.kind for match in EDITION.search(text, limit=100)]
        assert kinds == sorted(kinds)


@pytest.mark.parametrize("text", ["打火机", "lighter", "P04-10", "gasoline", "酒精"])
def test_what_is_called_so_exactly_is_not_misspelt(text: str) -> None:
    found = EDITION.search(text, limit=100)

    assert found[0].kind <= MatchKind.SYNONYM
    assert [match for match in found if match.kind >= MatchKind.HOMOPHONE] == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("打印机", "打火机", id="another character in a short name"),
        pytest.param("炮鞭", "鞭炮", id="two characters the other way round"),
        pytest.param("刀", "匕首", id="one character"),
        pytest.param("cap", "Chlorate cap", id="three letters"),
        pytest.param("oxide5", "Peroxides", id="a digit"),
    ],
)
def test_another_word_is_no_misspelling(text: str, name: str) -> None:
    near = [match for match in EDITION.search(text, limit=100) if match.kind >= MatchKind.HOMOPHONE]

    assert name not in {word for match in near for word in (match.goods.name_zh, match.goods.name_en)}


def _transposed(word: str, at: int) -> str:
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


LATIN = sorted({word for goods in EDITION.goods for word in goods.name_en.lower().split() if word.isalpha()})


@given(data=st.data(), word=st.sampled_from([one for one in LATIN if len(one) >= 5]))
def test_any_one_error_in_an_english_name_is_forgiven(data: st.DataObject, word: str) -> None:
    at = data.draw(st.integers(0, len(word) - 2))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    wrong = data.draw(
        st.sampled_from(
            [
                word[:at] + letter + word[at + 1 :],
                word[:at] + letter + word[at:],
                word[:at] + word[at + 1 :],
                _transposed(word, at),
            ]
        )
    )
    wanted = {one.code for one in EDITION.goods if word in one.name_en.lower().split()}
    found = EDITION.search(wrong, limit=1_000)

    assert wanted <= {match.goods.code for match in found} or any(m.kind <= MatchKind.SYNONYM for m in found)


@given(
    goods=st.sampled_from([one for one in EDITION.goods if len(one.name_zh) >= 4]),
    at=st.integers(0, 3),
    character=st.sampled_from("的一是在不了有和"),
)
def test_any_one_wrong_character_in_a_long_name_is_forgiven(goods: Goods, at: int, character: str) -> None:
    wrong = goods.name_zh[:at] + character + goods.name_zh[at + 1 :]

    assert goods in [match.goods for match in EDITION.search(wrong, limit=1_000)]


@given(one=st.text("abcd", max_size=7), other=st.text("abcd", max_size=7))
def test_errors_are_counted_alike_from_both_sides(one: str, other: str) -> None:
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) is (one == other)
    assert abs(len(one) - len(other)) <= distance(one, other) <= max(len(one), len(other))
