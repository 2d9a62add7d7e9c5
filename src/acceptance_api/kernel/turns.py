"""Taking turns: who wants the same thing at the same time waits in line for it, in one process."""

import asyncio
from collections.abc import AsyncIterator, Hashable, Iterable
from contextlib import asynccontextmanager


class Turns:
    """One holder at a time for each key; keys that nobody wants take no memory. Belongs to one event loop."""

    def __init__(self) -> None:
        """Nobody holds anything."""
        self._lines: dict[Hashable, tuple[asyncio.Lock, int]] = {}

    def __len__(self) -> int:
        """How many keys are held or waited for."""
        return len(self._lines)

    @asynccontextmanager
    async def of(self, keys: Iterable[Hashable]) -> AsyncIterator[None]:
        """Hold all of the keys, in one order for everybody: two who want the same ones cannot block each other."""
        wanted = sorted(set(keys), key=repr)
        held: list[asyncio.Lock] = []
        for key in wanted:
            lock, count = self._lines.get(key, (asyncio.Lock(), 0))
            self._lines[key] = lock, count + 1
        try:
            for key in wanted:
                lock = self._lines[key][0]
                await lock.acquire()
                held.append(lock)
            yield
        finally:
            for lock in held:
                lock.release()
            for key in wanted:
                self._leave(key)

    def _leave(self, key: Hashable) -> None:
        lock, count = self._lines[key]
        if count == 1:
            del self._lines[key]
        else:
            self._lines[key] = lock, count - 1
