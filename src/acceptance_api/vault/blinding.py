"""Blind tokens and commitments: what a value is turned into before its key touches it. Pure."""

from uuid import UUID

from acceptance_api.kernel.spelling import normal_document_number, normal_name, normal_phone
from acceptance_api.vault.model import Index

_PHONE_TAIL_DIGITS = 4


def spelled(index: Index, *values: str) -> bytes:
    """The one spelling of what an index is about; two spellings of one person give the same bytes.

    NAME_AND_PHONE takes the name, then the telephone number, of which it keeps the last four digits.

    Raises:
        ValueError: not as many values as the index is made of.
    """
    if len(values) != (2 if index is Index.NAME_AND_PHONE else 1):
        raise ValueError("the index is made of another number of values")
    if index is Index.ID_NUMBER:
        return normal_document_number(values[0]).encode()
    if index is Index.PHONE:
        return normal_phone(values[0]).encode()
    # A folded name holds no control character, so the two parts cannot run into one another.
    return f"{normal_name(values[0])}\x00{normal_phone(values[1])[-_PHONE_TAIL_DIGITS:]}".encode()


def committed(label: str, salt: UUID, text: bytes) -> bytes:
    """What a commitment is made over: label, salt and text, each behind its length in four bytes."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in (label.encode(), salt.bytes, text))


def encoded(text: str) -> bytes:
    """The text in UTF-8.

    Raises:
        ValueError: the text holds half a surrogate pair; the message does not repeat it.
    """
    try:
        return text.encode()
    except UnicodeEncodeError:
        malformed = ValueError("the text is not well-formed Unicode")
    raise malformed  # outside the handler: that error carries the whole text
