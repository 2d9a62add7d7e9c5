"""An archive: some people with real parcels, among as many records as a town makes in years."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from acceptance_api.kernel.ids import new_uuid
from benchmarks.contestants.ours import Ours
from benchmarks.contestants.world import headers_of
from benchmarks.exchange import Kind, Request
from benchmarks.parcels import PATH, wire
from benchmarks.postgresql import connect
from benchmarks.record import Record, Terms

PEOPLE = 100
PARCELS_EACH = 8
_AT_ONCE = 16
_STEPS = 2 * PARCELS_EACH
"""The real parcels come in so many visits, spread over the archive, as people come in the course of years."""
_DAYS = 20
SEARCH = "/regulator/v1/searches"


class Archive:
    """Our service with many records. The searched-for people are real: what is found is opened and masked."""

    def __init__(self, ours: Ours) -> None:
        """A service that runs on an empty database, with as many senders as there are people to find."""
        self.ours = ours
        self._case_id = ""

    async def fill(self, records: int) -> None:
        """Present the real parcels through the API; derive the others from one of them, with tokens of their own."""
        record = await self.ours.sample()
        real, derived = PEOPLE * PARCELS_EACH, records - PEOPLE * PARCELS_EACH
        presented = 1
        async with _connected(self.ours.url) as connection:
            await connection.execute("SET synchronous_commit = off")
            for step in range(1, _STEPS + 1):
                first, last = derived * (step - 1) // _STEPS, derived * step // _STEPS
                await connection.execute(_filling(record, first, last))
                await self.present(real * step // _STEPS - presented)
                presented = real * step // _STEPS
            await connection.execute("VACUUM ANALYZE")
            await connection.execute("CHECKPOINT")
        self._case_id = await self.ours.open_case()

    async def searches(self, count: int) -> list[Request]:
        """Searches by ID number: another person each time, in an order that no cache can know."""
        headers = await headers_of(self.ours.http, self.ours.world, "regulator")
        people = [visit.sender for visit in self.ours.preparation.visits]
        chance = random.Random(1)  # noqa: S311 - an order, not a secret
        bodies = (
            {"case_id": self._case_id, "by": {"kind": "id_number", "id_number": chance.choice(people).id_number}}
            for _ in range(count)
        )
        return [(Kind.GOOD, wire(headers, body, path=SEARCH)) for body in bodies]

    async def present(self, count: int) -> None:
        """Present so many parcels through the API."""
        headers = await self.ours.headers()
        gate = asyncio.Semaphore(_AT_ONCE)

        async def present(body: dict[str, object]) -> None:
            async with gate:
                given = headers | {"Idempotency-Key": new_uuid().hex}
                (await self.ours.http.post(PATH, json=body, headers=given)).raise_for_status()

        await asyncio.gather(*(present(parcel.body()) for parcel in await self.ours.take(count)))


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await connect(url)
    try:
        yield connection
    finally:
        await connection.close()


def _filling(record: Record, first: int, last: int) -> str:
    """One statement for so many records; eight of them share a person, and all lie in the last days."""
    ids = ", ".join(f"uuidv7() AS u{number}" for number in range(record.minted))
    terms = Terms(
        minted=lambda number: f"m.u{number}",
        waybill="('AR' || lpad(m.n::text, 13, '0'))",
        key="replace(m.u0::text, '-', '')",
        now=f"(now() - (m.n % {_DAYS * 24}) * interval '1 hour')",
        blind=lambda value: f"({value}::bigint # hashint8extended(m.n / {PARCELS_EACH}, 7))",
    )
    source = f"SELECT {ids}, n::bigint FROM generate_series({first + 1}, {last}) n"  # noqa: S608 - own numbers
    return record.statement(terms, source=source)
