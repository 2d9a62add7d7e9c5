"""The service as its callers meet it: the real application on a real database, spoken to over HTTP."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from acceptance_api.demo.world import Credentials, World, make_world
from acceptance_api.http.office import Office
from acceptance_api.kernel.clock import Clock, SystemClock
from acceptance_api.kernel.ids import new_uuid
from acceptance_api.kernel.settings import Settings
from acceptance_api.main import create_app


@dataclass(kw_only=True)
class Service:
    """A running service, the world in it, and clients that hold tokens."""

    app: FastAPI
    office: Office
    http: httpx.AsyncClient
    world: World
    tokens: dict[str, str] = field(default_factory=dict)

    async def token(self, credentials: Credentials) -> str:
        """An access token of a client, fetched once."""
        if credentials.client_id not in self.tokens:
            form = {
                "grant_type": "client_credentials",
                "client_id": credentials.client_id,
                "client_secret": credentials.client_secret,
            }
            answer = await self.http.post("/oauth/token", data=form)
            assert answer.status_code == 200, answer.text
            self.tokens[credentials.client_id] = answer.json()["access_token"]
        return self.tokens[credentials.client_id]

    async def as_counter(self, world: World | None = None, **headers: str) -> dict[str, str]:
        """The headers of a counter's request: token, clerk, and a fresh idempotency key."""
        world = world or self.world
        token = await self.token(world.counter)
        return {
            "Authorization": f"Bearer {token}",
            "Clerk-Id": str(world.clerk_id),
            "Idempotency-Key": new_uuid().hex,
        } | headers

    async def as_enterprise(self, world: World | None = None, **headers: str) -> dict[str, str]:
        """The headers of an enterprise's request."""
        token = await self.token((world or self.world).enterprise)
        return {"Authorization": f"Bearer {token}", "Idempotency-Key": new_uuid().hex} | headers

    async def as_regulator(self, world: World | None = None, **headers: str) -> dict[str, str]:
        """The headers of a regulator's request."""
        token = await self.token((world or self.world).regulator)
        return {"Authorization": f"Bearer {token}", "Idempotency-Key": new_uuid().hex} | headers

    async def post(self, path: str, body: Mapping[str, Any], headers: Mapping[str, str]) -> httpx.Response:
        """POST a JSON body."""
        return await self.http.post(path, json=dict(body), headers=dict(headers))

    async def another_world(self, **changes: Any) -> World:  # noqa: ANN401 - passed on as they are
        """A second enterprise and agency beside the first."""
        return await make_world(self.office.database, self.office.vault, at=self.office.clock.now(), **changes)


def settings_for(database_url: str, directory: Path, **changes: Any) -> Settings:  # noqa: ANN401 - as in Settings
    """Settings of a service under test: nothing is read from this machine's environment file."""
    values: dict[str, Any] = {
        "database_url": database_url,
        "key_directory": directory / "keys",
        "revocation_lag_s": 0.0,
    }
    return Settings(_env_file=None, **(values | changes))


@asynccontextmanager
async def running_service(
    database_url: str,
    directory: Path,
    *,
    clock: Clock | None = None,
    **changes: Any,  # noqa: ANN401 - as in Settings
) -> AsyncIterator[Service]:
    """The service on a migrated database, with a world in it."""
    app = create_app(settings_for(database_url, directory, **changes), clock=clock or SystemClock())
    async with app.router.lifespan_context(app):
        office: Office = app.state.office
        world = await make_world(office.database, office.vault, at=office.clock.now())
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            yield Service(app=app, office=office, http=client, world=world)
