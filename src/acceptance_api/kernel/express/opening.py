"""Which lane a database has."""

from sqlalchemy.engine import make_url

from acceptance_api.kernel.database import Database
from acceptance_api.kernel.express.lane import Lane
from acceptance_api.kernel.express.postgresql import PostgresqlLane
from acceptance_api.kernel.express.sqlite import SqliteLane

CONNECTIONS = 4
"""Two that write and two that read: more do not make a group faster, and each costs the server a process."""


def open_lane(database: Database) -> Lane:
    """The express lane to the same database; connects lazily."""
    url = make_url(database.url)
    if url.get_backend_name() == "sqlite":
        return SqliteLane(url.database or "", turn=database.turn)
    return PostgresqlLane(url, connections=CONNECTIONS)
