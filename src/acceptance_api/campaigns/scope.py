"""Which parcels a campaign is about. Pure."""

from dataclasses import dataclass, field
from typing import Final

_CODE_LENGTH, _PAIR = 6, 2
"""Digits of a GB/T 2260 code, and of each of its three levels."""
_DIVISION_OF: Final = {"HK": "810000", "MO": "820000", "TW": "710000"}
"""Beyond the border in the address, divisions of GB/T 2260 all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Conditions as they are written: names of rings, prefixes of GB/T 2260 codes, countries (of destinations only).

    Conditions of different kinds must all be met, of one kind any; a kind without conditions is always met. `inbound`
    parcels come from outside of the divisions they go to (进京).
    """

    origin: frozenset[str] = frozenset()
    destination: frozenset[str] = frozenset()
    transit: frozenset[str] = frozenset()
    transports: frozenset[str] = frozenset()
    inbound: bool = False


EVERYWHERE: Final = Scope()


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A parcel's way: from an outlet's division to a country and, within China, a division.

    `transit` holds the divisions it is known to pass through: at the counter usually none, at a scan the scan's own.
    """

    origin: str
    destination_country: str
    destination_division: str | None
    transport: str
    transit: tuple[str, ...] = ()
    destination: str = field(init=False)
    """The destination's GB/T 2260 code as far as it is known, or its country abroad."""

    def __post_init__(self) -> None:
        """Say the destination in one word."""
        country, division = self.destination_country, self.destination_division or ""
        place = division if country == "CN" else _DIVISION_OF.get(country, country)
        object.__setattr__(self, "destination", as_prefix(place) if place.endswith("00") else place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """A scope whose rings were looked up: prefixes only."""

    origin: tuple[str, ...] = ()
    destination: tuple[str, ...] = ()
    transit: tuple[str, ...] = ()
    transports: frozenset[str] = frozenset()
    inbound: bool = False

    def cover(self, passage: Passage) -> bool:
        """Whether a parcel on this way meets every condition."""
        destination, origin, transit = self.destination, self.origin, self.transit
        if destination and not may_lie_in(passage.destination, destination):
            return False
        if origin and not may_lie_in(passage.origin, origin):
            return False
        if self.transports and passage.transport not in self.transports:
            return False
        if transit and not any(may_lie_in(division, transit) for division in passage.transit):
            return False
        return not (self.inbound and passage.origin.startswith(destination))

    def concern(self, division: str) -> bool:
        """Whether an outlet of this division may have to do with such parcels: accept them, pass them on or deliver."""
        if not self.origin or may_lie_in(division, self.origin):
            return True
        return any(prefixes and may_lie_in(division, prefixes) for prefixes in (self.destination, self.transit))


def as_prefix(code: str) -> str:
    """What the codes of everything within a division begin with: `110000` (Beijing) is `11`."""
    while len(code) > _PAIR and code.endswith("00"):
        code = code[:-_PAIR]
    return code


def may_lie_in(place: str, prefixes: tuple[str, ...]) -> bool:
    """Whether a place lies in one of the divisions, or is known too coarsely to say that it does not.

    A parcel `to Shandong` may be going to Zaozhuang: what is left out does not set anybody free.
    """
    if place.startswith(prefixes):
        return True
    if len(place) == _CODE_LENGTH:
        if not place.endswith("00"):
            return False  # a county is known: this only saves the look through the prefixes
        place = as_prefix(place)
    return any(prefix.isdigit() and prefix.startswith(place) for prefix in prefixes)
