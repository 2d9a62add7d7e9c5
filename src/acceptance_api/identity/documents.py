"""Whether a document's number can be one, before anybody is asked about it. Pure.

Only what cannot be is refused; what is odd is a warning, because registers are older and odder than any table.
When a document expires is a date, which the caller compares.
"""

import re
from datetime import date

from acceptance_api.identity.model import DocumentCheck, DocumentFault, DocumentType
from acceptance_api.identity.names import check_name
from acceptance_api.identity.other_numbers import check_form
from acceptance_api.identity.resident_number import (
    Found,
    check_permanent_resident,
    check_residence_permit,
    check_resident,
)
from acceptance_api.kernel.spelling import fold, normal_document_number

__all__ = ["DocumentCheck", "check_document", "check_name"]

_CITIZEN_NUMBERS = {
    DocumentType.RESIDENT_ID: check_resident,
    DocumentType.TEMP_RESIDENT_ID: check_resident,
    DocumentType.HMT_RESIDENCE_PERMIT: check_residence_permit,
    DocumentType.FOREIGN_PERMANENT_RESIDENT: check_permanent_resident,
}
_FIRST_GENERATION = re.compile(r"[0-9]{15}\Z")
_SEPARATORS = re.compile(r"[^0-9A-Z]")


def check_document(document: DocumentType, number: str, *, on: date) -> DocumentCheck:
    """Fold a number as presented and hold it against the rule of its document, as of a legal day.

    A 15-digit number is refused: first-generation cards ended on 2013-01-01 (remembered; no text of it was read).
    """
    normal = normal_document_number(number)
    if document in _CITIZEN_NUMBERS and _is_first_generation(number, normal):
        return DocumentCheck(document=document, number=normal, faults=(DocumentFault.FIRST_GENERATION_CARD,))
    faults, warnings = _found(document, normal, on=on)
    return DocumentCheck(document=document, number=normal, faults=faults, warnings=warnings)


def _found(document: DocumentType, normal: str, *, on: date) -> Found:
    if check := _CITIZEN_NUMBERS.get(document):
        return check(normal, on=on)
    return check_form(document, normal)


def _is_first_generation(presented: str, normal: str) -> bool:
    """The normal spelling has already upgraded such a number to 18 digits; what was presented shows it."""
    compact = _SEPARATORS.sub("", fold(presented).upper())
    return normal != compact and _FIRST_GENERATION.match(compact) is not None
