"""A contestant that listens: it is opened once, measured many times, and every answer it gave is looked for."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.exchange import Kind, write_requests
from benchmarks.loading import Expected, Load, measure
from benchmarks.parcels import Parcel, mixed, orderly
from benchmarks.processes import Running

ACCEPTED = Expected(status=201, mark='"outcome":"accepted"')


class Served(ABC):
    """A server with a database of its own, to which every contestant's parcels are the same."""

    def __init__(self, name: str, title: str, running: Running, *, database_pid: int | None) -> None:
        """A server not yet started; the postmaster whose time counts as the database's, if there is one."""
        self.name = name
        self.title = title
        self.running = running
        self.database_pid = database_pid
        self.is_orderly = False
        """Whether it is spared what it must refuse or answer again."""

    @abstractmethod
    async def open(self) -> None:
        """Make its world, and start it."""

    async def close(self) -> None:
        """Stop it."""
        await asyncio.to_thread(self.running.stop)

    @abstractmethod
    async def headers(self) -> dict[str, str]:
        """The headers of a counter, with a token that outlives one load."""

    @abstractmethod
    async def take(self, count: int) -> list[Parcel]:
        """Parcels that were not presented yet."""

    def give_back(self, parcels: list[Parcel]) -> None:  # noqa: B027 - most have parcels without end
        """Take back parcels that were not sent."""

    async def prepare(self, count: int) -> None:  # noqa: B027 - the same
        """See to it that so many parcels are there; most have parcels without end."""

    @abstractmethod
    async def stored(self) -> int:
        """How many acceptances it holds."""

    @abstractmethod
    async def opened(self, acceptance_id: str) -> dict[str, str | None]:
        """Name, telephone and address of the sender of a stored acceptance, opened again."""

    async def measure(self, load: Load, *, count: int) -> dict[str, Any]:
        """Load it with at most so many parcels; what came back, and how many rows are there for it."""
        parcels = await self.take(count)
        headers = await self.headers()
        mix = orderly(headers, parcels) if self.is_orderly else mixed(headers, parcels)
        requests = list(mix)
        path = self.running.directory / f"{self.name}.requests"
        await asyncio.to_thread(write_requests, path, requests)
        before = await self.stored()
        found = await self.sent(path, load, ACCEPTED)
        kinds = [kind for kind, _ in requests[: found["taken"]]]
        self.give_back(parcels[kinds.count(Kind.GOOD) :])
        path.unlink()
        if found["surprises"]:
            found["said"] = self.running.said()
        return found | {"stored": await self.stored() - before}

    async def sent(self, path: Path, load: Load, expected: Expected) -> dict[str, Any]:
        """Have the requests of a file sent to it."""
        sending: Callable[[], dict[str, Any]] = lambda: measure(  # noqa: E731 - bound to its arguments here
            self.running.port, path, load, expected, server=self.running.pid, database=self.database_pid
        )
        return await asyncio.to_thread(sending)
