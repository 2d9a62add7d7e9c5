"""Cases over HTTP: the card first, steps, evidence, the sender's other parcels, and who sees what."""

import asyncio
import hashlib
from datetime import timedelta
from typing import Any

import httpx
import pytest

from acceptance_api.demo.world import World
from acceptance_api.goods import Disposal
from tests.support.journeys import FAR_AWAY, SENDER, Body, inspect, new_id, open_case, present
from tests.support.service import Service

OFFICER = {
    "kind": "officer",
    "body": "public_security",
    "name": "端木示例",
    "certificate_number": "示例警证000001",
}
WITNESS = {"kind": "other", "name": "皇甫示例"}
SECRETS = ("端木示例", "示例警证000001", "皇甫示例", *SENDER.secrets())
OWN = "/counter/v1/interceptions"


def interception_of(**changes: Any) -> Body:  # noqa: ANN401 - JSON
    """Something was found in a parcel."""
    return {
        "id": new_id(),
        "waybill": f"EX{new_id()[-12:].upper()}",
        "source": {"kind": "waybill"},
        "class_code": "P16",
    } | changes


async def opened(service: Service, *, world: World | None = None, **changes: Any) -> Body:  # noqa: ANN401 - JSON
    """Open a case."""
    answer = await service.post(OWN, interception_of(**changes), await service.as_counter(world))
    assert answer.status_code == 201, answer.text
    found: Body = answer.json()
    return found


async def photographed(service: Service, case_id: str, content: bytes = b"%PDF-1.7 a receipt") -> str:
    """Store a document with a case; its digest."""
    digest = hashlib.sha256(content).hexdigest()
    headers = await service.as_counter(None, **{"Content-Type": "application/pdf"})
    answer = await service.http.put(f"{OWN}/{case_id}/evidence/{digest}", content=content, headers=headers)
    assert answer.status_code in {200, 201}, answer.text
    return digest


async def step(service: Service, file: Body, kind: str, **changes: Any) -> httpx.Response:  # noqa: ANN401 - JSON
    """Take the next step at the counter."""
    case_id = file["interception"]["id"]
    body = {
        "id": new_id(),
        "number": file["interception"]["steps"] + 1,
        "kind": kind,
        "evidence": await photographed(service, case_id),
    } | changes
    return await service.post(f"{OWN}/{case_id}/steps", body, await service.as_counter())


async def stepped(service: Service, file: Body, kind: str, **changes: Any) -> Body:  # noqa: ANN401 - JSON
    """The case after the next step."""
    answer = await step(service, file, kind, **changes)
    assert answer.status_code == 201, answer.text
    after: Body = answer.json()
    return after


async def destroyed(service: Service) -> Body:
    """A case whose goods an officer destroyed, seen by a bystander."""
    told = {"body": "public_security", "reference": "京公示例〔2026〕1号"}
    file = await opened(service, note="皇甫示例在场")
    file = await stepped(service, file, "isolate")
    file = await stepped(service, file, "report", **told)
    file = await stepped(service, file, "instruct", **told, instruction="destroy")
    return await stepped(service, file, "destroy", actor=OFFICER, holder=OFFICER, witness=WITNESS)


# --- the card ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("disposal", Disposal)
async def test_every_class_has_a_card_before_anything_is_recorded(embedded: Service, disposal: Disposal) -> None:
    path = f"/counter/v1/safety-cards/{disposal.value}"
    card = (await embedded.http.get(path, headers=await embedded.as_counter())).json()

    assert card["evacuates"] is (disposal in {Disposal.D3, Disposal.D4})
    assert card["lines_zh"]
    assert card["lines_en"]
    assert card["report_to"][-1][0]["code"] == "postal_administration"
    assert card["citation"]["article"] == "34"
    assert card["verified"] is False


async def test_there_is_no_card_of_an_unknown_class(embedded: Service) -> None:
    answer = await embedded.http.get("/counter/v1/safety-cards/D12", headers=await embedded.as_counter())

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


