"""One keep-alive connection: sends one request at a time, and says when it was answered."""

import asyncio
from collections.abc import Callable
from time import perf_counter
from typing import cast

from benchmarks.exchange import Kind, Request, Requests
from benchmarks.loader.answers import MalformedAnswer, read_answer
from benchmarks.loader.tally import Tally

_ONE_WRITE = 1 << 22
"""A request of up to so many bytes is given to the transport whole."""


class Connection(asyncio.Protocol):
    """A connection that tells `on_idle` each time it has nothing in flight."""

    def __init__(self, requests: Requests, tally: Tally, on_idle: Callable[["Connection"], None]) -> None:
        """Count into the tally, and tell the requests what was answered well."""
        self._requests = requests
        self._tally = tally
        self._on_idle = on_idle
        self._transport: asyncio.WriteTransport | None = None
        self._received = b""
        self._kind: Kind | None = None
        self._content = b""
        self._since = 0.0
        self.is_closed = False

    @property
    def is_busy(self) -> bool:
        """Whether an answer is being waited for."""
        return self._kind is not None and not self.is_closed

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast(asyncio.WriteTransport, transport)  # noqa: TC006 - a stream's is one
        self._transport.set_write_buffer_limits(high=_ONE_WRITE)

    def send(self, request: Request, *, since: float) -> None:
        """Send one request, whose latency counts from `since`."""
        self._kind, self._content = request
        self._since = since
        if self._transport is None or self.is_closed:
            self.is_closed = True
            self._fail("the connection is closed")
            return
        self._transport.write(self._content)

    def data_received(self, data: bytes) -> None:
        """Collect until the answer is whole."""
        self._received = self._received + data if self._received else data
        try:
            answer = read_answer(self._received)
        except (MalformedAnswer, ValueError) as error:
            self._fail(f"not an answer: {error}")
            self.close()
            return
        if answer is None or self._kind is None:
            return
        now = perf_counter()
        body = self._received[answer.body_at : answer.end]
        self._received = self._received[answer.end :]
        kind, self._kind = self._kind, None
        if self._tally.count(kind, answer.status, body, latency_s=now - self._since, at=now):
            self._requests.note_answered(self._content)
        self._on_idle(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """A server may close a connection on which nothing is in flight; anything else is an error."""
        self.is_closed = True
        if self._kind is not None:
            self._fail(f"connection lost in flight: {exc}")

    def close(self) -> None:
        """Close it."""
        if self._transport is not None:
            self._transport.close()

    def _fail(self, words: str) -> None:
        self._kind = None
        self._tally.surprise(words)
        self._on_idle(self)
