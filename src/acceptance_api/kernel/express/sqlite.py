"""The express lane on SQLite: the standard library's driver in two threads, one that reads and one that writes.

A group's inserts are one transaction with one fsync. Within a process the one writer takes its turn with everybody
else who writes (`Database.turn`), so that nobody spins on the file's lock.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from functools import cache, partial
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import Table

from acceptance_api.kernel.database import SQLITE_PRAGMAS
from acceptance_api.kernel.express.columns import Convert, converted, from_sqlite, to_sqlite
from acceptance_api.kernel.express.lane import Conflict, Rows
from acceptance_api.kernel.express.questions import Question
from acceptance_api.kernel.problems import Kind, Problem

_T = TypeVar("_T")
_Turn = Callable[[], AbstractAsyncContextManager[None]]


class SqliteLane:
    """One database file."""

    writers = 1

    def __init__(self, path: str, *, turn: _Turn) -> None:
        """Open nothing yet; `turn` is waited for before each transaction that writes."""
        self._turn = turn
        self._reading = _Thread(path, "reading")
        self._writing = _Thread(path, "writing")

    async def ask(self, question: Question, asked: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """One row of answers for each of `asked`, in their order."""
        return await self._reading.run(partial(_asked, question, asked))

    async def insert(self, rows: Rows) -> None:
        """Commit all rows in one transaction, or none."""
        async with self._turn():
            # Cancelled or not, the turn is kept until the thread is done with the file.
            await asyncio.shield(self._writing.run(partial(_inserted, rows)))

    async def close(self) -> None:
        """Close both connections."""
        await asyncio.gather(self._reading.close(), self._writing.close())


class _Thread:
    """A thread with a connection of its own."""

    def __init__(self, path: str, name: str) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"sqlite-{name}")
        self._connection: sqlite3.Connection | None = None

    async def run(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._run, work)

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown()

    def _run(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        try:
            if self._connection is None:
                self._connection = _connected(self._path)
            return work(self._connection)
        except sqlite3.IntegrityError as error:
            raise Conflict from error
        except sqlite3.OperationalError as error:
            self._close()
            # Locked, full or gone: nothing was committed, and trying again at once would only wait once more.
            raise Problem(Kind.DATABASE_UNAVAILABLE) from error

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _connected(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _asked(
    question: Question, asked: Sequence[tuple[Any, ...]], connection: sqlite3.Connection
) -> list[tuple[Any, ...]]:
    compiled, (keys, answers) = question.for_sqlite, _converters(question)
    names, found = tuple(question.keys), []
    connection.execute("BEGIN")
    try:
        for one in asked:
            known = dict(zip(names, converted(one, keys), strict=True))
            values = connection.execute(
                compiled.text, [known.get(name, constant) for name, constant in compiled.arguments]
            ).fetchone()
            found.append(converted(values[1:], answers))
    finally:
        connection.execute("ROLLBACK")
    return found


def _inserted(rows: Rows, connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for table, values in rows.items():
            text, names, converters = _insertion(table)
            connection.executemany(text, [converted(names(one), converters) for one in values])
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@cache
def _converters(question: Question) -> tuple[tuple[Convert | None, ...], tuple[Convert | None, ...]]:
    keys = tuple(to_sqlite(kind) for kind in question.keys.values())
    return keys, tuple(from_sqlite(kind) for kind in question.for_sqlite.types)


@cache
def _insertion(table: Table) -> tuple[str, Callable[[dict[str, Any]], tuple[Any, ...]], tuple[Convert | None, ...]]:
    """The statement, what takes a row's values in its order, and what turns each into SQLite's."""
    columns = list(table.columns)
    names = ", ".join(f'"{column.name}"' for column in columns)
    places = ", ".join("?" * len(columns))
    text = f'INSERT INTO "{table.name}" ({names}) VALUES ({places})'  # noqa: S608 - names of our schema
    return text, itemgetter(*(str(column.name) for column in columns)), tuple(to_sqlite(one.type) for one in columns)
