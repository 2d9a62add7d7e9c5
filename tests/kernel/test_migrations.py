"""Migrations: where they are found, what they promise, and that the fixtures stand on them."""

import sys
from asyncio import create_subprocess_exec, gather
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from acceptance_api.kernel.database import Database
from acceptance_api.kernel.migrations import connected, current, downgrade, head, is_current, upgrade, whole_schema


async def test_a_test_database_has_the_schema_of_this_release(database_url: str) -> None:
    assert await current(database_url) == head()
    assert await is_current(database_url)


async def test_the_revisions_make_the_schema_that_the_code_expects(database_url: str) -> None:
    async with connected(database_url) as connection:
        assert await connection.run_sync(_differences) == []


async def test_migrating_again_changes_nothing(database_url: str) -> None:
    await upgrade(database_url)

    assert await is_current(database_url)


async def test_a_release_can_be_taken_back(database_url: str) -> None:
    await downgrade(database_url, revision="base")
    assert await current(database_url) is None

    await upgrade(database_url)
    assert await is_current(database_url)


async def test_two_processes_that_migrate_at_once_take_turns(database_url: str) -> None:
    await downgrade(database_url, revision="base")
    program = f"import asyncio; from {upgrade.__module__} import upgrade; asyncio.run(upgrade({database_url!r}))"
    processes = [await create_subprocess_exec(sys.executable, "-c", program) for _ in range(2)]

    assert await gather(*(process.wait() for process in processes)) == [0, 0]
    assert await is_current(database_url)


async def test_an_sqlite_file_is_made_with_its_directory(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'var' / 'new.db'}"
    await upgrade(url)

    assert await is_current(url)


async def test_a_test_database_answers(database: Database) -> None:
    async with database.read() as tx:
        assert await tx.scalar(text("SELECT 1")) == 1


def _differences(connection: Connection) -> list[object]:
    options = {"compare_type": True, "compare_server_default": True}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), whole_schema()))
