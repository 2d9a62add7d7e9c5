"""Clearing away what will not be processed: a few chunks at a time, so that no counter waits for it."""

import asyncio
from datetime import datetime

from acceptance_api.imports import lease_store, store
from acceptance_api.imports.model import ImportKey
from acceptance_api.kernel.database import Database

_TOGETHER = 8


async def clear(database: Database, key: ImportKey) -> None:
    """Delete the chunks of an import that has ended, and all of one that never came in whole."""
    has_more = True
    while has_more:
        async with database.transaction() as tx:
            has_more = await store.forget_chunks(tx, key, limit=_TOGETHER)
        await asyncio.sleep(0)
    async with database.transaction() as tx:
        await store.forget_abandoned(tx, key)


async def clear_leftovers(database: Database, *, at: datetime) -> None:
    """Clear away what a killed process left: files that stopped coming in, chunks of imports that have ended."""
    async with database.read() as tx:
        found = await lease_store.find_leftovers(tx, at=at)
    for key in found:
        async with database.transaction() as tx:
            await store.abandon(tx, key, at=at)
            await store.count_rest(tx, key)
        await clear(database, key)
