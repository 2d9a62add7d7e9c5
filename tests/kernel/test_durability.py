"""A database that may lose what it has committed is not served from, unless the operator says so."""

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import NullPool, TextClause, event, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from structlog.testing import capture_logs

from acceptance_api.kernel.database import Database
from acceptance_api.kernel.durability import CarelessDatabase, require_durable
from tests.support.durable_postgresql import DurableServer

_LOADED = text("SELECT pg_conf_load_time()")
ASKED = ["fsync", "full_page_writes", "synchronous_commit"]


@pytest.fixture(scope="module")
def durable_url() -> Iterator[str]:
    with DurableServer() as server:
        yield server.url


async def test_a_careful_postgresql_is_served(durable_url: str) -> None:
    assert await _found(durable_url) == []


@pytest.mark.parametrize(
    ("careless", "mend", "name"),
    [
        pytest.param(f"ALTER SYSTEM SET {name} = off", f"ALTER SYSTEM SET {name} = on", name, id=f"{name} for all")
        for name in ASKED
    ]
    + [
        pytest.param(
            "ALTER ROLE postgres SET synchronous_commit = off",
            "ALTER ROLE postgres RESET synchronous_commit",
            "synchronous_commit",
            id="for the role",
        ),
        pytest.param(
            "ALTER DATABASE postgres SET synchronous_commit = off",
            "ALTER DATABASE postgres RESET synchronous_commit",
            "synchronous_commit",
            id="for the database",
        ),
        pytest.param(
            "ALTER ROLE postgres IN DATABASE postgres SET synchronous_commit = off",
            "ALTER ROLE postgres IN DATABASE postgres RESET synchronous_commit",
            "synchronous_commit",
            id="for the role in the database",
        ),
    ],
)
async def test_a_careless_postgresql_is_refused_with_the_remedy(
    durable_url: str, careless: str, mend: str, name: str
) -> None:
    await _set(durable_url, careless)
    try:
        (words,) = await _found(durable_url)
    finally:
        await _set(durable_url, mend)

    assert words.startswith(f"{name} is off ")
    remedy = words.partition("mend it: ")[2].split(";")[0].replace("ROLE ...", "ROLE postgres")
    assert remedy.replace("DATABASE ...", "DATABASE postgres") == mend
    assert await _found(durable_url) == []


@pytest.mark.parametrize("level", ["local", "remote_write", "remote_apply"])
async def test_a_commit_that_waits_for_this_disk_is_enough(durable_url: str, level: str) -> None:
    await _set(durable_url, f"ALTER SYSTEM SET synchronous_commit = {level}")
    try:
        assert await _found(durable_url) == []
    finally:
        await _set(durable_url, "ALTER SYSTEM RESET synchronous_commit")


@pytest.mark.parametrize(("level", "found"), [("OFF", 1), ("NORMAL", 1), ("FULL", 0), ("EXTRA", 0)])
async def test_sqlite_is_served_when_each_commit_reaches_the_disk(sqlite_url: str, level: str, found: int) -> None:
    database = Database(sqlite_url)
    event.listen(database.engine.sync_engine, "connect", lambda connection, _: _pragma(connection, level))

    assert [one.partition(" (")[0] for one in await _found_in(database)] == [f"synchronous is {level}"] * found


async def test_our_sqlite_connections_are_careful(sqlite_url: str) -> None:
    assert await _found(sqlite_url) == []


async def test_who_is_told_serves_it_and_says_so_loudly(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    event.listen(database.engine.sync_engine, "connect", lambda connection, _: _pragma(connection, "OFF"))
    with capture_logs() as lines:
        await require_durable(database, is_told=True)
    await database.dispose()

    assert [(line["log_level"], line["reason"]) for line in lines] == [("error", "synchronous=OFF")]


async def test_serve_refuses_a_careless_database(tmp_path: Path, postgresql_url: str) -> None:
    database = Database(postgresql_url)
    careless = {one.split()[0] for one in await _found_in(database)}
    if not careless:
        await _set(postgresql_url, "ALTER ROLE CURRENT_USER SET synchronous_commit = off")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ACCEPTANCE_")}
    environment |= {"ACCEPTANCE_DATABASE_URL": postgresql_url, "ACCEPTANCE_KEY_DIRECTORY": str(tmp_path / "keys")}
    serving = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "acceptance_api", "serve", "--port", "0"),
        cwd=tmp_path,
        env=environment,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(30):
        _, words = await serving.communicate()

    assert serving.returncode == 1
    for expected in (*careless, "mend it", "nothing is served", "ACCEPTANCE_UNSAFE_DATABASE=true"):
        assert expected in words.decode()


async def _found(url: str) -> list[str]:
    return await _found_in(Database(url))


async def _found_in(database: Database) -> list[str]:
    """What is careless, as the operator reads it; the database is closed."""
    try:
        await require_durable(database, is_told=False)
    except CarelessDatabase as error:
        return [line.strip() for line in str(error).splitlines()[1:]]
    finally:
        await database.dispose()
    return []


async def _set(url: str, statement: str) -> None:
    """Change a setting, and wait until fresh connections have it."""
    engine = create_async_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        before = await connection.scalar(_LOADED)
        await connection.execute(text(statement))
        await connection.execute(text("SELECT pg_reload_conf()"))
    async with asyncio.timeout(10):
        while await _scalar(engine, _LOADED) == before:
            pass


async def _scalar(engine: AsyncEngine, question: TextClause) -> object:
    async with engine.connect() as connection:
        return await connection.scalar(question)


def _pragma(connection: object, level: str) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined] # the driver's own
    cursor.execute(f"PRAGMA synchronous={level}")
    cursor.close()
