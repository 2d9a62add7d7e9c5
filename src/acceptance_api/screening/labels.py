"""The names of enterprises, which stand on their screening labels."""

from datetime import datetime
from functools import partial

from acceptance_api.kernel.database import Database
from acceptance_api.kernel.ids import EnterpriseId
from acceptance_api.kernel.lagged import Lagged
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.sites import find_enterprise

_LAG_S = 3_600.0
_ENTERPRISES_MAX = 1_000


class Names:
    """Remembers names, which nothing changes. Belongs to one event loop."""

    def __init__(self) -> None:
        """No name is known yet."""
        self._names: Lagged[EnterpriseId, str] = Lagged(lag_s=_LAG_S, entries_max=_ENTERPRISES_MAX)

    async def of(self, database: Database, enterprise_id: EnterpriseId, *, at: datetime) -> str:
        """The name of an enterprise.

        Raises:
            Problem: NOT_FOUND, DATABASE_UNAVAILABLE or OVERLOADED.
        """
        return await self._names.get(enterprise_id, partial(_name, database, enterprise_id), at=at)


async def _name(database: Database, enterprise_id: EnterpriseId) -> str:
    async with database.read() as tx:
        enterprise = await find_enterprise(tx, enterprise_id)
    if enterprise is None:
        raise Problem(Kind.NOT_FOUND)
    return enterprise.name
