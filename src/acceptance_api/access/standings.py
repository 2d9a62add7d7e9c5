"""What the database says of a client, asked at most once per lag and client."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from acceptance_api.access import store
from acceptance_api.access.model import Client, Secret, SecretId
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import ClientId
from acceptance_api.kernel.lagged import Lagged

Reader = Callable[[], AbstractAsyncContextManager[Tx]]
"""Opens a look at the database: `Database.read`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A client and its secrets; no client when there was none."""

    client: Client | None
    secrets: Mapping[SecretId, Secret]

    def admits(self, secret_id: SecretId, *, at: datetime) -> Client | None:
        """The client, unless it or the secret has been revoked or has expired."""
        secret = self.secrets.get(secret_id)
        if self.client is None or self.client.revoked_at is not None or secret is None or not secret.is_live(at):
            return None
        return self.client


class Standings:
    """Standings no older than the lag. Requests that need the same one at once share one look at the database."""

    def __init__(self, *, lag_s: float, entries_max: int) -> None:
        self._known: Lagged[ClientId, Standing] = Lagged(lag_s=lag_s, entries_max=entries_max)

    def __len__(self) -> int:
        return len(self._known)

    def recent(self, client_id: ClientId, *, at: datetime) -> Standing | None:
        """The client's standing, if it was read at most the lag before `at`; never waits."""
        return self._known.recent(client_id, at=at)

    async def get(self, client_id: ClientId, *, at: datetime, read: Reader) -> Standing:
        """The client's standing, read at most the lag before `at`.

        Raises:
            Problem: DATABASE_UNAVAILABLE or OVERLOADED: without the database nobody is let in.
        """
        return await self._known.get(client_id, partial(_read, client_id, at, read), at=at)


async def _read(client_id: ClientId, at: datetime, read: Reader) -> Standing:
    async with read() as tx:
        client = await store.find_client(tx, client_id)
        secrets = await store.find_live_secrets(tx, client_id, at=at)
    return Standing(client=client, secrets={secret.id: secret for secret in secrets})
