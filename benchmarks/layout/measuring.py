"""Measuring: rounds in which each layout has its turn, and then months that are forgotten."""

import asyncio
import random
import time
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Any, TypeVar

from acceptance_api.acceptance.tables import acceptance_tokens, acceptances
from acceptance_api.kernel.clock import SystemClock
from benchmarks.figures import quantile
from benchmarks.layout.corpus import MONTH, Corpus
from benchmarks.layout.questions import QUESTIONS, Connection, Question, ask_token
from benchmarks.layout.schema import LAYOUTS, TABLES, insertion

INSERT = "insert"
BATCH, BATCHES, LOOKUPS = 100, 20, 200
_BLOCKS_A_BATCH = 1_000
_COPIED = 5_000
_T = TypeVar("_T")


class LayoutsDiffer(Exception):  # noqa: N818 - it says what is wrong
    """The layouts did not find the same records: nothing measured on them can be compared."""


@dataclass(kw_only=True)
class Bench:
    """A server with the three layouts in it."""

    corpus: Corpus
    connection: Connection
    beside: Connection
    """A second one, for who looks something up meanwhile."""
    rounds: list[dict[str, Any]] = field(default_factory=list)
    forgotten: list[dict[str, Any]] = field(default_factory=list)

    async def fill(self) -> None:
        """The same rows into each layout, in one order."""
        some: dict[Any, list[tuple[Any, ...]]] = {table: [] for table in TABLES}
        for number, (row, tokens) in enumerate(self.corpus.stored(), start=1):
            some[acceptances].append(tuple(row.values()))
            some[acceptance_tokens] += [tuple(one.values()) for one in tokens]
            if number % _COPIED == 0 or number == self.corpus.rows:
                for table, records in some.items():
                    await self.connection.copy_records_to_table(table.name, schema_name="plain", records=records)
                    records.clear()
        for layout in LAYOUTS:
            for table in TABLES:
                if layout != "plain":
                    statement = f"INSERT INTO {layout}.{table.name} SELECT * FROM plain.{table.name}"  # noqa: S608 - our names
                    await self.connection.execute(statement)
                await self.connection.execute(f"VACUUM (ANALYZE) {layout}.{table.name}")

    async def run(self, number: int) -> None:
        """One round: each measure, each layout in turn."""
        layouts = list(LAYOUTS) if number % 2 else list(reversed(LAYOUTS))
        for question in QUESTIONS:
            found = set()
            for layout in layouts:
                times, count = await self._ask(question, layout, seed=number)
                self._keep(number, question.name, layout, times)
                found.add(count)
            if len(found) > 1:
                raise LayoutsDiffer(question.name)
        for layout in layouts:
            self._keep(number, INSERT, layout, await self._insert(layout, seed=number))

    async def forget(self, month: int) -> None:
        """Forget the oldest month that is left, in each layout, while somebody looks up tokens."""
        for layout in list(LAYOUTS) if month % 2 else list(reversed(LAYOUTS)):
            cut = LAYOUTS[layout]
            slowest = asyncio.create_task(self._look_up(layout, over := asyncio.Event()))
            before, began = await self.connection.fetchval("SELECT pg_current_wal_lsn()"), time.perf_counter()
            for table in TABLES:
                if table in cut:
                    await self.connection.execute(f"DROP TABLE {layout}.{table.name}_{month}")
                else:
                    await self._delete(f"{layout}.{table.name}", self.corpus.since + MONTH * (month + 1))
            took_s = time.perf_counter() - began
            written = await self.connection.fetchval("SELECT pg_current_wal_lsn() - $1::pg_lsn", before)
            over.set()
            self.forgotten.append({
                "month": month,
                "layout": layout,
                "seconds": took_s,
                "wal_bytes": int(written),
                "slowest_look_up_ms": await slowest,
            })  # fmt: skip

    async def bytes_of(self) -> dict[str, int]:
        """What each layout takes on the disk, indexes included."""
        question = (
            "SELECT sum(pg_total_relation_size(c.oid))::bigint FROM pg_class c"
            " WHERE c.relnamespace = $1::regnamespace AND c.relkind = 'r'"
        )
        return {layout: await self.connection.fetchval(question, layout) for layout in LAYOUTS}

    def _keep(self, number: int, measure: str, layout: str, times: Sequence[float]) -> None:
        ordered = sorted(times)
        found = {"p50_ms": median(ordered), "p99_ms": quantile(ordered, 0.99)}
        self.rounds.append({"round": number, "measure": measure, "layout": layout, **found})

    async def _ask(self, question: Question, layout: str, *, seed: int) -> tuple[list[float], int]:
        """How long each look-up took, in ms, and how many records were found in all."""
        chance = random.Random(seed)  # noqa: S311 - each layout is asked the same
        ask = await question.prepared(self.connection, layout)
        times, found = [], 0
        for _ in range(LOOKUPS):
            took_ms, records = await _timed(ask(*question.ask(self.corpus, chance)))
            times.append(took_ms)
            found += len(records)
        return times, found

    async def _insert(self, layout: str, *, seed: int) -> list[float]:
        chance = random.Random(-seed)  # noqa: S311 - each layout is given the same
        now, text = SystemClock().now(), insertion(layout)
        prepared, times = await self.connection.prepare(text), []
        for _ in range(BATCHES):
            records = [self.corpus.record(now, chance) for _ in range(BATCH)]
            rows = {
                acceptances: [row for row, _ in records],
                acceptance_tokens: [one for _, some in records for one in some],
            }
            arguments = [[row[column.name] for row in rows[table]] for table in TABLES for column in table.columns]
            took_ms, _ = await _timed(prepared.fetch(*arguments))
            times.append(took_ms)
        return times

    async def _delete(self, table: str, until: datetime) -> None:
        """Delete in batches of blocks: neither table has an index by time alone, so all of it is read once."""
        size = await self.connection.fetchval("SELECT pg_relation_size($1::regclass) / 8192", table)
        text = f"DELETE FROM {table} WHERE ctid >= '({{}},0)' AND ctid < '({{}},0)' AND recorded_at < $1"  # noqa: S608 - our names
        for block in range(0, size, _BLOCKS_A_BATCH):
            await self.connection.execute(text.format(block, block + _BLOCKS_A_BATCH), until)
        await self.connection.execute(f"VACUUM {table}")

    async def _look_up(self, layout: str, over: asyncio.Event) -> float:
        """The slowest of the look-ups of one token until it is over, in ms."""
        slowest, ask = 0.0, await QUESTIONS[0].prepared(self.beside, layout)
        chance = random.Random(layout)  # noqa: S311 - a load
        while True:
            took_ms, _ = await _timed(ask(*ask_token(self.corpus, chance)))
            slowest = max(slowest, took_ms)
            if over.is_set():
                return slowest


async def _timed(work: Awaitable[_T]) -> tuple[float, _T]:
    began = time.perf_counter()
    done = await work
    return (time.perf_counter() - began) * 1000, done
