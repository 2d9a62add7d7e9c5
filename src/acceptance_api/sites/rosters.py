"""Who works where, as the database had it a short while ago: every request of a counter asks."""

from datetime import datetime

from acceptance_api.kernel.database import Database
from acceptance_api.kernel.ids import ClerkId, MachineId, OutletId
from acceptance_api.kernel.lagged import Lagged
from acceptance_api.sites.model import Clerk, Machine, Outlet
from acceptance_api.sites.outlet_store import find_clerk, find_machine
from acceptance_api.sites.store import find_outlet

_ENTRIES_MAX = 20_000


class Roster:
    """Outlets, clerks and machines, no older than the lag; what was closed or retired counts at the latest after it.

    Every method raises a Problem, DATABASE_UNAVAILABLE or OVERLOADED, when it has to look and cannot.
    """

    def __init__(self, database: Database, *, lag_s: float) -> None:
        """Look into this database."""
        self._database = database
        self._outlets: Lagged[OutletId, Outlet | None] = Lagged(lag_s=lag_s, entries_max=_ENTRIES_MAX)
        self._clerks: Lagged[tuple[OutletId, ClerkId], Clerk | None] = Lagged(lag_s=lag_s, entries_max=_ENTRIES_MAX)
        self._machines: Lagged[tuple[OutletId, MachineId], Machine | None] = Lagged(
            lag_s=lag_s, entries_max=_ENTRIES_MAX
        )

    async def outlet(self, outlet_id: OutletId, *, at: datetime) -> Outlet | None:
        """The outlet with this id, closed ones too."""

        async def look() -> Outlet | None:
            async with self._database.read() as tx:
                return await find_outlet(tx, outlet_id)

        return await self._outlets.get(outlet_id, look, at=at)

    async def clerk(self, outlet_id: OutletId, clerk_id: ClerkId, *, at: datetime) -> Clerk | None:
        """The clerk who works at this outlet; a retired one looks missing."""

        async def look() -> Clerk | None:
            async with self._database.read() as tx:
                return await find_clerk(tx, outlet_id, clerk_id)

        return await self._clerks.get((outlet_id, clerk_id), look, at=at)

    async def machine(self, outlet_id: OutletId, machine_id: MachineId, *, at: datetime) -> Machine | None:
        """The machine in use at this outlet; a retired one looks missing."""

        async def look() -> Machine | None:
            async with self._database.read() as tx:
                return await find_machine(tx, outlet_id, machine_id)

        return await self._machines.get((outlet_id, machine_id), look, at=at)
