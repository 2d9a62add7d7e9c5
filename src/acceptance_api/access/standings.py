"""What the database says of a client and the secret it used, asked at most once per lag and secret."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Uuid

from acceptance_api.access.model import Client, Secret, SecretId
from acceptance_api.access.store import client_part, secret_part
from acceptance_api.kernel.express import Question, Reader
from acceptance_api.kernel.ids import ClientId
from acceptance_api.kernel.lagged import Lagged

QUESTION = Question(
    {"client_id": Uuid(), "secret_id": Uuid()},
    lambda asked: (client_part(asked["client_id"]), secret_part(asked["client_id"], asked["secret_id"])),
)
"""A client and one of its secrets, in one row."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A client and one of its secrets; None for what there was none of."""

    client: Client | None
    secret: Secret | None

    def admits(self, *, at: datetime) -> Client | None:
        """The client, unless it or the secret has been revoked or has expired."""
        if self.client is None or self.client.revoked_at is not None:
            return None
        return self.client if self.secret is not None and self.secret.is_live(at) else None


class Standings:
    """Standings no older than the lag.

    Requests that need the same one at once share one look at the database; those that need different ones share a
    round trip.
    """

    def __init__(self, reader: Reader, *, lag_s: float, entries_max: int) -> None:
        self._reader = reader
        self._known: Lagged[tuple[ClientId, SecretId], Standing] = Lagged(lag_s=lag_s, entries_max=entries_max)

    def __len__(self) -> int:
        return len(self._known)

    async def get(self, client_id: ClientId, secret_id: SecretId, *, at: datetime) -> Standing:
        """The standing of a client with this secret, read at most the lag before `at`.

        Raises:
            Problem: DATABASE_UNAVAILABLE or OVERLOADED: without the database nobody is let in.
        """
        return await self._known.get((client_id, secret_id), partial(self._look, client_id, secret_id), at=at)

    async def _look(self, client_id: ClientId, secret_id: SecretId) -> Standing:
        return Standing(*await self._reader.ask(QUESTION, client_id, secret_id))
