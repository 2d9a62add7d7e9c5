"""The unified social credit code of an organisation (GB 32100-2015). Pure."""

import re

from acceptance_api.identity.areas import is_known
from acceptance_api.identity.model import OrganisationCheck, OrganisationFault, OrganisationWarning
from acceptance_api.kernel.spelling import fold, normal_document_number

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ISSUERS = frozenset("123456789ANY")
_LENGTH = 18
_SEPARATORS = re.compile(r"[^0-9A-Za-z]")
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def check_organisation_code(code: str) -> OrganisationCheck:
    """Fold a code and hold it against GB 32100; what GB 11714 says of the part inside it only warns.

    A 15-digit registration number of old is not one, though the spelling of identity numbers would make it 18 long.
    """
    normal = normal_document_number(code)
    faults = _faults(normal) if len(_SEPARATORS.sub("", fold(code))) == _LENGTH else (OrganisationFault.WRONG_LENGTH,)
    return OrganisationCheck(code=normal, faults=faults, warnings=() if faults else _warnings(normal))


def _faults(code: str) -> tuple[OrganisationFault, ...]:
    if not all(character in _ALPHABET for character in code):
        return (OrganisationFault.WRONG_CHARACTERS,)
    total = sum(_ALPHABET.index(c) * weight for c, weight in zip(code[:17], _WEIGHTS, strict=True))
    return () if code[17] == _ALPHABET[-total % 31] else (OrganisationFault.WRONG_CHECK_DIGIT,)


def _warnings(code: str) -> tuple[OrganisationWarning, ...]:
    odd = (
        (OrganisationWarning.ISSUER_UNKNOWN, code[0] not in _ISSUERS),
        (OrganisationWarning.AREA_UNKNOWN, code[2:4] != "10" and not is_known(code[2:8])),
        (OrganisationWarning.ORGANISATION_CHECK_DIGIT, code[16] != _organisation_check(code[8:16])),
    )
    return tuple(warning for warning, holds in odd if holds)


def _organisation_check(eight: str) -> str:
    """The check character of GB 11714."""
    total = sum(_ORGANISATION_ALPHABET.index(c) * w for c, w in zip(eight, _ORGANISATION_WEIGHTS, strict=True))
    return "0X987654321"[total % 11]
