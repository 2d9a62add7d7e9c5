"""Where each table's rows lie when the database is spread over machines: a plan, made from the schema alone.

Three rules, and what the schema says of itself decides between them:

- a table is distributed by its distribution key, the first column of its primary key;
- tables whose keys have one type lie together: rows with one key value are on one machine, so that everything an
  outlet writes about a parcel, its audit entry too, is committed there;
- configuration is small, is changed seldom and is read by everybody: each machine has all of it, unless it is keyed as
  records are. An outlet's clerks and machines lie with its records, because a table that is everywhere can only be
  written to while every machine is up.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Column, MetaData, Table
from sqlalchemy.dialects import postgresql

from acceptance_api.kernel.database import Retain


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """One table's place: on every machine when it has no `key`, else by its key, beside the table named, if any."""

    table: str
    key: str | None = None
    beside: str | None = None

    def __str__(self) -> str:
        if self.key is None:
            return f"{self.table}: on every machine"
        return f"{self.table}: by {self.key}" + (f", beside {self.beside}" if self.beside else "")


def placements(schema: MetaData) -> tuple[Placement, ...]:
    """The plan for a schema, in the order in which it can be carried out."""
    tables = sorted(schema.tables.values(), key=lambda table: table.name)
    record_keys = {key_of(table).name for table in tables if _retained(table) == {Retain.RECORD.value}}
    everywhere = [
        table
        for table in tables
        if _retained(table) == {Retain.CONFIGURATION.value} and key_of(table).name not in record_keys
    ]
    spread = [table for table in tables if table not in everywhere]
    return (*(Placement(table=table.name) for table in everywhere), *_by_key(spread))


def key_of(table: Table) -> Column[object]:
    """The distribution key: never changed, and the first column of every key."""
    return next(iter(table.primary_key.columns))


def _by_key(tables: list[Table]) -> Iterator[Placement]:
    first: dict[str, str] = {}
    for table in tables:
        key = key_of(table)
        kind = key.type.compile(dialect=postgresql.dialect()).partition("(")[0]  # type: ignore[no-untyped-call]
        yield Placement(table=table.name, key=key.name, beside=first.get(kind))
        first.setdefault(kind, table.name)


def _retained(table: Table) -> set[object]:
    return {column.info.get("retain") for column in table.columns}
