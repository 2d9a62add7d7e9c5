"""Wire types: what may stand in a request, said once. Bodies refuse unknown fields and lax spellings."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from acceptance_api.kernel.ids import is_uuid7
from acceptance_api.kernel.spelling import is_blank, normal_document_number, normal_name, normal_phone

_RFC3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})\Z"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_DECIMAL = re.compile(r"[0-9]{1,7}(\.[0-9]{1,3})?\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_CONTROL_BUT_TAB_AND_NEWLINE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_YEAR_MIN, _YEAR_MAX = 1900, 2999
_PHONE_DIGITS_MIN, _PHONE_DIGITS_MAX = 7, 15
# Patterns stand in the documents, so they are of ECMA 262; here `$` is the very end, not a place before a newline.


class In(BaseModel):
    """A request body: unknown fields are faults, and the rejected input is never repeated."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, frozen=True)


class Out(BaseModel):
    """An answer. Its enumerations are open: a client must expect new values."""

    model_config = ConfigDict(frozen=True)


def _rfc3339(value: object) -> object:
    if not isinstance(value, str) or not _RFC3339.match(value):
        raise ValueError("instant")
    return value


def _day(value: object) -> object:
    if not isinstance(value, str) or not _DAY.match(value):
        raise ValueError("day")
    return value


def _whole(value: object) -> object:
    if isinstance(value, bool | str):
        raise ValueError("integer")  # noqa: TRY004 - pydantic turns ValueError into a fault
    return value


def _uuid7(value: UUID) -> UUID:
    if not is_uuid7(value):
        raise ValueError("uuid7")
    return value


def _printable(value: str) -> str:
    if _CONTROL_BUT_TAB_AND_NEWLINE.search(value):
        raise ValueError("control_character")
    return value


def _single_line(value: str) -> str:
    if _CONTROL.search(value):
        raise ValueError("control_character")
    return value


def _dialable(value: str) -> str:
    if not _PHONE_DIGITS_MIN <= len(normal_phone(value)) <= _PHONE_DIGITS_MAX:
        raise ValueError("phone_number")
    return value


def _not_blank(value: str) -> str:
    """A text of invisible characters only is blank, whatever its length."""
    if is_blank(value):
        raise ValueError("blank")
    return value


def _named(value: str) -> str:
    if not normal_name(value):
        raise ValueError("blank")
    return value


def _numbered(value: str) -> str:
    if not normal_document_number(value):
        raise ValueError("blank")
    return value


def _conceivable(value: datetime) -> datetime:
    """Far enough from the ends of the calendar that every time zone and period around it can be computed."""
    if not _YEAR_MIN <= value.year <= _YEAR_MAX:
        raise ValueError("out_of_range")
    return value


def _conceivable_day(value: date) -> date:
    if value.year < _YEAR_MIN:
        raise ValueError("out_of_range")
    return value


def _quantity(value: object) -> object:
    """A JSON number, or a decimal in a string; not what else Python reads as one (1_0, full-width digits)."""
    if isinstance(value, bool) or (isinstance(value, str) and not _DECIMAL.match(value)):
        raise ValueError("quantity")
    return value


Instant = Annotated[AwareDatetime, BeforeValidator(_rfc3339), AfterValidator(_conceivable)]
"""RFC 3339 with an offset, of the years 1900 to 2999."""
Day = Annotated[date, BeforeValidator(_day), AfterValidator(_conceivable_day)]
"""`YYYY-MM-DD`, a legal day in China."""
RecordId = Annotated[UUID, AfterValidator(_uuid7), Field(description="Client-minted UUIDv7, kept across retries.")]
Text = Annotated[
    str, StringConstraints(min_length=1, max_length=2_000), AfterValidator(_printable), AfterValidator(_not_blank)
]
Line = Annotated[
    str, StringConstraints(min_length=1, max_length=200), AfterValidator(_single_line), AfterValidator(_not_blank)
]
PersonName = Annotated[
    str, StringConstraints(min_length=1, max_length=100), AfterValidator(_printable), AfterValidator(_named)
]
DocumentNumber = Annotated[
    str, StringConstraints(min_length=1, max_length=60), AfterValidator(_printable), AfterValidator(_numbered)
]
Phone = Annotated[
    str, StringConstraints(min_length=7, max_length=40), AfterValidator(_printable), AfterValidator(_dialable)
]
Address = Annotated[
    str, StringConstraints(min_length=2, max_length=300), AfterValidator(_printable), AfterValidator(_not_blank)
]
Waybill = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]{5,38}[A-Z0-9]$")]
"""8 to 40 capital letters, digits and inner hyphens; brands have no common form."""
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
DivisionCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Grams = Annotated[int, Field(ge=1, le=10_000_000), BeforeValidator(_whole)]
Millimetres = Annotated[int, Field(ge=1, le=100_000), BeforeValidator(_whole)]
Quantity = Annotated[
    Decimal,
    Field(gt=0, le=Decimal(1_000_000), max_digits=12, decimal_places=3, allow_inf_nan=False),
    BeforeValidator(_quantity),
]
Limit = Annotated[int, Field(ge=1, le=200)]


def example(**values: Any) -> ConfigDict:  # noqa: ANN401 - a JSON document
    """A model configuration that carries an example into the OpenAPI document."""
    return ConfigDict(json_schema_extra={"examples": [values]})
