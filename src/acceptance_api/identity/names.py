"""Whether a text can be a person's name. Pure."""

import re
import unicodedata

from acceptance_api.identity.model import NameCheck, NameFault, NameWarning
from acceptance_api.kernel.spelling import normal_name

NAME_LENGTH_MAX = 50
_HAN = re.compile("[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_TITLES = ("先生", "女士", "小姐", "老师", "师傅", "老板", "经理")
_ALSO_IN_NAMES = frozenset("\u00b7-'\u2019\u2010,\u3007")
"""Middle dot and 〇, which Unicode calls a number; hyphen, apostrophe and comma stand in foreigners' passports."""


def check_name(name: str) -> NameCheck:
    """Hold a name against what documents print: letters of any script, middle dot, blanks; no digits, no symbols."""
    folded = normal_name(name)
    return NameCheck(faults=tuple(_faults(folded)), warnings=tuple(_warnings(name, folded)))


def as_printed(name: str) -> str:
    """A name as documents print it, for an authority that compares letter by letter.

    A blank that a clerk typed between Han characters, or another dot, would be answered with a mismatch: evidence
    against a sender who did nothing. Names without Han characters keep their blanks and capitals.
    """
    if _HAN.search(name):
        return normal_name(name)
    return " ".join(unicodedata.normalize("NFKC", name).split())


def _faults(folded: str) -> list[NameFault]:
    faults = []
    if not any(character.isalpha() for character in folded):
        faults.append(NameFault.NAME_MISSING)
    if len(folded) > NAME_LENGTH_MAX:
        faults.append(NameFault.NAME_TOO_LONG)
    if not all(_may_stand(character) for character in folded):
        faults.append(NameFault.NAME_WRONG_CHARACTERS)
    return faults


def _may_stand(character: str) -> bool:
    return character in _ALSO_IN_NAMES or unicodedata.category(character)[0] in "LM"


def _warnings(name: str, folded: str) -> list[NameWarning]:
    warnings = []
    if len(folded) == 1:
        warnings.append(NameWarning.ONE_CHARACTER)
    if folded.endswith(_TITLES):
        warnings.append(NameWarning.TITLE_NOT_NAME)
    if any(unicodedata.category(character) == "Co" for character in name):
        warnings.append(NameWarning.PRIVATE_CHARACTER)
    return warnings
