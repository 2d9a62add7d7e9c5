"""Spreading tables over a cluster: against functions of Citus' names and signatures that refuse what Citus refuses.

Citus itself cannot be had here. What it answers beyond this is not shown by these tests.
"""

import asyncio
import os
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from acceptance_api.kernel.distributing import NoCluster, PlacedOtherwise, distribute
from acceptance_api.kernel.distribution import placements
from acceptance_api.kernel.migrations import connected, downgrade, whole_schema

STAND_IN = (
    "CREATE SCHEMA citus",
    "CREATE TYPE citus.distribution_type AS ENUM ('hash', 'range', 'append')",
    """
    CREATE TABLE citus.pg_dist_partition (
        logicalrelid regclass PRIMARY KEY, partmethod "char", partkey text, colocationid int, repmodel "char"
    )
    """,
    """
    CREATE FUNCTION citus.column_to_column_name(table_name regclass, column_var_text text) RETURNS text
    LANGUAGE sql AS 'SELECT column_var_text'
    """,
    """
    CREATE FUNCTION citus.create_reference_table(table_name regclass) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO pg_dist_partition VALUES (table_name, 'n', NULL, 1, 't');
    END
    $$
    """,
    """
    CREATE FUNCTION citus.create_distributed_table(
        table_name regclass, distribution_column text, distribution_type citus.distribution_type DEFAULT 'hash',
        colocate_with text DEFAULT 'default', shard_count int DEFAULT NULL
    ) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
        number smallint := (
            SELECT attnum FROM pg_attribute WHERE attrelid = table_name AND attname = distribution_column
        );
        kind oid := (SELECT atttypid FROM pg_attribute WHERE attrelid = table_name AND attnum = number);
        neighbour record;
        id int;
    BEGIN
        IF number IS NULL THEN
            RAISE 'no such column: %.%', table_name, distribution_column;
        END IF;
        IF EXISTS (SELECT FROM pg_index WHERE indrelid = table_name AND indisunique AND number <> ALL (indkey)) THEN
            RAISE 'cannot create constraint on %: not on the distribution column', table_name;
        END IF;
        IF EXISTS (SELECT FROM pg_trigger WHERE tgrelid = table_name)
            OR EXISTS (SELECT FROM pg_constraint WHERE conrelid = table_name AND contype = 'f') THEN
            RAISE 'triggers and foreign keys are not supported: %', table_name;
        END IF;
        IF colocate_with = 'none' THEN
            id := (SELECT coalesce(max(colocationid), 1) + 1 FROM pg_dist_partition);
        ELSE
            SELECT p.colocationid, a.atttypid INTO STRICT neighbour FROM pg_dist_partition p
            JOIN pg_attribute a ON a.attrelid = p.logicalrelid AND a.attname = p.partkey
            WHERE p.logicalrelid = colocate_with::regclass;
            IF neighbour.atttypid <> kind THEN
                RAISE 'cannot colocate tables % and %', colocate_with, table_name;
            END IF;
            id := neighbour.colocationid;
        END IF;
        INSERT INTO pg_dist_partition VALUES (table_name, 'h', distribution_column, id, 's');
    END
    $$
    """,
)
_PLACED = text("SELECT logicalrelid::text, partkey, colocationid, xmin::text FROM pg_dist_partition")
PLAN = {one.table: one for one in placements(whole_schema())}


async def test_every_table_is_put_in_its_place(postgresql_url: str) -> None:
    await _make_cluster(postgresql_url)
    done = [one async for one in distribute(postgresql_url)]
    placed = await _placed(postgresql_url)

    assert tuple(done) == placements(whole_schema())
    assert {table: key for table, (key, *_) in placed.items()} == {table: one.key for table, one in PLAN.items()}
    for table, (_, group, _) in placed.items():
        neighbours = {other for other, (_, found, _) in placed.items() if found == group}
        assert neighbours >= {PLAN[table].beside or table}


async def test_a_second_run_does_nothing(postgresql_url: str) -> None:
    await _make_cluster(postgresql_url)
    assert [one async for one in distribute(postgresql_url)]
    placed = await _placed(postgresql_url)

    assert [one async for one in distribute(postgresql_url)] == []
    assert await _placed(postgresql_url) == placed


