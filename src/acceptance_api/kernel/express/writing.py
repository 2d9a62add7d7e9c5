"""Group commit: records that arrive together are committed together, and each caller is answered after its own is."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import Table

from acceptance_api.kernel.express.lane import Conflict, Lane, Unserved
from acceptance_api.kernel.grouping import Grouping
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.kernel.turns import Turns

_T = TypeVar("_T")
NewRow = tuple[Table, dict[str, Any]]
"""A row for a table, with a value for every column."""
_TRIES = 2
_DRAFTS = 3
_DRAFTS_IN_LINE = 30
"""Of one whose turn it is: others of this process get between only with their first try, other processes rarely."""
_PAUSE_S = 0.05


@dataclass(frozen=True, slots=True)
class Record:
    """Rows that are committed together or not at all, with their audit entry among them.

    `claims` name the keys that others may want at the same moment: who claims the same waits for the next group. Of
    those, `in_line` are keys that the next draft can have again, such as the next number of a count: who meets a
    conflict over one drafts anew when it is their turn.
    """

    rows: tuple[NewRow, ...]
    claims: frozenset[Hashable] = frozenset()
    in_line: frozenset[Hashable] = frozenset()

    def with_rows(
        self, rows: Iterable[NewRow], claims: Iterable[Hashable] = (), *, in_line: Iterable[Hashable] = ()
    ) -> "Record":
        """This record and what must be committed with it."""
        waited_for = frozenset(in_line)
        return Record((*self.rows, *rows), self.claims.union(claims, waited_for), self.in_line | waited_for)


class Writer:
    """Commits records, at most `together_max` in one transaction, at most `lanes` transactions at once."""

    def __init__(self, lane: Lane, *, together_max: int, waiting_max: int, lanes: int) -> None:
        """Write over this lane."""
        self._lane = lane
        self.turns = Turns()
        self._group: Grouping[Record, None] = Grouping(
            self._write, together_max=together_max, waiting_max=waiting_max, lanes=lanes
        )

    async def add(self, record: Record) -> None:
        """Commit a record; returns when it is durable.

        Raises:
            Conflict: a key of it is taken, nothing of it was stored; its neighbours are not concerned.
            Problem: OVERLOADED (nothing was stored) or DATABASE_UNAVAILABLE (whether it was stored is unknown: the
                same request again finds out by its keys).
        """
        await self._group.submit(record, record.claims)

    async def drain(self) -> None:
        """Wait until everything that was handed over is answered."""
        await self._group.drain()

    async def _write(self, records: Sequence[Record]) -> Sequence[Exception | None]:
        try:
            await self._insert(records)
        except Exception as error:  # noqa: BLE001 - one bad row must not fail its neighbours, whatever is bad about it
            if isinstance(error, Problem) or len(records) == 1:
                return [error] * len(records)
            half = len(records) // 2
            return [*await self._write(records[:half]), *await self._write(records[half:])]
        return [None] * len(records)

    async def _insert(self, records: Sequence[Record]) -> None:
        """Insert, once more after a connection broke off: if the first try was committed, the keys say so."""
        rows = _by_table(records)
        for attempt in range(1, _TRIES + 1):
            try:
                await self._lane.insert(rows)
            except Unserved as error:
                if attempt == _TRIES:
                    raise Problem(Kind.DATABASE_UNAVAILABLE) from error
                await asyncio.sleep(_PAUSE_S)
            else:
                return


async def settled(
    writer: Writer,
    draft: Callable[[], Awaitable[tuple[_T, Record] | None]],
    find_done: Callable[[], Awaitable[_T | None]],
) -> _T:
    """Draft a record and commit it; what was done before, when the draft finds that, or somebody else was first.

    Raises:
        Problem: what `draft` and `find_done` raise, or CHANGED_MEANWHILE when it was never first.
    """
    for _ in range(_DRAFTS):
        outcome = await _attempt(writer, draft, find_done)
        if not isinstance(outcome, _Beaten):
            return outcome
        if outcome.in_line:
            async with writer.turns.of(outcome.in_line):
                return await _settled_in_turn(writer, draft, find_done)
    raise Problem(Kind.CHANGED_MEANWHILE)


async def _settled_in_turn(
    writer: Writer,
    draft: Callable[[], Awaitable[tuple[_T, Record] | None]],
    find_done: Callable[[], Awaitable[_T | None]],
) -> _T:
    for _ in range(_DRAFTS_IN_LINE):
        outcome = await _attempt(writer, draft, find_done)
        if not isinstance(outcome, _Beaten):
            return outcome
    raise Problem(Kind.CHANGED_MEANWHILE)


@dataclass(frozen=True, slots=True)
class _Beaten:
    """Somebody else was first; drafting anew may find that the other did this very thing, or that there is room."""

    in_line: frozenset[Hashable] = frozenset()


async def _attempt(
    writer: Writer,
    draft: Callable[[], Awaitable[tuple[_T, Record] | None]],
    find_done: Callable[[], Awaitable[_T | None]],
) -> _T | _Beaten:
    drafted, beaten = await draft(), _Beaten()
    if drafted is not None:
        try:
            await writer.add(drafted[1])
        except Conflict:
            beaten = _Beaten(drafted[1].in_line)
        else:
            return drafted[0]
    done = await find_done()
    return beaten if done is None else done


def _by_table(records: Sequence[Record]) -> dict[Table, list[dict[str, Any]]]:
    """The rows of all records by table, sorted by key: groups that overlap must meet the keys in one order."""
    tables: dict[Table, list[dict[str, Any]]] = {}
    for record in records:
        for table, row in record.rows:
            tables.setdefault(table, []).append(row)
    if len(records) > 1:
        for table, rows in tables.items():
            rows.sort(key=_key_of(table))
    return tables


@cache
def _key_of(table: Table) -> Callable[[dict[str, Any]], Any]:
    return itemgetter(*(str(column.name) for column in table.primary_key.columns))
