"""A fresh, migrated database for each test, on both backends: cloned from a template that is migrated once a session.

The controller of a test run owns a directory and the lifeline in it; its workers find both there, so one server and
one template per backend serve them all, and no process stays behind however the run ends.
"""

import asyncio
import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy.engine import URL, make_url

from acceptance_api.kernel.migrations import upgrade
from tests.support.postgresql import start_server, wait_until_stopped
from tests.support.spares import Spares

BACKENDS = ("sqlite", "postgresql")


def chosen_backends() -> tuple[str, ...]:
    """The backends to test on: both, unless ACCEPTANCE_TEST_BACKENDS narrows them for a quick look.

    Raises:
        pytest.UsageError: an unknown backend, or narrowed in CI, where both have to pass.
    """
    named = os.environ.get("ACCEPTANCE_TEST_BACKENDS")
    if named is None:
        return BACKENDS
    chosen = tuple(name for name in BACKENDS if name in named.split(","))
    if not chosen or len(chosen) != len(named.split(",")):
        raise pytest.UsageError(f"ACCEPTANCE_TEST_BACKENDS: choose from {','.join(BACKENDS)}")
    if os.environ.get("CI") == "true" and chosen != BACKENDS:
        raise pytest.UsageError("ACCEPTANCE_TEST_BACKENDS narrows the tests; CI needs both backends")
    return chosen


_spares = Spares()


class Shared:
    """What the processes of one test run share: a directory, a lifeline, and what was made in it once."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def once(self, name: str, make: Callable[[], str]) -> str:
        """Make something in the first process that asks; give the same answer to all."""
        made = self.directory / f"{name}.json"
        with (self.directory / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                made.write_text(json.dumps(make()))
            return str(json.loads(made.read_text()))

    def sqlite_template(self) -> Path:
        """A migrated SQLite file, closed."""
        return Path(self.once("sqlite", self._make_sqlite_template))

    def postgresql_template(self) -> URL:
        """The address of a migrated PostgreSQL database that nobody is connected to."""
        return make_url(self.once("postgresql", self._make_postgresql_template))

    def _make_sqlite_template(self) -> str:
        template = self.directory / "template.db"
        run_apart(upgrade(f"sqlite+aiosqlite:///{template}"))
        return str(template)

    def _make_postgresql_template(self) -> str:
        given = os.environ.get("ACCEPTANCE_TEST_DATABASE_URL")
        template = make_url(given or self._start_server()).set(database=_fresh_name("template"))
        run_apart(_administer(template, f'CREATE DATABASE "{template.database}" TEMPLATE template0'))
        address = template.render_as_string(hide_password=False)
        run_apart(upgrade(address))
        return address

    def _start_server(self) -> str:
        lifeline = os.open(self.directory / "lifeline", os.O_RDONLY)
        try:
            directory, address = start_server(lifeline)
        finally:
            os.close(lifeline)
        (self.directory / "server-directory").write_text(str(directory))
        return address


class Controller(Shared):
    """The process that started the test run, and ends it."""

    def __init__(self) -> None:
        super().__init__(Path(tempfile.mkdtemp(prefix="acceptance-tests-")))
        os.mkfifo(self.directory / "lifeline")
        self._held = os.open(self.directory / "lifeline", os.O_RDWR)

    def close(self) -> None:
        """Stop the server if one was started, or clean up on the one that was given; leave nothing behind."""
        if "ACCEPTANCE_TEST_DATABASE_URL" in os.environ and (self.directory / "postgresql.json").exists():
            run_apart(_drop(self.postgresql_template()))
        os.close(self._held)
        server = self.directory / "server-directory"
        if server.exists():
            wait_until_stopped(Path(server.read_text()))
        shutil.rmtree(self.directory)


@asynccontextmanager
async def cloned_postgresql(template: URL) -> AsyncIterator[str]:
    """The address of a copy of the template; at the end it is emptied for another test, or dropped."""
    clone = _spares.take()
    if clone is None:
        clone = template.set(database=_fresh_name("test"))
        await _administer(clone, f'CREATE DATABASE "{clone.database}" TEMPLATE "{template.database}"')
        await _spares.made(clone)
    try:
        yield clone.render_as_string(hide_password=False)
    finally:
        if not await _spares.give_back(clone):
            await _drop(clone)


def drop_spares() -> None:
    """Leave no database behind on a server that stays."""
    for url in _spares.leave():
        run_apart(_drop(url))


def cloned_sqlite(template: Path, directory: Path) -> str:
    """The address of a copy of the template file."""
    return f"sqlite+aiosqlite:///{shutil.copyfile(template, directory / 'acceptance.db')}"


def run_apart(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end in a thread with an event loop of its own, whatever loop this thread has."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(asyncio.run, work).result()


async def _drop(url: URL) -> None:
    await _administer(url, f'DROP DATABASE IF EXISTS "{url.database}" WITH (FORCE)')


async def _administer(url: URL, statement: str) -> None:
    """Run one statement about a database from another: neither CREATE nor DROP DATABASE may run in a transaction."""
    maintenance = url.set(drivername="postgresql", database="postgres")
    connection = await asyncpg.connect(maintenance.render_as_string(hide_password=False))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _fresh_name(kind: str) -> str:
    return f"acceptance_{kind}_{uuid4().hex}"
