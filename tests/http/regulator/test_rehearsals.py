"""Rehearsals over HTTP: asked for, worked off by a worker, read as figures and as a picture."""

import asyncio
import xml.etree.ElementTree as ET
from datetime import datetime, timedelta
from typing import Any

import pytest

from acceptance_api.access import AddClient, Audience, Permission, add_client
from acceptance_api.audit import OPERATOR
from acceptance_api.demo.world import Credentials
from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.ids import new_uuid
from acceptance_api.worker import Worker, open_desk
from tests.acceptance.layered import EVERYTHING
from tests.http.rule_desks import Desk, a_desk
from tests.support.journeys import present
from tests.support.service import Service

BASE = "/regulator/v1/campaigns"
PLACE = "/drill/editions/1/rehearsals"
SVG = "{http://www.w3.org/2000/svg}"
PROPOSAL = {"name": "drill", "starts_at": "2098-01-01T00:00:00+08:00", "content": EVERYTHING, "by": "O-1"}


@pytest.fixture
async def desk(service: Service) -> Desk:
    """The agency's desk, at which a campaign about parcels to Beijing waits for its second person."""
    desk = await a_desk(service, Audience.REGULATOR, BASE)
    await desk.post("", PROPOSAL)
    return desk


def body(service: Service, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """The last ten days, and the coming one."""
    at = service.office.clock.now()
    period = {"since": (at - timedelta(days=10)).isoformat(), "until": (at + timedelta(days=1)).isoformat()}
    return {"id": str(new_uuid()), **period} | changes


async def work(service: Service, *, turns: int = 20) -> None:
    """Let a worker have its turn so often, or until it has nothing to do."""
    async with open_desk(service.office.settings) as desk:
        worker = Worker(desk, service.office.clock, asyncio.Event(), poll_s=0.01)
        for _ in range(turns):
            if not await worker.turn():
                break


async def test_a_draft_is_tried_on_what_a_counter_decided(desk: Desk) -> None:
    service = desk.service
    for _ in range(3):
        await present(service)
    await present(service, division="440305")
    asked = await desk.post(PLACE, body(service))
    queued = asked.json()
    place = f"{PLACE}/{queued['id']}"
    before = (await desk.get(place)).json()
    await work(service)
    done = (await desk.get(place)).json()

    assert (asked.status_code, asked.headers["Location"], asked.headers["Retry-After"]) == (202, BASE + place, "2")
    assert [queued[name] for name in ("state", "seen", "total", "percent")] == ["queued", 0, None, 0.0]
    assert before == queued | {"findings": None}
    assert [done[name] for name in ("state", "failure", "seen", "total", "percent")] == ["finished", None, 4, 4, 100.0]
    found, today = done["findings"], legal_day(datetime.fromisoformat(done["requested_at"])).isoformat()
    sums = {
        "seen": 4,
        "concerned": 3,
        "refused_before": 0,
        "held_before": 0,
        "would_hold": 3,
        "would_refuse": 0,
        "screened_again": 3,
        "returned": 3,
    }
    assert found["totals"] == sums
    assert found["days"] == [sums | {"day": today}]
    assert found["outlets"] == [sums | {"outlet_id": str(service.world.outlet_id), "division": "110105"}]
    assert found["other_outlets"] == dict.fromkeys(sums, 0) | {"outlets": 0}
    assert {one["code"]: (one["weight"], one["parcels"]) for one in found["grounds"]} == {
        "not_screened": ("hold", 3),
        "screening_mark_missing": ("hold", 3),
        "addressee_not_verified": ("hold", 3),
    }


async def test_the_picture_is_well_formed_and_holds_the_figures(desk: Desk) -> None:
    service = desk.service
    for _ in range(3):
        await present(service)
    queued = (await desk.post(PLACE, body(service))).json()
    empty = await desk.get(f"{PLACE}/{queued['id']}/chart")
    await work(service)
    given = await desk.headers()
    drawn = {
        language: await service.http.get(
            f"{BASE}{PLACE}/{queued['id']}/chart", headers=given | {"Accept-Language": language}
        )
        for language in ("zh-CN", "en")
    }

    assert (empty.status_code, ET.fromstring(empty.text).tag) == (200, f"{SVG}svg")  # noqa: S314 - our own
    for language, words in (
        ("zh-CN", ["将暂扣", "应当过机安检而未安检"]),
        ("en", ["would be held", "A required screening is missing"]),
    ):
        answer = drawn[language]
        picture = ET.fromstring(answer.text)  # noqa: S314 - our own
        texts = ["".join(one.itertext()) for one in picture.iter(f"{SVG}text")]
        assert answer.headers["Content-Type"].startswith("image/svg+xml")
        assert answer.headers["Content-Language"] == language
        assert picture.get("aria-labelledby") == "title summary"
        assert "drill@1" in str(picture.findtext(f"{SVG}title"))
        assert f"{words[0]}: 3" in str(picture.findtext(f"{SVG}desc"))
        assert set(words) <= set(texts)
        assert "3" in texts


async def test_the_same_request_again_is_the_same_rehearsal(desk: Desk) -> None:
    asked = body(desk.service)
    first, again = await desk.post(PLACE, asked), await desk.post(PLACE, asked)
    other = await desk.post(PLACE, asked | {"since": asked["until"], "until": "2099-01-01T00:00:00+08:00"})

    assert (first.status_code, again.status_code, again.json()) == (202, 202, first.json())
    assert (other.status_code, other.json()["code"]) == (409, "id_conflict")


async def test_rehearsals_are_listed_page_by_page(desk: Desk) -> None:
    ids = [(await desk.post(PLACE, body(desk.service))).json()["id"] for _ in range(3)]
    first = (await desk.get(PLACE, limit="2")).json()
    rest = (await desk.get(PLACE, limit="2", cursor=first["next_cursor"])).json()

    assert [one["id"] for one in (*first["data"], *rest["data"])] == ids
    assert (first["has_more"], rest["has_more"]) == (True, False)
    assert "findings" not in first["data"][0]


async def test_what_was_approved_or_rejected_can_be_rehearsed_too(desk: Desk) -> None:
    await desk.answer("drill", 1)
    await desk.post("", PROPOSAL)
    await desk.answer("drill", 2, "rejections")
    answers = [await desk.post(f"/drill/editions/{n}/rehearsals", body(desk.service)) for n in (1, 2, 3)]

    assert [one.status_code for one in answers] == [202, 202, 404]


async def test_another_agencys_rehearsals_are_not_there(desk: Desk) -> None:
    mine = (await desk.post(PLACE, body(desk.service))).json()["id"]
    theirs = await a_desk(desk.service, Audience.REGULATOR, BASE, await desk.service.another_world(name="他家快递"))
    before = await theirs.post(PLACE, body(desk.service))
    await theirs.post("", PROPOSAL)
    answers = [
        before,
        await theirs.get(f"{PLACE}/{mine}"),
        await theirs.get(f"{PLACE}/{mine}/chart"),
        await desk.get(f"/drill/editions/2/rehearsals/{mine}"),
        await desk.get("/other/editions/1/rehearsals"),
    ]

    assert [one.status_code for one in answers] == [404] * 5
    assert (await theirs.get(PLACE)).json()["data"] == []


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        pytest.param({"until": "2020-01-01T00:00:00+08:00"}, "/until", "not_after_since", id="ends before it begins"),
        pytest.param({"since": "2024-01-01T00:00:00+08:00"}, "/until", "period_too_long", id="longer than 400 days"),
        pytest.param({"since": "yesterday"}, "/since", "instant", id="no instant"),
        pytest.param({"id": "10000000-0000-4000-8000-000000000000"}, "/id", "uuid7", id="no UUIDv7"),
    ],
)
async def test_what_is_wrong_is_pointed_at(embedded: Service, changes: dict[str, Any], pointer: str, code: str) -> None:
    desk = await a_desk(embedded, Audience.REGULATOR, BASE)
    await desk.post("", PROPOSAL)
    answer = await desk.post(PLACE, body(embedded, **changes))

    assert answer.status_code == 422
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(pointer, code)]


