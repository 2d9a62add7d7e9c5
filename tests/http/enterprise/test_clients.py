"""Clients over HTTP: a secret is shown once, and nobody gets more than an audience has."""

from typing import Any

import pytest
from sqlalchemy import text

from acceptance_api.demo.world import Credentials
from acceptance_api.kernel.ids import new_uuid
from tests.support.service import Service

CLIENTS = "/enterprise/v1/clients"
BODY = {"audience": "enterprise", "name": "sandbox reports"}


async def add(service: Service, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    answer = await service.post(CLIENTS, BODY | changes, await service.as_enterprise())
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def stored(service: Service) -> str:
    """Every row that could hold a secret, as text."""
    async with service.office.database.read() as tx:
        tables = ("idempotency_keys", "clients", "client_secrets", "audit_entries")
        rows = [row for table in tables for row in await tx.execute(text(f"SELECT * FROM {table}"))]  # noqa: S608
    return repr([tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in rows])


async def test_a_new_clients_secret_is_shown_once_and_not_stored(service: Service) -> None:
    headers = await service.as_enterprise()
    first = await service.post(CLIENTS, BODY, headers)
    again = await service.post(CLIENTS, BODY, headers)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json() == first.json() | {"client_secret": None}
    assert first.json()["client_secret"].startswith("acs_")
    assert first.json()["client_secret"] not in await stored(service)


async def test_a_rotated_secret_is_shown_once_and_the_old_one_expires(service: Service) -> None:
    client, headers = await add(service), await service.as_enterprise()
    path = f"{CLIENTS}/{client['id']}"
    first = await service.http.post(f"{path}/secrets", headers=headers)
    again = await service.http.post(f"{path}/secrets", headers=headers)
    detail = (await service.http.get(path, headers=await service.as_enterprise())).json()
    old, new = detail["secrets"]

    assert again.json() == first.json() | {"client_secret": None}
    assert first.json()["client_secret"] not in await stored(service)
    assert (old["state"], new["state"], new["id"]) == ("live", "live", first.json()["id"])
    assert (old["expires_at"], new["expires_at"]) == (first.json()["others_expire_at"], None)
    assert not {"digest", "client_secret"} & {*old, *new, *detail}


async def test_a_revoked_secret_and_a_revoked_client_open_nothing(service: Service) -> None:
    client = await add(service)
    path = f"{CLIENTS}/{client['id']}"
    token = await service.token(Credentials(client_id=client["id"], client_secret=client["client_secret"]))
    bearer = {"Authorization": f"Bearer {token}"}
    detail = (await service.http.get(path, headers=bearer)).json()
    secret_id = detail["secrets"][0]["id"]
    ended = await service.http.post(f"{path}/secrets/{secret_id}/revocation", headers=await service.as_enterprise())
    closed = await service.http.post(f"{path}/revocation", headers=await service.as_enterprise())
    rotated = await service.http.post(f"{path}/secrets", headers=await service.as_enterprise())

    assert (ended.json()["state"], closed.json()["revoked_at"] is None) == ("revoked", False)
    assert (await service.http.get(path, headers=bearer)).status_code == 401
    assert (rotated.status_code, rotated.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        pytest.param({"audience": "regulator"}, "invalid", "/audience", id="an enterprise makes no regulator"),
        pytest.param({"audience": "counter"}, "invalid", "/outlet_id", id="a counter stands in an outlet"),
        pytest.param({"outlet_id": str(new_uuid())}, "invalid", "/outlet_id", id="the enterprise stands in none"),
        pytest.param({"permissions": ["regulator:record:search"]}, "invalid", "/permissions", id="a regulator's"),
        pytest.param({"permissions": ["counter:goods:read"]}, "invalid", "/permissions", id="a counter's"),
        pytest.param({"permissions": []}, "invalid", "/permissions", id="none at all"),
        pytest.param(
            {"audience": "counter", "outlet_id": str(new_uuid()), "counter_id": str(new_uuid())},
            "reference_unknown",
            "/outlet_id",
            id="an outlet that is not there",
        ),
    ],
)
async def test_a_client_that_may_not_exist_is_refused(
    service: Service, changes: dict[str, Any], code: str, pointer: str
) -> None:
    answer = await service.post(CLIENTS, BODY | changes, await service.as_enterprise())

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert pointer in {fault["pointer"] for fault in answer.json()["errors"]}


async def test_a_counter_of_another_outlet_is_unknown(service: Service) -> None:
    place = {"outlet_id": str(service.world.outlet_id), "counter_id": str(new_uuid())}
    answer = await service.post(CLIENTS, BODY | place | {"audience": "counter"}, await service.as_enterprise())

    assert (answer.json()["code"], answer.json()["errors"][0]["pointer"]) == ("reference_unknown", "/counter_id")
