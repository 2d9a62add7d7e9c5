"""A worker's turn at an import: take it up under one audit entry, go on with it, bring it to its end or leave it."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from acceptance_api.audit import Action, Actor, Entry
from acceptance_api.imports import lease_store, store
from acceptance_api.imports.clearing import clear
from acceptance_api.imports.model import Failure, Import, ImportKey, ImportState, RunId
from acceptance_api.imports.processing import ImportFailed, LeaseLost, ProcessingDesk, Run, open_next, process
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import new_uuid


async def find_work(desk: ProcessingDesk, *, at: datetime) -> tuple[ImportKey, ...]:
    """The imports that want a worker, one of each enterprise at most."""
    async with desk.deciding.database.read() as tx:
        return await lease_store.find_waiting(tx, at=at)


async def take_up(desk: ProcessingDesk, key: ImportKey, *, at: datetime) -> Run | None:
    """Claim an import and begin a run, with the audit entry of what it will open; None when somebody was first."""
    run_id = RunId(new_uuid())
    async with desk.deciding.database.read() as tx:
        one = await store.find(tx, *key)
    if one is None:
        return None

    async def claim(tx: Tx) -> None:
        if await lease_store.claim(tx, key, run_id, at=at, until=at + desk.lease) is None:
            raise LeaseLost

    entry = _entry(Action.IMPORT_STARTED, one, {"run_id": str(run_id), "processed": one.tally.processed}, at=at)
    try:
        return Run(id=run_id, key=key, look=await desk.disclosure.begin(entry, alongside=claim))
    except LeaseLost:
        return None


async def advance(desk: ProcessingDesk, run: Run, *, at: datetime) -> bool:
    """Process a chunk, or bring the import to its end when there is none left; say whether the run goes on.

    Raises:
        Setback: some lines of the chunk failed for a reason that nobody foresaw; try again, some times.
        Problem: DATABASE_UNAVAILABLE, KEYS_UNAVAILABLE or OVERLOADED; try again, later.
    """
    try:
        return await _advance(desk, run, at=at)
    except LeaseLost:
        return False


async def _advance(desk: ProcessingDesk, run: Run, *, at: datetime) -> bool:
    try:
        run.opened = run.opened or await open_next(desk, run)
        if run.opened is None:
            await _end(desk, run, ImportState.FINISHED, at=at)
            return False
        await process(desk, run, run.opened, at=at)
    except ImportFailed as failed:
        await _end(desk, run, ImportState.FAILED, failure=failed.failure, at=at)
        return False
    run.opened = None
    return True


async def leave(desk: ProcessingDesk, run: Run) -> None:
    """End a run before its import has ended: another worker can take it up at once."""
    async with desk.deciding.database.transaction() as tx:
        await lease_store.release(tx, run.key, run.id)


async def _end(
    desk: ProcessingDesk, run: Run, state: ImportState, *, at: datetime, failure: Failure | None = None
) -> None:
    async with desk.deciding.database.transaction() as tx:
        await store.count_rest(tx, run.key)
        one = await lease_store.hold(tx, run.key, run.id, until=at + desk.lease)
        if one is None:
            raise LeaseLost
        action = Action.IMPORT_FAILED if failure else Action.IMPORT_FINISHED
        detail = asdict(one.tally) | ({"failure": failure.value} if failure else {})
        await store.end(tx, run.key, state, at=at, entry=_entry(action, one, detail, at=at), failure=failure)
    await clear(desk.deciding.database, run.key)


def _entry(action: Action, one: Import, detail: Mapping[str, Any], *, at: datetime) -> Entry:
    """What a worker does, it does for the client that loaded the file, in the request that brought it."""
    return Entry(
        action=action,
        actor=Actor(client_id=one.client_id, request_id=one.request_id),
        at=at,
        stream_id=one.enterprise_id,
        subject_id=one.id,
        detail=dict(detail),
    )
