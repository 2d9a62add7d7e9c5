"""What the database says of a client, asked at most once per lag and client."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from acceptance_api.access import store
from acceptance_api.access.bounded import Bounded
from acceptance_api.access.model import Client, Secret, SecretId
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import ClientId

Reader = Callable[[], AbstractAsyncContextManager[Tx]]
"""Opens a look at the database: `Database.read`."""
_SETBACK_MAX = timedelta(minutes=1)
"""A standing from further in the future was read before the clock was set back: its age is unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A client and its secrets as they were at a moment; no client when there was none."""

    client: Client | None
    secrets: Mapping[SecretId, Secret]
    checked_at: datetime

    def admits(self, secret_id: SecretId, *, at: datetime) -> Client | None:
        """The client, unless it or the secret has been revoked or has expired."""
        secret = self.secrets.get(secret_id)
        if self.client is None or self.client.revoked_at is not None or secret is None or not secret.is_live(at):
            return None
        return self.client


class Standings:
    """Standings no older than the lag. Requests that need the same one at once share one look at the database."""

    def __init__(self, *, lag_s: float, entries_max: int) -> None:
        self._lag = timedelta(seconds=lag_s)
        self._known: Bounded[ClientId, Standing] = Bounded(entries_max)
        self._looks: dict[ClientId, asyncio.Task[Standing]] = {}

    def __len__(self) -> int:
        return len(self._known)

    async def get(self, client_id: ClientId, *, at: datetime, read: Reader) -> Standing:
        """The client's standing, read at most the lag before `at`.

        Raises:
            Problem: DATABASE_UNAVAILABLE or OVERLOADED: without the database nobody is let in.
        """
        standing = self._known.get(client_id)
        while standing is None or not self._is_fresh(standing, at):
            standing = await self._look(client_id, at=at, read=read)
        return standing

    def _is_fresh(self, standing: Standing, at: datetime) -> bool:
        return -_SETBACK_MAX <= at - standing.checked_at <= self._lag

    async def _look(self, client_id: ClientId, *, at: datetime, read: Reader) -> Standing:
        look = self._looks.get(client_id)
        if look is None or look.done():
            look = asyncio.create_task(self._read(client_id, at=at, read=read))
            self._looks[client_id] = look
            look.add_done_callback(lambda done: self._landed(client_id, done))
        # One who goes away must not take the look from those who wait for it too.
        return await asyncio.shield(look)

    async def _read(self, client_id: ClientId, *, at: datetime, read: Reader) -> Standing:
        async with read() as tx:
            client = await store.find_client(tx, client_id)
            secrets = await store.find_live_secrets(tx, client_id, at=at)
        standing = Standing(client=client, secrets={secret.id: secret for secret in secrets}, checked_at=at)
        self._known.put(client_id, standing)
        return standing

    def _landed(self, client_id: ClientId, look: asyncio.Task[Standing]) -> None:
        if self._looks.get(client_id) is look:
            del self._looks[client_id]
        if not look.cancelled():
            look.exception()  # seen by those who waited; nobody may have
