"""Medians, ranges and ratios: how rounds become figures."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

NOISY = 3.0
"""A row whose fastest round is so many times its slowest tells nothing."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A median over rounds, with its range and the number of rounds."""

    median: float
    least: float
    most: float
    rounds: int

    @property
    def is_noisy(self) -> bool:
        """Whether the rounds lie too far apart to mean anything."""
        return self.least <= 0 or self.most / self.least > NOISY

    def __str__(self) -> str:
        """`2.1 [1.9-2.4]`."""
        return f"{shown(self.median)} [{shown(self.least)}-{shown(self.most)}]"


def figure(values: Iterable[float]) -> Figure | None:
    """The figure of some rounds, None when there is none."""
    known = [value for value in values if not math.isnan(value)]
    return Figure(median(known), min(known), max(known), len(known)) if known else None


def ratios(above: Mapping[int, float], below: Mapping[int, float]) -> Figure | None:
    """The figure of the ratios within each round that both have."""
    return figure(above[number] / below[number] for number in above.keys() & below.keys() if below[number] > 0)


def quantile(ordered: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed; the values are in order."""
    if not ordered:
        return math.nan
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def shown(value: float) -> str:
    """Three digits that matter, and no more."""
    if math.isnan(value):
        return "-"
    if abs(value) >= 100:  # noqa: PLR2004 - whole numbers from here on
        return f"{value:,.0f}"
    if abs(value) >= 10:  # noqa: PLR2004 - one decimal
        return f"{value:.1f}"
    return f"{value:.2f}"
