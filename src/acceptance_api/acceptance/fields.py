"""The sealed fields of an acceptance: one declaration drives column, binding, padding, index and mask."""

from dataclasses import dataclass

from acceptance_api.disclosure import Mask
from acceptance_api.vault import Field, Index


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalField:
    """A field of the record that tells about a person, under the name the API gives it."""

    name: str
    field: Field
    mask: Mask


def _personal(name: str, bucket: int, mask: Mask) -> PersonalField:
    return PersonalField(name=name, field=Field("acceptance", name, bucket), mask=mask)


SENDER_NAME = _personal("sender_name", 32, Mask.NAME)
SENDER_PHONE = _personal("sender_phone", 16, Mask.PHONE)
SENDER_ADDRESS = _personal("sender_address", 64, Mask.ADDRESS)
ORGANISATION_NAME = _personal("organisation_name", 64, Mask.NAME)
ORGANISATION_CODE = _personal("organisation_code", 32, Mask.DOCUMENT_NUMBER)
ADDRESSEE_NAME = _personal("addressee_name", 32, Mask.NAME)
ADDRESSEE_PHONE = _personal("addressee_phone", 16, Mask.PHONE)
ADDRESSEE_ADDRESS = _personal("addressee_address", 64, Mask.ADDRESS)
CONTENTS = _personal("contents", 256, Mask.HIDDEN)

SEALED = (
    SENDER_NAME,
    SENDER_PHONE,
    SENDER_ADDRESS,
    ORGANISATION_NAME,
    ORGANISATION_CODE,
    ADDRESSEE_NAME,
    ADDRESSEE_PHONE,
    ADDRESSEE_ADDRESS,
    CONTENTS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedRole:
    """A token that finds a record: which index, made from which of its fields."""

    role: str
    index: Index
    fields: tuple[PersonalField, ...]


SENDER_ID_NUMBER = IndexedRole(role="sender_id_number", index=Index.ID_NUMBER, fields=())
"""Copied from the verification, which alone holds the number."""

PHONE_ROLE = "sender_phone"
NAME_AND_PHONE_ROLE = "sender_name_and_phone"
INDEXED = (
    IndexedRole(role=PHONE_ROLE, index=Index.PHONE, fields=(SENDER_PHONE,)),
    IndexedRole(role=NAME_AND_PHONE_ROLE, index=Index.NAME_AND_PHONE, fields=(SENDER_NAME, SENDER_PHONE)),
    IndexedRole(role="addressee_phone", index=Index.PHONE, fields=(ADDRESSEE_PHONE,)),
    IndexedRole(role="addressee_name_and_phone", index=Index.NAME_AND_PHONE, fields=(ADDRESSEE_NAME, ADDRESSEE_PHONE)),
)
