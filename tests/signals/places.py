"""The country of the synthetic traffic: cities where they are, outlets scattered in them, and how people travel."""

import math
from dataclasses import dataclass
from random import Random

from acceptance_api.signals.travel import kilometres_between

CITIES = {
    "110105": (39.92, 116.44),  # Beijing, Chaoyang
    "120101": (39.12, 117.20),  # Tianjin
    "130102": (38.04, 114.51),  # Shijiazhuang
    "131082": (39.95, 116.82),  # Sanhe, next to Beijing
    "140105": (37.87, 112.55),  # Taiyuan
    "210102": (41.80, 123.43),  # Shenyang
    "310101": (31.23, 121.47),  # Shanghai
    "320102": (32.06, 118.80),  # Nanjing
    "320508": (31.30, 120.59),  # Suzhou
    "320583": (31.38, 120.98),  # Kunshan, next to Shanghai
    "330102": (30.25, 120.17),  # Hangzhou
    "340102": (31.86, 117.28),  # Hefei
    "370102": (36.67, 117.00),  # Jinan
    "410102": (34.75, 113.63),  # Zhengzhou
    "420102": (30.59, 114.31),  # Wuhan
    "430102": (28.23, 112.94),  # Changsha
    "440104": (23.13, 113.26),  # Guangzhou
    "440305": (22.54, 113.93),  # Shenzhen
    "440402": (22.27, 113.58),  # Zhuhai
    "500103": (29.56, 106.55),  # Chongqing
    "510104": (30.66, 104.06),  # Chengdu
    "610102": (34.26, 108.94),  # Xi'an
    "650102": (43.83, 87.62),  # Urumqi
}
NEIGHBOURS = (("110105", "131082"), ("310101", "320583"))
"""Cities on both sides of a border between provinces, with people who cross it every day."""
_OUTLETS_A_CITY = 8
_DEGREES_A_KM = 1 / 111
LOCATED = 0.5
"""The share of outlets whose coordinates somebody registered."""
_NEAR_KM, _BY_TRAIN_KM = 80, 900


@dataclass(frozen=True, slots=True)
class Place:
    """An outlet: where it is, whether that is registered, how busy it is, when it closes."""

    number: int
    division: str
    where: tuple[float, float]
    is_located: bool
    parcels_a_minute: float
    closes_at: int
    """Minute of the day."""

    @property
    def location(self) -> tuple[float, float] | None:
        """What the service knows of where it is."""
        return self.where if self.is_located else None


def country(random: Random, *, located: float) -> dict[str, list[Place]]:
    """The outlets of every city."""
    places: dict[str, list[Place]] = {}
    number = 0
    for division, (latitude, longitude) in CITIES.items():
        for _ in range(_OUTLETS_A_CITY):
            where = (
                latitude + random.gauss(0, 5) * _DEGREES_A_KM,
                longitude + random.gauss(0, 5) * _DEGREES_A_KM / math.cos(math.radians(latitude)),
            )
            place = Place(
                number=number,
                division=division,
                where=where,
                is_located=random.random() < located,
                parcels_a_minute=random.choice((0.2, 0.4, 0.8, 1.5)),
                closes_at=random.choice((20, 21, 22)) * 60,
            )
            places.setdefault(division, []).append(place)
            number += 1
    return places


def minutes_by_honest_means(one: Place, other: Place, random: Random) -> float:
    """From counter to counter: on foot or by car nearby, by high-speed train, by plane; and people linger."""
    distance = kilometres_between(one.where, other.where)
    if distance < _NEAR_KM:
        moving = 6 + distance / random.uniform(20, 70) * 60
    elif distance < _BY_TRAIN_KM:
        moving = 40 + distance / random.uniform(180, 260) * 60
    else:
        moving = 140 + distance / random.uniform(550, 750) * 60
    return moving + random.expovariate(1 / 45)
