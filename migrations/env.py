"""How Alembic meets the database: under a lock, with time limits, in one transaction.

`acceptance_api.kernel.migrations` hands over a connection; on the `alembic` command line the address comes from
ACCEPTANCE_DATABASE_URL or the settings' default.
"""

import asyncio
from typing import Literal

from alembic import context
from sqlalchemy import Connection, MetaData, text

from acceptance_api.kernel.database import Instant, metadata
from acceptance_api.kernel.migrations import connected, whole_schema
from acceptance_api.kernel.settings import Settings

# One migration at a time. The number is arbitrary; it only has to be the same in every process.
_LOCK = 7_215_081_302


def migrate(connection: Connection, target: MetaData) -> None:
    """Run the revisions in the transaction that is already open.

    Revisions need the target only for its naming convention; writing a new one compares with all of its tables.
    """
    if connection.dialect.name == "postgresql":
        _guard(connection)
    context.configure(
        connection=connection,
        target_metadata=target,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        compare_server_default=True,
        render_item=_frozen,
    )
    with context.begin_transaction():
        context.run_migrations()


def _guard(connection: Connection) -> None:
    """Wait for another migration, at most a minute; but never make the counters queue behind a lock for long."""
    connection.execute(text("SET LOCAL lock_timeout = '60s'"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    connection.execute(text("SET LOCAL lock_timeout = '4s'"))
    connection.execute(text("SET LOCAL statement_timeout = '60s'"))


def _frozen(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write an instant as what it is to the database: a revision must not change when our code does."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Instant) else False


async def _from_the_command_line() -> None:
    async with connected(Settings().database_url) as connection:
        await connection.run_sync(migrate, whole_schema())


if context.is_offline_mode():
    raise SystemExit("Offline mode is not supported: a migration looks at the database it changes.")
given = context.config.attributes.get("connection")
if given is None:
    asyncio.run(_from_the_command_line())
else:
    migrate(given, metadata)
