"""Numbers without a check digit: travel permits, passports, military documents, whatever else the state recognises.

Where the text of a rule was read, its form is enforced. Where a form is only remembered (`verified=False`), wide bounds
are enforced and the form can do no more than warn.
"""

import re
from dataclasses import dataclass

from acceptance_api.identity.model import DocumentFault, DocumentType, DocumentWarning
from acceptance_api.identity.resident_number import Found


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a number looks like: the bounds that are enforced, and the usual form."""

    length_min: int
    length_max: int
    characters: re.Pattern[str]
    usual: re.Pattern[str]
    verified: bool
    """Whether the usual form was read in a text of the rule; otherwise it only warns."""


_LATIN = re.compile(r"[A-Z0-9]*\Z")
_WITH_HAN = re.compile(r"[A-Z0-9\u3400-\u9fff\U00020000-\U000323af]*\Z")
_MILITARY = Form(
    length_min=5,
    length_max=32,
    characters=_WITH_HAN,
    usual=re.compile(r"[\u4e00-\u9fff]{1,8}第?[0-9]{5,8}号?\Z"),
    verified=False,
)

FORMS = {
    DocumentType.HM_MAINLAND_TRAVEL_PERMIT: Form(
        length_min=9,
        length_max=9,
        characters=_LATIN,
        usual=re.compile(r"[HM][0-9]{8}\Z"),
        verified=True,
    ),
    DocumentType.TW_MAINLAND_TRAVEL_PERMIT: Form(
        length_min=8,
        length_max=12,
        characters=_LATIN,
        usual=re.compile(r"(?:[0-9]{8}|[0-9]{10}[A-Z0-9]{0,2})\Z"),
        verified=False,
    ),
    DocumentType.FOREIGN_PASSPORT: Form(
        length_min=5,
        length_max=17,
        characters=_LATIN,
        usual=re.compile(r"[A-Z0-9]{5,9}\Z"),
        verified=False,
    ),
    DocumentType.PLA_ID: _MILITARY,
    DocumentType.PAP_ID: _MILITARY,
    DocumentType.OTHER_STATE_RECOGNISED: Form(
        length_min=5,
        length_max=32,
        characters=_LATIN,
        usual=re.compile(r"[A-Z0-9]{5,32}\Z"),
        verified=False,
    ),
}
"""A home-return permit's digits of renewal (Ministry of Public Security, 2010) are cut off by the normal spelling."""


def check_form(document: DocumentType, number: str) -> Found:
    """Hold a number against the form of its document."""
    form = FORMS[document]
    if not form.length_min <= len(number) <= form.length_max:
        return (DocumentFault.WRONG_LENGTH,), ()
    if not form.characters.match(number):
        return (DocumentFault.WRONG_CHARACTERS,), ()
    if form.usual.match(number):
        return (), ()
    return ((DocumentFault.WRONG_FORM,), ()) if form.verified else ((), (DocumentWarning.UNUSUAL_FORM,))
