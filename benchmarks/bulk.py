"""Rows in bulk, past the service: what must be there before a load begins, and what COPY alone can do."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import asyncpg
from sqlalchemy import JSON, Table, insert
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from acceptance_api.kernel.migrations import connected
from benchmarks.postgresql import connect

Row = dict[str, Any]


async def find_rows(url: str, table: Table, **match: object) -> list[Row]:
    """The rows of a table whose columns have these values."""
    query = table.select().where(*(table.c[name] == value for name, value in match.items()))
    async with connected(url) as connection:
        return [dict(row._mapping) for row in await connection.execute(query)]  # noqa: SLF001 - SQLAlchemy's documented way


async def load(url: str, rows: Mapping[Table, Sequence[Row]]) -> None:
    """Store rows in one transaction, as fast as the database takes them."""
    if make_url(url).get_backend_name() == "postgresql":
        connection = await connect(url)
        try:
            async with connection.transaction():
                for table, some in rows.items():
                    await copy(connection, table, records(table, some))
        finally:
            await connection.close()
        return
    engine = create_async_engine(url, connect_args={"timeout": 60})
    async with engine.begin() as begun:
        for table, some in rows.items():
            await begun.execute(insert(table), list(some))
    await engine.dispose()


def records(table: Table, rows: Iterable[Row]) -> list[tuple[Any, ...]]:
    """Rows as COPY takes them: in the order of the columns, JSON as text."""
    names = [column.name for column in table.columns]
    as_text = {column.name for column in table.columns if isinstance(column.type, JSON)}
    return [
        tuple(json.dumps(row[name]) if name in as_text and row[name] is not None else row[name] for name in names)
        for row in rows
    ]


async def copy(
    connection: "asyncpg.Connection[asyncpg.Record]", table: Table, prepared: Sequence[tuple[Any, ...]]
) -> None:
    """COPY prepared records into a table."""
    names = [column.name for column in table.columns]
    await connection.copy_records_to_table(table.name, records=prepared, columns=names)