async def test_a_client_of_a_part_of_the_jurisdiction_looks_at_that_part(embedded: Service) -> None:
    desk = await a_desk(embedded, Audience.REGULATOR, BASE)
    await desk.post("", PROPOSAL)
    await present(embedded)
    request = AddClient(
        audience=Audience.REGULATOR,
        name="elsewhere",
        agency_id=embedded.world.agency_id,
        jurisdiction="31",
        permissions=frozenset({Permission.REGULATOR_CAMPAIGN_READ, Permission.REGULATOR_CAMPAIGN_REHEARSE}),
    )
    async with embedded.office.transaction() as tx:
        client, secret = await add_client(tx, request, actor=OPERATOR, at=embedded.office.clock.now())
    desk.clients[3] = Credentials(client_id=str(client.id), client_secret=secret)
    here = (await desk.post(PLACE, body(embedded))).json()
    there = (await desk.post(PLACE, body(embedded), client=3)).json()
    await work(embedded)
    hidden = await embedded.http.get(f"{BASE}{PLACE}/{here['id']}", headers=await desk.headers(3))

    assert [(await desk.get(f"{PLACE}/{one['id']}")).json()["seen"] for one in (here, there)] == [1, 0]
    assert (there["jurisdiction"], hidden.status_code) == ("31", 404)


async def test_who_may_only_read_does_not_rehearse(embedded: Service) -> None:
    desk = await a_desk(embedded, Audience.REGULATOR, BASE)
    await desk.post("", PROPOSAL)
    request = AddClient(
        audience=Audience.REGULATOR,
        name="reader",
        agency_id=embedded.world.agency_id,
        permissions=frozenset({Permission.REGULATOR_CAMPAIGN_READ}),
    )
    async with embedded.office.transaction() as tx:
        client, secret = await add_client(tx, request, actor=OPERATOR, at=embedded.office.clock.now())
    desk.clients[3] = Credentials(client_id=str(client.id), client_secret=secret)
    answer = await desk.post(PLACE, body(embedded), client=3)

    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")
