"""The express lane on PostgreSQL: asyncpg, one statement for a whole group.

A look-up joins an array of keys; an insert is one statement with a part for each table, so that it is atomic without
a BEGIN and costs one round trip.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

import asyncpg
from asyncpg.exceptions import (
    DeadlockDetectedError,
    IntegrityConstraintViolationError,
    InternalClientError,
    PostgresError,
)
from sqlalchemy import Table
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.engine import URL

from acceptance_api.kernel.database import CONNECT_TIMEOUT_S, POSTGRESQL_SETTINGS, STATEMENT_TIMEOUT_S
from acceptance_api.kernel.express.columns import array_type, converted, from_postgresql, to_postgresql
from acceptance_api.kernel.express.lane import Conflict, Rows, Unserved
from acceptance_api.kernel.express.questions import Question

_BROKEN_OFF = ("08", "57", "53", "58", "XX")
"""Classes of SQLSTATE after which the connection, or the server, is not to be counted on."""
_PLANS = {
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}
"""Every statement here goes by keys: it is planned once, and never otherwise because a table was empty that day."""
_Prepared = dict[object, Any]


class PostgresqlLane:
    """At most `connections` connections, opened as they are needed, each with its prepared statements."""

    writers = 2

    def __init__(self, url: URL, *, connections: int) -> None:
        """Connect to nothing yet."""
        _, self._address = dialect().create_connect_args(url)  # type: ignore[no-untyped-call]
        self._free: list[tuple[asyncpg.Connection[Any], _Prepared]] = []
        self._places = asyncio.Semaphore(connections)

    async def ask(self, question: Question, asked: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """One row of answers for each of `asked`, in their order."""
        compiled, converters = question.for_postgresql, _converters(question)
        columns = dict(zip(question.keys, zip(*asked, strict=True), strict=True))
        arguments = [columns.get(name, constant) for name, constant in compiled.arguments]
        async with self._prepared(question, compiled.text) as prepared:
            rows = await prepared.fetch(*arguments)
        answers: list[tuple[Any, ...]] = [()] * len(asked)
        for ordinality, *values in rows:
            answers[ordinality - 1] = converted(values, converters)
        return answers

    async def insert(self, rows: Rows) -> None:
        """Commit all rows in one statement, or none."""
        # Tables in one order for everybody, and rows by key: two groups that overlap queue instead of deadlocking.
        tables = tuple(sorted((table for table in rows if rows[table]), key=lambda table: table.name))
        arguments: list[Any] = []
        for table in tables:
            for column, values in zip(table.columns, zip(*rows[table], strict=True), strict=True):
                convert = to_postgresql(column)
                arguments.append([None if value is None else convert(value) for value in values] if convert else values)
        async with self._prepared(tables, _insertion(tables)) as prepared:
            await prepared.fetch(*arguments)

    async def close(self) -> None:
        """Close every connection."""
        while self._free:
            connection, _ = self._free.pop()
            await connection.close(timeout=CONNECT_TIMEOUT_S)

    @asynccontextmanager
    async def _prepared(self, key: object, text: str) -> AsyncIterator[Any]:
        async with self._places:
            connection, statements = await self._connection()
            is_sound = False
            try:
                if key not in statements:
                    statements[key] = await connection.prepare(text)
                yield statements[key]
                is_sound = True
            except (IntegrityConstraintViolationError, DeadlockDetectedError) as error:
                is_sound = True
                raise Conflict from error
            except PostgresError as error:
                is_sound = not (error.sqlstate or "XX").startswith(_BROKEN_OFF)
                if is_sound:
                    raise
                raise Unserved from error
            except (OSError, asyncpg.InterfaceError, InternalClientError) as error:  # TimeoutError is an OSError
                raise Unserved from error
            finally:
                if is_sound and not connection.is_closed():
                    self._free.append((connection, statements))
                else:
                    self._give_up(connection)

    def _give_up(self, connection: "asyncpg.Connection[Any]") -> None:
        """What ended one connection has most likely ended those that lie idle."""
        for given_up in (connection, *(idle for idle, _ in self._free)):
            given_up.terminate()
        self._free.clear()

    async def _connection(self) -> "tuple[asyncpg.Connection[Any], _Prepared]":
        while self._free:
            connection, statements = self._free.pop()
            if not connection.is_closed():
                return connection, statements
        try:
            opened = await asyncpg.connect(
                **self._address,
                timeout=CONNECT_TIMEOUT_S,
                command_timeout=STATEMENT_TIMEOUT_S,
                server_settings=POSTGRESQL_SETTINGS | _PLANS,
            )
        except (OSError, PostgresError, asyncpg.InterfaceError, InternalClientError) as error:
            raise Unserved from error
        return opened, {}


@cache
def _converters(question: Question) -> tuple[Any, ...]:
    return tuple(from_postgresql(kind) for kind in question.for_postgresql.types)


@cache
def _insertion(tables: tuple[Table, ...]) -> str:
    """`WITH` an insert for each table, from one array a column."""
    parts, position = [], 0
    for i, table in enumerate(tables):
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        arrays = []
        for column in table.columns:
            position += 1
            arrays.append(f"${position}::{array_type(column.type)}[]")
        columns = f"SELECT * FROM unnest({', '.join(arrays)})"  # noqa: S608 - types of our schema
        parts.append(f'i{i} AS (INSERT INTO "{table.name}" ({names}) {columns})')
    return f"WITH {', '.join(parts)} SELECT 1"
