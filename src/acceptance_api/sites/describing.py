"""Saying where an outlet stands and when it closes."""

from datetime import datetime

from acceptance_api.audit import Action, Actor, Entry
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import EnterpriseId, OutletId
from acceptance_api.sites import details_store, store
from acceptance_api.sites.details import OutletDetails


async def describe_outlet(
    tx: Tx,
    outlet_id: OutletId,
    details: OutletDetails,
    *,
    enterprise_id: EnterpriseId | None,
    actor: Actor,
    at: datetime,
) -> None:
    """Say where an outlet stands and when it closes, in place of what was said before; what is None is unknown.

    Raises:
        Problem: NOT_FOUND.
    """
    outlet = await store.get_outlet(tx, outlet_id, enterprise_id=enterprise_id)
    entry = Entry(action=Action.OUTLET_DESCRIBED, actor=actor, at=at, stream_id=outlet_id, subject_id=outlet_id)
    await details_store.put(tx, outlet, details, at=at, entry=entry)
