"""One spelling for each person."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from acceptance_api.kernel.spelling import (
    check_character,
    fold,
    is_mobile,
    normal_document_number,
    normal_name,
    normal_phone,
    upgraded,
)

ANY_TEXT = st.text(max_size=30)
NUMBER_LIKE = st.text(alphabet="0123456789０１٣٤+-转x#,;*()/_ HMhmXxｘ\u200b\n", max_size=24)


@given(st.one_of(ANY_TEXT, NUMBER_LIKE))
@example("008686013800138000")
@example("+86+8613800138000")
@example("0086008613800138000")
@example("86+13800138000")
@example("10-12345678")
@example("HM-1234567890")
@example("H1234567801")
@example("610104620927690")
@example("A-\u0301")
@example("+008613800138000")
@example("\u0345\u0345")
@example("İ")
@example("ß")
@example("㎏")
@example("\ud800")
def test_folding_twice_is_folding_once(text: str) -> None:
    for normal in (fold, normal_name, normal_phone, normal_document_number):
        assert normal(normal(text)) == normal(text)


def test_a_plain_han_name_is_left_as_it_is() -> None:
    plain = "".join(map(chr, range(0x4E00, 0xA000)))
    assert normal_name(f"{plain} ") == normal_name(plain) == plain


@given(ANY_TEXT)
def test_a_telephone_number_becomes_ascii_digits(text: str) -> None:
    assert set(normal_phone(text)) <= set("0123456789")


@given(ANY_TEXT)
def test_nothing_invisible_is_left(text: str) -> None:
    assert not any(character.isspace() or character in "\u200b\u200d\ufeff\u202e\ufe0f" for character in fold(text))


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        pytest.param("138 0013 8000", "13800138000", id="blanks"),
        pytest.param("138-0013-8000", "13800138000", id="dashes"),
        pytest.param("１３８００１３８０００", "13800138000", id="full width"),
        pytest.param("١٣٨٠٠١٣٨٠٠٠", "13800138000", id="Arabic digits"),
        pytest.param("+86 13800138000", "13800138000", id="+86"),
        pytest.param("＋８６１３８００１３８０００", "13800138000", id="full-width +86"),
        pytest.param("8613800138000", "13800138000", id="86"),
        pytest.param("008613800138000", "13800138000", id="0086"),
        pytest.param("(+86)13800138000", "13800138000", id="bracketed"),
        pytest.param("13800138000\n", "13800138000", id="trailing newline"),
        pytest.param("13800138000-1234", "13800138000", id="extension of a virtual number"),
        pytest.param("13800138000转1234", "13800138000", id="extension in Chinese"),
        pytest.param("+86-13800138000-1234", "13800138000", id="country code and extension"),
        pytest.param("+86 (138) 0013-8000 转 1234", "13800138000", id="inner dashes and extension"),
        pytest.param("138 0013 8000-1234", "13800138000", id="blanks and extension"),
        pytest.param("138-0013-8000-1234", "13800138000", id="dashes and extension"),
        pytest.param("010-12345678", "01012345678", id="landline"),
        pytest.param("+86 10 12345678", "01012345678", id="landline from abroad"),
        pytest.param("+86 755 1234567", "07551234567", id="seven-digit landline from abroad"),
        pytest.param("8601012345678", "01012345678", id="landline after 86"),
        pytest.param("400-800-1234", "4008001234", id="service line"),
        pytest.param("+86 400-800-1234", "4008001234", id="service line from abroad"),
        pytest.param("13900861234", "13900861234", id="0086 inside a number"),
        pytest.param("13912861391", "13912861391", id="86 inside a number"),
        pytest.param("+86 139 0086 1234", "13900861234", id="0086 after a country code"),
        pytest.param("0086 0086 13800138000", "13800138000", id="country code twice"),
        pytest.param("+0086 13800138000", "13800138000", id="plus and 0086"),
        pytest.param("013800138000", "13800138000", id="trunk zero before a mobile number"),
        pytest.param("+86 013800138000", "13800138000", id="country code and trunk zero"),
        pytest.param("13800138000\u20131234", "13800138000", id="extension behind a long dash"),
        pytest.param("13800138000 ext. 1234", "13800138000", id="extension in English"),
        pytest.param("13800138000分机12", "13800138000", id="extension in Chinese, in full"),
        pytest.param("010-12345678转123", "01012345678", id="landline and extension"),
        pytest.param("0755-8123-4567", "075581234567", id="grouped landline"),
        pytest.param("138****8000", "1388000", id="a masked number is none"),
    ],
)
def test_spellings_of_a_telephone_number_agree(typed: str, normal: str) -> None:
    assert normal_phone(typed) == normal


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        pytest.param("13800138000", True, id="mobile"),
        pytest.param("19912345678", True, id="newest segments"),
        pytest.param("12800138000", False, id="no such segment"),
        pytest.param("1380013800", False, id="too short"),
        pytest.param("138001380001", False, id="too long"),
        pytest.param("1440123456789", False, id="a thing's number, not a person's"),
        pytest.param("13800138000\n", False, id="trailing newline"),
        pytest.param("1３800138000", False, id="unfolded"),
        pytest.param("01012345678", False, id="landline"),
    ],
)
def test_which_numbers_are_mobile(number: str, expected: bool) -> None:  # noqa: FBT001 - a table's column
    assert is_mobile(number) is expected


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        pytest.param("11010519491231002x", "11010519491231002X", id="lower-case check character"),
        pytest.param("１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X", id="full width"),
        pytest.param("110105 19491231 002X", "11010519491231002X", id="blanks"),
        pytest.param("110105-19491231-002X\n", "11010519491231002X", id="dashes and newline"),
        pytest.param("440524188001010014", "440524188001010014", id="nothing to fold"),
        pytest.param("610104620927690", "610104196209276908", id="first generation"),
        pytest.param("150102880730303", "150102198807303035", id="first generation, another"),
        pytest.param("330102200403064", "33010219200403064X", id="first generation ends in X"),
        pytest.param("h12345678", "H12345678", id="home-return permit"),
        pytest.param("H1234567801", "H12345678", id="home-return permit, renewed"),
        pytest.param("M12345678(02)", "M12345678", id="renewal count in brackets"),
        pytest.param("Ｈ１２３４５６７８０２", "H12345678", id="home-return permit in full width"),
        pytest.param("E12345678", "E12345678", id="passport"),
        pytest.param("军字第1234567号", "军字第1234567号", id="military card"),
    ],
)
def test_spellings_of_a_document_number_agree(typed: str, normal: str) -> None:
    assert normal_document_number(typed) == normal


@pytest.mark.parametrize(
    "number",
    [
        "11010519491231002X", "440524188001010014", "360426199101010071", "44011320141005001X", "440308199901101512",
        "44040119580101000X", "140120197901010008", "500154199301135886", "411082198901010002", "412723199010050012",
        "110102199101010078", "321083197812162119", "33010219200403064X", "440305199505132561", "810000199408230021",
        "830000199201300022", "81000019980902013X", "820000200009100032", "830000200209060065", "932682198501010017",
    ],
)  # fmt: skip
def test_the_check_character_of_published_numbers(number: str) -> None:
    assert check_character(number[:17]) == number[17]


@pytest.mark.parametrize("number", ["440308199901101513", "110105194912310021"])
def test_the_check_character_tells_a_wrong_number(number: str) -> None:
    assert check_character(number[:17]) != number[17]


def test_an_upgraded_number_is_of_the_twentieth_century() -> None:
    assert upgraded("610104620927690") == "610104196209276908"


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        pytest.param(" 张 三\u3000", "张三", id="blanks"),
        pytest.param("张\u200b三\ufeff", "张三", id="zero width"),
        pytest.param("张三\n", "张三", id="trailing newline"),
        pytest.param("葛\U000e0100西", "葛西", id="variation selector"),
        pytest.param("阿卜杜拉•买买提", "阿卜杜拉·买买提", id="bullet"),
        pytest.param("阿卜杜拉‧买买提", "阿卜杜拉·买买提", id="hyphenation point"),
        pytest.param("阿卜杜拉．买买提", "阿卜杜拉·买买提", id="full-width stop"),
        pytest.param("阿卜杜拉・买买提", "阿卜杜拉·买买提", id="katakana dot"),
        pytest.param("阿卜杜拉･买买提", "阿卜杜拉·买买提", id="half-width katakana dot"),
        pytest.param("阿卜杜拉 · 买买提", "阿卜杜拉·买买提", id="blanks around the dot"),
        pytest.param("Anna MÜLLER", "annamüller", id="case"),
        pytest.param("Mu\u0308ller", "müller", id="combining accent"),
        pytest.param("𠮷野家", "𠮷野家", id="extension B"),
    ],
)
def test_spellings_of_a_name_agree(typed: str, normal: str) -> None:
    assert normal_name(typed) == normal
