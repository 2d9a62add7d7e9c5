"""Our service, asked something else than to accept one parcel."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.contestants.ours import Ours
from benchmarks.exchange import Request, write_requests
from benchmarks.loading import Expected, Load

Build = Callable[[int], Awaitable[list[Request]]]
"""Builds so many requests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question that a running service is asked again and again."""

    name: str
    title: str
    ours: Ours
    build: Build
    expected: Expected

    async def prepare(self, count: int) -> None:
        """Nothing: what it needs is made before each load's clock starts."""

    async def measure(self, load: Load, *, count: int) -> dict[str, Any]:
        """Ask as the load says; what came back."""
        path = self.ours.running.directory / f"{self.name}.requests"
        await asyncio.to_thread(write_requests, path, await self.build(count))
        try:
            return await self.ours.sent(path, load, self.expected)
        finally:
            path.unlink()
