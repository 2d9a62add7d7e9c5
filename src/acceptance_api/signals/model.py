"""The words of signals at the counter: what was seen around a parcel, and what of it was noticed. No person in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final


class Signal(StrEnum):
    """What may tell that an identity or an inspection is not what it is recorded as."""

    CLERK_IS_SENDER = "clerk_is_sender"
    """The clerk's own document stands for the sender: who registers an identity is not who is named as sender."""
    STAFF_IS_SENDER = "staff_is_sender"
    """A colleague's document does (从业人员自寄)."""
    ONE_ID_MANY_PHONES = "one_id_many_phones"
    ONE_ID_MANY_NAMES = "one_id_many_names"
    """Names were tried with one document until one passed."""
    IMPOSSIBLE_TRAVEL = "impossible_travel"
    """One document at two outlets, faster than its holder can travel."""
    TOO_MANY_A_DAY = "too_many_a_day"
    SENDER_PHONE_IS_ADDRESSEE_PHONE = "sender_phone_is_addressee_phone"
    BURST_BEFORE_CLOSING = "burst_before_closing"
    INSPECTION_TOO_SHORT = "inspection_too_short"
    PHOTO_REUSED = "photo_reused"


class Response(StrEnum):
    """What a signal asks of the people at the counter, lightest first. A person always decides."""

    WARN = "warn"
    SECOND_CLERK = "second_clerk"
    """Another clerk looks, and answers for going on."""
    REFUSE = "refuse"

    @property
    def weight(self) -> int:
        """How heavy it is: a heavier one stands for the lighter ones too."""
        return tuple(Response).index(self)


class Tighter(StrEnum):
    """In which direction a figure asks for more."""

    LOWER = "lower"
    HIGHER = "higher"


_COUNT: Final = MappingProxyType({"at_least": Tighter.LOWER})
FIGURES: Final[Mapping[Signal, Mapping[str, Tighter]]] = MappingProxyType({
    Signal.CLERK_IS_SENDER: MappingProxyType({}),
    Signal.STAFF_IS_SENDER: MappingProxyType({}),
    Signal.ONE_ID_MANY_PHONES: _COUNT,
    Signal.ONE_ID_MANY_NAMES: _COUNT,
    Signal.IMPOSSIBLE_TRAVEL: MappingProxyType({
        "same_city_minutes": Tighter.HIGHER,
        "same_province_minutes": Tighter.HIGHER,
        "other_province_minutes": Tighter.HIGHER,
        "km_per_hour": Tighter.LOWER,
    }),
    Signal.TOO_MANY_A_DAY: _COUNT,
    Signal.SENDER_PHONE_IS_ADDRESSEE_PHONE: MappingProxyType({}),
    Signal.BURST_BEFORE_CLOSING: MappingProxyType({
        "at_least": Tighter.LOWER,
        "window_minutes": Tighter.HIGHER,
        "closing_minutes": Tighter.HIGHER,
    }),
    Signal.INSPECTION_TOO_SHORT: MappingProxyType({"seconds": Tighter.HIGHER, "seconds_per_item": Tighter.HIGHER}),
    Signal.PHOTO_REUSED: _COUNT,
})  # fmt: skip
"""The figures each signal is judged by, and what makes each of them ask for more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What is said of one signal: how to respond, and figures. One that only tightens another may leave some out."""

    signal: Signal
    response: Response | None
    figures: Mapping[str, int]
    source: str
    verified: bool

    @property
    def is_complete(self) -> bool:
        """Whether the signal can be judged by it."""
        return self.response is not None and self.figures.keys() == FIGURES[self.signal].keys()


@dataclass(frozen=True, slots=True)
class Values:
    """Rules, at most one for each signal; a signal without a complete rule is silent."""

    rules: Mapping[Signal, Rule] = field(default_factory=dict)

    def figure(self, signal: Signal, name: str) -> int | None:
        """A figure, for who has to count by it: parcels of the last `window_minutes`."""
        rule = self.rules.get(signal)
        return rule.figures.get(name) if rule else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is known around one parcel: counts and codes. What is None is unknown, and its signals are silent.

    Counts are of the sender's document, on the legal day, this parcel included.
    """

    staff: str | None = None
    """Whose document it is: `none`, `self` or `other`, as identity says it."""
    parcels_today: int | None = None
    distinct_phones: int | None = None
    """Telephones given as the sender's."""
    distinct_names_refused: int | None = None
    """Other names that were tried with the document and did not pass."""
    same_outlet: bool | None = None
    """Whether the document's last parcel was accepted at this very outlet."""
    minutes_since_last: int | None = None
    """Whole minutes since then, rounded down."""
    outlet_division: str | None = None
    last_outlet_division: str | None = None
    """GB/T 2260."""
    outlet_location: tuple[float, float] | None = None
    last_outlet_location: tuple[float, float] | None = None
    """Latitude and longitude in degrees."""
    same_phone: bool | None = None
    """Whether sender and addressee gave one telephone."""
    accepted_in_last_minutes: int | None = None
    """Parcels of anybody accepted at the outlet within `window_minutes`, the signal's figure."""
    minutes_to_closing: int | None = None
    """Below zero when it closes late."""
    inspection_seconds: int | None = None
    items_declared: int | None = None
    photos_reused: int | None = None

    def as_json(self) -> dict[str, Any]:
        """What is known, as plain JSON values; what is unknown is left out."""
        known = ((name, getattr(self, name)) for name in _SEEN)
        return {name: list(value) if isinstance(value, tuple) else value for name, value in known if value is not None}


_SEEN: Final = tuple(one.name for one in fields(Seen))


def seen_from_json(stored: Mapping[str, Any]) -> Seen:
    """What was seen, of a stored decision, for judging it again; what this release does not know is passed over."""
    known: dict[str, Any] = {name: value for name, value in stored.items() if name in _SEEN}
    known |= {name: tuple(value) for name, value in known.items() if isinstance(value, list)}
    return Seen(**known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """A signal that showed itself, what it asks for, and the numbers of its reason."""

    signal: Signal
    response: Response
    params: Mapping[str, int | str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON values."""
        return {"signal": self.signal.value, "response": self.response.value, "params": dict(self.params)}


def noticed_from_json(stored: Mapping[str, Any]) -> Noticed:
    """What was noticed, of a stored decision."""
    return Noticed(
        signal=Signal(stored["signal"]), response=Response(stored["response"]), params=dict(stored["params"])
    )
