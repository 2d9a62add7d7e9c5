"""What enterprise IT can do, and what it cannot: each operation on both databases, and another tenant's view of it."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from acceptance_api.demo.world import Credentials, World
from acceptance_api.kernel.ids import new_uuid
from tests.support.journeys import SENDER, present
from tests.support.service import Service

BASE = "/enterprise/v1"
AGREEMENT = {
    "filing_no": "F-1",
    "customer": "某某客户有限公司",
    "organisation_code": "91110000600037341L",
    "representative": "代表甲",
    "valid_from": "2026-01-01",
    "valid_to": "2026-12-31",
}


async def get(
    service: Service, path: str, query: dict[str, str] | None = None, *, world: World | None = None
) -> httpx.Response:
    return await service.http.get(f"{BASE}{path}", params=query, headers=await service.as_enterprise(world))


async def post(
    service: Service, path: str, body: dict[str, Any] | None = None, world: World | None = None
) -> httpx.Response:
    headers = await service.as_enterprise(world)
    if body is None:
        return await service.http.post(f"{BASE}{path}", headers=headers)
    return await service.post(f"{BASE}{path}", body, headers)


async def test_a_tree_grows_down_to_a_working_counter(service: Service) -> None:
    branch = (await post(service, "/branches", {"name": "华北大区"})).json()
    outlet = await post(service, "/outlets", {"name": "望京店", "division": "110105", "branch_id": branch["id"]})
    place = f"/outlets/{outlet.json()['id']}"
    counter = (await post(service, f"{place}/counters", {"name": "1"})).json()
    clerk = (await post(service, f"{place}/clerks", {"staff_no": "7", "name": "收寄员甲", "roles": ["clerk"]})).json()
    machine = await post(service, f"{place}/machines", {"serial": "X-1", "certificate_no": "证-1"})
    client = await post(
        service,
        "/clients",
        {"audience": "counter", "name": "柜台", "outlet_id": outlet.json()["id"], "counter_id": counter["id"]},
    )
    token = await service.token(
        Credentials(client_id=client.json()["id"], client_secret=client.json()["client_secret"])
    )
    answer = await service.http.get(
        "/counter/v1/goods?q=dahuoji", headers={"Authorization": f"Bearer {token}", "Clerk-Id": clerk["id"]}
    )

    assert (outlet.status_code, machine.status_code, client.status_code) == (201, 201, 201)
    assert outlet.json()["division_name"] == "北京市朝阳区"
    assert answer.status_code == 200
    assert "收寄员甲" not in str(clerk) + (await get(service, f"{place}/clerks")).text
    assert [one["name"] for one in (await get(service, "/branches")).json()["data"]] == ["总部", "华北大区"]


async def test_a_retired_clerk_works_no_longer(service: Service) -> None:
    world = service.world
    retired = await post(service, f"/outlets/{world.outlet_id}/clerks/{world.clerk_id}/retirement")
    answer = await service.http.get("/counter/v1/goods?q=1", headers=await service.as_counter())

    assert retired.status_code == 201
    assert retired.json()["retired_at"] is not None
    assert (answer.status_code, answer.json()["code"]) == (403, "clerk_not_of_outlet")


async def test_a_secret_is_shown_once_and_stored_nowhere(service: Service) -> None:
    headers = await service.as_enterprise()
    body = {"audience": "enterprise", "name": "BI"}
    first = await service.post(f"{BASE}/clients", body, headers)
    again = await service.post(f"{BASE}/clients", body, headers)
    async with service.office.database.read() as tx:
        kept = (
            await tx.execute(text("SELECT body FROM idempotency_keys WHERE operation LIKE '%clients%'"))
        ).scalar_one()

    assert first.json()["client_secret"].startswith("acs_")
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json() == first.json() | {"client_secret": None}
    assert first.json()["client_secret"].encode() not in kept


async def test_a_rotated_secret_overlaps_and_a_revoked_one_stops(service: Service) -> None:
    client = (await post(service, "/clients", {"audience": "enterprise", "name": "ERP"})).json()
    path = f"/clients/{client['id']}"
    new = (await post(service, f"{path}/secrets")).json()
    old_token = await service.token(Credentials(client_id=client["id"], client_secret=client["client_secret"]))
    old_id = (await get(service, path)).json()["secrets"][0]["id"]
    before = await service.http.get(f"{BASE}/branches", headers={"Authorization": f"Bearer {old_token}"})
    await post(service, f"{path}/secrets/{old_id}/revocation")
    after = await service.http.get(f"{BASE}/branches", headers={"Authorization": f"Bearer {old_token}"})
    service.tokens.clear()
    new_token = await service.token(Credentials(client_id=client["id"], client_secret=new["client_secret"]))
    renewed = await service.http.get(f"{BASE}/branches", headers={"Authorization": f"Bearer {new_token}"})
    await post(service, f"{path}/revocation")
    ended = await service.http.get(f"{BASE}/branches", headers={"Authorization": f"Bearer {new_token}"})

    assert [one.status_code for one in (before, after, renewed, ended)] == [200, 401, 200, 401]
    assert (await get(service, path)).json()["revoked_at"] is not None


@pytest.mark.parametrize(
    ("body", "status", "pointers"),
    [
        pytest.param({"audience": "regulator"}, 422, {"/audience"}, id="no enterprise makes a regulator"),
        pytest.param({"audience": "counter"}, 422, {"/outlet_id"}, id="a counter stands somewhere"),
        pytest.param(
            {"audience": "enterprise", "permissions": ["regulator:record:search"]},
            422,
            {"/permissions"},
            id="nothing beyond its audience",
        ),
    ],
)
async def test_a_client_gets_nothing_it_must_not_have(
    service: Service, body: dict[str, Any], status: int, pointers: set[str]
) -> None:
    answer = await post(service, "/clients", {"name": "x"} | body)

    assert answer.status_code == status
    assert pointers <= {error["pointer"] for error in answer.json()["errors"]}


async def test_an_agreement_serves_without_its_customer_being_shown(service: Service) -> None:
    added = await post(service, "/agreements", AGREEMENT)
    twice = await post(service, "/agreements", AGREEMENT)
    listed = await get(service, "/agreements")

    assert (added.status_code, twice.status_code, twice.json()["code"]) == (201, 409, "already_exists")
    assert "F-1" in listed.text
    for value in ("某某客户", "91110000600037341L", "代表甲"):
        assert value not in added.text + listed.text


async def test_acceptances_are_listed_masked_page_by_page_and_every_page_is_a_look(service: Service) -> None:
    for _ in range(3):
        await present(service)
    now = service.office.clock.now()
    period = {"since": (now - timedelta(hours=1)).isoformat(), "until": (now + timedelta(hours=1)).isoformat()}
    path = f"/outlets/{service.world.outlet_id}/acceptances"
    first = await get(service, path, period | {"limit": "2"})
    onwards = {"limit": "2", "cursor": first.json()["next_cursor"]}
    second = await get(service, path, period | onwards)
    other = await get(service, path, period | onwards | {"until": now.isoformat()})
    trail = (await get(service, "/audit-entries")).json()["data"]

    pages = [first.json(), second.json()]
    assert [len(page["data"]) for page in pages] == [2, 1]
    assert [page["has_more"] for page in pages] == [True, False]
    assert len({one["id"] for page in pages for one in page["data"]}) == 3
    assert (other.status_code, other.json()["code"]) == (400, "cursor_invalid")
    assert [entry["action"] for entry in trail].count("records.listed") == 2
    for value in SENDER.secrets():
        assert value not in first.text + second.text


async def test_an_outlets_trail_can_be_read_by_its_enterprise(service: Service) -> None:
    await present(service)
    entries = (await get(service, "/audit-entries", {"outlet_id": str(service.world.outlet_id)})).json()["data"]

    assert entries[-1]["action"] == "acceptance.decided"
    assert entries[-1]["clerk_id"] == str(service.world.clerk_id)


async def test_another_enterprise_finds_nothing_of_ours(service: Service) -> None:
    ours, theirs = service.world, await service.another_world(name="他家快递")
    client_id, nothing = ours.counter.client_id, str(new_uuid())
    place = f"/outlets/{ours.outlet_id}"
    day = {"since": "2026-01-01T00:00:00+08:00", "until": "2026-02-01T00:00:00+08:00"}
    reads = [place, f"{place}/counters", f"{place}/clerks", f"{place}/machines", f"/clients/{client_id}"]
    answers = [await get(service, path, world=theirs) for path in reads]
    answers += [await get(service, f"{place}/acceptances", day, world=theirs)]
    answers += [await get(service, "/audit-entries", {"outlet_id": str(ours.outlet_id)}, world=theirs)]
    answers += [
        await post(service, path, body, theirs)
        for path, body in (
            (f"{place}/counters", {"name": "2"}),
            (f"{place}/clerks", {"staff_no": "8", "name": "某人"}),
            (f"{place}/clerks/{ours.clerk_id}/retirement", None),
            (f"{place}/machines", {"serial": "Y", "certificate_no": "Y"}),
            (f"/clients/{client_id}/secrets", None),
            (f"/clients/{client_id}/secrets/{nothing}/revocation", None),
            (f"/clients/{client_id}/revocation", None),
        )
    ]
    counter = {"audience": "counter", "name": "x", "outlet_id": str(ours.outlet_id), "counter_id": str(ours.counter_id)}
    foreign = await post(service, "/clients", counter, theirs)

    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert (foreign.status_code, foreign.json()["code"]) == (422, "reference_unknown")
    for path in ("/outlets", "/clients", "/agreements"):
        assert str(ours.outlet_id) not in (await get(service, path, world=theirs)).text
