"""One spelling for each person: what is folded before anything is validated, compared or turned into a token.

Writing and searching call the same three functions, so two spellings of one person can never become two people.
`str.isdigit()` and a regular expression's `$` accept full-width digits and a trailing newline; nothing here relies on
either. Every function is idempotent and total: it never raises, and says nothing about validity.
"""

import re
import unicodedata

# Folding removes what a reader cannot see: control, format and unassigned-private characters, and variation selectors.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co"})
_VARIATION_SELECTORS = frozenset(
    [chr(c) for c in range(0xFE00, 0xFE10)] + [chr(c) for c in range(0xE0100, 0xE01F0)] + ["\u034f", "\u115f", "\u1160"]
)
_MIDDLE_DOTS = "\u00b7\u2022\u2027\u2219\u22c5\u30fb\u0387\u16eb\u2e31\u25cf\u2024."
_TO_ONE_DOT = str.maketrans(dict.fromkeys(_MIDDLE_DOTS, "\u00b7"))
_DASHES = re.compile("[-\u2010-\u2015\u2212\u30fc_/()]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_HOME_RETURN_PERMIT_RENEWED = re.compile(r"[HM][0-9]{10}\Z")
_FIFTEEN_DIGITS = re.compile(r"[0-9]{15}\Z")
_PLAIN_HAN = re.compile("[\u4e00-\u9fff]+\\Z")
"""The name almost everybody has: folding changes none of these characters."""
_FOLDED = re.compile("[!-~\u4e00-\u9fff]*\\Z")
"""Most of what is typed at a counter: nothing in it looks like anything else."""
_VISIBLE = re.compile("[0-9A-Za-z\u4e00-\u9fff]")
_PLAIN_RESIDENT_NUMBER = re.compile(r"[0-9]{17}[0-9X]\Z")
_MOBILE = re.compile(r"(1[3-9][0-9]{9})\Z")
_EXTENDED = re.compile(r"(.*[0-9)])(?:[-\u2010-\u2015\u2212转x#,;*]|ext\.?|分机)+[0-9]{1,6}\Z")
_WHOLE = re.compile(r"(?:1[3-9][0-9]{9}|0(?:10|2[0-9]|[3-9][0-9]{2})[0-9]{7,8}|[48]00[0-9]{7})\Z")
_AREA_WITHOUT_TRUNK = re.compile(r"(?![48]00[0-9]{7}\Z)(?:10|2[0-9]|[3-9][0-9]{2})[0-9]{7,8}\Z")
_COUNTRY_PREFIX = re.compile(r"(?:\+86|0086|86(?=0?1[3-9][0-9]{9}\Z)|86(?=0[0-9]{9,11}\Z))")
_TRUNK_BEFORE_MOBILE = re.compile(r"0(?=1[3-9][0-9]{9}\Z)")


def fold(text: str) -> str:
    """Fold what looks alike: compatibility forms, every script's digits to ASCII, no blanks, nothing invisible."""
    if _FOLDED.match(text):
        return text
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    if _FOLDED.match(plain):
        return plain
    return unicodedata.normalize("NFKC", "".join(filter(None, map(_fold_one, unicodedata.normalize("NFKC", text)))))


def is_blank(text: str) -> bool:
    """Whether a reader sees nothing: blanks and invisible characters only, whatever their number."""
    return not _VISIBLE.search(text) and not fold(text)


def _fold_one(character: str) -> str:
    category = unicodedata.category(character)
    if category in _INVISIBLE or category[0] == "Z" or character in _VARIATION_SELECTORS or character.isspace():
        return ""
    return str(unicodedata.decimal(character)) if category == "Nd" else character


def normal_name(text: str) -> str:
    """Fold a person's or organisation's name: one middle dot, no blanks, one case."""
    if _PLAIN_HAN.match(text):
        return text
    return fold(fold(text).casefold()).translate(_TO_ONE_DOT)


def normal_phone(text: str) -> str:
    """Fold a telephone number: digits only, without China's country code and without an extension."""
    if _MOBILE.match(text):
        return text
    folded = fold(text).casefold()
    # Only what follows a whole number is an extension: the last group of 138-0013-8000 is none.
    extended = _EXTENDED.match(folded)
    if extended and _WHOLE.match(number := _settled(extended[1])):
        return number
    return _settled(folded)


def _settled(number: str) -> str:
    """Country codes are sometimes written twice; taken off until nothing changes, so that folding is idempotent."""
    previous = number
    while (number := _national(previous)) != previous:
        previous = number
    return number


def _national(number: str) -> str:
    compact = re.sub(r"[^0-9+]", "", number)
    # Only at the beginning: 139 0086 1234 is a number like any other.
    prefix = _COUNTRY_PREFIX.match(compact)
    digits = (compact[prefix.end() :] if prefix else compact).replace("+", "")
    if prefix and _AREA_WITHOUT_TRUNK.match(digits):
        return f"0{digits}"
    return digits[1:] if _TRUNK_BEFORE_MOBILE.match(digits) else digits


def is_mobile(normalised: str) -> bool:
    """Whether a folded number is a Chinese mobile number of a person (domain dossier, section 10.8)."""
    return _MOBILE.match(normalised) is not None


def normal_document_number(text: str) -> str:
    """Fold the number of any identity document: upper case, no separators, first-generation numbers upgraded.

    A home-return permit keeps its first nine characters, which stay the same for life (Ministry of Public Security,
    2010); the two digits after them only count renewals.
    """
    if _PLAIN_RESIDENT_NUMBER.match(text):
        return text
    compact = fold(_DASHES.sub("", fold(text).upper()))
    if _FIFTEEN_DIGITS.match(compact):
        return upgraded(compact)
    if _HOME_RETURN_PERMIT_RENEWED.match(compact):
        return compact[:9]
    return compact


def upgraded(fifteen: str) -> str:
    """The 18-digit number of the person who held a first-generation 15-digit card (GB 11643-1999)."""
    seventeen = f"{fifteen[:6]}19{fifteen[6:]}"
    return seventeen + check_character(seventeen)


def check_character(seventeen: str) -> str:
    """The check character of GB 11643 (ISO 7064 MOD 11-2) over seventeen ASCII digits."""
    return "10X98765432"[sum(int(d) * w for d, w in zip(seventeen, _WEIGHTS, strict=True)) % 11]
