"""The 18-digit citizen number (GB 11643) and the cards that follow its rule. Pure."""

import re
from datetime import date

from acceptance_api.identity.areas import RESIDENCE_PERMIT_AREAS, is_known, is_younger
from acceptance_api.identity.countries import FOREIGN_DIGITS, FOREIGN_LETTERS
from acceptance_api.identity.model import DocumentFault, DocumentWarning
from acceptance_api.kernel.spelling import check_character

Found = tuple[tuple[DocumentFault, ...], tuple[DocumentWarning, ...]]
"""Faults and warnings."""

AGE_YEARS_MAX = 130
"""A plausibility limit of ours, not of the law."""
ADULT_AT_YEARS = 16
"""Cards of children are issued on other terms (居民身份证法, art. 5); a child at the counter is worth a look."""

_EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]\Z")
_OLD_PERMANENT_RESIDENT = re.compile(r"[A-Z]{3}[0-9]{12}\Z")


def check_resident(number: str, *, on: date) -> Found:
    """A resident identity card: the area is never a fault, unless it belongs to another kind of card."""
    faults, warnings = _check_eighteen(number, on=on)
    if faults:
        return faults, ()
    if number[:6] in RESIDENCE_PERMIT_AREAS:
        return (DocumentFault.WRONG_AREA_FOR_DOCUMENT,), ()
    return (), _area_warnings(number) + warnings


def check_residence_permit(number: str, *, on: date) -> Found:
    """A residence permit of Hong Kong, Macao or Taiwan residents (State Council's office, 2018, art. 3)."""
    faults, warnings = _check_eighteen(number, on=on)
    if not faults and number[:6] not in RESIDENCE_PERMIT_AREAS:
        faults = (DocumentFault.WRONG_AREA_FOR_DOCUMENT,)
    return faults, () if faults else warnings


def check_permanent_resident(number: str, *, on: date) -> Found:
    """A foreign permanent resident's card: 18 digits since 2023-12-01 (GA 2102-2023), 15 characters before.

    The older form has a check digit whose rule is not published, so its form alone is looked at.
    """
    if len(number) == 15:  # noqa: PLR2004 - the length of the form named above
        return _check_old_permanent_resident(number)
    faults, warnings = _check_eighteen(number, on=on)
    if faults:
        return faults, ()
    if number[0] != "9":
        return (DocumentFault.WRONG_AREA_FOR_DOCUMENT,), ()
    if number[3:6] not in FOREIGN_DIGITS:
        return (DocumentFault.UNKNOWN_COUNTRY,), ()
    return (), _unless(is_known(number[1:3]), DocumentWarning.AREA_UNKNOWN) + warnings


def _check_old_permanent_resident(number: str) -> Found:
    if not _OLD_PERMANENT_RESIDENT.match(number):
        return (DocumentFault.WRONG_FORM,), ()
    return (), _unless(number[:3] in FOREIGN_LETTERS, DocumentWarning.COUNTRY_UNKNOWN)


def _check_eighteen(number: str, *, on: date) -> Found:
    if len(number) != 18:  # noqa: PLR2004 - GB 11643
        return (DocumentFault.WRONG_LENGTH,), ()
    if not _EIGHTEEN.match(number):
        return (DocumentFault.WRONG_CHARACTERS,), ()
    faults = () if check_character(number[:17]) == number[17] else (DocumentFault.WRONG_CHECK_DIGIT,)
    try:
        born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return (*faults, DocumentFault.IMPOSSIBLE_BIRTH_DATE), ()
    return faults + _birth_faults(born_on, on), _unless(
        _age(born_on, on) >= ADULT_AT_YEARS, DocumentWarning.UNDER_SIXTEEN
    )


def _birth_faults(born_on: date, on: date) -> tuple[DocumentFault, ...]:
    if born_on > on:
        return (DocumentFault.BORN_IN_FUTURE,)
    return (DocumentFault.IMPLAUSIBLE_AGE,) if _age(born_on, on) > AGE_YEARS_MAX else ()


def _age(born_on: date, on: date) -> int:
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def _area_warnings(number: str) -> tuple[DocumentWarning, ...]:
    area = number[:6]
    return _unless(is_known(area), DocumentWarning.AREA_UNKNOWN) + _unless(
        not is_younger(area, int(number[6:10])), DocumentWarning.AREA_YOUNGER_THAN_BIRTH
    )


def _unless(holds: bool, warning: DocumentWarning) -> tuple[DocumentWarning, ...]:  # noqa: FBT001 - a condition
    return () if holds else (warning,)
