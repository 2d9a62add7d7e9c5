"""The express lane under test: one that answers when it is let, and the plans that PostgreSQL makes for it."""

import asyncio
import re
from collections.abc import Sequence
from enum import Enum
from typing import Any

import asyncpg
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.engine import make_url

from acceptance_api.kernel.express import Lane, Question, Reader
from acceptance_api.kernel.express.columns import postgresql_type
from acceptance_api.kernel.express.lane import Rows
from acceptance_api.kernel.express.postgresql import PLANS


class Gate:
    """A lane that notes how many ask together, and answers when it is opened, out of the lane behind it."""

    writers = 1

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self.groups: list[int] = []
        self.reached = asyncio.Event()
        self.opened = asyncio.Event()
        self.opened.set()

    async def ask(self, question: Question, asked: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Pass on when the gate is open."""
        self.groups.append(len(asked))
        self.reached.set()
        await self.opened.wait()
        return await self.lane.ask(question, asked)

    async def insert(self, rows: Rows) -> None:
        """Pass on."""
        await self.lane.insert(rows)

    async def close(self) -> None:
        """Pass on."""
        await self.lane.close()


def reader_over(lane: Lane) -> Reader:
    """A reader as the service has it."""
    return Reader(lane, together_max=128, waiting_max=512)


class History(Enum):
    """What happened to the tables before a plan was made."""

    NOTHING = "empty"
    FILLED = "filled and never analysed"
    GROWN = "analysed while empty, then filled"


async def plan_of(postgresql_url: str, question: Question, *, history: History, fill: str) -> str:
    """How PostgreSQL would answer a question; `fill` makes thousands of rows."""
    _, address = dialect().create_connect_args(make_url(postgresql_url))  # type: ignore[no-untyped-call]
    connection = await asyncpg.connect(**address, server_settings=PLANS)
    try:
        if history is History.GROWN:
            await connection.execute("ANALYZE")
        if history is not History.NOTHING:
            await connection.execute(fill)
        kinds = ", ".join(f"{postgresql_type(kind)}[]" for kind in question.keys.values())
        await connection.execute(f"PREPARE question ({kinds}) AS {question.for_postgresql.text}")
        nothing = ", ".join("'{}'" for _ in question.keys)
        return "\n".join(line[0] for line in await connection.fetch(f"EXPLAIN EXECUTE question ({nothing})"))
    finally:
        await connection.close()


def looks_in(plan: str) -> dict[str, tuple[str, ...]]:
    """By which columns of which index a plan looks into each table, given that nothing is left to filter.

    Raises:
        AssertionError: rows are read that were not asked for, or a table is read as a whole.
    """
    assert not re.search("Filter:|Seq Scan|Bitmap|Materialize|Hash|Merge", plan), plan
    found = re.findall(r"Index Scan using (\w+) on (\w+).*\n\s+Index Cond: (.*)", plan)
    assert len(found) == len(re.findall("Index (?:Only )?Scan", plan)), plan
    return {table: (index, *re.findall(r"\((\w+) = ", conditions)) for index, table, conditions in found}
