"""Who works where, as the database had it a short while ago: every request of a counter asks."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from acceptance_api.kernel.express import Question, Reader
from acceptance_api.kernel.ids import ClerkId, MachineId, OutletId
from acceptance_api.kernel.lagged import Lagged
from acceptance_api.sites.details import OutletDetails
from acceptance_api.sites.details_store import DETAILS
from acceptance_api.sites.model import Clerk, Machine, Outlet
from acceptance_api.sites.outlet_store import CLERK, MACHINE
from acceptance_api.sites.store import OUTLET

_ENTRIES_MAX = 20_000


class Roster:
    """Outlets, clerks and machines, no older than the lag; what was closed or retired counts at the latest after it.

    Who needs the same one at once shares one look; who needs different ones shares a round trip. Every method raises a
    Problem, DATABASE_UNAVAILABLE or OVERLOADED, when it has to look and cannot.
    """

    def __init__(self, reader: Reader, *, lag_s: float) -> None:
        """Look through this reader."""
        self._reader = reader
        self._outlets: Lagged[OutletId, Outlet | None] = Lagged(lag_s=lag_s, entries_max=_ENTRIES_MAX)
        self._clerks: Lagged[tuple[OutletId, ClerkId], Clerk | None] = Lagged(lag_s=lag_s, entries_max=_ENTRIES_MAX)
        self._machines: Lagged[tuple[OutletId, MachineId], Machine | None] = Lagged(
            lag_s=lag_s, entries_max=_ENTRIES_MAX
        )
        self._details: Lagged[OutletId, OutletDetails | None] = Lagged(lag_s=lag_s, entries_max=_ENTRIES_MAX)

    async def outlet(self, outlet_id: OutletId, *, at: datetime) -> Outlet | None:
        """The outlet with this id, closed ones too."""
        return await self._outlets.get(outlet_id, partial(self._look, OUTLET, outlet_id), at=at)

    async def clerk(self, outlet_id: OutletId, clerk_id: ClerkId, *, at: datetime) -> Clerk | None:
        """The clerk who works at this outlet; a retired one looks missing."""
        look = partial(self._look, CLERK, outlet_id, clerk_id)
        return await self._clerks.get((outlet_id, clerk_id), look, at=at)

    async def machine(self, outlet_id: OutletId, machine_id: MachineId, *, at: datetime) -> Machine | None:
        """The machine in use at this outlet; a retired one looks missing."""
        look = partial(self._look, MACHINE, outlet_id, machine_id)
        return await self._machines.get((outlet_id, machine_id), look, at=at)

    async def details(self, outlet: Outlet, *, at: datetime) -> OutletDetails | None:
        """Where the outlet stands and when it closes, as far as somebody has said."""
        look = partial(self._look, DETAILS, outlet.enterprise_id, outlet.id)
        return await self._details.get(outlet.id, look, at=at)

    async def _look(self, question: Question, *asked: UUID) -> Any:  # noqa: ANN401 - what the question's only part reads
        (found,) = await self._reader.ask(question, *asked)
        return found
