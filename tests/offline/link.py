"""A bad network: it loses, delays, repeats and overtakes, in both directions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from random import Random


@dataclass(frozen=True, slots=True, kw_only=True)
class Badness:
    """How bad a link is: chances between 0 and 1, and how long a message is on its way at most."""

    loss: float = 0.0
    repetition: float = 0.0
    delay_max: timedelta = timedelta(milliseconds=200)
    stall: float = 0.0
    """The chance of a message that hangs somewhere for hours."""


class Link:
    """One device's link; what becomes of each message is decided when it is sent."""

    def __init__(self, badness: Badness, rng: Random, is_down: Callable[[], bool]) -> None:
        """Be as bad as this, and down whenever `is_down` says so."""
        self.badness = badness
        self._rng = rng
        self._is_down = is_down

    def carry(self) -> list[timedelta]:
        """After how long one message arrives: not at all, once, or more often."""
        if self._is_down() or self._rng.random() < self.badness.loss:
            return []
        times = [self._delay()]
        while self._rng.random() < self.badness.repetition and len(times) < 4:
            times.append(self._delay())
        return times

    def _delay(self) -> timedelta:
        if self._rng.random() < self.badness.stall:
            return timedelta(milliseconds=self._rng.randint(60_000, 20_000_000))
        return timedelta(milliseconds=self._rng.randint(1, int(self.badness.delay_max.total_seconds() * 1000)))
