"""The schema is fit for distribution, and nothing personal stands in it in plain text."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    text,
)

from acceptance_api.kernel.database import Personal, Retain, classified
from acceptance_api.kernel.migrations import whole_schema

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
