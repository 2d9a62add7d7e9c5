"""Masks: what is shown of a value that is not disclosed. Computed when shown, never stored.

Source: GB/T 41833-2022 (name hides at least one character, telephone at least six digits, address the unit and room);
identity numbers appear on no waybill (快递暂行条例). No mask tells how long the value is. Every mask takes any text.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum

from acceptance_api.disclosure.addresses import public_part
from acceptance_api.kernel.spelling import fold, normal_phone

HIDDEN = "***"
PHONE_DIGITS_HIDDEN_MIN = 6
_PHONE_END_MAX = 2
_NUMBER_LENGTH_MIN = 5
"""Of a shorter document number the two ends would tell too much."""


class Mask(StrEnum):
    """How a field is masked."""

    NAME = "name"
    PHONE = "phone"
    ADDRESS = "address"
    DOCUMENT_NUMBER = "document_number"
    HIDDEN = "hidden"


def masked(mask: Mask, text: str) -> str:
    """The masked form of a value."""
    return _MASKS[mask](text)


def mask_name(text: str) -> str:
    """Keep the first character, and nothing of a name that has only one."""
    folded = fold(text)
    return f"{folded[0]}**" if len(folded) > 1 else "**"


def mask_phone(text: str) -> str:
    """Keep two digits at each end of a mobile number; of anything shorter less, and of a landline's own part two.

    At least six digits are hidden of every number, and of a landline six besides the area code.
    """
    digits = normal_phone(text)
    spare = max(0, len(digits) - PHONE_DIGITS_HIDDEN_MIN - 1)
    head = min(_PHONE_END_MAX, (spare + 1) // 2)
    tail = min(_PHONE_END_MAX, spare // 2, _spare_after_area_code(digits))
    return digits[:head] + "*" * (PHONE_DIGITS_HIDDEN_MIN + 1) + digits[len(digits) - tail :]


def mask_address(text: str) -> str:
    """Keep what leads to the district and the street; hide everything that comes after."""
    return public_part(fold(text)) + HIDDEN


def mask_document_number(text: str) -> str:
    """Keep the first and the last character."""
    folded = fold(text)
    return f"{folded[0]}{'*' * 16}{folded[-1]}" if len(folded) >= _NUMBER_LENGTH_MIN else HIDDEN


def _spare_after_area_code(digits: str) -> int:
    """How many digits of a landline's own part may be shown. Area codes: 010, 02x, and four digits elsewhere."""
    if not digits.startswith("0"):
        return _PHONE_END_MAX
    area_code = 3 if digits.startswith(("01", "02")) else 4
    return max(0, len(digits) - area_code - PHONE_DIGITS_HIDDEN_MIN)


def _hidden(_text: str) -> str:
    return HIDDEN


_MASKS: Mapping[Mask, Callable[[str], str]] = {
    Mask.NAME: mask_name,
    Mask.PHONE: mask_phone,
    Mask.ADDRESS: mask_address,
    Mask.DOCUMENT_NUMBER: mask_document_number,
    Mask.HIDDEN: _hidden,
}
