"""The service as its operator runs it: a process of its own, on a port of its own, that can be killed."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from acceptance_api.demo.world import Credentials, World, make_world
from acceptance_api.kernel.clock import SystemClock
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.ids import new_uuid
from acceptance_api.vault import FileKeyStore, Vault

_READY_S = 30
Body = dict[str, Any]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


@dataclass(kw_only=True)
class Server:
    """One server, started again and again on the same port, database and keys."""

    directory: Path
    database_url: str
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=_free_port)
    process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start, and wait until it is ready."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ACCEPTANCE_")}
        environment |= {
            "ACCEPTANCE_DATABASE_URL": self.database_url,
            "ACCEPTANCE_KEY_DIRECTORY": str(self.directory / "keys"),
            "ACCEPTANCE_LOG_LEVEL": "critical",
            "ACCEPTANCE_UNSAFE_DATABASE": "true",  # the suite's server does without fsync; a drill says otherwise
            **self.settings,
        }
        self.process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "acceptance_api", "serve", "--port", str(self.port)),
            cwd=self.directory,
            env=environment,
        )
        async with asyncio.timeout(_READY_S), httpx.AsyncClient(base_url=self.url, trust_env=False) as http:
            while not await _is_ready(http):
                assert self.process.returncode is None, "it ended before it was ready"
                await asyncio.sleep(0.05)

    async def stop(self, how: signal.Signals) -> int:
        """Send a signal and wait for the end; the exit code."""
        assert self.process is not None
        with suppress(ProcessLookupError):
            self.process.send_signal(how)
        return await self.process.wait()


@dataclass(kw_only=True)
class Till:
    """A client of a running server."""

    http: httpx.AsyncClient
    world: World
    token: str

    def headers(self, key: str | None = None) -> dict[str, str]:
        """The headers of one request; a retry names the key of the first."""
        return {
            "Authorization": f"Bearer {self.token}",
            "Clerk-Id": str(self.world.clerk_id),
            "Idempotency-Key": key or new_uuid().hex,
        }

    async def insist(self, path: str, body: Body) -> httpx.Response:
        """Send until it is answered, as a counter does: the same key, through every kind of failure."""
        headers = self.headers()
        while True:
            with suppress(httpx.TransportError):
                answer = await self.http.post(path, json=body, headers=headers)
                if not answer.json().get("retryable"):
                    return answer
            await asyncio.sleep(0.05)


async def token_of(http: httpx.AsyncClient, credentials: Credentials) -> str:
    """A fresh access token."""
    form = {
        "grant_type": "client_credentials",
        "client_id": credentials.client_id,
        "client_secret": credentials.client_secret,
    }
    answer = await http.post("/oauth/token", data=form)
    return str(answer.raise_for_status().json()["access_token"])


@asynccontextmanager
async def running_server(database_url: str, directory: Path, **settings: str) -> AsyncIterator[tuple[Server, Till]]:
    """A server with a sandbox world in it, and a counter's client; killed at the end if it still runs."""
    world = await _world(database_url, directory)
    server = Server(directory=directory, database_url=database_url, settings=settings)
    try:
        await server.start()
        async with httpx.AsyncClient(base_url=server.url, trust_env=False, timeout=30) as http:
            yield server, Till(http=http, world=world, token=await token_of(http, world.counter))
    finally:
        if server.process is not None and server.process.returncode is None:
            await server.stop(signal.SIGKILL)


async def _world(database_url: str, directory: Path) -> World:
    database = Database(database_url)
    try:
        return await make_world(database, Vault(FileKeyStore(directory / "keys")), at=SystemClock().now())
    finally:
        await database.dispose()


async def _is_ready(http: httpx.AsyncClient) -> bool:
    try:
        return (await http.get("/readyz")).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False
