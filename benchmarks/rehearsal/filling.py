"""Filling a database with past traffic, straight into its tables."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.engine import make_url

from acceptance_api.acceptance import PARSERS
from acceptance_api.acceptance.tables import acceptances, decisions
from acceptance_api.audit import OPERATOR
from acceptance_api.kernel.clock import start_of
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.migrations import upgrade
from acceptance_api.rulesets import Layer, ProposeRuleSet, RuleSet, approve_rule_set, find_approved, propose_rule_set
from acceptance_api.sites import AddOutlet, add_enterprise, add_outlet
from benchmarks.postgresql import connect
from benchmarks.rehearsal.traffic import DIVISIONS, FIRST, Place, rows_of

TOGETHER: Final = 20_000
BRAND_RULES: Final = {
    "rules": [{"about": "R-01", "max_per_sender_per_day": "600", "source": "a benchmark", "verified": False}]
}
Tell = Callable[[int], None]
Row = dict[str, Any]


async def fill(url: str, *, records: int, outlets: int, tell: Tell) -> None:
    """Make a database with so many decisions at so many outlets, and let it learn what is in it."""
    await upgrade(url)
    places, brand = await _places(url, outlets)
    rows = rows_of(places, brand, records=records, since=start_of(FIRST))
    if make_url(url).get_backend_name() == "postgresql":
        await _copy(url, rows, tell)
    else:
        _insert(url, rows, tell)


async def _places(url: str, outlets: int) -> tuple[list[Place], RuleSet]:
    """Outlets of two enterprises in turn; the second has rules of its own."""
    database, at = Database(url), start_of(FIRST)
    places: list[Place] = []
    async with database.transaction() as tx:
        owners = [await add_enterprise(tx, name=name, brand=name, actor=OPERATOR, at=at) for name in ("甲", "乙")]
        for number in range(outlets):
            owner, division = owners[number % 2], DIVISIONS[number % len(DIVISIONS)]
            request = AddOutlet(name=f"{number}", division=division, branch_id=None)
            outlet = await add_outlet(tx, owner.id, request, actor=OPERATOR, at=at)
            places.append(Place(outlet.id, division, has_rules=number % 2 == 1))
        proposed = await propose_rule_set(
            tx,
            None,
            ProposeRuleSet(
                layer=Layer.BRAND,
                owner_id=owners[1].id,
                kind="goods",
                name="brand-goods",
                starts_at=at,
                ends_at=None,
                content=BRAND_RULES,
                by="A-1",
            ),
            parsers=PARSERS,
            at=at,
        )
        await approve_rule_set(tx, None, proposed.key, by="A-2", at=at)
        (brand,) = await find_approved(tx, owners[1].id)
    await database.dispose()
    return places, brand


async def _copy(url: str, rows: Iterator[tuple[Row, Row]], tell: Tell) -> None:
    connection = await connect(url)
    done = 0
    for some in _batches(rows):
        for table, of_table in zip((acceptances, decisions), zip(*some, strict=True), strict=True):
            names = table.columns.keys()
            records = [tuple(row[name] for name in names) for row in of_table]
            await connection.copy_records_to_table(table.name, records=records, columns=names)
        tell(done := done + len(some))
    # Else the planner believes the tables to be as empty as they were.
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


def _insert(url: str, rows: Iterator[tuple[Row, Row]], tell: Tell) -> None:
    path = make_url(url).database
    assert path is not None  # noqa: S101 - a file
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous=OFF")
    done = 0
    for some in _batches(rows):
        connection.execute("BEGIN")
        for table, of_table in zip((acceptances, decisions), zip(*some, strict=True), strict=True):
            connection.executemany(_insertion(table), [_stored(table, row) for row in of_table])
        connection.execute("COMMIT")
        tell(done := done + len(some))
    connection.execute("ANALYZE")
    connection.close()


def _batches(rows: Iterator[tuple[Row, Row]]) -> Iterator[list[tuple[Row, Row]]]:
    while some := list(islice(rows, TOGETHER)):
        yield some


def _insertion(table: Table) -> str:
    names = table.columns.keys()
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608 - names of our own


def _stored(table: Table, row: Row) -> Sequence[Any]:
    return [_plain(row[column.name]) for column in table.columns]


def _plain(value: Any) -> Any:  # noqa: ANN401 - a cell
    """A value as SQLAlchemy stores it in SQLite."""
    match value:
        case UUID():
            return value.hex
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        case _:
            return value
