"""The limit of bulk: COPY of rows that were prepared before, by as many connections, five hundred records at a commit.

Nothing is parsed, validated, sealed or decided while the clock runs.
"""

import asyncio
import os
from collections import deque
from time import perf_counter
from typing import Any

import asyncpg
from sqlalchemy import Table

from acceptance_api.kernel.migrations import upgrade
from benchmarks import bulk
from benchmarks.contestants.batches import SIZE
from benchmarks.figures import quantile
from benchmarks.loading import Load
from benchmarks.people import COUNT
from benchmarks.postgresql import PostgreSQL, connect
from benchmarks.processes import cpu_s
from benchmarks.record import Record

_Batch = dict[Table, list[tuple[Any, ...]]]


class Copying:
    """COPY into a database of its own with our schema."""

    name = "copy"
    title = f"raw COPY of prepared rows, {SIZE} records at a commit"

    def __init__(self, postgresql: PostgreSQL, record: Record) -> None:
        """Not yet opened."""
        self._postgresql = postgresql
        self._record = record
        self._url = ""
        self._number = 0

    async def open(self) -> None:
        """Make the schema."""
        self._url = await self._postgresql.create("bulk_limit")
        await upgrade(self._url)

    async def prepare(self, count: int) -> None:
        """Nothing: what it needs is made before each load's clock starts."""

    async def measure(self, load: Load, *, count: int) -> dict[str, Any]:
        """Prepare so many records, then copy for as long as the load says."""
        prepared = deque(self._batch() for _ in range(-(-count // SIZE)))
        connections = [await connect(self._url) for _ in range(load.connections)]
        spent, started = (cpu_s(os.getpid()), cpu_s(self._postgresql.pid)), perf_counter()
        done = await asyncio.gather(*(_copy(one, prepared, started + load.seconds) for one in connections))
        elapsed = perf_counter() - started
        latencies = sorted(latency for some in done for latency in some)
        found = {
            "elapsed_s": round(elapsed, 6),
            "good": len(latencies),
            "accepted": len(latencies) * SIZE,
            "rate": round(len(latencies) * SIZE / elapsed, 3),
            "surprises": {},
            **{f"p{q}_ms": round(quantile(latencies, q / 100) * 1000, 4) for q in (50, 90, 99)},
            "server_cpu_s": round(cpu_s(os.getpid()) - spent[0], 4),
            "database_cpu_s": round(cpu_s(self._postgresql.pid) - spent[1], 4),
            "load_1m": round(os.getloadavg()[0], 2),
        }
        for connection in connections:
            await connection.close()
        return found

    def _batch(self) -> _Batch:
        rows: dict[Table, list[bulk.Row]] = {table: [] for table in self._record.tables}
        for _ in range(SIZE):
            self._number += 1
            for table, row in self._record.make(self._number, people=COUNT):
                rows[table].append(row)
        return {table: bulk.records(table, some) for table, some in rows.items()}


async def _copy(
    connection: "asyncpg.Connection[asyncpg.Record]", prepared: deque[_Batch], deadline: float
) -> list[float]:
    """Copy batches until the time is over; how long each took."""
    latencies = []
    while prepared and (began := perf_counter()) < deadline:
        batch = prepared.popleft()
        async with connection.transaction():
            for table, records in batch.items():
                await bulk.copy(connection, table, records)
        latencies.append(perf_counter() - began)
    return latencies
