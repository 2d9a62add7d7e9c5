"""Whether a sender's document number is a member of staff's (从业人员自寄), without keeping anybody's number.

A number is committed to under the enterprise's key of the month, salted with the enterprise, so that one key gives one
number one commitment. Whoever holds a number can ask under each key that was used; nobody can go back from a commitment
to a number. A commitment whose key was destroyed matches nothing any more: the clerk has to be registered again.
"""

import asyncio
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Final

from acceptance_api.audit import Action, Actor, Entry
from acceptance_api.kernel.database import Database, Tx
from acceptance_api.kernel.express import Reader
from acceptance_api.kernel.ids import ClerkId, EnterpriseId, OutletId, new_uuid
from acceptance_api.kernel.lagged import Lagged
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.kernel.spelling import normal_document_number
from acceptance_api.sites import outlet_store, staff_store, store
from acceptance_api.sites.staff_store import StaffNumber
from acceptance_api.vault import Vault

STAFF_COMMITMENT: Final = "staff/1"
"""Label of the commitment to a clerk's number."""
_ENTERPRISES_MAX = 1_000
_KEY_ID_BYTES = 8


class Staff(StrEnum):
    """Whose document was shown, as far as the registered numbers tell."""

    NONE = "none"
    SELF = "self"
    """The clerk's who verified it."""
    OTHER = "other"
    """Another clerk's of the enterprise."""


async def register_staff_number(
    tx: Tx,
    vault: Vault,
    outlet_id: OutletId,
    clerk_id: ClerkId,
    number: str,
    *,
    enterprise_id: EnterpriseId | None,
    actor: Actor,
    at: datetime,
) -> None:
    """Commit to a clerk's document number, in place of one given before; its form is checked at the edge.

    Raises:
        Problem: NOT_FOUND, for a retired clerk too.
        KeyStoreUnavailable, KeyUnavailable: the vault cannot commit.
    """
    outlet = await store.get_outlet(tx, outlet_id, enterprise_id=enterprise_id)
    if await outlet_store.find_clerk(tx, outlet_id, clerk_id) is None:
        raise Problem(Kind.NOT_FOUND)
    scope = await vault.scope(outlet.enterprise_id, at=at)
    commitment = scope.commit(STAFF_COMMITMENT, outlet.enterprise_id, normal_document_number(number))
    registered = StaffNumber(
        enterprise_id=outlet.enterprise_id,
        clerk_id=clerk_id,
        id=new_uuid(),
        outlet_id=outlet_id,
        commitment=commitment,
        commitment_key_id=int.from_bytes(commitment[:_KEY_ID_BYTES], "big"),
        registered_at=at,
    )
    entry = Entry(
        action=Action.STAFF_NUMBER_REGISTERED,
        actor=actor,
        at=at,
        stream_id=outlet_id,
        subject_id=clerk_id,
        commitments={"number": commitment},
    )
    await staff_store.put(tx, registered, entry=entry)


class StaffNumbers:
    """The registered numbers of every enterprise. Which keys they name is known no later than the lag."""

    def __init__(self, database: Database, reader: Reader, vault: Vault, *, lag_s: float) -> None:
        """Look through this reader; ask for keys in a transaction of its own."""
        self._database = database
        self._reader = reader
        self._vault = vault
        self._key_ids: Lagged[EnterpriseId, frozenset[int]] = Lagged(lag_s=lag_s, entries_max=_ENTERPRISES_MAX)

    async def find_staff(self, enterprise_id: EnterpriseId, clerk_id: ClerkId, number: str, *, at: datetime) -> Staff:
        """Whether a number in hand is that of this clerk, of another of the enterprise, or of nobody who registered.

        Raises:
            Problem: DATABASE_UNAVAILABLE or OVERLOADED.
            KeyStoreUnavailable: a key has to be asked for and cannot be.
        """
        key_ids = await self._key_ids.get(enterprise_id, partial(self._look, enterprise_id), at=at)
        commitments = await self._vault.commitments(
            key_ids,
            owner_id=enterprise_id,
            label=STAFF_COMMITMENT,
            salt=enterprise_id,
            text=normal_document_number(number),
        )
        asked = (self._reader.ask(staff_store.BEARERS, enterprise_id, clerk_id, one) for one in commitments)
        found = [answer for (answer,) in await asyncio.gather(*asked)]
        if any(own for own, _ in found):
            return Staff.SELF
        return Staff.OTHER if any(others for _, others in found) else Staff.NONE

    async def _look(self, enterprise_id: EnterpriseId) -> frozenset[int]:
        async with self._database.read() as tx:
            return await staff_store.find_key_ids(tx, enterprise_id)
