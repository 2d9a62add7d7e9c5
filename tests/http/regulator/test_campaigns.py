"""An agency's campaigns over HTTP: proposed, approved by a second officer, ended by a newer edition."""

from typing import Any

import pytest

from acceptance_api.access import AddClient, Audience, add_client
from acceptance_api.audit import OPERATOR
from acceptance_api.campaigns import history
from acceptance_api.demo.world import Credentials
from tests.http.rule_desks import CAMPAIGN, Desk, a_desk
from tests.support.service import Service

BASE = "/regulator/v1/campaigns"
PROPOSAL: dict[str, Any] = {
    "name": "two-sessions",
    "starts_at": "2020-01-01T00:00:00+08:00",
    "content": CAMPAIGN,
    "by": "O-1",
}


@pytest.fixture
async def desk(service: Service) -> Desk:
    """The agency's desk."""
    return await a_desk(service, Audience.REGULATOR, BASE)


async def test_a_campaign_with_an_open_end_is_ended_by_a_newer_edition(desk: Desk) -> None:
    proposed = await desk.post("", PROPOSAL)
    approved = await desk.answer("two-sessions", 1, by="O-2")
    active = (await desk.get(state="active")).json()["data"]
    await desk.post("", PROPOSAL | {"ends_at": "2020-01-12T00:00:00+08:00"})
    ended = await desk.answer("two-sessions", 2, by="O-2")

    assert (proposed.status_code, approved.status_code, ended.status_code) == (201, 201, 201)
    assert [(one["version"], one["in_force"]) for one in active] == [("two-sessions@1", True)]
    assert (await desk.get(state="active")).json()["data"] == []
    editions = (await desk.get("/two-sessions")).json()["data"]
    assert [(one["version"], one["state"]) for one in editions] == [
        ("two-sessions@2", "approved"),
        ("two-sessions@1", "superseded"),
    ]
    assert (await desk.get("/two-sessions/editions/2")).json()["content"] == CAMPAIGN


async def test_an_upcoming_campaign_is_listed_as_such(desk: Desk) -> None:
    await desk.post("", PROPOSAL | {"starts_at": "2098-01-01T00:00:00+08:00"})
    await desk.answer("two-sessions", 1)

    assert [one["state"] for one in (await desk.get(state="upcoming")).json()["data"]] == ["approved"]
    assert (await desk.get(state="active")).json()["data"] == []


async def test_one_officer_is_not_two(desk: Desk) -> None:
    await desk.post("", PROPOSAL)
    for how in ("approvals", "rejections"):
        answer = await desk.answer("two-sessions", 1, how, by="O-1")
        assert (answer.status_code, answer.json()["code"]) == (403, "second_person_required")
    assert (await desk.answer("two-sessions", 1, "rejections")).json()["state"] == "rejected"


async def test_campaigns_that_were_observed_can_be_proposed(embedded: Service) -> None:
    desk = await a_desk(embedded, Audience.REGULATOR, BASE)
    for one in history():
        frame = {
            "name": one.name,
            "starts_at": one.starts_at.isoformat(),
            "ends_at": one.ends_at.isoformat() if one.ends_at else None,
            "content": dict(one.content),
            "by": "O-1",
        }
        answer = await desk.post("", frame)
        assert answer.status_code == 201, answer.text


async def test_a_client_of_a_part_of_the_jurisdiction_proposes_nothing(embedded: Service) -> None:
    request = AddClient(
        audience=Audience.REGULATOR, name="city", agency_id=embedded.world.agency_id, jurisdiction="1101"
    )
    async with embedded.office.transaction() as tx:
        client, secret = await add_client(tx, request, actor=OPERATOR, at=embedded.office.clock.now())
    desk = await a_desk(embedded, Audience.REGULATOR, BASE)
    desk.clients[2] = Credentials(client_id=str(client.id), client_secret=secret)
    refused = await desk.post("", PROPOSAL, client=2)
    await desk.post("", PROPOSAL)

    assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")
    assert (await desk.answer("two-sessions", 1)).json()["code"] == "not_permitted"
    assert (await desk.get("/two-sessions")).json()["data"][0]["jurisdiction"] == ""


async def test_another_agencys_campaigns_are_not_there(desk: Desk) -> None:
    await desk.post("", PROPOSAL)
    theirs = await a_desk(desk.service, Audience.REGULATOR, BASE, await desk.service.another_world(name="他家快递"))
    answers = [
        await theirs.get("/two-sessions"),
        await theirs.get("/two-sessions/editions/1"),
        await theirs.answer("two-sessions", 1),
        await theirs.answer("two-sessions", 1, "rejections"),
    ]

    assert [one.status_code for one in answers] == [404] * 4


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        pytest.param({"content": {}}, "/content/name_zh", id="nothing"),
        pytest.param(
            {"content": CAMPAIGN | {"overlays": [{"kind": "x"}]}}, "/content/overlays/0/kind", id="no overlay"
        ),
        pytest.param({"kind": "goods"}, "/kind", id="a campaign has no other kind"),
    ],
)
async def test_what_is_wrong_is_pointed_at(embedded: Service, changes: dict[str, Any], pointer: str) -> None:
    desk = await a_desk(embedded, Audience.REGULATOR, BASE)
    answer = await desk.post("", PROPOSAL | changes)

    assert answer.status_code == 422
    assert pointer in {error["pointer"] for error in answer.json()["errors"]}
