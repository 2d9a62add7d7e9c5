"""Migrations: bring a database to the schema of this release, and say whether it is there."""

import importlib
import importlib.util
import pkgutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, NullPool
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

import acceptance_api
from acceptance_api.kernel.database import Database, metadata

_T = TypeVar("_T")


async def upgrade(url: str, *, revision: str = "head") -> None:
    """Bring a database up to a revision, in one transaction; who comes second waits, then finds nothing to do.

    An SQLite file is made, with its directory, if there is none. Processes take turns; within one process call it once
    at a time, because Alembic keeps its context in a module.
    """
    await _run(url, lambda connection: command.upgrade(_config(connection), revision))


async def downgrade(url: str, *, revision: str) -> None:
    """Bring a database back down to a revision, or to `base`."""
    await _run(url, lambda connection: command.downgrade(_config(connection), revision))


async def current(url: str) -> str | None:
    """The revision a database stands at; None before the first."""
    return await _run(url, _current)


def head() -> str | None:
    """The revision of this release; None while there is none."""
    return ScriptDirectory.from_config(_config()).get_current_head()


async def is_current(url: str) -> bool:
    """Whether a database has the schema of this release."""
    return await current(url) == head()


def whole_schema() -> MetaData:
    """The tables of every room. The kernel knows no room by name, so it looks for modules called `tables`."""
    for room in pkgutil.iter_modules(acceptance_api.__path__):
        if room.ispkg and importlib.util.find_spec(f"{acceptance_api.__name__}.{room.name}.tables"):
            importlib.import_module(f"{acceptance_api.__name__}.{room.name}.tables")
    return metadata


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[AsyncConnection]:
    """A connection in an open transaction, without the time limits that requests are under."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        _make_directory(parsed)
        database = Database(url)
        try:
            async with database.engine.begin() as connection:
                yield connection
        finally:
            await database.dispose()
        return
    engine = create_async_engine(parsed, poolclass=NullPool, hide_parameters=True, connect_args={"timeout": 10})
    async with engine.begin() as connection:
        yield connection


async def _run(url: str, work: Callable[[Connection], _T]) -> _T:
    async with connected(url) as connection:
        return await connection.run_sync(work)


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config(connection: Connection | None = None) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_scripts()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _scripts() -> Path:
    """Inside the package when installed from a wheel, else the checkout's `migrations/`."""
    here = Path(acceptance_api.__file__).parent
    installed = here / "_migrations"
    return installed if installed.is_dir() else here.parents[1] / "migrations"


def _make_directory(url: URL) -> None:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