async def test_a_run_that_was_broken_off_is_finished_by_the_next(postgresql_url: str) -> None:
    await _make_cluster(postgresql_url)
    running = distribute(postgresql_url)
    first = [await anext(running) for _ in range(3)]
    await running.aclose()
    rest = [one async for one in distribute(postgresql_url)]

    assert (*first, *rest) == placements(whole_schema())


async def test_a_table_that_lies_on_one_machine_is_spread(postgresql_url: str) -> None:
    await _make_cluster(
        postgresql_url,
        "INSERT INTO citus.pg_dist_partition VALUES ('outlets', 'n', NULL, 0, 's')",
        "CREATE RULE spread AS ON INSERT TO citus.pg_dist_partition WHERE NEW.logicalrelid = 'outlets'::regclass"
        " DO INSTEAD UPDATE citus.pg_dist_partition SET repmodel = 't' WHERE logicalrelid = 'outlets'::regclass",
    )

    assert "outlets" in [one.table async for one in distribute(postgresql_url)]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("SELECT citus.create_distributed_table('acceptances', 'enterprise_id')", "acceptances"),
        ("SELECT citus.create_reference_table('decisions')", "by nothing"),
    ],
)
async def test_a_table_that_has_another_place_stops_everything(postgresql_url: str, statement: str, words: str) -> None:
    await _make_cluster(postgresql_url)
    key = "ALTER TABLE acceptances DROP CONSTRAINT pk_acceptances, ADD PRIMARY KEY (outlet_id, id, enterprise_id)"
    async with connected(postgresql_url) as connection:
        await connection.execute(text(key))
        await connection.execute(text(statement.replace("'enterprise_id')", "'enterprise_id', 'hash', 'none')")))
    before = await _placed(postgresql_url)

    with pytest.raises(PlacedOtherwise, match=words):
        [one async for one in distribute(postgresql_url)]
    assert await _placed(postgresql_url) == before


async def test_without_citus_nothing_is_done(database_url: str) -> None:
    with pytest.raises(NoCluster, match=r"Citus"):
        [one async for one in distribute(database_url)]


async def test_the_command_migrates_and_then_spreads(postgresql_url: str, tmp_path: Path) -> None:
    await downgrade(postgresql_url, revision="base")
    code, _, words = await _command(postgresql_url, tmp_path)
    assert (code, "CREATE EXTENSION citus" in words, "Traceback" in words) == (1, True, False)

    await _make_cluster(postgresql_url)
    code, told, _ = await _command(postgresql_url, tmp_path)
    assert (code, told.splitlines()[-1]) == (0, "every table is in its place")
    assert told.splitlines()[1:-1] == [str(one) for one in placements(whole_schema())]

    code, told, _ = await _command(postgresql_url, tmp_path)
    assert (code, told.splitlines()[1:]) == (0, ["every table is in its place"])


async def _make_cluster(url: str, *more: str) -> None:
    """Give the database the stand-ins, in a schema that its connections look into."""
    async with connected(url) as connection:
        name = await connection.scalar(text("SELECT current_database()"))
        await connection.execute(text(f'ALTER DATABASE "{name}" SET search_path = public, citus'))
        await connection.execute(text("SET search_path = public, citus"))
        for statement in (*STAND_IN, *more):
            await connection.exec_driver_sql(statement)


async def _placed(url: str) -> dict[str, tuple[str | None, int, str]]:
    """What the cluster knows of each table: its key, its group, and the transaction that said so."""
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        rows = (await connection.execute(_PLACED)).all()
    await engine.dispose()
    return {table: (key, group, transaction) for table, key, group, transaction in rows}


async def _command(url: str, directory: Path) -> tuple[int | None, str, str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ACCEPTANCE_")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "acceptance_api", "migrate", "--citus"),
        cwd=directory,
        env=environment | {"ACCEPTANCE_DATABASE_URL": url},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    told, words = await process.communicate()
    return process.returncode, told.decode(), words.decode()
