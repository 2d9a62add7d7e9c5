"""Everywhere a value could come to lie: the database's files and rows, the key store, the log, the error bodies."""

import io
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, redirect_stderr
from pathlib import Path

import asyncpg
import structlog
from sqlalchemy import make_url

from acceptance_api.kernel import log
from acceptance_api.kernel.database import metadata
from tests.contract.scanning import Finding, Scanner
from tests.support.service import Service


@contextmanager
def captured_log() -> Iterator[io.StringIO]:
    """Everything this process logs at debug level, the libraries' lines included, as production would write it."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    lines = io.StringIO()
    try:
        with redirect_stderr(lines):
            log.configure(level="debug")
            yield lines
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.configure(**before)


async def scan_everything(
    scanner: Scanner, service: Service, database_url: str, *, lines: bytes, errors: bytes
) -> set[Finding]:
    """What is found in all of them."""
    found = scanner.scan("log", lines) | scanner.scan("error bodies", errors)
    found |= scanner.scan_files("key store", service.office.settings.key_directory)
    if make_url(database_url).get_backend_name() == "sqlite":
        return found | _scan_sqlite(scanner, database_url)
    return found | await _scan_postgresql(scanner, database_url)


def _scan_sqlite(scanner: Scanner, database_url: str) -> set[Finding]:
    """The file with its write-ahead log and shared memory, as they lie there, and again after a checkpoint."""
    path = Path(str(make_url(database_url).database))
    found: set[Finding] = set()
    for _ in range(2):
        for suffix in ("", "-wal", "-shm"):
            found |= scanner.scan_files(f"database{suffix}", path.with_name(path.name + suffix))
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
    return found


async def _scan_postgresql(scanner: Scanner, database_url: str) -> set[Finding]:
    """The database's own files and the server's write-ahead log where they are ours, and every row by COPY."""
    url = make_url(database_url)
    connection = await asyncpg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False))
    try:
        found: set[Finding] = set()
        for table in metadata.sorted_tables:
            copy = io.BytesIO()
            await connection.copy_from_table(table.name, output=copy, format="binary")
            found |= scanner.scan("database rows", copy.getvalue())
        await connection.execute("CHECKPOINT")
        place = await connection.fetchval("SELECT oid FROM pg_database WHERE datname = current_database()")
    finally:
        await connection.close()
    data = Path(str(url.query.get("host", ""))) / "data"
    if data.is_dir():
        found |= scanner.scan_files("database", data / "base" / str(place))
        found |= scanner.scan_files("database-wal", data / "pg_wal")
    return found
