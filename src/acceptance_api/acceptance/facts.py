"""The facts a decision rests on: codes, counts and dates, no person. They are stored with the decision, as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from acceptance_api.acceptance.model import Destination, Reach, SenderKind, SenderRefusal, Transport
from acceptance_api.signals import Seen, seen_from_json

LETTER = "letter"
SEEN_NOTHING = Seen()


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
    opened: bool = True


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
    destination: Destination | None = None
    """None in decisions of before campaigns were known."""
    transit: tuple[str, ...] = ()
    """GB/T 2260 codes of the divisions the parcel is known to pass through."""
    addressee: VerificationFact | None = None
    sampled: bool | None = None
    """Whether the service chose this parcel of an agreement customer to be opened; None for other senders."""
    sent_today: Mapping[str, str] = field(default_factory=dict)
    """What the sender has sent today before this parcel, of goods with a limit by the day: quantity by code."""
    unidentified: bool = False
    """Whether a powder, liquid or gas in it could not be recognised, whatever proof was shown."""
    flags_open: int = 0
    """Flags of the screening machine that nobody has closed."""
    reservations: tuple[str, ...] = ()
    """What has to be said of the pass that speaks for the parcel: lapsed papers, a screener who was not on shift."""
    is_labelled: bool = True
    """Whether a clear pass left its label on this very parcel."""
    intercepted: str | None = None
    """`open` for a parcel under interception, `examine` for one that must be examined because of another."""
    seen: Seen = SEEN_NOTHING
    """What the signals are judged by."""
    confirmed_by_second: bool = False
    """Whether a second clerk has looked at the signals and answers for going on."""

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
            **self._rarer(),
        }

    def _rarer(self) -> dict[str, Any]:
        """What most parcels do not have, left out where it is missing: every decision stores its facts."""
        destination = self.destination
        rarer = {
            "country": destination.country if destination else None,
            "division": destination.division if destination else None,
            "transit": self.transit,
            "addressee": _fields(self.addressee) if self.addressee else None,
            "sampled": self.sampled,
            "sent_today": dict(self.sent_today),
            "unidentified": self.unidentified or None,
            "flags_open": self.flags_open,
            "reservations": self.reservations,
            "is_labelled": None if self.is_labelled else False,
            "intercepted": self.intercepted,
            "seen": self.seen.as_json(),
            "confirmed_by_second": self.confirmed_by_second or None,
        }
        return {name: value for name, value in rarer.items() if value or value is False}


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
        destination=Destination(country=stored["country"], division=stored.get("division"))
        if "country" in stored
        else None,
        transit=tuple(stored.get("transit", ())),
        addressee=_verification(stored["addressee"]) if "addressee" in stored else None,
        sampled=stored.get("sampled"),
        sent_today=stored.get("sent_today", {}),
        unidentified=stored.get("unidentified", False),
        flags_open=stored.get("flags_open", 0),
        reservations=tuple(stored.get("reservations", ())),
        is_labelled=stored.get("is_labelled", True),
        intercepted=stored.get("intercepted"),
        seen=seen_from_json(stored["seen"]) if "seen" in stored else SEEN_NOTHING,
        confirmed_by_second=stored.get("confirmed_by_second", False),
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
