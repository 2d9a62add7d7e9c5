"""What a mask hides, for any text: GB/T 41833-2022."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acceptance_api.disclosure import Mask
from acceptance_api.disclosure.masks import HIDDEN, masked
from acceptance_api.kernel.spelling import fold, normal_phone

ANYTHING = st.text(max_size=60)
HOUSES = (
    "3号楼2单元1801室", "12号", "十二号", "12栋A座1203", "5幢6-201", "3-2-1801", "二单元301户", "6层", "负一层12铺",
    "三号院东单元左户", "甲座", "地下室7", "8楼802房", "301", "A1203", "１８０１室", "①栋", "三组7号", "5队12户",
    "Building 3 Room 1801", "123弄4号502室", "七〇一室", "大厦1702",
)  # fmt: skip
DIVISIONS = (
    "广东省深圳市南山区", "北京市朝阳区", "北京朝阳区", "内蒙古自治区呼伦贝尔市鄂温克族自治旗", "江苏省南京市鼓楼区",
    "福建省厦门市思明区",
    "甘肃省临夏回族自治州积石山保安族东乡族撒拉族自治县", "河南省郑州市二七区", "安徽省六安市", "",
)  # fmt: skip
STREETS = ("科技路", "人民东路", "粤海街道科技园路", "王集乡", "阳光花园", "经十路", "中关村大街", "")
SHOWN_OF_A_HOUSE = re.compile(r"\d|号|单元|栋|幢|室|座|户|层|楼$|房|弄|组|队")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("张三", "张**", id="two characters"),
        pytest.param("王 小 明", "王**", id="blanks"),
        pytest.param("欧阳小明", "欧**", id="a compound surname"),
        pytest.param("买买提·吐尔逊", "买**", id="a middle dot"),
        pytest.param("𠮷田", "𠮷**", id="beyond the basic plane"),
        pytest.param("John Smith", "J**", id="Latin"),
        pytest.param("张", "**", id="one character"),
        pytest.param("张\u200b", "**", id="one that is seen"),
        pytest.param("", "**", id="empty"),
        pytest.param("\ud800", "**", id="half a character"),
    ],
)
def test_a_name_shows_its_first_character_and_not_its_length(name: str, shown: str) -> None:
    assert masked(Mask.NAME, name) == shown


@given(ANYTHING)
def test_a_name_hides_at_least_one_character_of_any_text(text: str) -> None:
    shown = masked(Mask.NAME, text).rstrip("*")

    assert len(shown) <= 1
    assert len(shown) < max(1, len(fold(text)))


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        pytest.param("13812345678", "13*******78", id="mobile"),
        pytest.param("+86 138-1234-5678", "13*******78", id="mobile with a country code"),
        pytest.param("１３８１２３４５６７８", "13*******78", id="full-width"),
        pytest.param("010-62345678", "01*******78", id="landline, eight digits after the area code"),
        pytest.param("0372-1234567", "03*******7", id="landline, seven digits after a long area code"),
        pytest.param("010-1234567", "01*******7", id="landline, seven digits after a short area code"),
        pytest.param("(0755) 12345678 转 801", "07*******78", id="landline with an extension"),
        pytest.param("13812345678-1234", "13*******78", id="virtual number with an extension"),
        pytest.param("400-123-4567", "40*******7", id="400 line"),
        pytest.param("62345678", "6*******", id="landline without an area code"),
        pytest.param("1234567", "*******", id="seven digits"),
        pytest.param("12306", "*******", id="short number"),
        pytest.param("+852 9123 4567", "85*******67", id="Hong Kong"),
        pytest.param("+1 (212) 555-1234", "12*******34", id="United States"),
        pytest.param("not a number", "*******", id="no digit at all"),
        pytest.param("", "*******", id="empty"),
    ],
)
def test_a_phone_shows_at_most_two_digits_at_each_end(phone: str, shown: str) -> None:
    assert masked(Mask.PHONE, phone) == shown


PHONES = st.one_of(
    ANYTHING,
    st.text("0123456789+-() 转x#０１２３", max_size=30),
    st.from_regex(r"(\+86|0086|86)?1[3-9][0-9]{9}(-[0-9]{1,6})?", fullmatch=True),
    st.from_regex(r"0(10|2[0-9]|[3-9][0-9]{2})-?[0-9]{7,8}(转[0-9]{1,6})?", fullmatch=True),
)


@given(PHONES)
def test_a_phone_hides_six_digits_of_any_text(phone: str) -> None:
    shown = sum(character != "*" for character in masked(Mask.PHONE, phone))

    assert shown <= max(0, len(normal_phone(phone)) - 6)
    assert shown <= max(0, sum(character.isdecimal() for character in fold(phone)) - 6)
    assert shown <= 4


@given(st.from_regex(r"0(10|2[0-9]|[3-9][0-9]{2})[0-9]{7,8}", fullmatch=True))
def test_a_landline_hides_six_digits_besides_its_area_code(phone: str) -> None:
    _, _, tail = masked(Mask.PHONE, phone).rpartition("*")
    area_code = 3 if phone[1] in "12" else 4

    assert len(phone) - area_code - len(tail) >= 6


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        pytest.param("广东省深圳市南山区科技路1号A座1801室", "广东省深圳市南山区科技路***", id="street and house"),
        pytest.param("北京市朝阳区示例花园3号楼2单元1801室", "北京市朝阳区示例花园***", id="an estate"),
        pytest.param("示例花园3号楼2单元1801室", "示例花园***", id="an estate alone"),
        pytest.param(
            "广东省, 深圳市, 南山区, 粤海街道 科技园路 9 号", "广东省深圳市南山区粤海街道***", id="separators"
        ),
        pytest.param("江苏省南京市鼓楼区中山路5号", "江苏省南京市鼓楼区中山路***", id="楼 in a district"),
        pytest.param("福建省厦门市思明区人民路国际大厦1702", "福建省厦门市思明区人民路***", id="厦 in a city"),
        pytest.param("福建省厦门市国际大厦北区1702", "福建省厦门市***", id="a building's own district"),
        pytest.param("河南省郑州市二七区一马路3号", "河南省郑州市二七区一马路***", id="numerals in names"),
        pytest.param("河南省周口市太康县王集乡李楼村三组12号", "河南省周口市太康县王集乡***", id="rural"),
        pytest.param("河北省保定市易县李家村12号", "河北省保定市易县***", id="a village is not shown"),
        pytest.param(
            "新疆维吾尔自治区伊犁哈萨克自治州霍城县东门街道3栋", "新疆维吾尔自治区伊犁哈萨克自治州霍城县***", id="long"
        ),
        pytest.param("上海市静安区南京西路123弄4号502室", "上海市静安区南京西路***", id="a lane of houses"),
        pytest.param("北京市朝阳区三号院东单元北区", "北京市朝阳区***", id="no digits"),
        pytest.param("阳光小区东单元左户", "阳光小区***", id="an estate and no digits"),
        pytest.param("北京市朝阳区SOHO A座1203", "北京市朝阳区***", id="Latin letters"),
        pytest.param("3号楼1801室，朝阳区，北京市", "***", id="the house first"),
        pytest.param("十二号路五号", "***", id="a number before the street"),
        pytest.param("Room 1801, Building 3, Garden Road, Chaoyang, Beijing", "***", id="English"),
        pytest.param("臺北市信義區市府路45號", "臺北市信義區市府路***", id="traditional characters"),
        pytest.param("香港特别行政区九龙弥敦道100号", "香港特别行政区九龙弥敦道***", id="Hong Kong"),
        pytest.param("", "***", id="empty"),
        pytest.param("\ud800\x00", "***", id="nothing that is seen"),
    ],
)
def test_an_address_shows_the_way_to_the_street(address: str, shown: str) -> None:
    assert masked(Mask.ADDRESS, address) == shown


@given(ANYTHING)
def test_no_number_of_any_text_survives_as_an_address(text: str) -> None:
    shown = masked(Mask.ADDRESS, text)

    assert shown.endswith(HIDDEN)
    assert re.search(r"[\da-zA-Z]", shown) is None


@pytest.mark.parametrize("house", HOUSES)
@given(st.sampled_from(DIVISIONS), st.sampled_from(STREETS))
def test_nothing_of_the_house_is_shown(house: str, division: str, street: str) -> None:
    shown = masked(Mask.ADDRESS, division + street + house).removesuffix(HIDDEN)

    assert (division + street).startswith(shown)


@given(st.text("北京市朝阳区花园路街道号楼单元室户幢座层0123一二三AB-, ", max_size=40))
def test_what_is_kept_of_an_address_names_no_part_of_a_house(text: str) -> None:
    assert SHOWN_OF_A_HOUSE.search(masked(Mask.ADDRESS, text).removesuffix(HIDDEN)) is None


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        pytest.param("11010519491231002X", "1****************X", id="resident number"),
        pytest.param("11010519491231002ｘ", "1****************x", id="full-width"),
        pytest.param("E12345678", "E****************8", id="passport"),
        pytest.param("1234", "***", id="too short to show anything of"),
        pytest.param("", "***", id="empty"),
    ],
)
def test_a_document_number_shows_its_first_and_last_character(number: str, shown: str) -> None:
    assert masked(Mask.DOCUMENT_NUMBER, number) == shown


@given(ANYTHING)
def test_contents_are_hidden_altogether(text: str) -> None:
    assert masked(Mask.HIDDEN, text) == HIDDEN


@given(ANYTHING)
def test_a_document_number_shows_two_characters_of_any_text(text: str) -> None:
    assert len(masked(Mask.DOCUMENT_NUMBER, text).replace("*", "")) <= 2
