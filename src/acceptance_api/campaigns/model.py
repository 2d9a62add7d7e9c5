"""The words of campaigns (重点管控): temporary tightening of the rules, by destination, item, transport and time.

There is no overlay that loosens anything: a campaign can only ask for more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final

from acceptance_api.campaigns.overlays import Overlay
from acceptance_api.campaigns.scope import EVERYWHERE, Bounds, Scope

TRANSPORTS: Final = frozenset({"ground", "air", "high_speed_rail"})
"""How a parcel may travel, in the words of the room `acceptance`."""
_COUNTRY_LENGTH: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """Where a value was stated, and whether somebody has read it there."""

    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Where the campaign's beginning and end were stated. The instants themselves stand on the rule set."""

    starts: Stated
    ends: Stated


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuingDocument:
    """The notice (通告, 通知) by which an authority ordered the campaign."""

    title: str
    issuer: str
    number: str | None = None
    dated_on: date | None = None
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """Divisions that a campaign treats alike (外圈保内圈, 内圈保核心), by prefixes of their GB/T 2260 codes."""

    divisions: frozenset[str]
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGoods:
    """Goods that a campaign names and the catalogue may not know; by themselves they may be sent."""

    code: str
    class_code: str
    name_zh: str
    name_en: str
    synonyms: tuple[str, ...] = ()
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Group:
    """Overlays of one campaign that have the same bounds of their own, or none."""

    bounds: Bounds | None
    overlays: tuple[Overlay, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """What is asked for, of which parcels. When it is in force is said by the rule set that carries it.

    An overlay binds what lies in the campaign's own scope and in the overlay's, if it has one.
    """

    name_zh: str
    name_en: str
    period: Period
    issuing_documents: tuple[IssuingDocument, ...] = ()
    rings: Mapping[str, Ring] = field(default_factory=dict, hash=False)
    applies_to: Scope = EVERYWHERE
    goods: tuple[NewGoods, ...] = ()
    overlays: tuple[Overlay, ...]
    bounds: Bounds = field(init=False, repr=False, compare=False)
    groups: tuple[Group, ...] = field(init=False, repr=False, compare=False)
    """The overlays by their own bounds: every parcel asks, so rings are looked up once, and bounds are asked once."""

    def __post_init__(self) -> None:
        """Freeze the rings, and look them up.

        Raises:
            KeyError: a scope names a ring that there is not.
        """
        object.__setattr__(self, "rings", MappingProxyType(dict(self.rings)))
        object.__setattr__(self, "bounds", self.bounds_of(self.applies_to))
        scopes = dict.fromkeys(one.applies_to for one in self.overlays)
        object.__setattr__(self, "groups", tuple(map(self._group, scopes)))

    def bounds_of(self, scope: Scope) -> Bounds:
        """A scope with its rings looked up."""
        return Bounds(
            origin=self._prefixes(scope.origin),
            destination=self._prefixes(scope.destination),
            transit=self._prefixes(scope.transit),
            transports=scope.transports,
            inbound=scope.inbound,
        )

    def _group(self, scope: Scope | None) -> Group:
        return Group(
            bounds=self.bounds_of(scope) if scope else None,
            overlays=tuple(one for one in self.overlays if one.applies_to == scope),
        )

    def _prefixes(self, entries: Iterable[str]) -> tuple[str, ...]:
        found: set[str] = set()
        for entry in entries:
            found |= self.rings[entry].divisions if is_ring_name(entry) else {entry}
        return tuple(sorted(found))


def is_ring_name(entry: str) -> bool:
    """Whether an entry of a scope names a ring: neither digits (a division) nor two letters (a country)."""
    return not entry.isdigit() and len(entry) != _COUNTRY_LENGTH
