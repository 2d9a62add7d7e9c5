"""The form of a campaign's document, part by part: what must stand in it, and how it is spelt."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StrictBool, StringConstraints
from pydantic_core import PydanticCustomError

from acceptance_api.kernel.spelling import is_blank
from acceptance_api.kernel.typed_documents import Document, Rule

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_DAY_LENGTH = 10
_RATIO_PLACES = 4


def _told(value: str) -> str:
    if is_blank(value):
        raise PydanticCustomError("blank", "says nothing")
    if _CONTROL.search(value):
        raise PydanticCustomError("control_character", "is no line")
    return value


def _day(value: object) -> object:
    """`YYYY-MM-DD` and nothing else that Python reads as a day."""
    if not isinstance(value, str) or len(value) != _DAY_LENGTH:
        raise PydanticCustomError("day", "is no day")
    return value


def _number(value: object) -> object:
    """A JSON number, or a decimal in a string; a float is taken as it is written."""
    if isinstance(value, bool):
        raise PydanticCustomError("ratio", "is no number")
    return str(value) if isinstance(value, float) else value


Line = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_told)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=120), AfterValidator(_told)]
"""Of goods: as long as the catalogue can take."""
Text = Annotated[str, StringConstraints(min_length=1, max_length=400), AfterValidator(_told)]
Day = Annotated[date, BeforeValidator(_day)]
GoodsCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{0,7}(-[A-Z0-9]{1,8}){0,3}$")]
"""A code of the catalogue (`P04-10`) or of one of its classes (`P04`). Whether there is one, the catalogue knows."""
ClassCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{0,7}$")]
Ratio = Annotated[
    Decimal, BeforeValidator(_number), Field(ge=0, le=1, allow_inf_nan=False, decimal_places=_RATIO_PLACES)
]
Entries = Annotated[tuple[str, ...], Field(min_length=1, max_length=400)]


class StatedForm(Rule):
    """A value's source."""

    source: Text
    verified: StrictBool


class PeriodForm(Document):
    """Where beginning and end were stated."""

    starts: StatedForm
    ends: StatedForm


class IssuingDocumentForm(StatedForm):
    """A notice."""

    title: Line
    issuer: Line
    number: Line | None = None
    dated_on: Day | None = None


class NewGoodsForm(StatedForm):
    """Goods the catalogue may not know."""

    code: GoodsCode
    class_code: ClassCode
    name_zh: Name
    name_en: Name
    synonyms: tuple[Name, ...] = Field((), max_length=50)


class RingForm(StatedForm):
    """A ring's divisions."""

    divisions: Entries


class ScopeForm(Document):
    """Conditions."""

    origin: Entries | None = None
    destination: Entries | None = None
    transit: Entries | None = None
    transport: Entries | None = None
    inbound: StrictBool = False


class OverlayForm(StatedForm):
    """A measure without anything of its own."""

    kind: str
    applies_to: dict[str, Any] | None = None


class ItemBanForm(OverlayForm):
    """A ban of goods."""

    goods: Annotated[tuple[GoodsCode, ...], Field(min_length=1, max_length=200)]
    on: Annotated[tuple[Literal["acceptance", "delivery"], ...], Field(min_length=1)]


class SamplingRatioForm(OverlayForm):
    """How many of an agreement customer's parcels are opened."""

    ratio: Ratio


class OutletDutyForm(OverlayForm):
    """What outlets are asked for in words."""

    text_zh: Text
    text_en: Text


class CampaignForm(Document):
    """The document, its rings, scopes and overlays not looked into yet."""

    name_zh: Line
    name_en: Line
    period: PeriodForm
    issuing_documents: tuple[IssuingDocumentForm, ...] = Field((), max_length=20)
    rings: dict[str, Any] = Field({}, max_length=20)
    applies_to: dict[str, Any] = Field({})
    goods: tuple[NewGoodsForm, ...] = Field((), max_length=100)
    overlays: tuple[dict[str, Any], ...] = Field(min_length=1, max_length=100)
