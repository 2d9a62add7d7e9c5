"""What the two FastAPI peers accept: the same body, under the same rules, as any FastAPI tutorial would write it."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field


class PartyIn(BaseModel):
    """Sender or addressee."""

    name: str = Field(min_length=1, max_length=100)
    phone: str = Field(min_length=7, max_length=40)
    address: str = Field(min_length=2, max_length=300)


class SenderIn(PartyIn):
    """The sender, and the verification that the counter made before."""

    kind: Literal["person"]
    verification_id: UUID | None = None


class DestinationIn(BaseModel):
    """Where the parcel goes."""

    country: str = Field("CN", pattern=r"^[A-Z]{2}$")
    division: str = Field(pattern=r"^[0-9]{6}$")


class ItemIn(BaseModel):
    """One line of the contents."""

    name: str = Field(min_length=1, max_length=200)
    quantity: int = Field(1, ge=1, le=1_000_000)


class MeasuresIn(BaseModel):
    """Outer measures."""

    length_mm: int = Field(ge=1)
    width_mm: int = Field(ge=1)
    height_mm: int = Field(ge=1)


class AcceptanceIn(BaseModel):
    """A parcel."""

    id: UUID
    waybill: str = Field(pattern=r"^[A-Z0-9][A-Z0-9-]{5,38}[A-Z0-9]$")
    sender: SenderIn
    addressee: PartyIn
    destination: DestinationIn
    transport: Literal["ground", "air"] = "ground"
    contents_kind: str = Field(max_length=24)
    contents: list[ItemIn] = Field(min_length=1, max_length=50)
    weight_g: int | None = Field(None, ge=1)
    measures: MeasuresIn | None = None
    inspection_id: UUID | None = None


class DecisionOut(BaseModel):
    """What was decided: the peers accept whatever is well-formed."""

    outcome: str


class AcceptanceOut(BaseModel):
    """The answer."""

    id: UUID
    waybill: str
    decision: DecisionOut
    recorded_at: str


class SenderOut(BaseModel):
    """A stored sender, opened again."""

    name: str
    phone: str
    address: str
