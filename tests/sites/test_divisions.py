"""Divisions are found by code, and named in full."""

import pytest

from acceptance_api.sites.divisions import Level, find_division, is_known, parts_of, province_of


@pytest.mark.parametrize(
    ("code", "level", "full_name"),
    [
        pytest.param("110000", Level.PROVINCE, "北京市", id="municipality"),
        pytest.param("110105", Level.COUNTY, "北京市朝阳区", id="district of a municipality"),
        pytest.param("500229", Level.COUNTY, "重庆市城口县", id="county of a municipality"),
        pytest.param("440300", Level.CITY, "广东省深圳市", id="city"),
        pytest.param("440305", Level.COUNTY, "广东省深圳市南山区", id="district"),
        pytest.param("429004", Level.COUNTY, "湖北省仙桃市", id="county directly under a province"),
        pytest.param("659001", Level.COUNTY, "新疆维吾尔自治区石河子市", id="county directly under a region"),
        pytest.param("441900", Level.CITY, "广东省东莞市", id="city without counties"),
        pytest.param("710000", Level.PROVINCE, "台湾省", id="Taiwan"),
        pytest.param("810000", Level.PROVINCE, "香港特别行政区", id="Hong Kong"),
        pytest.param("820000", Level.PROVINCE, "澳门特别行政区", id="Macau"),
    ],
)
def test_a_division_has_a_level_and_a_full_name(code: str, level: Level, full_name: str) -> None:
    division = find_division(code)

    assert division is not None
    assert (division.code, division.level, division.full_name) == (code, level, full_name)
    assert full_name.endswith(division.name)


@pytest.mark.parametrize(
    "code",
    ["", "11", "999999", "1101050", "１１０１０５", "110105\n", "441903", "830000", "abcdef"],
)
def test_what_is_not_a_division_is_unknown(code: str) -> None:
    assert not is_known(code)
    assert find_division(code) is None
    assert parts_of(code) == ()


def test_the_parts_of_a_district_are_its_province_its_city_and_itself() -> None:
    assert [part.name for part in parts_of("440305")] == ["广东省", "深圳市", "南山区"]


def test_a_province_is_its_own_only_part() -> None:
    assert [part.code for part in parts_of("110000")] == ["110000"]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        pytest.param("110105", "北京市", id="known"),
        pytest.param("110103", "北京市", id="abolished district"),
        pytest.param("990000", None, id="no such province"),
        pytest.param("11", None, id="too short"),
        pytest.param("11\u00b2000", None, id="not ASCII"),
        pytest.param("11abcd", None, id="not digits"),
    ],
)
def test_the_province_is_told_even_where_the_code_is_unknown(code: str, name: str | None) -> None:
    province = province_of(code)

    assert (province.name if province else None) == name


def test_all_34_provinces_are_there() -> None:
    assert sum(is_known(f"{number}0000") for number in range(10, 100)) == 34
