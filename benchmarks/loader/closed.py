"""The closed loop: so many counters, each sending its next request when the last one was answered."""

import asyncio
from time import perf_counter

from benchmarks.exchange import Requests
from benchmarks.loader.connections import Connection
from benchmarks.loader.tally import Tally

PATIENCE_S = 60
"""How long answers are waited for after the last request was sent."""


class ClosedLoop:
    """Keeps every connection busy for a time, then waits for what is in flight."""

    def __init__(self, requests: Requests, tally: Tally, *, seconds: float) -> None:
        """Send for so many seconds, or until the requests are used up."""
        self._requests = requests
        self._tally = tally
        self._seconds = seconds
        self._deadline = 0.0
        self._connections: list[Connection] = []
        self._busy = 0
        self._all_idle = asyncio.Event()

    async def connect(self, port: int, connections: int) -> None:
        """Open the connections."""
        loop = asyncio.get_running_loop()
        for _ in range(connections):
            _, connection = await loop.create_connection(
                lambda: Connection(self._requests, self._tally, self._next), "127.0.0.1", port
            )
            self._connections.append(connection)

    async def run(self) -> None:
        """Send and count."""
        self._tally.started = perf_counter()
        self._deadline = self._tally.started + self._seconds
        self._busy = len(self._connections)
        for connection in self._connections:
            self._next(connection)
        try:
            async with asyncio.timeout(self._seconds + PATIENCE_S):
                await self._all_idle.wait()
        except TimeoutError:
            self._tally.surprise(f"{self._busy} requests were not answered in {PATIENCE_S} s")
        for connection in self._connections:
            connection.close()

    def _next(self, connection: Connection) -> None:
        now = perf_counter()
        request = self._requests.take() if now < self._deadline and not connection.is_closed else None
        if request is not None:
            connection.send(request, since=now)
            return
        self._busy -= 1
        if self._busy == 0:
            self._all_idle.set()
