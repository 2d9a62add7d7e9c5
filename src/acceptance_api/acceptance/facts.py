"""The facts a decision rests on: codes, counts and dates, no person. They are stored with the decision, as JSON."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from acceptance_api.acceptance.model import Reach, SenderKind, SenderRefusal, Transport

LETTER = "letter"


class MarkState(StrEnum):
    """What became of the inspection mark."""

    MISSING = "missing"
    ISSUED = "issued"
    USED = "used"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsFact:
    """One line of the contents that the catalogue knows."""

    code: str
    quantity: str
    documents: tuple[str, ...] = ()

    @property
    def amount(self) -> Decimal:
        """The declared quantity."""
        return Decimal(self.quantity)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationFact:
    """What is known of the sender's identity."""

    status: str
    failings: tuple[str, ...] = ()
    is_fresh: bool = True
    name_agrees: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionFact:
    """What is known of the inspection."""

    status: str
    failed: tuple[str, ...] = ()
    """Codes of the checklist's items that failed."""
    objections: tuple[str, ...] = ()
    same_waybill: bool = True
    same_contents: bool = True
    mark: MarkState = MarkState.ISSUED
    checklist: str = ""
    """Version of the checklist that was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything the rules may ask about one parcel at one moment."""

    on: date
    origin: str
    """The GB/T 2260 code of the outlet."""
    sender_kind: SenderKind
    contents_kind: str
    transport: Transport
    reach: Reach
    goods: tuple[GoodsFact, ...] = ()
    weight_g: int | None = None
    sides_mm: tuple[int, int, int] | None = None
    sender_refusal: SenderRefusal | None = None
    verification: VerificationFact | None = None
    agreement_in_force: bool | None = None
    inspection: InspectionFact | None = None
    screenings: tuple[str, ...] = ()

    @property
    def is_letter(self) -> bool:
        """Whether the parcel is a letter (信件), which carries exemptions."""
        return self.contents_kind == LETTER

    def as_json(self) -> dict[str, Any]:
        """The facts as plain JSON values."""
        return {
            "on": self.on.isoformat(),
            "origin": self.origin,
            "sender_kind": self.sender_kind,
            "contents_kind": self.contents_kind,
            "transport": self.transport,
            "reach": self.reach,
            "goods": [_fields(goods) for goods in self.goods],
            "weight_g": self.weight_g,
            "sides_mm": self.sides_mm,
            "sender_refusal": self.sender_refusal,
            "verification": _fields(self.verification) if self.verification else None,
            "agreement_in_force": self.agreement_in_force,
            "inspection": _fields(self.inspection) if self.inspection else None,
            "screenings": self.screenings,
        }


def _fields(fact: GoodsFact | VerificationFact | InspectionFact) -> dict[str, Any]:
    """The fields of a fact that holds no other; `asdict` would copy them deeply, which takes ten times as long."""
    return {name: getattr(fact, name) for name in fact.__slots__}


def facts_from_json(stored: dict[str, Any]) -> Facts:
    """The facts of a stored decision, for asking the rules again."""
    verification, inspection = stored["verification"], stored["inspection"]
    return Facts(
        on=date.fromisoformat(stored["on"]),
        origin=stored["origin"],
        sender_kind=SenderKind(stored["sender_kind"]),
        contents_kind=stored["contents_kind"],
        transport=Transport(stored["transport"]),
        reach=Reach(stored["reach"]),
        goods=tuple(GoodsFact(**g | {"documents": tuple(g["documents"])}) for g in stored["goods"]),
        weight_g=stored["weight_g"],
        sides_mm=tuple(stored["sides_mm"]) if stored["sides_mm"] else None,
        sender_refusal=SenderRefusal(stored["sender_refusal"]) if stored["sender_refusal"] else None,
        verification=_verification(verification) if verification else None,
        agreement_in_force=stored["agreement_in_force"],
        inspection=_inspection(inspection) if inspection else None,
        screenings=tuple(stored["screenings"]),
    )


def _verification(stored: dict[str, Any]) -> VerificationFact:
    return VerificationFact(**stored | {"failings": tuple(stored["failings"])})


def _inspection(stored: dict[str, Any]) -> InspectionFact:
    return InspectionFact(
        **stored
        | {
            "failed": tuple(stored["failed"]),
            "objections": tuple(stored["objections"]),
            "mark": MarkState(stored["mark"]),
        }
    )
