"""Groups that overlap meet their keys in one order: in any other they can wait for each other for ever.

A storm of duplicates over HTTP does not show this: its groups seldom overlap by half. So it is provoked directly.
"""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
from asyncpg.exceptions import DeadlockDetectedError
from sqlalchemy import delete, make_url

from acceptance_api.http.tables import idempotency_keys
from acceptance_api.kernel.clock import SystemClock
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.express import Conflict, Lane, Record, open_lane
from acceptance_api.kernel.express.lane import Rows
from acceptance_api.kernel.express.writing import _by_table

KEYS = [f"{number:03}" for number in range(100)]
TRIES, LANE_TRIES, ROWS = 40, 8, 4_000
INSERT = "INSERT INTO keys VALUES ($1) ON CONFLICT DO NOTHING"


async def test_the_same_keys_in_opposite_order_deadlock(postgresql_url: str) -> None:
    assert await _deadlocks(postgresql_url, KEYS, KEYS[::-1], until_seen=True) > 0


async def test_the_same_keys_in_one_order_never_deadlock(postgresql_url: str) -> None:
    assert await _deadlocks(postgresql_url, KEYS, KEYS) == 0


async def _deadlocks(url: str, first: Sequence[str], second: Sequence[str], *, until_seen: bool = False) -> int:
    """How many of `TRIES` pairs of transactions that insert these keys at once end in a deadlock."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    one, other = [await asyncpg.connect(address) for _ in range(2)]
    await one.execute("CREATE TABLE keys (key text PRIMARY KEY)")
    seen = 0
    for _ in range(TRIES):
        outcomes = await asyncio.gather(_insert(one, first), _insert(other, second))
        seen += outcomes.count("deadlock")
        assert await one.fetchval("SELECT count(*) FROM keys") == len(KEYS)
        await one.execute("TRUNCATE keys")
        if seen and until_seen:
            break
    await asyncio.gather(one.close(), other.close())
    return seen


async def _insert(connection: asyncpg.Connection, keys: Sequence[str]) -> str:
    try:
        async with connection.transaction():
            for key in keys:  # row by row: a group in one statement is over before the other has begun
                await connection.execute(INSERT, key)
    except DeadlockDetectedError:
        return "deadlock"
    return "committed"


async def test_groups_as_they_are_written_deadlock_unless_their_rows_are_sorted(postgresql_url: str) -> None:
    """One statement a group, as the express lane sends it; of so many rows that two of them overlap."""
    records = [Record(((idempotency_keys, _row(number)),)) for number in range(ROWS)]
    unsorted = [_row(number) for number in range(ROWS)]

    backwards = {idempotency_keys: unsorted[::-1]}
    assert await _lane_deadlocks(postgresql_url, {idempotency_keys: unsorted}, backwards, until_seen=True) > 0
    assert await _lane_deadlocks(postgresql_url, _by_table(records), _by_table(records[::-1])) == 0


async def _lane_deadlocks(url: str, first: Rows, second: Rows, *, until_seen: bool = False) -> int:
    database = Database(url)
    one, other = open_lane(database), open_lane(database)
    seen = 0
    for _ in range(LANE_TRIES):
        outcomes = await asyncio.gather(_write(one, first), _write(other, second))
        assert "committed" in outcomes
        seen += outcomes.count("DeadlockDetectedError")
        async with database.transaction() as tx:
            await tx.execute(delete(idempotency_keys))
        if seen and until_seen:
            break
    await asyncio.gather(one.close(), other.close(), database.dispose())
    return seen


async def _write(lane: Lane, rows: Rows) -> str:
    try:
        await lane.insert(rows)
    except Conflict as conflict:
        return type(conflict.__cause__).__name__
    return "committed"


def _row(number: int) -> dict[str, Any]:
    known = {"client_id": UUID(int=1), "operation": "drill", "key": f"{number:04}", "claimed_at": SystemClock().now()}
    return {
        column.name: known.get(column.name, None if column.nullable else b"") for column in idempotency_keys.columns
    }
