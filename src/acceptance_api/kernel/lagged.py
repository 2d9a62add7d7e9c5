"""What the database said a short while ago: asked at most once per lag and key, by one of all who need it at once."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from datetime import datetime, timedelta
from functools import partial
from typing import Generic, TypeVar

_K = TypeVar("_K", bound=Hashable)
_V = TypeVar("_V")
_SETBACK_MAX = timedelta(minutes=1)
"""What was read further in the future was read before the clock was set back: its age is unknown."""


class Lagged(Generic[_K, _V]):
    """Values no older than the lag, at most `entries_max` of them; read anew when they are half as old.

    Belongs to one event loop.
    """

    def __init__(self, *, lag_s: float, entries_max: int) -> None:
        """Nothing is known yet."""
        self._lag = timedelta(seconds=lag_s)
        self._entries_max = entries_max
        self._known: OrderedDict[_K, tuple[datetime, _V]] = OrderedDict()
        self._looks: dict[_K, asyncio.Task[None]] = {}

    def __len__(self) -> int:
        """How many are known."""
        return len(self._known)

    def recent(self, key: _K, *, at: datetime) -> _V | None:
        """The value, if it is known and was read at most the lag before `at`; never waits."""
        entry = self._recent(key, at)
        return entry[1] if entry else None

    async def get(self, key: _K, read: Callable[[], Awaitable[_V]], *, at: datetime) -> _V:
        """The value, read at most the lag before `at`. Whatever `read` raises, everybody who waits for it gets."""
        while (entry := self._recent(key, at)) is None:
            # One who goes away must not take the look from those who wait for it too.
            await asyncio.shield(self._begin(key, read, at))
        if at - entry[0] > self._lag / 2:
            _ = self._begin(key, read, at)  # so that nobody has to wait when it is too old
        return entry[1]

    def _begin(self, key: _K, read: Callable[[], Awaitable[_V]], at: datetime) -> asyncio.Task[None]:
        look = self._looks.get(key)
        if look is None or look.done():
            look = asyncio.create_task(self._look(key, read, at))
            self._looks[key] = look
            look.add_done_callback(partial(self._landed, key))
        return look

    def _recent(self, key: _K, at: datetime) -> tuple[datetime, _V] | None:
        entry = self._known.get(key)
        if entry is None or not -_SETBACK_MAX <= at - entry[0] <= self._lag:
            return None
        self._known.move_to_end(key)
        return entry

    async def _look(self, key: _K, read: Callable[[], Awaitable[_V]], at: datetime) -> None:
        self._known[key] = at, await read()
        self._known.move_to_end(key)
        if len(self._known) > self._entries_max:
            self._known.popitem(last=False)

    def _landed(self, key: _K, look: asyncio.Task[None]) -> None:
        if self._looks.get(key) is look:
            del self._looks[key]
        if not look.cancelled():
            look.exception()  # seen by those who waited; nobody may have
