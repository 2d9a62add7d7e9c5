"""A brand's rules over HTTP: two persons at two clients, and a campaign that freezes them."""

from typing import Any

import pytest

from acceptance_api.access import Audience
from tests.http.rule_desks import CAMPAIGN, Desk, a_desk
from tests.support.service import Service

BASE = "/enterprise/v1/rule-sets"
CONTENT = {"rules": [{"about": "P03", "verdict": "ban", "source": "内部手册 3", "verified": True}]}
RULE_SET = {
    "name": "house-rules",
    "kind": "goods",
    "starts_at": "2020-01-01T00:00:00+08:00",
    "content": CONTENT,
    "by": "S-001",
}


@pytest.fixture
async def desk(service: Service) -> Desk:
    """The enterprise's desk."""
    return await a_desk(service, Audience.ENTERPRISE, BASE)


async def test_an_edition_is_proposed_approved_and_superseded(desk: Desk) -> None:
    first = await desk.post("", RULE_SET)
    approved = await desk.answer("house-rules", 1)
    second = await desk.post("", RULE_SET | {"ends_at": "2020-01-02T00:00:00+08:00"})
    closing = await desk.answer("house-rules", 2)
    editions = await desk.get("/house-rules")

    assert [one.status_code for one in (first, approved, second, closing)] == [201] * 4
    assert (first.json()["version"], first.json()["state"], first.json()["in_force"]) == (
        "house-rules@1",
        "proposed",
        False,
    )
    assert (approved.json()["state"], approved.json()["in_force"]) == ("approved", True)
    assert approved.json()["answered"]["by"] == "S-002"
    assert (closing.json()["state"], closing.json()["in_force"]) == ("approved", False)
    assert [(one["edition"], one["state"]) for one in editions.json()["data"]] == [(2, "approved"), (1, "superseded")]


async def test_an_edition_is_read_with_its_content(desk: Desk) -> None:
    await desk.post("", RULE_SET)
    read = await desk.get("/house-rules/editions/1")
    missing = [
        await desk.get("/house-rules/editions/2"),
        await desk.get("/other-rules"),
        await desk.answer("other-rules", 1),
    ]

    assert read.json()["content"] == CONTENT
    assert (len(read.json()["digest"]), read.json()["jurisdiction"]) == (64, "")
    assert [one.status_code for one in missing] == [404] * 3


async def test_nobody_approves_what_they_proposed(desk: Desk) -> None:
    await desk.post("", RULE_SET)
    same_person = await desk.answer("house-rules", 1, by="s-001")
    same_client = await desk.post("/house-rules/editions/1/approvals", {"by": "S-002"})

    for one in (same_person, same_client):
        assert (one.status_code, one.json()["code"]) == (403, "second_person_required")


async def test_an_answer_is_given_once_and_repeated_by_its_key(desk: Desk) -> None:
    await desk.post("", RULE_SET)
    headers, path = await desk.headers(2), f"{BASE}/house-rules/editions/1/approvals"
    first = await desk.service.post(path, {"by": "S-002"}, headers)
    again = await desk.service.post(path, {"by": "S-002"}, headers)
    anew = await desk.answer("house-rules", 1)
    rejected = await desk.answer("house-rules", 1, "rejections")

    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotent-Replayed"] == "true"
    assert [(one.status_code, one.json()["code"]) for one in (anew, rejected)] == [(409, "rule_set_settled")] * 2


async def test_a_rejected_edition_tells_why(desk: Desk) -> None:
    await desk.post("", RULE_SET)
    rejected = await desk.answer("house-rules", 1, "rejections")

    assert (rejected.json()["state"], rejected.json()["reason"]) == ("rejected", "示例理由")


async def test_only_the_newest_edition_is_approved(desk: Desk) -> None:
    await desk.post("", RULE_SET)
    await desk.post("", RULE_SET)
    older = await desk.answer("house-rules", 1)

    assert (older.status_code, older.json()["code"]) == (409, "rule_set_superseded")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        pytest.param({"kind": "campaign"}, "/kind", id="a campaign is not a brand's"),
        pytest.param({"kind": "signals"}, "/content/rules/0/signal", id="another kind's document"),
        pytest.param({"kind": "acceptance"}, "/content/rules", id="and another"),
        pytest.param({"name": "House"}, "/name", id="a name"),
        pytest.param({"ends_at": "2019-01-01T00:00:00+08:00"}, "/ends_at", id="an end before the beginning"),
        pytest.param({"content": {"rules": [{"about": "P99"}]}}, "/content/rules/0/source", id="no source"),
        pytest.param({"content": {}}, "/content", id="nothing"),
        pytest.param({"by": "张三"}, "/by", id="a name instead of a number"),
    ],
)
async def test_what_is_wrong_is_pointed_at(embedded: Service, changes: dict[str, Any], pointer: str) -> None:
    desk = await a_desk(embedded, Audience.ENTERPRISE, BASE)
    answer = await desk.post("", RULE_SET | changes)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert pointer in {error["pointer"] for error in answer.json()["errors"]}


