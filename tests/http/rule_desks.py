"""Two clients of an enterprise or an agency, at which two persons propose and answer."""

from collections.abc import Mapping
from typing import Any

import httpx

from acceptance_api.access import AddClient, Audience, add_client
from acceptance_api.audit import OPERATOR
from acceptance_api.demo.world import Credentials, World
from acceptance_api.kernel.ids import new_uuid
from tests.support.service import Service

CAMPAIGN: dict[str, Any] = {
    "name_zh": "示例重点管控",
    "name_en": "Example",
    "period": {
        "starts": {"source": "示例通告", "verified": True},
        "ends": {"source": "示例通告", "verified": True},
    },
    "overlays": [{"kind": "freeze_config_changes", "source": "示例通告", "verified": True}],
}
"""A campaign that freezes changes of the rules."""


class Desk:
    """An enterprise's or an agency's two clients."""

    def __init__(self, service: Service, base: str, first: Credentials, second: Credentials) -> None:
        self.service, self.base, self.clients = service, base, {1: first, 2: second}

    async def headers(self, client: int = 1) -> dict[str, str]:
        token = await self.service.token(self.clients[client])
        return {"Authorization": f"Bearer {token}", "Idempotency-Key": new_uuid().hex}

    async def get(self, path: str = "", **query: str) -> httpx.Response:
        return await self.service.http.get(f"{self.base}{path}", params=query, headers=await self.headers())

    async def post(self, path: str, body: Mapping[str, Any], *, client: int = 1) -> httpx.Response:
        return await self.service.post(f"{self.base}{path}", body, await self.headers(client))

    async def answer(self, name: str, edition: int, how: str = "approvals", **said: str) -> httpx.Response:
        reason = {"reason": "示例理由"} if how == "rejections" else {}
        return await self.post(f"/{name}/editions/{edition}/{how}", {"by": "S-002"} | reason | said, client=2)


async def a_desk(service: Service, audience: Audience, base: str, world: World | None = None) -> Desk:
    """The world's client, and a second one."""
    world = world or service.world
    is_enterprise = audience is Audience.ENTERPRISE
    request = AddClient(
        audience=audience,
        name="second",
        enterprise_id=world.enterprise_id if is_enterprise else None,
        agency_id=None if is_enterprise else world.agency_id,
    )
    async with service.office.transaction() as tx:
        client, secret = await add_client(tx, request, actor=OPERATOR, at=service.office.clock.now())
    first = world.enterprise if is_enterprise else world.regulator
    return Desk(service, base, first, Credentials(client_id=str(client.id), client_secret=secret))
