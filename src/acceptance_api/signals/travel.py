"""How long it takes at the least from one outlet to another. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import asin, cos, floor, radians, sin, sqrt
from typing import Final

from acceptance_api.signals.model import Seen

_EARTH_KM: Final = 6_371.0
_MUNICIPALITIES: Final = frozenset({"11", "12", "31", "50"})
"""Of which the whole province is one city."""
_PROVINCE, _CITY = 2, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """From the last outlet to this: how far in whole kilometres, or at which level if nobody knows, and how long."""

    level: str
    kilometres: int | None
    least_minutes: int


def way_between(seen: Seen, figures: Mapping[str, int]) -> Way | None:
    """The way between the two outlets, by their coordinates or else by their divisions; None if neither is known."""
    here, there = seen.outlet_division, seen.last_outlet_division
    level = level_between(here, there) if here and there else ""
    if seen.outlet_location is not None and seen.last_outlet_location is not None:
        distance = kilometres_between(seen.outlet_location, seen.last_outlet_location)
        minutes = floor(distance * 60 / max(1, figures["km_per_hour"]))
        return Way(level=level, kilometres=round(distance), least_minutes=minutes)
    return Way(level=level, kilometres=None, least_minutes=figures[f"{level}_minutes"]) if level else None


def level_between(one: str, other: str) -> str:
    """The smallest division that holds both: `same_city`, `same_province`, else `other_province`."""
    if one[:_PROVINCE] != other[:_PROVINCE]:
        return "other_province"
    if one[:_PROVINCE] in _MUNICIPALITIES or one[:_CITY] == other[:_CITY]:
        return "same_city"
    return "same_province"


def kilometres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The great-circle distance of two places, by the haversine formula on a sphere: within half a percent."""
    (latitude, longitude), (other_latitude, other_longitude) = one, other
    up, along = radians(other_latitude - latitude) / 2, radians(other_longitude - longitude) / 2
    square = sin(up) ** 2 + cos(radians(latitude)) * cos(radians(other_latitude)) * sin(along) ** 2
    return 2 * _EARTH_KM * asin(sqrt(min(1.0, square)))