async def test_no_value_comes_back_in_a_pointer(embedded: Service) -> None:
    desk = await a_desk(embedded, Audience.ENTERPRISE, BASE)
    answer = await desk.post("", RULE_SET | {"content": {"张三": 1, "rules": [{"Zhang San": 2}]}})

    assert answer.status_code == 422
    assert "张三" not in answer.text
    assert "Zhang" not in answer.text


async def test_content_that_is_too_large_is_refused(embedded: Service) -> None:
    desk = await a_desk(embedded, Audience.ENTERPRISE, BASE)
    answer = await desk.post("", RULE_SET | {"content": {"note": "x" * 262_144}})

    assert [error["code"] for error in answer.json()["errors"]] == ["too_large"]


async def test_editions_are_listed_page_by_page(desk: Desk) -> None:
    for name in ("a1", "b1", "c1"):
        await desk.post("", RULE_SET | {"name": name})
        await desk.answer(name, 1)
    await desk.post("", RULE_SET | {"name": "d1"})
    first = (await desk.get(limit="2", state="active")).json()
    second = (await desk.get(limit="2", state="active", cursor=first["next_cursor"])).json()
    other = await desk.get(limit="2", cursor=first["next_cursor"])

    assert [one["name"] for page in (first, second) for one in page["data"]] == ["a1", "b1", "c1"]
    assert (first["has_more"], second["has_more"]) == (True, False)
    assert other.json()["code"] == "cursor_invalid"
    assert len((await desk.get()).json()["data"]) == 4
    assert (await desk.get(state="upcoming")).json()["data"] == []


async def test_another_enterprises_rules_are_not_there(desk: Desk) -> None:
    await desk.post("", RULE_SET)
    theirs = await a_desk(desk.service, Audience.ENTERPRISE, BASE, await desk.service.another_world(name="他家快递"))
    answers = [
        await theirs.get("/house-rules"),
        await theirs.get("/house-rules/editions/1"),
        await theirs.answer("house-rules", 1),
        await theirs.answer("house-rules", 1, "rejections"),
    ]

    assert [one.status_code for one in answers] == [404] * 4
    assert (await theirs.get()).json()["data"] == []
    assert (await theirs.post("", RULE_SET)).json()["version"] == "house-rules@1"


@pytest.mark.parametrize(
    ("jurisdiction", "changes", "frozen"),
    [
        pytest.param("11", {}, True, id="a campaign where the enterprise has an outlet"),
        pytest.param("", {}, True, id="a campaign of the whole country"),
        pytest.param("31", {}, False, id="a campaign elsewhere"),
        pytest.param("11", {"starts_at": "2098-01-01T00:00:00+08:00"}, False, id="a campaign that begins later"),
        pytest.param(
            "11",
            {"overlays": [{"kind": "screen_100", "source": "示例", "verified": True}]},
            False,
            id="another campaign",
        ),
    ],
)
async def test_a_campaign_freezes_the_rules_of_the_brands_it_binds(
    embedded: Service, jurisdiction: str, changes: dict[str, Any], *, frozen: bool
) -> None:
    agency = await a_desk(
        embedded,
        Audience.REGULATOR,
        "/regulator/v1/campaigns",
        await embedded.another_world(name="他家快递", division="310101", jurisdiction=jurisdiction),
    )
    content = CAMPAIGN | {key: value for key, value in changes.items() if key == "overlays"}
    campaign = {"name": "freeze", "starts_at": "2020-01-01T00:00:00+08:00", "content": content, "by": "O-1"}
    proposed = await agency.post("", campaign | {key: value for key, value in changes.items() if key != "overlays"})
    binding = await agency.answer("freeze", 1)
    desk = await a_desk(embedded, Audience.ENTERPRISE, BASE)
    await desk.post("", RULE_SET)
    answer = await desk.answer("house-rules", 1)

    assert [proposed.status_code, binding.status_code] == [201, 201], proposed.text
    assert answer.status_code == (409 if frozen else 201)
    if frozen:
        assert answer.json()["code"] == "rules_frozen"
        assert answer.json()["errors"] == [{"pointer": "", "code": "frozen", "params": {"by": "freeze@1"}}]
