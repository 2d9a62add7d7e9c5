"""A peer: somebody else's way to do the same, in a process of its own with a database of its own."""

import asyncio
import secrets
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import count as numbers
from itertools import islice
from pathlib import Path

import httpx
from joserfc import jwt
from joserfc.jwk import OctKey
from sqlalchemy import func, select
from sqlalchemy import table as table_named
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from acceptance_api.kernel.clock import SystemClock
from acceptance_api.kernel.ids import new_uuid
from benchmarks.contestants.served import Served
from benchmarks.parcels import PATH, Parcel, unprepared
from benchmarks.people import visits
from benchmarks.processes import Running, python

UVICORN = ("-m", "uvicorn", "{app}", "--port", "{port}")
"""uvicorn with uvloop and httptools, as it is delivered."""
TUNED = ("--no-access-log", "--log-level", "warning")


class Peer(Served):
    """A peer's server on a database."""

    def __init__(
        self,
        name: str,
        title: str,
        directory: Path,
        url: str,
        *,
        database_pid: int | None,
        arguments: Sequence[str],
        table: str = "acceptances",
    ) -> None:
        """The peer, not yet started, on an empty database in which it makes its own schema."""
        directory.mkdir(parents=True)
        self._client_id, self._secret = str(new_uuid()), secrets.token_urlsafe(32)
        given = {"PEER_DATABASE_URL": url, "PEER_SECRET": self._secret, "PEER_CLIENT_ID": self._client_id}
        running = Running(name=name, command=python(*arguments), directory=directory, environment=given)
        super().__init__(name, title, running, database_pid=database_pid)
        self.url = url
        self._table = table_named(table)
        self.http: httpx.AsyncClient
        self._parcels: Iterator[Parcel] = unprepared(visits(), numbers())
        self._clerk_id = str(new_uuid())

    async def open(self) -> None:
        """Start it."""
        await asyncio.to_thread(self.running.start)
        self.http = httpx.AsyncClient(base_url=self.running.url, trust_env=False, timeout=60)

    async def close(self) -> None:
        """Stop it."""
        if hasattr(self, "http"):
            await self.http.aclose()
        await super().close()

    async def headers(self) -> dict[str, str]:
        """The headers of a counter, with a token that lives for an hour."""
        expires_at = SystemClock().now() + timedelta(hours=1)
        claims = {"sub": self._client_id, "exp": int(expires_at.timestamp())}
        token = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(self._secret))
        return {"Authorization": f"Bearer {token}", "Clerk-Id": self._clerk_id}

    async def take(self, count: int) -> list[Parcel]:
        """Parcels that need nothing before them: a peer looks nothing up."""
        return list(islice(self._parcels, count))

    async def stored(self) -> int:
        """How many rows its table of acceptances holds."""
        url = make_url(self.url)
        engine = create_async_engine(url, connect_args={"timeout": 60})
        try:
            async with engine.connect() as connection:
                return int((await connection.execute(select(func.count()).select_from(self._table))).scalar_one())
        finally:
            await engine.dispose()

    async def opened(self, acceptance_id: str) -> dict[str, str | None]:
        """As it shows it itself."""
        answer = await self.http.get(f"{PATH}/{acceptance_id}/sender", headers=await self.headers())
        found: dict[str, str | None] = answer.raise_for_status().json()
        return found


def uvicorn_of(module: str) -> tuple[str, ...]:
    """The command of a peer that is an ASGI application; only the tuned one leaves the access log out."""
    command = UVICORN + TUNED if module == "tuned" else UVICORN
    return tuple(part.replace("{app}", f"benchmarks.peers.{module}:app") for part in command)


def gunicorn_of(module: str) -> tuple[str, ...]:
    """The command of a peer that is a WSGI application: one process like everybody, with threads."""
    serving = ("--worker-class", "gthread", "--threads", "16", "--keep-alive", "75", "--log-level", "warning")
    bound = ("--bind", "127.0.0.1:{port}", "--backlog", "2048", "--worker-connections", "2000")
    return ("-m", "gunicorn", *serving, *bound, f"benchmarks.peers.{module}:application")
