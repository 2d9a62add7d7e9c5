"""Spreading the tables over a Citus cluster, as `distribution` plans it. Citus runs beside us, unmodified."""

from collections.abc import AsyncGenerator

from sqlalchemy import make_url, text

from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.distribution import Placement, placements
from acceptance_api.kernel.migrations import connected, whole_schema

_IS_THERE = text(
    "SELECT to_regclass('pg_dist_partition') IS NOT NULL"
    " AND EXISTS (SELECT FROM pg_proc WHERE proname = 'create_distributed_table' AND pg_function_is_visible(oid))"
)
# A table without a key is on every machine when it is replicated by two-phase commit ('t'), else it lies on one.
_PLACED = text(
    "SELECT CAST(logicalrelid AS text) AS table_name, column_to_column_name(logicalrelid, partkey) AS key"
    " FROM pg_dist_partition WHERE partkey IS NOT NULL OR repmodel = 't'"
)
_EVERYWHERE = text("SELECT create_reference_table(CAST(CAST(:table AS text) AS regclass))")
_BY_KEY = text(
    "SELECT create_distributed_table(CAST(CAST(:table AS text) AS regclass), :key, colocate_with => :beside)"
)
_ALONE = "none"


class NoCluster(Exception):  # noqa: N818 - says what is missing
    """The database is no Citus cluster; its text says what to do."""


class PlacedOtherwise(Exception):  # noqa: N818 - says what is wrong
    """A table is spread by another key than the plan's; its text names it. Moving it is the operator's decision."""


async def require_cluster(url: str) -> None:
    """Ask whether the tables of a database can be spread.

    Raises:
        NoCluster: they cannot.
    """
    if make_url(url).get_backend_name() != "postgresql":
        raise NoCluster("Citus is an extension of PostgreSQL; this database is none")
    async with connected(url) as connection:
        if not await connection.scalar(_IS_THERE):
            raise NoCluster(
                "this PostgreSQL has no Citus: on every machine set shared_preload_libraries = 'citus' and run"
                " CREATE EXTENSION citus, tell this one of the others by citus_add_node(), and try again"
            )


async def distribute(url: str) -> AsyncGenerator[Placement, None]:
    """Put each table of a migrated database in its place; yields what was done, as it is done.

    Each table is a transaction of its own; a second run finds what is left to do, or nothing. A table that has rows
    takes them along, and nobody writes to it meanwhile.

    Raises:
        NoCluster: the database is no cluster; nothing was done.
        PlacedOtherwise: a table has another place already; nothing was done.
    """
    await require_cluster(url)
    async with connected(url) as connection:
        rows = (await connection.execute(_PLACED)).all()
    placed: dict[str, str | None] = {row.table_name: row.key for row in rows}
    plan = placements(whole_schema())
    otherwise = [one for one in plan if one.table in placed and placed[one.table] != one.key]
    if otherwise:
        found = "; ".join(f"{one} is planned, but it is by {placed[one.table] or 'nothing'}" for one in otherwise)
        raise PlacedOtherwise(found)
    for one in plan:
        if one.table not in placed:
            async with connected(url) as connection:
                await _place(connection, one)
            yield one


async def _place(tx: Tx, one: Placement) -> None:
    if one.key is None:
        await tx.execute(_EVERYWHERE, {"table": one.table})
    else:
        await tx.execute(_BY_KEY, {"table": one.table, "key": one.key, "beside": one.beside or _ALONE})