async def test_opening_a_case_answers_with_the_card_first(service: Service) -> None:
    answer = await service.post(OWN, interception_of(class_code="P03"), await service.as_counter())

    assert answer.status_code == 201
    assert next(iter(answer.json())) == "safety_card"
    assert answer.json()["safety_card"]["title_zh"].endswith("立即疏散, 隔离现场")
    assert answer.json()["allowed_steps"] == ["isolate", "transfer", "reclassify"]
    assert [[body["code"] for body in one["bodies"]] for one in answer.json()["obligations"]] == [
        ["public_security"],
        ["fire_and_rescue", "emergency_management"],
        ["postal_administration"],
    ]


# --- a case -----------------------------------------------------------------------------------------------------------


async def test_a_case_goes_its_way_and_says_nobodys_name(service: Service) -> None:
    file = await destroyed(service)
    read = await service.http.get(f"{OWN}/{file['interception']['id']}", headers=await service.as_counter())

    assert [one["state"] for one in file["history"]] == [
        "suspected",
        "isolated",
        "reported",
        "instructed",
        "destroyed",
    ]
    assert read.json()["history"] == file["history"]
    for secret in SECRETS:
        assert secret not in read.text


async def test_a_step_that_may_not_be_taken_says_why(service: Service) -> None:
    file = await opened(service, class_code="P01")
    early = await step(service, file, "destroy", witness=WITNESS)
    file = await stepped(service, file, "isolate")
    told = {"body": "public_security", "reference": "1"}
    file = await stepped(service, file, "report", **told)
    back = await step(service, file, "instruct", **told, instruction="return")

    assert (early.status_code, early.json()["code"]) == (409, "step_not_allowed")
    assert [one["code"] for one in back.json()["errors"]] == ["never_returned"]


async def test_a_second_case_on_a_waybill_is_refused(service: Service) -> None:
    file = await opened(service)
    again = interception_of(waybill=file["interception"]["waybill"])
    answer = await service.post(OWN, again, await service.as_counter())

    assert (answer.status_code, answer.json()["code"]) == (409, "already_intercepted")


async def test_repeats_are_answered_as_the_first_time(service: Service) -> None:
    body, headers = interception_of(), await service.as_counter()
    first, replayed = await service.post(OWN, body, headers), await service.post(OWN, body, headers)
    other_key = await service.post(OWN, body, await service.as_counter())
    file = first.json()
    evidence = await photographed(service, body["id"])
    isolation = {"id": new_id(), "number": 2, "kind": "isolate", "evidence": evidence}
    path = f"{OWN}/{body['id']}/steps"
    taken = await service.post(path, isolation, await service.as_counter())
    repeated = await service.post(path, isolation, await service.as_counter())

    assert (first.status_code, replayed.json(), replayed.headers["Idempotent-Replayed"]) == (201, file, "true")
    assert (other_key.status_code, other_key.json()["interception"]["id"]) == (200, body["id"])
    assert (taken.status_code, repeated.status_code) == (201, 200)
    assert repeated.json()["history"] == taken.json()["history"]


async def test_of_two_steps_at_once_one_is_first_and_the_other_is_told(service: Service) -> None:
    file = await opened(service)
    evidence = await photographed(service, file["interception"]["id"])
    answers = await asyncio.gather(
        *(step(service, file, kind, evidence=evidence) for kind in ("isolate", "isolate", "isolate"))
    )

    assert sorted(one.status_code for one in answers) == [201, 409, 409]
    assert {one.json()["code"] for one in answers if one.status_code == 409} == {"changed_meanwhile"}


async def test_a_case_is_opened_from_an_acceptance_of_this_waybill(service: Service) -> None:
    accepted = await present(service)
    source = {"kind": "acceptance", "id": accepted["id"]}
    file = await opened(service, waybill=accepted["waybill"], source=source)
    wrong = await service.post(OWN, interception_of(source=source), await service.as_counter())

    assert file["interception"]["source_id"] == accepted["id"]
    assert (wrong.status_code, wrong.json()["code"]) == (422, "reference_unknown")


