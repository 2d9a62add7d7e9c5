"""The express lane on PostgreSQL: asyncpg, one statement for a whole group.

A look-up joins an array of keys; an insert is one statement with a part for each table, so that it is atomic without
a BEGIN and costs one round trip.
"""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import cache
from operator import itemgetter
from typing import Any

import asyncpg
from asyncpg.exceptions import (
    DeadlockDetectedError,
    IntegrityConstraintViolationError,
    InternalClientError,
    PostgresError,
)
from pydantic_core import to_json
from sqlalchemy import Column, LargeBinary, Table
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.engine import URL

from acceptance_api.kernel.database import CONNECT_TIMEOUT_S, POSTGRESQL_SETTINGS, STATEMENT_TIMEOUT_S
from acceptance_api.kernel.express.columns import converted, from_postgresql, json_type, postgresql_type, to_postgresql
from acceptance_api.kernel.express.lane import Conflict, Rows, Unserved
from acceptance_api.kernel.express.questions import Question

_BROKEN_OFF = ("08", "57", "53", "58", "XX")
"""Classes of SQLSTATE after which the connection, or the server, is not to be counted on."""
PLANS = {
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "enable_material": "off",
    "enable_memoize": "off",
}
"""Every statement here goes by keys, row by row: planning it anew for each group would take longer than running it."""
_FEW = 16
"""Rows that are sent one by one; more go as JSON. One acceptance has eleven."""
_PLANNED_FOR_S = 20.0
"""A plan made while a table was empty takes any index that begins with the outlet; it must not outlive that day."""
_Prepared = dict[object, tuple[Any, float]]
"""Statements by what they do, and until when (monotonic) each may be used."""


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
        counts = tuple(len(rows[table]) for table in tables)
        if sum(counts) <= _FEW:
            arguments: list[object] = [value for table in tables for row in rows[table] for value in _taken(table)(row)]
            text, key = _few(tables, counts), (tables, counts)
        else:
            arguments = [to_json(rows[table], bytes_mode="hex").decode() for table in tables]
            text, key = _many(tables), (tables, ())
        async with self._prepared(key, text) as prepared:
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
                statement, until = statements.get(key, (None, 0.0))
                if until <= time.monotonic():
                    statement = await connection.prepare(text)
                    statements[key] = statement, time.monotonic() + _PLANNED_FOR_S
                yield statement
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
                server_settings=POSTGRESQL_SETTINGS | PLANS,
            )
        except (OSError, PostgresError, asyncpg.InterfaceError, InternalClientError) as error:
            raise Unserved from error
        return opened, {}


@cache
def _converters(question: Question) -> tuple[Any, ...]:
    return tuple(from_postgresql(kind) for kind in question.for_postgresql.types)


@cache
def _many(tables: tuple[Table, ...]) -> str:
    """`WITH` an insert for each table, its rows as JSON: asyncpg takes longer over arrays than the server over JSON."""
    parts = []
    for i, table in enumerate(tables, start=1):
        values = ", ".join(_value(column) for column in table.columns)
        record = ", ".join(f'"{column.name}" {json_type(column.type)}' for column in table.columns)
        rows = f"SELECT {values} FROM json_to_recordset(${i}::json) AS r({record})"  # noqa: S608 - our schema's names
        parts.append(_insertion(table, rows))
    return f"WITH {', '.join(parts)} SELECT 1"


@cache
def _few(tables: tuple[Table, ...], counts: tuple[int, ...]) -> str:
    """The same for a few rows, each value an argument: one request that is alone waits for nothing else."""
    parts, place = [], itertools.count(1)
    for table, count in zip(tables, counts, strict=True):
        row = [f"${{}}::{postgresql_type(column.type)}" for column in table.columns]
        rows = ", ".join(f"({', '.join(value.format(next(place)) for value in row)})" for _ in range(count))
        parts.append(_insertion(table, f"VALUES {rows}"))
    return f"WITH {', '.join(parts)} SELECT 1"


def _insertion(table: Table, rows: str) -> str:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    return f'{table.name}_rows AS (INSERT INTO "{table.name}" ({names}) {rows})'


def _value(column: Column[Any]) -> str:
    return f"decode(r.\"{column.name}\", 'hex')" if isinstance(column.type, LargeBinary) else f'r."{column.name}"'


@cache
def _taken(table: Table) -> Callable[[dict[str, Any]], tuple[Any, ...]]:
    """What takes a row's values as asyncpg wants them, in the order of the columns."""
    names = itemgetter(*(str(column.name) for column in table.columns))
    converters = tuple(to_postgresql(column.type) for column in table.columns)
    return lambda row: converted(names(row), converters)
