"""Blind tokens: any two spellings of one person give one token, two people give two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acceptance_api.vault import Index
from acceptance_api.vault.blinding import spelled
from acceptance_api.vault.key_store import KeyKind, KeyPlace
from acceptance_api.vault.keys import IndexKey
from acceptance_api.vault.wrapping import wrapped_record

PLACE = KeyPlace(kind=KeyKind.INDEX, owner="owner", scope="2026-11", epoch="2026-11")
KEY = IndexKey(wrapped_record(PLACE, key_id=1, key=bytes(32), wrapping_key=bytes(32)), bytes(range(32)), at=0.0)

_SCRIPTS = ("0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९")
_NOISE = st.sampled_from(["", " ", "\u3000", "\u200b", "\ufeff", "\u202e", "\ufe0f", "\t", "\n"])


@st.composite
def respelled(draw: st.DrawFn, plain: str) -> str:
    """The same characters as somebody else may type them."""
    typed = []
    for character in plain:
        digits = draw(st.sampled_from(_SCRIPTS))
        typed.append(digits[int(character)] if character in _SCRIPTS[0] else character)
        typed.append(draw(_NOISE))
    return "".join(typed)


@given(
    respelled("13800138000"), st.sampled_from(["", "+86", "0086", "86", "+86-", "＋８６ "]), st.sampled_from(["", "\n"])
)
def test_two_spellings_of_a_telephone_number_give_one_token(number: str, prefix: str, end: str) -> None:
    assert _token(Index.PHONE, prefix + number + end) == _token(Index.PHONE, "13800138000")


@given(respelled("11010519491231002"), st.sampled_from("xXｘＸ"), st.sampled_from(["", " ", "\n", "\u200d"]))
def test_two_spellings_of_an_id_number_give_one_token(number: str, check: str, end: str) -> None:
    assert _token(Index.ID_NUMBER, number + check + end) == _token(Index.ID_NUMBER, "11010519491231002X")


@given(respelled("阿卜杜拉"), respelled("买买提"), st.sampled_from("·•‧．・⋅∙.｡・"[:7]), respelled("13800138000"))
def test_two_spellings_of_a_name_give_one_token(given_name: str, family_name: str, dot: str, phone: str) -> None:
    typed = _token(Index.NAME_AND_PHONE, f"{given_name}{dot}{family_name}", phone)
    assert typed == _token(Index.NAME_AND_PHONE, "阿卜杜拉·买买提", "+8613800138000")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(("张三", "13800138000"), ("张四", "13800138000"), id="another name"),
        pytest.param(("张三", "13800138000"), ("张三", "13800138001"), id="another telephone"),
        pytest.param(("张三1", "238"), ("张三", "1238"), id="name and number do not run together"),
    ],
)
def test_two_people_give_two_tokens(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert _token(Index.NAME_AND_PHONE, *one) != _token(Index.NAME_AND_PHONE, *other)


def test_the_old_and_the_new_number_of_one_person_give_one_token() -> None:
    assert _token(Index.ID_NUMBER, "610104620927690") == _token(Index.ID_NUMBER, "610104196209276908")


def test_only_the_last_four_digits_of_the_telephone_matter_beside_the_name() -> None:
    assert spelled(Index.NAME_AND_PHONE, "张三", "13800138000") == spelled(Index.NAME_AND_PHONE, "张三", "13911118000")


def test_one_value_has_another_token_in_another_index() -> None:
    assert _token(Index.PHONE, "13800138000") != _token(Index.ID_NUMBER, "13800138000")


def test_tokens_are_signed_64_bit_and_stay_what_they_are() -> None:
    assert _token(Index.PHONE, "13800138000") == 4981495947052148994  # by an independent HMAC
    assert -(2**63) <= _token(Index.ID_NUMBER, "11010519491231002X") < 2**63


@pytest.mark.parametrize("index", list(Index))
def test_the_number_of_values_must_be_that_of_the_index(index: Index) -> None:
    with pytest.raises(ValueError, match="number of values") as caught:
        spelled(index, "张三", "13800138000", "extra")
    assert "张" not in str(caught.value)


def _token(index: Index, *values: str) -> int:
    return KEY.token(index, spelled(index, *values))
