"""The plan of where tables lie follows from what the schema says of itself."""

from typing import Any

import pytest
from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table, Uuid
from sqlalchemy.types import TypeEngine

from acceptance_api.kernel.database import Personal, Retain, classified
from acceptance_api.kernel.distribution import Placement, key_of, placements
from acceptance_api.kernel.migrations import whole_schema

PLAN = {one.table: one for one in placements(whole_schema())}
Keys = dict[str, TypeEngine[Any]]


def _schema(**tables: tuple[Retain, Keys]) -> MetaData:
    schema = MetaData()
    for name, (retain, keys) in tables.items():
        info = classified(Personal.NONE, retain)
        columns = [Column(key, kind, primary_key=True, info=info) for key, kind in keys.items()]
        Table(name, schema, *columns, Column("x", Integer, info=info))
    return schema


def test_tables_with_keys_of_one_type_lie_together() -> None:
    schema = _schema(
        b=(Retain.RECORD, {"outlet_id": Uuid(), "id": Uuid()}),
        a=(Retain.LOG, {"stream_id": Uuid(), "id": Uuid()}),
        d=(Retain.RECORD, {"token": BigInteger(), "id": Uuid()}),
        e=(Retain.RECORD, {"waybill": String(40), "id": Uuid()}),
        f=(Retain.RECORD, {"serial": String(8)}),
    )

    assert placements(schema) == (
        Placement(table="a", key="stream_id"),
        Placement(table="b", key="outlet_id", beside="a"),
        Placement(table="d", key="token"),
        Placement(table="e", key="waybill"),
        Placement(table="f", key="serial", beside="e"),
    )


def test_configuration_is_on_every_machine_unless_it_is_keyed_as_records_are() -> None:
    schema = _schema(
        records=(Retain.RECORD, {"outlet_id": Uuid(), "id": Uuid()}),
        clerks=(Retain.CONFIGURATION, {"outlet_id": Uuid(), "id": Uuid()}),
        enterprises=(Retain.CONFIGURATION, {"id": Uuid()}),
        imports=(Retain.TRANSIENT, {"enterprise_id": Uuid(), "id": Uuid()}),
        outlets=(Retain.CONFIGURATION, {"enterprise_id": Uuid(), "id": Uuid()}),
    )

    assert placements(schema) == (
        Placement(table="enterprises"),
        Placement(table="outlets"),
        Placement(table="clerks", key="outlet_id"),
        Placement(table="imports", key="enterprise_id", beside="clerks"),
        Placement(table="records", key="outlet_id", beside="clerks"),
    )


def test_every_table_has_one_place_and_is_spread_by_its_distribution_key() -> None:
    tables = whole_schema().tables

    assert PLAN.keys() == tables.keys()
    assert len(placements(whole_schema())) == len(tables)
    for one in PLAN.values():
        assert one.key in {None, key_of(tables[one.table]).name}


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("acceptances", "outlet_id"),
        ("decisions", "outlet_id"),
        ("audit_entries", "stream_id"),
        ("verifications", "outlet_id"),
        ("clerks", "outlet_id"),
        ("acceptance_waybills", "waybill"),
        ("acceptance_tokens", "token"),
        ("idempotency_keys", "client_id"),
        ("agreements", "enterprise_id"),
        ("outlets", None),
        ("enterprises", None),
        ("clients", None),
        ("key_store_pairings", None),
    ],
)
def test_where_the_tables_of_this_release_lie(table: str, key: str | None) -> None:
    assert PLAN[table].key == key


def test_everything_an_outlet_writes_about_a_parcel_lies_together() -> None:
    assert {PLAN[name].beside or name for name in ("acceptances", "decisions", "audit_entries", "inspections")} == {
        "acceptances"
    }


def test_a_table_lies_beside_one_that_is_placed_before_it() -> None:
    order = [one.table for one in placements(whole_schema())]

    assert all(one.beside is None or order.index(one.beside) < order.index(one.table) for one in PLAN.values())


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (Placement(table="a"), "a: on every machine"),
        (Placement(table="a", key="k"), "a: by k"),
        (Placement(table="a", key="k", beside="b"), "a: by k, beside b"),
    ],
)
def test_a_placement_is_told_in_words(one: Placement, words: str) -> None:
    assert str(one) == words
