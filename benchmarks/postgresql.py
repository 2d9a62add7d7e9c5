"""The benchmark's own PostgreSQL: durable, or nothing is measured; one database for each contestant."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from sqlalchemy.engine import URL, make_url

from tests.support.durable_postgresql import DurableServer

OPTIONS = {
    "shared_buffers": "2GB",
    "max_connections": "600",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "15min",
    "idle_in_transaction_session_timeout": "60s",
    "maintenance_work_mem": "512MB",
}
"""Over what `DurableServer` sets: room for 256 counters, and for a table of a million records."""
MUST_BE_ON = ("fsync", "synchronous_commit", "full_page_writes")
_SHOWN = (
    *MUST_BE_ON,
    *("server_version", "shared_buffers", "max_connections", "max_wal_size", "checkpoint_timeout", "wal_compression"),
    *("commit_delay", "jit", "random_page_cost", "autovacuum", "wal_level", "wal_sync_method", "data_checksums"),
)
_IN_MEMORY = {"tmpfs", "ramfs"}


class NotDurable(Exception):  # noqa: N818 - it says what is wrong
    """The server would lose what it has acknowledged: a rate measured on it would mean nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgreSQL:
    """A running server."""

    url: URL
    pid: int
    binaries: Path
    directory: Path

    async def create(self, name: str) -> str:
        """A fresh database; its address, for SQLAlchemy."""
        await self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await self._execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        return self.url.set(database=name).render_as_string(hide_password=False)

    async def settings(self) -> dict[str, str]:
        """What matters of its settings."""
        connection = await connect(self.url)
        try:
            return {name: str(await connection.fetchval("SELECT current_setting($1)", name)) for name in _SHOWN}
        finally:
            await connection.close()

    async def require_durable(self) -> dict[str, str]:
        """Its settings.

        Raises:
            NotDurable: it may lose what it acknowledged, or its files lie in memory.
        """
        settings = await self.settings()
        if off := [name for name in MUST_BE_ON if settings[name] != "on"]:
            raise NotDurable(f"{', '.join(off)}: not on")
        settings["filesystem"] = filesystem_of(self.directory)
        if settings["filesystem"] in _IN_MEMORY:
            raise NotDurable("its files lie in memory")
        return settings

    async def _execute(self, statement: str) -> None:
        connection = await connect(self.url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@contextmanager
def running_postgresql() -> Iterator[PostgreSQL]:
    """A server of this run alone, gone at the end."""
    with DurableServer(OPTIONS) as server:
        pid = server.pid
        assert pid is not None  # noqa: S101 - it was started
        yield PostgreSQL(url=make_url(server.url), pid=pid, binaries=server.binaries, directory=server.directory)


async def connect(url: str | URL) -> "asyncpg.Connection[asyncpg.Record]":
    """A plain connection to the address of an SQLAlchemy engine."""
    parsed = make_url(url).set(drivername="postgresql")
    return await asyncpg.connect(parsed.render_as_string(hide_password=False))


def filesystem_of(path: Path) -> str:
    """The kind of file system a path lies on."""
    asked = subprocess.run(["/usr/bin/stat", "-f", "-c", "%T", path], check=True, capture_output=True, text=True)  # noqa: S603 - own path
    return asked.stdout.strip()
