"""Masks: what is shown of a value that is not disclosed. Computed when shown, never stored.

Source: GB/T 41833-2022 (name hides at least one character, telephone at least six digits, address the unit and room);
identity numbers appear on no waybill (快递暂行条例). Lengths are hidden too where they could tell.
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum

from acceptance_api.kernel.spelling import fold, normal_phone

HIDDEN = "***"
PHONE_DIGITS_HIDDEN_MIN = 6
_STREET_END = re.compile(r"(?:路|街|道|巷|胡同|大道|村|镇|乡|街道|花园|小区|园区|广场|大厦)")
_DISTRICT_END = re.compile(r"(?:区|县|市|旗|州|盟)")


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
    """Keep the first character; the mask's length is fixed, so it does not tell the name's."""
    folded = fold(text)
    return f"{folded[0]}**" if len(folded) > 1 else "**"


def mask_phone(text: str) -> str:
    """Keep two digits at each end of a mobile number; of anything shorter keep less, so that six are always hidden."""
    digits = normal_phone(text)
    spare = max(0, len(digits) - PHONE_DIGITS_HIDDEN_MIN - 1)
    head, tail = min(2, (spare + 1) // 2), min(2, spare // 2)
    hidden = "*" * max(len(digits) - head - tail, PHONE_DIGITS_HIDDEN_MIN)
    return digits[:head] + hidden + (digits[-tail:] if tail else "")


def mask_address(text: str) -> str:
    """Keep what leads to the district or street; hide building, unit and room."""
    folded = fold(text)
    kept = _last_end(_DISTRICT_END, folded)
    street = _STREET_END.search(folded, kept)
    end = street.end() if street and not any(c.isdigit() for c in folded[kept : street.end()]) else kept
    return folded[:end] + HIDDEN


def mask_document_number(text: str) -> str:
    """Keep the first and the last character."""
    folded = fold(text)
    return f"{folded[0]}{'*' * 16}{folded[-1]}" if len(folded) > 4 else HIDDEN  # noqa: PLR2004 - shorter tells too much


def _last_end(pattern: re.Pattern[str], text: str) -> int:
    return max((match.end() for match in pattern.finditer(text[:20])), default=0)


def _hidden(_text: str) -> str:
    return HIDDEN


_MASKS: Mapping[Mask, Callable[[str], str]] = {
    Mask.NAME: mask_name,
    Mask.PHONE: mask_phone,
    Mask.ADDRESS: mask_address,
    Mask.DOCUMENT_NUMBER: mask_document_number,
    Mask.HIDDEN: _hidden,
}
