"""Cancelling an import: what has not been processed is forgotten, what has been stays."""

from datetime import datetime

from acceptance_api.access import Caller, Permission, require
from acceptance_api.audit import Action, Entry
from acceptance_api.imports import store
from acceptance_api.imports.clearing import clear
from acceptance_api.imports.model import Import, ImportId, ImportState
from acceptance_api.kernel.database import Database, Tx
from acceptance_api.kernel.problems import Kind, Problem


async def cancel_import(database: Database, caller: Caller, import_id: ImportId, *, at: datetime) -> None:
    """End an import before its time; one that has ended is left as it is.

    The lines that a worker is recording in this moment are still recorded.

    Raises:
        Problem: NOT_PERMITTED or NOT_FOUND (also for another enterprise's).
    """
    require(caller, Permission.ENTERPRISE_IMPORT_MANAGE)
    async with database.transaction() as tx:
        one = await get_import(tx, caller, import_id)
        entry = Entry(
            action=Action.IMPORT_CANCELLED,
            actor=caller.actor,
            at=at,
            stream_id=caller.enterprise_id,
            subject_id=one.id,
        )
        await store.end(tx, one.key, ImportState.CANCELLED, at=at, entry=entry)
    await clear(database, one.key)


async def get_import(tx: Tx, caller: Caller, import_id: ImportId) -> Import:
    """The caller's import with this id.

    Raises:
        Problem: NOT_FOUND (also for another enterprise's).
    """
    found = await store.find(tx, caller.enterprise_id, import_id)
    if found is None:
        raise Problem(Kind.NOT_FOUND)
    return found
