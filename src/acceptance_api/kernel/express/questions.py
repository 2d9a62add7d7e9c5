"""Questions: look-ups by key that many callers ask at once, put together from the parts of several rooms.

A room offers a part: how one of its records is found from a key, and how the record is read off the columns. Who needs
several records joins the parts into one question, so that one round trip answers it and the rows stay in their room.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from sqlalchemy import ARRAY, ColumnElement, FromClause, Select, bindparam, func, literal_column, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.types import TypeEngine

from acceptance_api.kernel.database import Tx

_T = TypeVar("_T")
_ORDINALITY = "ordinality"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Generic[_T]):
    """One record of a room: its columns, the tables joined for them, and what makes the record of their values."""

    columns: tuple[ColumnElement[Any], ...]
    read: Callable[[Sequence[Any]], _T]
    joins: tuple[tuple[FromClause, ColumnElement[bool]], ...] = ()


@dataclass(frozen=True, slots=True)
class Compiled:
    """A statement for a bare driver: its text, its arguments in order (names of the asked, or constants), its types."""

    text: str
    arguments: tuple[tuple[str, Any], ...]
    types: tuple[TypeEngine[Any], ...]


class Question:
    """`keys` name the asked values and their types; `parts` says, given the asked columns, what is looked up."""

    def __init__(
        self,
        keys: Mapping[str, TypeEngine[Any]],
        parts: Callable[[Mapping[str, ColumnElement[Any]]], Sequence[Part[Any]]],
    ) -> None:
        """Nothing is compiled yet."""
        self.keys = dict(keys)
        self._parts = parts

    def read(self, values: Sequence[Any]) -> tuple[Any, ...]:
        """One row of answers, as one record for each part."""
        found, at = [], 0
        for width, read in self._readers:
            found.append(read(values[at : at + width]))
            at += width
        return tuple(found)

    async def of(self, tx: Tx, *asked: object) -> tuple[Any, ...]:
        """Ask once, in an open transaction."""
        row = (await tx.execute(self._of_one, dict(zip(self.keys, asked, strict=True)))).one()
        return self.read(tuple(row)[1:])

    @cached_property
    def for_postgresql(self) -> Compiled:
        """The statement that asks for many: one array for each key."""
        arrays = [bindparam(name, None, type_=ARRAY(kind)) for name, kind in self.keys.items()]
        columns = [literal_column(f"asked.{name}", kind) for name, kind in self.keys.items()]
        asked = func.unnest(*arrays).table_valued(*self.keys, with_ordinality=_ORDINALITY).render_derived(name="asked")
        return self._compiled(asked, dict(zip(self.keys, columns, strict=True)), asyncpg.dialect())  # type: ignore[no-untyped-call]

    @cached_property
    def for_sqlite(self) -> Compiled:
        """The statement that asks for one: there is no round trip to save."""
        asked = self._one_asked()
        return self._compiled(asked, {name: asked.c[name] for name in self.keys}, sqlite.dialect())

    @cached_property
    def _of_one(self) -> Select[Any]:
        asked = self._one_asked()
        return self._statement(asked, {name: asked.c[name] for name in self.keys})

    @cached_property
    def _readers(self) -> tuple[tuple[int, Callable[[Sequence[Any]], Any]], ...]:
        asked = self._one_asked()
        parts = self._parts({name: asked.c[name] for name in self.keys})
        return tuple((len(part.columns), part.read) for part in parts)

    def _one_asked(self) -> FromClause:
        keys = [bindparam(name, None, type_=kind).label(name) for name, kind in self.keys.items()]
        return select(literal_column("1").label(_ORDINALITY), *keys).subquery("asked")

    def _statement(self, asked: FromClause, keys: Mapping[str, ColumnElement[Any]]) -> Select[Any]:
        joined = asked
        columns: list[ColumnElement[Any]] = []
        for part in self._parts(keys):
            columns += part.columns
            for target, on in part.joins:
                joined = joined.outerjoin(target, on)
        # Each under a name of its own: two rooms may call a column the same.
        named = [column.label(f"c{i}") for i, column in enumerate(columns)]
        return select(literal_column(f"asked.{_ORDINALITY}"), *named).select_from(joined)

    def _compiled(self, asked: FromClause, keys: Mapping[str, ColumnElement[Any]], dialect: Any) -> Compiled:  # noqa: ANN401 - SQLAlchemy's dialects have no common public type
        statement = self._statement(asked, keys)
        made = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        arguments = tuple((name, made.params.get(name)) for name in made.positiontup or ())
        return Compiled(str(made), arguments, tuple(column.type for column in list(statement.selected_columns)[1:]))
