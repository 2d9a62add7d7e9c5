"""Numbers of documents: every published vector, every fault, and what may only warn."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acceptance_api.identity.documents import check_document
from acceptance_api.identity.model import DocumentFault as F
from acceptance_api.identity.model import DocumentType as D
from acceptance_api.identity.model import DocumentWarning as W
from tests.support.authorities import resident_number

ON = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("number", "faults", "warnings"),
    [
        pytest.param("11010519491231002X", [], [], id="the classic example"),
        pytest.param("11010519491231002x", [], [], id="a small x"),
        pytest.param("１１０１０５ 19491231-002X", [], [], id="full-width digits and separators"),
        pytest.param("440524188001010014", [F.IMPLAUSIBLE_AGE], [], id="born in 1880: nobody is that old today"),
        pytest.param("360426199101010071", [], [], id="an ordinary number"),
        pytest.param("44011320141005001X", [], [W.UNDER_SIXTEEN], id="a child"),
        pytest.param("440308199901101512", [], [], id="a second ordinary number"),
        pytest.param("440308199901101513", [F.WRONG_CHECK_DIGIT], [], id="check digit one off"),
        pytest.param("440308199902301512", [F.WRONG_CHECK_DIGIT, F.IMPOSSIBLE_BIRTH_DATE], [], id="30 February"),
        pytest.param("44040119580101000X", [], [], id="a historic area"),
        pytest.param("140120197901010008", [], [], id="another historic area"),
        pytest.param("500154199301135886", [], [W.AREA_YOUNGER_THAN_BIRTH], id="born before the district was"),
        pytest.param("411082198901010002", [], [W.AREA_YOUNGER_THAN_BIRTH], id="born before the city was"),
        pytest.param("412723199010050012", [], [], id="area abolished later"),
        pytest.param("110102199101010078", [], [], id="district merged later"),
        pytest.param("321083197812162119", [], [], id="an eastern city"),
        pytest.param("33010219200403064X", [], [], id="a centenarian"),
        pytest.param("440305199505132561", [], [], id="a vendor's sample"),
        pytest.param("11204416541220243X", [F.WRONG_CHECK_DIGIT, F.IMPLAUSIBLE_AGE], [], id="born in 1654"),
        pytest.param("110105194912310021", [F.WRONG_CHECK_DIGIT], [], id="the classic example, spoilt"),
        pytest.param("610104620927690", [F.FIRST_GENERATION_CARD], [], id="a card of the first generation"),
        pytest.param("６１０１０４-620927-690", [F.FIRST_GENERATION_CARD], [], id="the same, oddly typed"),
        pytest.param("610104196209276908", [], [], id="the same person's number of today"),
        pytest.param("150102198807303035", [], [], id="a second number that was once shorter"),
        pytest.param("1101051949123100", [F.WRONG_LENGTH], [], id="too short"),
        pytest.param("", [F.WRONG_LENGTH], [], id="nothing"),
        pytest.param("11010519491231X02X", [F.WRONG_CHARACTERS], [], id="a letter inside"),
        pytest.param("11010519491231002X\n", [], [], id="a trailing newline is folded away"),
        pytest.param("810000199408230021", [F.WRONG_AREA_FOR_DOCUMENT], [], id="a residence permit's number"),
        pytest.param(resident_number(area="992301"), [], [W.AREA_UNKNOWN], id="an area nobody knows only warns"),
        pytest.param(resident_number(born="20990101"), [F.BORN_IN_FUTURE], [], id="born in the future"),
    ],
)
def test_a_resident_number(number: str, faults: list[F], warnings: list[W]) -> None:
    check = check_document(D.RESIDENT_ID, number, on=ON)

    assert (list(check.faults), list(check.warnings)) == (faults, warnings)
    assert check_document(D.TEMP_RESIDENT_ID, number, on=ON).faults == check.faults


def test_the_edge_of_the_century_was_once_plausible() -> None:
    assert check_document(D.RESIDENT_ID, "440524188001010014", on=date(2010, 12, 31)).faults == ()


@pytest.mark.parametrize(
    ("presented", "upgraded"),
    [
        ("610104620927690", "610104196209276908"),
        ("150102880730303", "150102198807303035"),
        ("330102200403064", "33010219200403064X"),
    ],
)
def test_a_first_generation_number_is_refused_but_named_as_it_is_today(presented: str, upgraded: str) -> None:
    check = check_document(D.RESIDENT_ID, presented, on=ON)

    assert (check.number, check.faults) == (upgraded, (F.FIRST_GENERATION_CARD,))


@pytest.mark.parametrize(
    ("number", "faults", "warnings"),
    [
        pytest.param("810000199408230021", [], [], id="Hong Kong"),
        pytest.param("830000199201300022", [], [], id="Taiwan"),
        pytest.param("81000019980902013X", [], [], id="Hong Kong, X"),
        pytest.param("820000200009100032", [], [], id="Macao"),
        pytest.param("830000200209060065", [], [], id="Taiwan, 2002"),
        pytest.param(
            resident_number(area="710000"), [F.WRONG_AREA_FOR_DOCUMENT], [], id="71 is Taiwan in another table"
        ),
        pytest.param("11010519491231002X", [F.WRONG_AREA_FOR_DOCUMENT], [], id="a resident number"),
        pytest.param("810000199408230022", [F.WRONG_CHECK_DIGIT], [], id="check digit one off"),
        pytest.param(resident_number(area="810000", born="20140214"), [], [W.UNDER_SIXTEEN], id="a child"),
    ],
)
def test_a_residence_permit(number: str, faults: list[F], warnings: list[W]) -> None:
    check = check_document(D.HMT_RESIDENCE_PERMIT, number, on=ON)

    assert (list(check.faults), list(check.warnings)) == (faults, warnings)


@pytest.mark.parametrize(
    ("number", "faults", "warnings"),
    [
        pytest.param("932682198501010017", [], [], id="accepted in Jiangsu, a citizen of Saudi Arabia"),
        pytest.param("932682198501010018", [F.WRONG_CHECK_DIGIT], [], id="check digit one off"),
        pytest.param("11010519491231002X", [F.WRONG_AREA_FOR_DOCUMENT], [], id="a resident number"),
        pytest.param(resident_number(area="932000"), [F.UNKNOWN_COUNTRY], [], id="no such country"),
        pytest.param(resident_number(area="932156"), [F.UNKNOWN_COUNTRY], [], id="China has no foreign citizens"),
        pytest.param(resident_number(area="999682"), [], [W.AREA_UNKNOWN], id="an unknown province only warns"),
        pytest.param("USA110085010100", [], [], id="the form before 2023"),
        pytest.param("XXX110085010100", [], [W.COUNTRY_UNKNOWN], id="the form before 2023, unknown country"),
        pytest.param("USA11008501010X", [F.WRONG_FORM], [], id="the form before 2023, spoilt"),
        pytest.param("610104620927690", [F.FIRST_GENERATION_CARD], [], id="fifteen digits"),
    ],
)
def test_a_foreign_permanent_residents_card(number: str, faults: list[F], warnings: list[W]) -> None:
    check = check_document(D.FOREIGN_PERMANENT_RESIDENT, number, on=ON)

    assert (list(check.faults), list(check.warnings)) == (faults, warnings)


@pytest.mark.parametrize(
    ("document", "number", "faults", "warnings"),
    [
        pytest.param(D.HM_MAINLAND_TRAVEL_PERMIT, "H12345678", [], [], id="home-return permit"),
        pytest.param(D.HM_MAINLAND_TRAVEL_PERMIT, "m1234567803", [], [], id="home-return permit, third renewal"),
        pytest.param(D.HM_MAINLAND_TRAVEL_PERMIT, "K12345678", [F.WRONG_FORM], [], id="neither H nor M"),
        pytest.param(D.HM_MAINLAND_TRAVEL_PERMIT, "H1234567", [F.WRONG_LENGTH], [], id="home-return permit, short"),
        pytest.param(D.HM_MAINLAND_TRAVEL_PERMIT, "H1234567é", [F.WRONG_CHARACTERS], [], id="home-return, accent"),
        pytest.param(D.TW_MAINLAND_TRAVEL_PERMIT, "12345678", [], [], id="Taiwan card"),
        pytest.param(D.TW_MAINLAND_TRAVEL_PERMIT, "0123456789(B)", [], [], id="Taiwan booklet with its suffix"),
        pytest.param(D.TW_MAINLAND_TRAVEL_PERMIT, "T2345678", [], [W.UNUSUAL_FORM], id="a remembered form only warns"),
        pytest.param(D.TW_MAINLAND_TRAVEL_PERMIT, "1234567", [F.WRONG_LENGTH], [], id="Taiwan, short"),
        pytest.param(D.FOREIGN_PASSPORT, "X1234567", [], [], id="passport"),
        pytest.param(D.FOREIGN_PASSPORT, "X123456789012", [], [W.UNUSUAL_FORM], id="longer than ICAO 9303 prints"),
        pytest.param(D.FOREIGN_PASSPORT, "X12", [F.WRONG_LENGTH], [], id="passport, short"),
        pytest.param(D.FOREIGN_PASSPORT, "X1234567?", [F.WRONG_CHARACTERS], [], id="passport, odd character"),
        pytest.param(D.PLA_ID, "军字第1234567号", [], [], id="officer's card"),
        pytest.param(D.PAP_ID, "武字第12345号", [], [], id="armed police card"),
        pytest.param(D.PLA_ID, "1234567", [], [W.UNUSUAL_FORM], id="a military number of another form"),
        pytest.param(D.PAP_ID, "武字第12345号!", [F.WRONG_CHARACTERS], [], id="military, odd character"),
        pytest.param(D.OTHER_STATE_RECOGNISED, "A1B2C3D4E5", [], [], id="network identity"),
        pytest.param(D.OTHER_STATE_RECOGNISED, "A1", [F.WRONG_LENGTH], [], id="something short"),
    ],
)
def test_a_number_without_a_check_digit(document: D, number: str, faults: list[F], warnings: list[W]) -> None:
    check = check_document(document, number, on=ON)

    assert (list(check.faults), list(check.warnings)) == (faults, warnings)


def test_every_renewal_of_a_home_return_permit_is_one_number() -> None:
    numbers = {check_document(D.HM_MAINLAND_TRAVEL_PERMIT, f"H12345678{n:02}", on=ON).number for n in range(4)}

    assert numbers == {"H12345678"}


@given(st.dates(min_value=date(1900, 1, 1), max_value=ON), st.integers(min_value=0, max_value=999))
def test_every_well_made_resident_number_is_accepted(born: date, sequence: int) -> None:
    number = resident_number(f"{sequence:03}", born=f"{born:%Y%m%d}")

    assert check_document(D.RESIDENT_ID, number, on=ON).faults == ()


@given(st.integers(min_value=0, max_value=16), st.integers(min_value=1, max_value=9))
def test_one_wrong_digit_is_always_noticed(place: int, shift: int) -> None:
    good = resident_number()
    digit = str((int(good[place]) + shift) % 10)

    assert F.WRONG_CHECK_DIGIT in check_document(D.RESIDENT_ID, good[:place] + digit + good[place + 1 :], on=ON).faults


@given(st.sampled_from(D), st.text(max_size=40))
def test_no_text_is_too_odd_to_be_checked(document: D, number: str) -> None:
    check = check_document(document, number, on=ON)

    assert not (check.faults and check.warnings)
    assert check_document(document, check.number, on=ON).number == check.number


def test_a_sixteenth_birthday_counts() -> None:
    birthday = date(2010, 2, 14)
    number = resident_number(born=f"{birthday:%Y%m%d}")
    sixteen = birthday.replace(year=2026)

    assert check_document(D.RESIDENT_ID, number, on=sixteen).warnings == ()
    assert check_document(D.RESIDENT_ID, number, on=sixteen - timedelta(days=1)).warnings == (W.UNDER_SIXTEEN,)


def test_a_check_does_not_show_the_number() -> None:
    check = check_document(D.RESIDENT_ID, "11010519491231002X", on=ON)

    assert "1101051949" not in repr(check)


def test_only_a_permanent_residents_card_stands_under_another_member() -> None:
    moved = {document: document.recognised_under for document in D if document.recognised_under is not document}

    assert moved == {D.FOREIGN_PERMANENT_RESIDENT: D.OTHER_STATE_RECOGNISED}