async def test_another_tenant_sees_nothing(service: Service) -> None:
    file = await opened(service)
    case_id, outlet_id = file["interception"]["id"], service.world.outlet_id
    other = await service.another_world()
    evidence = await photographed(service, case_id)
    taken = {"id": new_id(), "number": 2, "kind": "isolate", "evidence": evidence}
    theirs = f"/enterprise/v1/outlets/{outlet_id}/interceptions/{case_id}"
    counter, enterprise = await service.as_counter(other), await service.as_enterprise(other)
    answers = [
        await service.http.get(f"{OWN}/{case_id}", headers=counter),
        await service.http.get(f"{OWN}/{case_id}/report", headers=counter),
        await service.post(f"{OWN}/{case_id}/steps", taken, counter),
        await service.http.get(theirs, headers=enterprise),
        await service.http.get(f"{theirs}/report", headers=enterprise),
        await service.post(f"{theirs}/steps", taken, enterprise),
    ]

    assert [one.status_code for one in answers] == [404] * len(answers)
    listed = await service.http.get("/enterprise/v1/interceptions", headers=enterprise)
    assert listed.json()["data"] == []


async def test_the_outlets_cases_are_listed_page_by_page(service: Service) -> None:
    files = [await opened(service) for _ in range(3)]
    first = await service.http.get(OWN, params={"limit": 2}, headers=await service.as_counter())
    second = await service.http.get(
        OWN, params={"limit": 2, "cursor": first.json()["next_cursor"]}, headers=await service.as_counter()
    )
    closed = await service.http.get(OWN, params={"open": "false"}, headers=await service.as_counter())

    ids = [one["id"] for page in (first, second) for one in page.json()["data"]]
    assert ids == [file["interception"]["id"] for file in reversed(files)]
    assert second.json()["has_more"] is False
    assert closed.json()["data"] == []


# --- reports ----------------------------------------------------------------------------------------------------------


async def test_overdue_reports_are_seen_by_headquarters(service: Service) -> None:
    now = service.office.clock.now()
    late = await opened(service, class_code="P01", found_at=(now - timedelta(hours=3)).isoformat())
    fresh = await opened(service, class_code="P01")
    path = "/enterprise/v1/interceptions"
    overdue = await service.http.get(path, params={"overdue": "true"}, headers=await service.as_enterprise())
    every = await service.http.get(path, headers=await service.as_enterprise())

    assert [one["id"] for one in overdue.json()["data"]] == [late["interception"]["id"]]
    assert overdue.json()["data"][0]["is_overdue"] is True
    assert {one["id"] for one in every.json()["data"]} == {
        late["interception"]["id"],
        fresh["interception"]["id"],
    }


@pytest.mark.parametrize("audience", ["counter", "enterprise"])
async def test_the_report_masks_everybody(service: Service, audience: str) -> None:
    file = await destroyed(service)
    case_id = file["interception"]["id"]
    if audience == "counter":
        path, headers = f"{OWN}/{case_id}/report", await service.as_counter()
    else:
        path = f"/enterprise/v1/outlets/{service.world.outlet_id}/interceptions/{case_id}/report"
        headers = await service.as_enterprise()
    answer = await service.http.get(path, headers=headers)
    report = answer.json()

    assert answer.status_code == 200, answer.text
    assert report["history"][-1]["masked"] == {
        "actor_name": "端**",
        "actor_certificate": "示****************1",
        "holder_name": "端**",
        "holder_certificate": "示****************1",
        "witness_name": "皇**",
    }
    assert (report["enterprise"], report["division"]) == ("示例快递", "110105")
    for secret in SECRETS:
        assert secret not in answer.text


async def test_headquarters_take_a_step_and_store_its_paper(service: Service) -> None:
    file = await opened(service)
    file = await stepped(service, file, "isolate")
    file = await stepped(service, file, "report", body="market_supervision", reference="1")
    base = f"/enterprise/v1/outlets/{service.world.outlet_id}/interceptions/{file['interception']['id']}"
    paper = b"%PDF-1.7 an instruction"
    digest = hashlib.sha256(paper).hexdigest()
    headers = await service.as_enterprise(None, **{"Content-Type": "application/pdf"})
    stored = await service.http.put(f"{base}/evidence/{digest}", content=paper, headers=headers)
    body = {
        "id": new_id(),
        "number": 4,
        "kind": "instruct",
        "evidence": digest,
        "actor": {"kind": "clerk", "clerk_id": str(service.world.clerk_id)},
        "body": "market_supervision",
        "reference": "2",
        "instruction": "hand_over",
    }
    answer = await service.post(f"{base}/steps", body, await service.as_enterprise())
    read = await service.http.get(base, headers=await service.as_enterprise())

    assert stored.status_code == 201, stored.text
    assert (answer.status_code, answer.json()["interception"]["state"]) == (201, "instructed")
    assert read.json()["history"] == answer.json()["history"]


