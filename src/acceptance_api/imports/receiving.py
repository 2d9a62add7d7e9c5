"""Receiving an import: its lines are sealed chunk by chunk as they come in, and wait for a worker once all are in."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from acceptance_api.access import Caller, Permission, require
from acceptance_api.audit import Action, Entry
from acceptance_api.imports import store
from acceptance_api.imports.clearing import clear
from acceptance_api.imports.fields import LINES
from acceptance_api.imports.model import Chunk, Import, ImportId, ImportKey, ImportState, Tally
from acceptance_api.imports.splitting import Collector, LineSplitter, packed
from acceptance_api.kernel.database import Database, Tx
from acceptance_api.kernel.ids import new_uuid
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.vault import Vault

UNFINISHED_MAX = 16
"""So many imports of one enterprise may wait, run or come in at once."""
RECEIVING_MAX = timedelta(hours=1)
"""What has not come in after this time is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivingDesk:
    """What receiving needs, and how much it takes."""

    database: Database
    vault: Vault
    line_bytes_max: int
    lines_max: int


async def receive_lines(
    desk: ReceivingDesk, caller: Caller, pieces: AsyncIterator[bytes], *, at: datetime
) -> ImportKey:
    """Put away the lines of a file as it comes in. Nobody is told of them until they are queued.

    Each chunk is a transaction of its own, so that a long file on a slow line holds nobody up.

    Raises:
        Problem: NOT_PERMITTED, OVERLOADED (too many imports already, or this one took too long), BODY_TOO_LARGE (too
            many lines), INVALID (not a line), or whatever `pieces` raise; then nothing of it is left.
        KeyStoreUnavailable, KeyUnavailable: the vault cannot seal.
    """
    require(caller, Permission.ENTERPRISE_IMPORT_MANAGE)
    one = _begun(caller, at=at)
    async with desk.database.transaction() as tx:
        if await store.count_unfinished(tx, caller.enterprise_id) >= UNFINISHED_MAX:
            raise Problem(Kind.OVERLOADED)
        await store.add(tx, one, until=at + RECEIVING_MAX)
    try:
        await _receive(desk, one.key, pieces, at=at)
    except BaseException:
        await give_up(desk, one.key, at=at)
        raise
    return one.key


async def queue_import(tx: Tx, caller: Caller, key: ImportKey, *, at: datetime) -> Import:
    """Let an import that came in whole wait for a worker.

    Raises:
        Problem: OVERLOADED, when it took too long and was given up.
    """
    entry = Entry(
        action=Action.IMPORT_RECEIVED, actor=caller.actor, at=at, stream_id=caller.enterprise_id, subject_id=key[1]
    )
    return await store.queue(tx, key, entry=entry)


async def give_up(desk: ReceivingDesk, key: ImportKey, *, at: datetime) -> None:
    """Forget an import that was never queued; one that was is left alone. What fails now a worker does later."""
    with suppress(Problem):
        async with desk.database.transaction() as tx:
            was_receiving = await store.abandon(tx, key, at=at)
        if was_receiving:
            await clear(desk.database, key)


async def _receive(desk: ReceivingDesk, key: ImportKey, pieces: AsyncIterator[bytes], *, at: datetime) -> None:
    splitter, collected = LineSplitter(line_bytes_max=desk.line_bytes_max), Collector()
    received = number = 0
    async for piece in pieces:
        for line in splitter.feed(piece):
            collected.add(line)
            if collected.is_full:
                received, number = received + len(collected), number + 1
                await _put_away(desk, key, number, collected, received=received, at=at)
                collected = Collector()
    for line in splitter.finish():
        collected.add(line)
    received += len(collected)
    if not received:
        raise Problem(Kind.INVALID, Fault("", "no_lines"))
    await _put_away(desk, key, number + 1, collected, received=received, at=at)


async def _put_away(
    desk: ReceivingDesk, key: ImportKey, number: int, collected: Collector, *, received: int, at: datetime
) -> None:
    if received > desk.lines_max:
        raise Problem(Kind.BODY_TOO_LARGE)
    chunk = await _sealed(desk.vault, key, number, collected, at=at) if collected.lines else None
    if len(collected):
        async with desk.database.transaction() as tx:
            await store.add_lines(tx, key, chunk, collected.faulty)


async def _sealed(vault: Vault, key: ImportKey, number: int, collected: Collector, *, at: datetime) -> Chunk:
    enterprise_id, import_id = key
    scope = await vault.scope(enterprise_id, at=at)
    chunk_id = new_uuid()
    return Chunk(
        enterprise_id=enterprise_id,
        import_id=import_id,
        number=number,
        id=chunk_id,
        lines=len(collected.lines),
        lines_sealed=scope.seal(LINES, chunk_id, packed(collected.lines)),
        seal_key_id=scope.key_id,
    )


def _begun(caller: Caller, *, at: datetime) -> Import:
    return Import(
        enterprise_id=caller.enterprise_id,
        id=ImportId(new_uuid()),
        client_id=caller.client.id,
        request_id=caller.actor.request_id,
        state=ImportState.RECEIVING,
        tally=Tally(),
        runs=0,
        received_at=at,
    )
