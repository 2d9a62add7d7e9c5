"""True time, and what a device believes of it."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count

Act = Callable[[], Awaitable[None]]
SKEW_MAX = timedelta(hours=48)


class Timeline:
    """What happens when, one thing after another; what is due at once happens in the order in which it was planned."""

    def __init__(self, start: datetime) -> None:
        """Begin at an instant."""
        self.now = start
        self._due: list[tuple[datetime, int, Act]] = []
        self._numbers = count()

    def at(self, when: datetime, act: Act) -> None:
        """Plan something; never for the past."""
        heappush(self._due, (max(when, self.now), next(self._numbers), act))

    def after(self, delay: timedelta, act: Act) -> None:
        """Plan something for later."""
        self.at(self.now + delay, act)

    async def run(self) -> None:
        """Let everything happen that was planned, and what is planned meanwhile."""
        while self._due:
            self.now, _, act = heappop(self._due)
            await act()


class DeviceClock:
    """A device's clock: off by up to 48 hours, and now and then set, also backwards."""

    def __init__(self, timeline: Timeline, skew: timedelta) -> None:
        """Run off by `skew`."""
        self._timeline = timeline
        self.skew = skew

    def now(self) -> datetime:
        """What the device believes."""
        return self._timeline.now + self.skew

    def step(self, by: timedelta) -> timedelta:
        """Set the clock, within what clocks are off by; by how much it was set."""
        before, self.skew = self.skew, min(SKEW_MAX, max(-SKEW_MAX, self.skew + by))
        return self.skew - before
