"""Unified social credit codes."""

import pytest

from acceptance_api.identity.model import OrganisationFault as F
from acceptance_api.identity.model import OrganisationWarning as W
from acceptance_api.identity.organisation_code import check_organisation_code

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def signed(seventeen: str) -> str:
    """The code with its check character, by powers of three modulo 31 as the standard says."""
    total = sum(_ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(seventeen))
    return seventeen + _ALPHABET[(31 - total % 31) % 31]


@pytest.mark.parametrize(
    ("code", "faults", "warnings"),
    [
        pytest.param("91110000600037341L", [], [], id="a company"),
        pytest.param("91350100M000100Y43", [], [], id="the standard's example"),
        pytest.param("121200004013590816", [], [], id="a public institution"),
        pytest.param("9144030071526726XG", [], [], id="X inside"),
        pytest.param("92340602MA2PBQAH7E", [], [], id="a self-employed person"),
        pytest.param("9111 0000-600037341l", [], [], id="separators and small letters"),
        pytest.param("91110000600037341N", [F.WRONG_CHECK_DIGIT], [], id="check character off"),
        pytest.param("91110000600037341", [F.WRONG_LENGTH], [], id="too short"),
        pytest.param("110108000000016", [F.WRONG_LENGTH], [], id="a registration number of old"),
        pytest.param("9111000060003734IL", [F.WRONG_CHARACTERS], [], id="I is not in the alphabet"),
        pytest.param(signed("N1110000600037341"), [], [], id="a rural cooperative: its issuer is a letter"),
        pytest.param(signed("X1110000600037341"), [], [W.ISSUER_UNKNOWN], id="an issuer nobody knows"),
        pytest.param(signed("91990000600037341"), [], [W.AREA_UNKNOWN], id="an area nobody knows"),
        pytest.param(signed("91100000600037341"), [], [], id="registered with the state itself"),
        pytest.param(signed("91110000600037342"), [], [W.ORGANISATION_CHECK_DIGIT], id="the code inside fails"),
    ],
)
def test_an_organisations_code(code: str, faults: list[F], warnings: list[W]) -> None:
    check = check_organisation_code(code)

    assert (list(check.faults), list(check.warnings)) == (faults, warnings)


def test_a_check_shows_no_code() -> None:
    assert "6000" not in repr(check_organisation_code("91110000600037341L"))
