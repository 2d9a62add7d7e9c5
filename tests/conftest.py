"""What every test may ask for: a migrated database on each backend, and one server behind a whole test run."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from acceptance_api.kernel.database import Database
from tests.support.databases import (
    Controller,
    Shared,
    chosen_backends,
    cloned_postgresql,
    cloned_sqlite,
    drop_spares,
)

_SHARED = pytest.StashKey[Shared]()
_WORKER_INPUT = "acceptance_shared_directory"


def pytest_configure(config: pytest.Config) -> None:
    """Let a controller open the run; let a worker of xdist join it."""
    given = getattr(config, "workerinput", {}).get(_WORKER_INPUT)
    config.stash[_SHARED] = Shared(Path(given)) if given else Controller()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Tell a worker of xdist where the run is."""
    config: pytest.Config = getattr(node, "config")  # noqa: B009 - xdist exports no type for its node
    getattr(node, "workerinput")[_WORKER_INPUT] = str(config.stash[_SHARED].directory)  # noqa: B009 - the same


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the run."""
    if "ACCEPTANCE_TEST_DATABASE_URL" in os.environ:
        drop_spares()
    shared = config.stash.get(_SHARED, None)
    if isinstance(shared, Controller):
        shared.close()


def pytest_report_header() -> str:
    """Say on which backends the tests run: a narrowed run must not look like a whole one."""
    return f"databases: {', '.join(chosen_backends())}"


@pytest.fixture(params=chosen_backends())
async def database_url(
    request: pytest.FixtureRequest, pytestconfig: pytest.Config, tmp_path: Path
) -> AsyncIterator[str]:
    """The address of a fresh database with this release's schema; the test runs once on each backend."""
    shared = pytestconfig.stash[_SHARED]
    if request.param == "sqlite":
        yield cloned_sqlite(shared.sqlite_template(), tmp_path)
        return
    async with cloned_postgresql(shared.postgresql_template()) as url:
        yield url


@pytest.fixture
def sqlite_url(pytestconfig: pytest.Config, tmp_path: Path) -> str:
    """The address of a fresh SQLite database, for what only a file can do or no database can change."""
    return cloned_sqlite(pytestconfig.stash[_SHARED].sqlite_template(), tmp_path)


@pytest.fixture
async def postgresql_url(pytestconfig: pytest.Config) -> AsyncIterator[str]:
    """The address of a fresh PostgreSQL database, for what only a server can do."""
    async with cloned_postgresql(pytestconfig.stash[_SHARED].postgresql_template()) as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A fresh database with this release's schema, opened."""
    opened = Database(database_url)
    yield opened
    await opened.dispose()
