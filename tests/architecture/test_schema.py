"""The schema is fit for distribution, and nothing personal stands in it in plain text."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Identity,
    Index,
    Inspector,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    inspect,
    text,
)

from acceptance_api.kernel.database import Personal, Retain, classified
from acceptance_api.kernel.migrations import connected, whole_schema

PLAIN = classified(Personal.NONE, Retain.RECORD)
SEALED = classified(Personal.SEALED, Retain.RECORD)
TOKEN = classified(Personal.TOKEN, Retain.RECORD)
TOKEN_TYPES = (BigInteger, LargeBinary, JSON)


def unclassified(table: Table) -> Iterator[str]:
    """A column that does not say what it can tell about a person, and how long it is kept."""
    for column in table.columns:
        personal, retain = column.info.get("personal"), column.info.get("retain")
        if personal not in set(Personal) or retain not in set(Retain) or len(column.info) > len(PLAIN):
            yield column.name


def undistributable_keys(table: Table) -> Iterator[str]:
    """A key that does not begin with the distribution key: a cluster could not keep it unique."""
    if not table.primary_key.columns:
        yield "no primary key"
        return
    distribution_key = next(iter(table.primary_key.columns)).name
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint) and next(iter(constraint.columns)).name != distribution_key:
            yield str(constraint.name)
    for index in table.indexes:
        if index.unique and next(iter(index.columns)).name != distribution_key:
            yield str(index.name)


def foreign_keys(table: Table) -> Iterator[str]:
    """A reference that the database would have to follow across machines."""
    for key in table.foreign_keys:
        yield str(key.parent.name)


def server_side_values(table: Table) -> Iterator[str]:
    """A value that the database makes up: a sequence, an identity or a default."""
    for column in table.columns:
        if column.identity or column.server_default is not None or column is table.autoincrement_column:
            yield column.name


def plaintext(table: Table) -> Iterator[str]:
    """A column of a sealed or token class whose type or name is that of plain text; or the other way round."""
    for column in table.columns:
        personal, named_sealed = column.info.get("personal"), column.name.endswith("_sealed")
        misnamed = (personal == Personal.SEALED) != named_sealed
        unsealed = named_sealed and not isinstance(column.type, LargeBinary)
        unkeyed = personal == Personal.TOKEN and not isinstance(column.type, TOKEN_TYPES)
        if misnamed or unsealed or unkeyed:
            yield column.name


RULES: tuple[Callable[[Table], Iterator[str]], ...] = (
    unclassified,
    undistributable_keys,
    foreign_keys,
    server_side_values,
    plaintext,
)


@pytest.mark.parametrize("table", whole_schema().sorted_tables, ids=lambda table: str(table.name))
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.__name__))
def test_every_table_keeps_the_rule(rule: Callable[[Table], Iterator[str]], table: Table) -> None:
    assert list(rule(table)) == [], rule.__doc__


@pytest.mark.parametrize(
    ("rule", "items", "found"),
    [
        pytest.param(unclassified, [Column("x", Integer)], ["x"], id="no class"),
        pytest.param(unclassified, [Column("x", Integer, info={"personal": "none"})], ["x"], id="half a class"),
        pytest.param(
            unclassified, [Column("x", Integer, info={**PLAIN, "retain": "ever"})], ["x"], id="an unknown class"
        ),
        pytest.param(undistributable_keys, [Column("x", Integer)], ["no primary key"], id="no primary key"),
        pytest.param(
            undistributable_keys,
            [Column("a", Uuid, primary_key=True), Column("b", Uuid), UniqueConstraint("b", name="u")],
            ["u"],
            id="unique by something else",
        ),
        pytest.param(
            undistributable_keys,
            [Column("a", Uuid, primary_key=True), Column("b", Uuid), Index("i", "b", "a", unique=True)],
            ["i"],
            id="a unique index in another order",
        ),
        pytest.param(
            undistributable_keys,
            [
                Column("a", Uuid, primary_key=True),
                Column("b", Uuid),
                Index("i", "a", "b", unique=True),
                Index("j", "b"),
            ],
            [],
            id="unique within the distribution key",
        ),
        pytest.param(foreign_keys, [Column("x", ForeignKey("other.id"))], ["x"], id="a foreign key"),
        pytest.param(server_side_values, [Column("x", Integer, primary_key=True)], ["x"], id="a silent sequence"),
        pytest.param(server_side_values, [Column("x", Integer, Identity())], ["x"], id="an identity"),
        pytest.param(server_side_values, [Column("x", Integer, server_default=text("1"))], ["x"], id="a default"),
        pytest.param(
            server_side_values, [Column("x", Integer, primary_key=True, autoincrement=False)], [], id="given by us"
        ),
        pytest.param(plaintext, [Column("name_sealed", String, info=SEALED)], ["name_sealed"], id="sealed as text"),
        pytest.param(plaintext, [Column("name", LargeBinary, info=SEALED)], ["name"], id="sealed by another name"),
        pytest.param(
            plaintext, [Column("name_sealed", LargeBinary, info=PLAIN)], ["name_sealed"], id="sealed in name only"
        ),
        pytest.param(plaintext, [Column("phone", String, info=TOKEN)], ["phone"], id="a token as text"),
        pytest.param(plaintext, [Column("phone_token", BigInteger, info=TOKEN)], [], id="a token"),
        pytest.param(plaintext, [Column("name_sealed", LargeBinary, info=SEALED)], [], id="sealed"),
    ],
)
def test_a_rule_finds_its_breach(
    rule: Callable[[Table], Iterator[str]],
    items: list[Column[object] | UniqueConstraint | Index],
    found: list[str],
) -> None:
    assert list(rule(Table("example", MetaData(), *items))) == found


# What the metadata cannot say, or a revision could have made otherwise, is looked for in a migrated database. The
# distribution key is the same: the first column of the primary key.


def triggers(connection: Connection) -> Iterator[str]:
    """Work that a cluster refuses to do behind our back: what must follow a write is written by us."""
    yield from connection.scalars(text(_TRIGGERS[connection.dialect.name]))


def sequences(connection: Connection) -> Iterator[str]:
    """A counter on one machine, which promises an order that concurrent commits do not keep."""
    yield from connection.scalars(text(_SEQUENCES[connection.dialect.name]))


def references(connection: Connection) -> Iterator[str]:
    """A reference that the database would have to follow across machines."""
    for table, found in _tables(connection):
        if found.get_foreign_keys(table):
            yield table


def unique_by_something_else(connection: Connection) -> Iterator[str]:
    """A key that does not begin with the distribution key: a cluster could not keep it unique."""
    for table, found in _tables(connection):
        keys = found.get_pk_constraint(table)["constrained_columns"]
        if not keys:
            yield table
            continue
        first = {one["name"]: one["column_names"][0] for one in found.get_indexes(table) if one["unique"]}
        first |= {one["name"]: one["column_names"][0] for one in found.get_unique_constraints(table)}
        yield from (str(name) for name, column in first.items() if column != keys[0])


def other_primary_keys(connection: Connection) -> Iterator[str]:
    """A table whose primary key is not the one the code expects, in its order: migrations are not compared by keys."""
    expected = whole_schema().tables
    for table, found in _tables(connection):
        keys = found.get_pk_constraint(table)["constrained_columns"]
        if table in expected and keys != [column.name for column in expected[table].primary_key.columns]:
            yield table


_TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal UNION ALL SELECT evtname FROM pg_event_trigger",
}
_SEQUENCES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE name = 'sqlite_sequence'",
    "postgresql": "SELECT sequencename FROM pg_sequences",
}
_OF_A_DATABASE: tuple[Callable[[Connection], Iterator[str]], ...] = (
    triggers,
    sequences,
    references,
    unique_by_something_else,
    other_primary_keys,
)


def _tables(connection: Connection) -> Iterator[tuple[str, Inspector]]:
    found = inspect(connection)
    for table in sorted(found.get_table_names()):
        yield table, found


async def test_a_migrated_database_keeps_every_rule(database_url: str) -> None:
    async with connected(database_url) as connection:
        found = {rule.__name__: await connection.run_sync(_listed, rule) for rule in _OF_A_DATABASE}
        tables = await connection.run_sync(lambda sync: {table for table, _ in _tables(sync)})

    assert found == {rule.__name__: [] for rule in _OF_A_DATABASE}
    assert tables == {*whole_schema().tables, "alembic_version"}


_NOTHING = "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"


@pytest.mark.parametrize(
    ("rule", "statements", "found"),
    [
        pytest.param(
            triggers,
            {
                "sqlite": ["CREATE TRIGGER breach BEFORE INSERT ON acceptance_waybills BEGIN SELECT 1; END"],
                "postgresql": [
                    _NOTHING,
                    "CREATE TRIGGER breach BEFORE INSERT ON acceptance_waybills EXECUTE FUNCTION nothing()",
                ],
            },
            "breach",
            id="a trigger",
        ),
        pytest.param(
            sequences,
            {
                "sqlite": ["CREATE TABLE breach (x INTEGER PRIMARY KEY AUTOINCREMENT)"],
                "postgresql": ["CREATE TABLE breach (x bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY)"],
            },
            {"sqlite": "sqlite_sequence", "postgresql": "breach_x_seq"},
            id="a sequence",
        ),
        pytest.param(
            references,
            "CREATE TABLE breach (x integer PRIMARY KEY, y integer REFERENCES breach (x))",
            "breach",
            id="a reference",
        ),
        pytest.param(
            unique_by_something_else,
            "CREATE UNIQUE INDEX breach ON acceptance_waybills (acceptance_id, waybill)",
            "breach",
            id="a unique index in another order",
        ),
        pytest.param(
            unique_by_something_else,
            "CREATE TABLE other (x integer PRIMARY KEY, y integer, CONSTRAINT breach UNIQUE (y))",
            "breach",
            id="a unique constraint",
        ),
        pytest.param(
            unique_by_something_else, "CREATE TABLE breach (x integer)", "breach", id="a table without a primary key"
        ),
        pytest.param(
            other_primary_keys,
            [
                "DROP TABLE acceptance_waybills",
                "CREATE TABLE acceptance_waybills (waybill text, outlet_id text, PRIMARY KEY (outlet_id, waybill))",
            ],
            "acceptance_waybills",
            id="a primary key in another order",
        ),
    ],
)
async def test_a_breach_in_a_database_is_found(
    database_url: str,
    rule: Callable[[Connection], Iterator[str]],
    statements: str | list[str] | dict[str, list[str]],
    found: str | dict[str, str],
) -> None:
    async with connected(database_url) as connection:
        dialect = connection.dialect.name
        for statement in _chosen(statements, dialect):
            await connection.execute(text(statement))

        assert await connection.run_sync(_listed, rule) == _chosen(found, dialect)


def _listed(connection: Connection, rule: Callable[[Connection], Iterator[str]]) -> list[str]:
    return list(rule(connection))


def _chosen(given: str | list[str] | dict[str, list[str]] | dict[str, str], dialect: str) -> list[str]:
    one = given[dialect] if isinstance(given, dict) else given
    return [one] if isinstance(one, str) else one
