"""The three layouts as tables, each in a schema of its own name."""

from collections.abc import Iterator

from sqlalchemy import MetaData, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import create_async_engine

from acceptance_api.acceptance.tables import acceptance_tokens, acceptances
from benchmarks.layout.corpus import MONTH, MONTHS, Corpus, floor_of

LAYOUTS: dict[str, dict[Table, str]] = {
    "plain": {},
    "partitioned": {acceptances: "id", acceptance_tokens: "acceptance_id"},
    "mixed": {acceptances: "id"},
}
"""Which tables are partitioned, and by which column."""
TABLES = (acceptances, acceptance_tokens)


async def create_layouts(url: str, corpus: Corpus) -> None:
    """Make the tables, empty."""
    engine = create_async_engine(url)
    async with engine.begin() as tx:
        for layout, cut in LAYOUTS.items():
            await tx.exec_driver_sql(f"CREATE SCHEMA {layout}")
            schema = MetaData(schema=layout)
            for table in TABLES:
                copy = table.to_metadata(schema)
                if table in cut:
                    copy.kwargs["postgresql_partition_by"] = f"RANGE ({cut[table]})"
                await tx.run_sync(copy.create)
                for statement in _partitions(f"{layout}.{table.name}", corpus) if table in cut else ():
                    await tx.exec_driver_sql(statement)
    await engine.dispose()


def insertion(layout: str) -> str:
    """One statement for a batch, from one array a column: both tables or neither."""
    dialect, parts, position = postgresql.dialect(), [], 0  # type: ignore[no-untyped-call]
    for table in TABLES:
        arrays = []
        for column in table.columns:
            position += 1
            arrays.append(f"${position}::{column.type.compile(dialect=dialect)}[]")
        text = f"INSERT INTO {layout}.{table.name} SELECT * FROM unnest({', '.join(arrays)})"  # noqa: S608 - our names
        parts.append(f"{table.name}_ AS ({text})")
    return f"WITH {', '.join(parts)} SELECT 1"


def _partitions(table: str, corpus: Corpus) -> Iterator[str]:
    yield f"CREATE TABLE {table}_other PARTITION OF {table} DEFAULT"
    for month in range(MONTHS):
        bounds = [floor_of(corpus.since + MONTH * number) for number in (month, month + 1)]
        yield f"CREATE TABLE {table}_{month} PARTITION OF {table} FOR VALUES FROM ('{bounds[0]}') TO ('{bounds[1]}')"
