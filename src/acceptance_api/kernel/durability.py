"""Whether the database keeps what it has committed: what a power cut takes back should not have been answered."""

from dataclasses import dataclass

from sqlalchemy import text

from acceptance_api.kernel.database import Database, Tx
from acceptance_api.kernel.log import get_logger

log = get_logger()
# As our own connections have them: a setting may stand in the file, on the command line, for a role or for a database.
_POSTGRESQL = text(
    "SELECT name, setting, source FROM pg_settings"
    " WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off' ORDER BY name"
)
_SQLITE = text("PRAGMA synchronous")
_SQLITE_NAMES = ("OFF", "NORMAL", "FULL", "EXTRA")
_SQLITE_SAFE = _SQLITE_NAMES.index("FULL")


@dataclass(frozen=True, slots=True, kw_only=True)
class Careless:
    """A setting by which the database may lose what it has committed, and what to do about it."""

    name: str
    value: str
    source: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.name} is {self.value} (set by: {self.source}); mend it: {self.remedy}"


class CarelessDatabase(Exception):  # noqa: N818 - says what is wrong
    """The database may lose what it has committed. Its text names each setting and how to mend it."""

    def __init__(self, found: tuple[Careless, ...]) -> None:
        super().__init__("\n".join(["the database may lose what was answered:", *(f"  {one}" for one in found)]))
        self.found = found


async def require_durable(database: Database, *, is_told: bool) -> None:
    """Ask the database whether it keeps what it commits.

    Args:
        database: as it will be served from.
        is_told: the operator has said that this database may be lost; it is logged and served.

    Raises:
        CarelessDatabase: it does not, and nobody said that it need not.
        Problem: DATABASE_UNAVAILABLE.
    """
    async with database.transaction() as tx:
        found = await (_of_postgresql(tx) if tx.dialect.name == "postgresql" else _of_sqlite(tx))
    if found and not is_told:
        raise CarelessDatabase(found)
    if found:
        reason = ", ".join(f"{one.name}={one.value}" for one in found)
        log.error("ACCEPTANCE_UNSAFE_DATABASE is set: what is answered may be lost", reason=reason)


async def _of_postgresql(tx: Tx) -> tuple[Careless, ...]:
    rows = (await tx.execute(_POSTGRESQL)).all()
    return tuple(
        Careless(name=name, value=value, source=source, remedy=_remedy(name, source)) for name, value, source in rows
    )


def _remedy(name: str, source: str) -> str:
    match source:
        case "command line":
            return f"start the server without -c {name}=off"
        case "user":
            return f"ALTER ROLE ... RESET {name}"
        case "database":
            return f"ALTER DATABASE ... RESET {name}"
        case "database user":
            return f"ALTER ROLE ... IN DATABASE ... RESET {name}"
        case _:
            return f"ALTER SYSTEM SET {name} = on; SELECT pg_reload_conf();"


async def _of_sqlite(tx: Tx) -> tuple[Careless, ...]:
    level = int((await tx.execute(_SQLITE)).scalar_one())
    if level >= _SQLITE_SAFE:
        return ()
    value, remedy = _SQLITE_NAMES[level], "PRAGMA synchronous=FULL on each connection"
    return (Careless(name="synchronous", value=value, source="connection", remedy=remedy),)