# --- the sender's other parcels ---------------------------------------------------------------------------------------


async def test_dangerous_goods_hold_the_senders_other_parcels_until_somebody_looks(service: Service) -> None:
    one, other = await present(service), await present(service)
    file = await opened(service, waybill=one["waybill"], class_code="P03")
    inspected = await inspect(service, waybill=other["waybill"])
    settled = await service.post(
        "/counter/v1/cascade-examinations",
        {"waybill": other["waybill"], "inspection_id": inspected["id"]},
        await service.as_counter(),
    )
    read = await service.http.get(f"{OWN}/{file['interception']['id']}", headers=await service.as_counter())

    assert [(flag["waybill"], flag["state"]) for flag in file["cascade"]] == [(other["waybill"], "flagged")]
    assert [flag["state"] for flag in settled.json()["settled"]] == ["examined"]
    assert [flag["state"] for flag in read.json()["cascade"]] == ["examined"]


async def test_a_change_of_class_holds_them_too(service: Service) -> None:
    one, other = await present(service), await present(service)
    file = await opened(service, waybill=one["waybill"])
    changed = await stepped(service, file, "reclassify", class_code="P12")

    assert file["cascade"] == []
    assert [flag["waybill"] for flag in changed["cascade"]] == [other["waybill"]]


async def test_headquarters_let_a_parcel_go(service: Service) -> None:
    one, other = await present(service), await present(service)
    await opened(service, waybill=one["waybill"], class_code="P12")
    body = {"waybill": other["waybill"], "by": "HQ-0007"}
    released = await service.post("/enterprise/v1/cascade-releases", body, await service.as_enterprise())
    again = await service.post("/enterprise/v1/cascade-releases", body, await service.as_enterprise())

    assert [flag["state"] for flag in released.json()["settled"]] == ["released"]
    assert again.status_code == 404


# --- the regulator ----------------------------------------------------------------------------------------------------


async def test_a_regulator_looks_under_a_case_within_its_jurisdiction(service: Service) -> None:
    file = await destroyed(service)
    far = await service.another_world(division=FAR_AWAY, jurisdiction="44")
    case, theirs = await open_case(service), await open_case(service, world=far)
    path = "/regulator/v1/interceptions"
    seen = await service.http.get(path, params={"case_id": case["id"]}, headers=await service.as_regulator())
    none = await service.http.get(path, params={"case_id": theirs["id"]}, headers=await service.as_regulator(far))
    trail = await service.http.get(f"/regulator/v1/cases/{case['id']}/entries", headers=await service.as_regulator())

    (found,) = seen.json()["data"]
    assert found["interception"]["id"] == file["interception"]["id"]
    assert found["history"][-1]["masked"]["witness_name"] == "皇**"
    assert none.json()["data"] == []
    assert seen.json()["entry_id"] in {entry["id"] for entry in trail.json()["data"]}
    for secret in SECRETS:
        assert secret not in seen.text


async def test_without_an_open_case_of_its_own_a_regulator_sees_nothing(service: Service) -> None:
    other = await service.another_world()
    foreign = await open_case(service, world=other)
    path = "/regulator/v1/interceptions"
    unknown = await service.http.get(path, params={"case_id": new_id()}, headers=await service.as_regulator())
    theirs = await service.http.get(path, params={"case_id": foreign["id"]}, headers=await service.as_regulator())

    assert {(one.status_code, one.json()["code"]) for one in (unknown, theirs)} == {(403, "case_not_open")}


async def test_regulators_see_pages(service: Service) -> None:
    files = [await opened(service) for _ in range(3)]
    case = await open_case(service)
    query = {"case_id": case["id"], "limit": 2}
    path = "/regulator/v1/interceptions"
    first = await service.http.get(path, params=query, headers=await service.as_regulator())
    more = query | {"cursor": first.json()["next_cursor"]}
    second = await service.http.get(path, params=more, headers=await service.as_regulator())

    ids = [one["interception"]["id"] for page in (first, second) for one in page.json()["data"]]
    assert ids == [file["interception"]["id"] for file in reversed(files)]
    assert second.json()["next_cursor"] is None
