"""The words of where an outlet stands and when it closes: what some signals at the counter need."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Final

from acceptance_api.kernel.clock import SHANGHAI

_MINUTES_A_DAY: Final = 24 * 60
_AFTER_CLOSING: Final = 120
"""For so many minutes after it closed, an outlet is closing late rather than long before its next closing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletDetails:
    """An outlet's place in degrees of any datum in use in China (they differ by less than a kilometre), and its hours.

    Both coordinates are known, or neither; `closing_time` is local time in Asia/Shanghai, to the minute.
    """

    latitude: float | None = None
    longitude: float | None = None
    closing_time: time | None = None

    @property
    def location(self) -> tuple[float, float] | None:
        """Latitude and longitude, if they are known."""
        if self.latitude is None or self.longitude is None:
            return None
        return self.latitude, self.longitude

    def minutes_to_closing(self, at: datetime) -> int | None:
        """Whole minutes until the outlet closes; below zero for two hours after it closed; None if it never said."""
        if self.closing_time is None:
            return None
        left = minute_of(self.closing_time) - minute_of(at.astimezone(SHANGHAI).time())
        return (left + _AFTER_CLOSING) % _MINUTES_A_DAY - _AFTER_CLOSING


def minute_of(clock: time) -> int:
    """The minutes of a day before this one."""
    return clock.hour * 60 + clock.minute
