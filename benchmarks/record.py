"""What one acceptance writes, read back from the database after our service wrote it: the limits write the same rows.

Nothing here knows the schema: a table belongs to the record when it grew by the acceptance, so that a changed schema
changes the limits with it.
"""

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Dialect, Table, func, or_, select
from sqlalchemy.dialects import postgresql

from acceptance_api.kernel.clock import SystemClock
from acceptance_api.kernel.database import Personal
from acceptance_api.kernel.ids import new_uuid
from acceptance_api.kernel.migrations import connected, whole_schema
from benchmarks.bulk import Row

_DIALECT: Dialect = postgresql.asyncpg.dialect()  # type: ignore[no-untyped-call]
_SPREAD = 46_116_860_184_273
"""Spreads the tokens of so many people over the whole index, as keyed digests are spread."""


class Part(Enum):
    """What differs from record to record, besides the ids that are minted for it."""

    WAYBILL = "waybill"
    KEY = "key"
    NOW = "now"


@dataclass(frozen=True, slots=True)
class Minted:
    """The id number so-and-so of those that are minted for a record; 0 is the acceptance's own."""

    number: int


@dataclass(frozen=True, slots=True)
class Blind:
    """A blind token: another for each person."""

    value: int


@dataclass(frozen=True, slots=True)
class Same:
    """A value that is the same in every record."""

    value: Any


Slot = Part | Minted | Blind | Same


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How the parts of a record are written in SQL."""

    minted: Callable[[int], str]
    waybill: str
    key: str
    now: str
    blind: Callable[[int], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The rows of one acceptance, with what differs from record to record left open."""

    rows: tuple[tuple[Table, dict[str, Slot]], ...]
    minted: int

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables it is spread over."""
        return tuple(dict.fromkeys(table for table, _ in self.rows))

    @property
    def once(self) -> Table:
        """A table that holds one row of each record."""
        return next(table for table in self.tables if len(self._of(table)) == 1)

    def __str__(self) -> str:
        """How many rows it has in which tables."""
        counts = {table.name: len(self._of(table)) for table in self.tables}
        return f"{len(self.rows)} rows in {len(counts)} tables ({', '.join(f'{n} {c}' for n, c in counts.items())})"

    def statement(self, terms: Terms, *, source: str) -> str:
        """One statement that inserts every row; `source` is a query whose rows the terms speak of as `m`."""
        inserts = ",\n".join(self._insert(table, terms, name=f"w{number}") for number, table in enumerate(self.tables))
        return f"WITH m AS MATERIALIZED ({source}),\n{inserts}\nSELECT count(*) FROM m"

    def _insert(self, table: Table, terms: Terms, *, name: str) -> str:
        values = ",\n    ".join(self._values(table, slots, terms) for slots in self._of(table))
        names = ", ".join(column.name for column in table.columns)
        chosen = f"SELECT v.* FROM m, LATERAL (VALUES\n    {values}) AS v ({names})"  # noqa: S608 - own names
        return f"{name} AS (INSERT INTO {table.name} ({names})\n  {chosen})"

    def make(self, number: int, *, people: int) -> Iterator[tuple[Table, Row]]:
        """The rows of a new record, for COPY."""
        ids = [new_uuid() for _ in range(self.minted)]
        at, mask = SystemClock().now(), (number % people) * _SPREAD

        def filled(slot: Slot) -> Any:  # noqa: ANN401 - whatever the column holds
            match slot:
                case Same(value):
                    return value
                case Minted(which):
                    return ids[which]
                case Blind(value):
                    return value ^ mask
                case Part.WAYBILL:
                    return f"CP{number:013d}"
                case Part.KEY:
                    return ids[0].hex
                case Part.NOW:
                    return at

        for table, slots in self.rows:
            yield table, {name: filled(slot) for name, slot in slots.items()}

    def _of(self, table: Table) -> list[dict[str, Slot]]:
        return [slots for other, slots in self.rows if other is table]

    def _values(self, table: Table, slots: dict[str, Slot], terms: Terms) -> str:
        return "(" + ", ".join(_sql(column, slots[column.name], terms) for column in table.columns) + ")"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One acceptance that was written: what names its rows, and what it shares with other acceptances."""

    acceptance_id: UUID
    waybill: str
    key: str
    shared: Collection[UUID]


