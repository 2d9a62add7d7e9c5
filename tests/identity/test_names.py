"""Names: what documents print is accepted, what nobody is called is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acceptance_api.identity.documents import check_name
from acceptance_api.identity.model import NameFault as F
from acceptance_api.identity.model import NameWarning as W
from acceptance_api.identity.names import as_printed


@pytest.mark.parametrize(
    ("name", "faults", "warnings"),
    [
        pytest.param("张建国", [], [], id="three characters"),
        pytest.param("张 建 国", [], [], id="blanks between them"),
        pytest.param("阿卜杜热西提·买买提", [], [], id="a middle dot"),
        pytest.param("阿卜杜热西提．买买提", [], [], id="a full stop for the dot"),
        pytest.param("𠮷野", [], [], id="a character beyond the first plane"),
        pytest.param("张〇", [], [], id="the round zero is a character of names"),
        pytest.param("Jean-Luc O'Neill", [], [], id="a passport's name"),
        pytest.param("สมชาย ใจดี", [], [], id="vowel signs above and below"),
        pytest.param("张", [], [W.ONE_CHARACTER], id="one character"),
        pytest.param("王先生", [], [W.TITLE_NOT_NAME], id="what people call him"),
        pytest.param("张\ue000国", [], [W.PRIVATE_CHARACTER], id="a font's private character"),
        pytest.param("", [F.NAME_MISSING], [], id="nothing"),
        pytest.param(" · ", [F.NAME_MISSING], [W.ONE_CHARACTER], id="only a dot"),
        pytest.param("张3", [F.NAME_WRONG_CHARACTERS], [], id="a digit"),
        pytest.param("张三@", [F.NAME_WRONG_CHARACTERS], [], id="a symbol"),
        pytest.param("张" * 50, [], [], id="as long as documents print"),
        pytest.param("张" * 51, [F.NAME_TOO_LONG], [], id="longer"),
    ],
)
def test_a_name(name: str, faults: list[F], warnings: list[W]) -> None:
    check = check_name(name)

    assert (list(check.faults), list(check.warnings)) == (faults, warnings)


@given(st.text(max_size=60))
def test_no_text_is_too_odd_to_be_checked(name: str) -> None:
    assert check_name(name) == check_name(name + "\u200b")


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        pytest.param(" 张 建　国 ", "张建国", id="blanks between Han characters"),
        pytest.param("阿卜杜热西提•买买提", "阿卜杜热西提·买买提", id="another dot"),
        pytest.param("  SMITH   John ", "SMITH John", id="a foreigner keeps blanks and capitals"),
    ],
)
def test_an_authority_is_asked_about_the_name_as_printed(typed: str, printed: str) -> None:
    assert as_printed(typed) == printed
