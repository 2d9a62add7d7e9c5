"""What an offline counter sends later: batches of acceptances in one request."""

import asyncio
from datetime import timedelta
from typing import Any

from acceptance_api.kernel.clock import SystemClock
from benchmarks.contestants.ours import Ours
from benchmarks.exchange import Kind, Request, write_requests
from benchmarks.loading import Expected, Load
from benchmarks.parcels import Parcel, wire

SIZE = 500
PATH = "/counter/v1/acceptance-batches"
_DONE = Expected(status=207, mark='"status":201', marks=SIZE, units=SIZE)
_LATE = timedelta(seconds=30)


class Batches:
    """Our service, given its parcels by the five hundred."""

    name = "batches"
    title = f"acceptance_api, batches of {SIZE}"

    def __init__(self, ours: Ours) -> None:
        """A service that runs."""
        self._ours = ours
        self._sequence = 0

    async def prepare(self, count: int) -> None:
        """Have so many parcels ready."""
        await self._ours.prepare(count)

    async def measure(self, load: Load, *, count: int) -> dict[str, Any]:
        """Send batches for about so many parcels; what came back, and how many rows are there for it."""
        parcels = await self._ours.take(-(-count // SIZE) * SIZE)
        headers = await self._ours.headers()
        batches = [parcels[at : at + SIZE] for at in range(0, len(parcels), SIZE)]
        requests: list[Request] = [(Kind.GOOD, wire(headers, self._body(batch), path=PATH)) for batch in batches]
        path = self._ours.running.directory / "batches.requests"
        await asyncio.to_thread(write_requests, path, requests)
        before = await self._ours.stored()
        found = await self._ours.sent(path, load, _DONE)
        path.unlink()
        self._ours.give_back(parcels[found["taken"] * SIZE :])
        return found | {"stored": await self._ours.stored() - before}

    def _body(self, parcels: list[Parcel]) -> dict[str, Any]:
        now = SystemClock().now()
        occurred_at = (now - _LATE).isoformat()
        items = []
        for parcel in parcels:
            self._sequence += 1
            items.append({"occurred_at": occurred_at, "sequence": self._sequence, "acceptance": parcel.body()})
        return {"device": {"sent_at": now.isoformat()}, "items": items}
