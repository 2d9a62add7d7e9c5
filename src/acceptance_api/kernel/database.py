"""The database: one schema for SQLite and PostgreSQL, transactions opened where the reader can see them.

Rules that keep the schema fit for distribution: every primary key begins with the table's distribution key, no foreign
key crosses it, no triggers, no sequence is used as order.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import DateTime, Dialect, MetaData, Table, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.types import TypeDecorator

from acceptance_api.kernel.problems import Kind, Problem

CONNECT_TIMEOUT_S = 5
STATEMENT_TIMEOUT_S = 30
POSTGRESQL_SETTINGS = {"jit": "off", "idle_in_transaction_session_timeout": "30000", "lock_timeout": "10000"}
"""Of every connection to PostgreSQL."""
SQLITE_PRAGMAS = ("busy_timeout=4000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
"""Of every connection to SQLite."""
_TURN_TIMEOUT_S = 10

Tx = AsyncConnection
"""An open transaction. Who holds one may read and write; who opened it commits."""

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


class Personal(StrEnum):
    """What a column can tell about a person."""

    NONE = "none"
    PSEUDONYM = "pseudonym"
    """An id or number that stands for a person or parcel, without saying who."""
    SEALED = "sealed"
    """Personal data, encrypted."""
    TOKEN = "token"  # noqa: S105 - a class of column, not a secret
    """A keyed blind index or commitment: compares, and dies with its key."""


class Retain(StrEnum):
    """How long a column's row is kept; the periods are policy values (domain dossier, section 8.5)."""

    CONFIGURATION = "configuration"
    RECORD = "record"
    IDENTITY = "identity"
    EVIDENCE = "evidence"
    LOG = "log"
    CASE = "case"
    TRANSIENT = "transient"


def classified(personal: Personal, retain: Retain) -> dict[str, str]:
    """The `info=` that every column carries; a test refuses a column without it, and the data map is made from it."""
    return {"personal": personal.value, "retain": retain.value}


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant. SQLite keeps no offset, so it is stripped on the way in and restored on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive datetime; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "a naive datetime was offered to an Instant column"
            raise ValueError(msg)
        at = value.astimezone(UTC)
        return at if dialect.name == "postgresql" else at.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an aware UTC instant."""
        if value is None:
            return None
        return value.astimezone(UTC) if dialect.name == "postgresql" else value.replace(tzinfo=UTC)


class Database:
    """The data database of this process: `read()` for looking, `transaction()` for what must be committed."""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        """Prepare engines; connects lazily."""
        self.url = url
        self._one_writer: asyncio.Lock | None = None
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            self._one_writer = asyncio.Lock()
            self._reader, self._writer = _sqlite(parsed, "BEGIN"), _sqlite(parsed, "BEGIN IMMEDIATE", writer=True)
        else:
            self._writer = _postgresql(parsed, pool_size)
            # The same pool; several statements of one look see one state of the database.
            self._reader = self._writer.execution_options(isolation_level="REPEATABLE READ")

    @property
    def engine(self) -> AsyncEngine:
        """The writing engine, for migrations and tests."""
        return self._writer

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        """A consistent look at the database.

        Raises:
            Problem: DATABASE_UNAVAILABLE.
        """
        async with _begun(self._reader) as tx:
            yield tx

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """Everything inside is committed when the block ends, or nothing is.

        Raises:
            Problem: DATABASE_UNAVAILABLE.
        """
        async with self.turn(), _begun(self._writer) as tx:
            yield tx

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """One's turn to write: SQLite has one writer, for whom the others queue here; PostgreSQL has no such queue.

        Raises:
            Problem: OVERLOADED, when it does not come in time.
        """
        if self._one_writer is None:
            yield
            return
        try:
            async with asyncio.timeout(_TURN_TIMEOUT_S):
                await self._one_writer.acquire()
        except TimeoutError:
            raise Problem(Kind.OVERLOADED) from None
        try:
            yield
        finally:
            self._one_writer.release()

    async def dispose(self) -> None:
        """Close every connection."""
        await self._reader.dispose()
        await self._writer.dispose()


@asynccontextmanager
async def _begun(engine: AsyncEngine) -> AsyncIterator[Tx]:
    try:
        async with engine.begin() as tx:
            yield tx
    except PoolTimeoutError as error:
        raise Problem(Kind.OVERLOADED) from error
    except (OperationalError, InterfaceError, OSError) as error:
        raise Problem(Kind.DATABASE_UNAVAILABLE) from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise Problem(Kind.DATABASE_UNAVAILABLE) from error
        raise


async def insert_new(tx: Tx, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert a row unless a primary or unique key already has it; say whether it was inserted.

    A conflict does not abort the transaction, on either database.
    """
    dialect = postgresql.insert if tx.dialect.name == "postgresql" else sqlite.insert
    result = await tx.execute(dialect(table).values(dict(row)).on_conflict_do_nothing())
    return bool(result.rowcount)


def _sqlite(url: URL, begin: str, *, writer: bool = False) -> AsyncEngine:
    """One writer: a process's writers take turns instead of spinning on the file's lock."""
    pool = {"pool_size": 1, "max_overflow": 0} if writer else {"pool_size": 4, "max_overflow": 4}
    engine = create_async_engine(url, hide_parameters=True, pool_timeout=10, **pool)

    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in SQLITE_PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Any) -> None:  # noqa: ANN401 - SQLAlchemy's event passes an untyped one
        connection.exec_driver_sql(begin)

    return engine


def _postgresql(url: URL, pool_size: int) -> AsyncEngine:
    return create_async_engine(
        url,
        hide_parameters=True,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=10,
        pool_pre_ping=True,
        connect_args={
            "timeout": CONNECT_TIMEOUT_S,
            "command_timeout": STATEMENT_TIMEOUT_S,
            "server_settings": POSTGRESQL_SETTINGS,
        },
    )