async def count_rows(url: str) -> dict[Table, int]:
    """How many rows each table holds."""
    async with connected(url) as connection:
        return {
            table: int((await connection.execute(select(func.count()).select_from(table))).scalar_one())
            for table in whole_schema().sorted_tables
        }


async def read_record(url: str, written: Written, grown: dict[Table, int]) -> Record:
    """The rows of an acceptance just written, in the tables that grew by so many rows.

    Raises:
        LookupError: a table grew by more rows than were found by the acceptance's id, waybill and key.
    """
    rows: list[tuple[Table, dict[str, Slot]]] = []
    reader = _Reader(written)
    for table, count in grown.items():
        found = await _find(url, table, written)
        if len(found) != count:
            raise LookupError(f"{table.name} grew by {count} rows, {len(found)} were found")
        rows += [(table, {name: reader.slot(table.c[name], row[name]) for name in row}) for row in found]
    return Record(rows=tuple(rows), minted=reader.minted)


class _Reader:
    """Tells what of a row differs from record to record."""

    def __init__(self, written: Written) -> None:
        self._written = written
        self._ids = {written.acceptance_id: 0}
        self._until = SystemClock().now()

    @property
    def minted(self) -> int:
        return len(self._ids)

    def slot(self, column: "Column[Any]", value: Any) -> Slot:  # noqa: ANN401 - whatever the column holds
        if isinstance(value, UUID) and value not in self._written.shared:
            return Minted(self._ids.setdefault(value, len(self._ids)))
        if isinstance(value, datetime) and self._until - timedelta(minutes=1) < value <= self._until:
            return Part.NOW
        if isinstance(value, int) and column.info["personal"] == Personal.TOKEN.value:
            return Blind(value)
        if isinstance(value, str):
            by_value: dict[str, Slot] = {self._written.waybill: Part.WAYBILL, self._written.key: Part.KEY}
            return by_value.get(value, Same(value))
        return Same(value)


async def _find(url: str, table: Table, written: Written) -> list[Row]:
    wanted: dict[type, list[Any]] = {UUID: [written.acceptance_id], str: [written.waybill, written.key]}
    named = [
        column.in_(wanted[column.type.python_type])
        for column in table.columns
        if not isinstance(column.type, JSON) and column.type.python_type in wanted
    ]
    async with connected(url) as connection:
        rows = await connection.execute(table.select().where(or_(*named)))
        return [dict(row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's documented way


def _sql(column: "Column[Any]", slot: Slot, terms: Terms) -> str:
    match slot:
        case Minted(number):
            return terms.minted(number)
        case Blind(value):
            return terms.blind(value)
        case Part.WAYBILL:
            return terms.waybill
        case Part.KEY:
            return terms.key
        case Part.NOW:
            return terms.now
        case Same(value):
            return f"{_literal(value)}::{column.type.compile(dialect=_DIALECT)}"


def _literal(value: Any) -> str:  # noqa: ANN401 - whatever a column holds
    match value:
        case None:
            return "NULL"
        case bytes():
            return f"'\\x{value.hex()}'"
        case dict() | list():
            return _quoted(json.dumps(value, ensure_ascii=False))
        case datetime():
            return _quoted(value.isoformat())
        case _:
            return _quoted(str(value))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def spread(person: str) -> Callable[[int], str]:
    """The SQL of a blind token for a person that an expression numbers."""
    return lambda value: f"({value}::bigint # ({person}::bigint * {_SPREAD}))"
