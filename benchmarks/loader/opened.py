"""The open loop: requests at a given rate whether or not the earlier ones were answered, as counters in a town send.

A latency counts from the moment a request was due, so that a stall is felt by all that it delays.
"""

import asyncio
import signal
from collections import deque
from time import perf_counter

from benchmarks.exchange import Request, Requests
from benchmarks.loader.closed import PATIENCE_S
from benchmarks.loader.connections import Connection
from benchmarks.loader.tally import Tally

_TICK_S = 0.001


class OpenLoop:
    """Sends at an even rate over the connections that are free; what finds none free waits, and its clock runs."""

    def __init__(self, requests: Requests, tally: Tally, *, seconds: float, rate: float) -> None:
        """Send `rate` requests a second for so many seconds."""
        self._requests = requests
        self._tally = tally
        self._rate = rate
        self._count = int(rate * seconds)
        self._sent = 0
        self._connections: list[Connection] = []
        self._free: deque[Connection] = deque()
        self._waiting: deque[tuple[Request, float]] = deque()
        self._all_sent = asyncio.Event()

    async def connect(self, port: int, connections: int) -> None:
        """Open the connections."""
        loop = asyncio.get_running_loop()
        for _ in range(connections):
            _, connection = await loop.create_connection(
                lambda: Connection(self._requests, self._tally, self._is_free), "127.0.0.1", port
            )
            self._connections.append(connection)
        self._free.extend(self._connections)

    async def run(self) -> None:
        """Send what is due, count what is answered.

        The clock is the kernel's interval timer: a loop's own timers are good to a millisecond only.
        """
        loop = asyncio.get_running_loop()
        self._tally.started = perf_counter()
        loop.add_signal_handler(signal.SIGALRM, self._send_due)
        every_s = min(1 / self._rate, _TICK_S)
        signal.setitimer(signal.ITIMER_REAL, every_s, every_s)
        await self._all_sent.wait()
        signal.setitimer(signal.ITIMER_REAL, 0)
        loop.remove_signal_handler(signal.SIGALRM)
        await self._drain()

    def _send_due(self) -> None:
        now = perf_counter()
        while self._sent < self._count:
            due = self._tally.started + self._sent / self._rate
            if due > now:
                return
            request = self._requests.take()
            if request is None:
                self._tally.surprise("the requests were used up")
                break
            self._sent += 1
            self._send(request, due)
        self._all_sent.set()

    def _send(self, request: Request, due: float) -> None:
        while self._free:
            connection = self._free.popleft()
            if not connection.is_closed:
                connection.send(request, since=due)
                return
        self._waiting.append((request, due))

    def _is_free(self, connection: Connection) -> None:
        if self._waiting and not connection.is_closed:
            request, due = self._waiting.popleft()
            connection.send(request, since=due)
            return
        self._free.append(connection)

    async def _drain(self) -> None:
        deadline = perf_counter() + PATIENCE_S
        while self._waiting or any(one.is_busy for one in self._connections):
            if perf_counter() > deadline:
                self._tally.surprise(f"requests were not answered in {PATIENCE_S} s")
                break
            await asyncio.sleep(0.005)
        for connection in self._connections:
            connection.close()
