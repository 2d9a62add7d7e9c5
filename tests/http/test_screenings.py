"""Screening over HTTP: passes, second looks, open checks, flags, labels, shifts, heartbeats, figures."""

from typing import Any
from urllib.parse import quote

import httpx
import pytest

from acceptance_api.kernel.ids import new_uuid
from tests.support.builders import new_waybill
from tests.support.journeys import Body, new_id, screening_of
from tests.support.service import Service

COUNTER = "/counter/v1"
FLAG = {"code": "knife", "confidence": 0.75, "box": {"x": 0.25, "y": 0.5, "width": 0.125, "height": 0.0625}}


async def engaged(service: Service, *roles: str) -> str:
    """A new clerk of the outlet."""
    path = f"/enterprise/v1/outlets/{service.world.outlet_id}/clerks"
    body = {"staff_no": new_uuid().hex[:12], "name": "示例新人", "roles": list(roles)}
    answer = await service.post(path, body, await service.as_enterprise())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def screened(service: Service, waybill: str | None = None, **changes: Any) -> Body:  # noqa: ANN401 - JSON
    """A recorded pass."""
    body = screening_of(waybill or new_waybill(), service.world.machine_id) | changes
    answer = await service.post(f"{COUNTER}/screenings", body, await service.as_counter())
    assert answer.status_code == 201, answer.text
    found: Body = answer.json()
    return found


async def asked(service: Service, path: str, body: Body, clerk: str | None = None) -> httpx.Response:
    """A counter's request, perhaps of another clerk."""
    headers = await service.as_counter()
    return await service.post(COUNTER + path, body, headers | ({"Clerk-Id": clerk} if clerk else {}))


async def test_a_clear_pass_is_labelled_with_the_enterprises_name(service: Service) -> None:
    walk_in = await screened(service)
    agreement = await screened(service, label_kind="agreement")
    suspect = await screened(service, verdict="suspect")

    assert walk_in["label_text"] == f"示例快递 {walk_in['label_serial']}"
    assert agreement["label_text"].startswith("示例快递 20")
    assert agreement["label_text"].endswith(" 协议客户")
    assert (suspect["label_text"], suspect["state"]) == (None, "suspect")
    assert (walk_in["state"], walk_in["reservations"], walk_in["flags_open"]) == ("labelled", ["papers_unknown"], 0)


async def test_a_pass_is_looked_at_again_opened_and_read(service: Service) -> None:
    other = await engaged(service, "screener")
    suspect = await screened(service, verdict="suspect")
    path = f"/screenings/{suspect['id']}"
    look = {"id": new_id(), "conclusion": "open_check", "reason": "opaque_picture"}
    own = await asked(service, f"{path}/second-looks", look)
    second = await asked(service, f"{path}/second-looks", look, other)
    again = await asked(service, f"{path}/second-looks", look, other)
    check = {"id": new_id(), "second_clerk_id": other, "conclusion": "clear", "reason": "matches_declaration"}
    opened = await asked(service, f"{path}/open-checks", check | {"photo": "0" * 64})
    late = await asked(service, f"{path}/open-checks", check | {"id": new_id()})
    read = await service.http.get(COUNTER + path, headers=await service.as_counter())

    assert (own.status_code, own.json()["code"]) == (403, "not_permitted")
    assert [one.status_code for one in (second, again, opened, late)] == [201, 200, 201, 409]
    assert late.json()["code"] == "step_not_due"
    assert read.json() == opened.json()
    assert (read.json()["verdict"], read.json()["state"]) == ("suspect", "labelled")
    assert [(one["step"], one["state"]) for one in read.json()["steps"]] == [
        ("look_again", "second_look"),
        ("ask_to_open", "open_check"),
        ("find_clear", "clear"),
        ("label", "labelled"),
    ]
    assert read.json()["steps"][2]["photo"] == "0" * 64


async def test_flags_are_told_and_closed(service: Service) -> None:
    other = await engaged(service, "screener")
    flagged = await screened(service, flags=[FLAG, {"code": "liquid", "confidence": 1}])
    path = f"/screenings/{flagged['id']}/flag-closings"
    closing = {"id": new_id(), "flag": 0, "conclusion": "false_alarm", "reason": "harmless_contents"}
    alone = await asked(service, path, closing)
    in_twos = await asked(service, path, closing | {"second_clerk_id": other})
    last = await asked(service, path, closing | {"id": new_id(), "flag": 1}, other)

    assert (flagged["state"], flagged["flags_open"], flagged["label_text"]) == ("clear", 2, None)
    assert (alone.status_code, alone.json()["errors"][0]["code"]) == (422, "second_person_required")
    assert (in_twos.status_code, last.status_code) == (201, 201), last.text
    first, second = last.json()["flags"]
    assert (first["box"], first["confidence"], second["box"]) == (FLAG["box"], 0.75, None)
    assert (first["closing"]["in_time"], first["closing"]["second_clerk_id"]) == (True, other)
    assert (last.json()["state"], last.json()["flags_open"]) == ("labelled", 0)


@pytest.mark.parametrize(
    ("flag", "pointer"),
    [
        pytest.param({"code": "knife", "confidence": 1.01}, "/flags/0/confidence", id="more than certain"),
        pytest.param({"code": "knife", "confidence": "1"}, "/flags/0/confidence", id="a text"),
        pytest.param({"code": "knife", "confidence": True}, "/flags/0/confidence", id="a truth"),
        pytest.param({"code": "a knife", "confidence": 1}, "/flags/0/code", id="no code"),
        pytest.param(FLAG | {"box": {"x": 0, "y": 0, "width": 1}}, "/flags/0/box/height", id="half a box"),
    ],
)
async def test_a_flag_has_a_form(embedded: Service, flag: Body, pointer: str) -> None:
    body = screening_of(new_waybill(), embedded.world.machine_id, flags=[flag])
    answer = await embedded.post(f"{COUNTER}/screenings", body, await embedded.as_counter())

    assert (answer.status_code, [one["pointer"] for one in answer.json()["errors"]]) == (422, [pointer])


async def test_a_label_is_written_off_by_its_serial_whatever_stands_in_it(service: Service) -> None:
    path = f"/enterprise/v1/outlets/{service.world.outlet_id}/machines"
    machine = await service.post(path, {"serial": "甲/1 %2F?#", "certificate_no": "1"}, await service.as_enterprise())
    waybill = new_waybill()
    passed = await screened(service, waybill, machine_id=machine.json()["id"])
    url = f"/screening-labels/{quote(passed['label_serial'], safe='')}/write-offs"
    elsewhere = await asked(service, url, {"id": new_id(), "waybill": new_waybill(), "reason": "lost"})
    body = {"id": new_id(), "waybill": waybill, "reason": "damaged"}
    done, again = await asked(service, url, body), await asked(service, url, body)
    twice = await asked(service, url, body | {"id": new_id()})

    assert "-甲_1 %2F?#-" in passed["label_serial"]
    assert [one.status_code for one in (elsewhere, done, again, twice)] == [404, 201, 200, 409]
    assert (done.json()["state"], done.json()["label_text"]) == ("clear", None)


async def test_screeners_sign_on_and_off(service: Service) -> None:
    body = {"id": new_id(), "machine_id": str(service.world.machine_id)}
    on, again = await asked(service, "/shifts", body), await asked(service, "/shifts", body)
    off = await asked(service, f"/shifts/{body['id']}/ending", {})
    after = await screened(service)

    assert [one.status_code for one in (on, again, off)] == [201, 200, 201]
    assert on.json()["signed_off_at"] is None
    assert off.json()["signed_off_at"] is not None
    assert "operator_not_on_shift" in after["reservations"]


async def test_heartbeats_within_a_minute_are_one(service: Service) -> None:
    path = f"/machines/{service.world.machine_id}/heartbeats"
    answers = [await asked(service, path, {}) for _ in range(3)]
    unknown = await asked(service, f"/machines/{new_id()}/heartbeats", {})

    assert [one.status_code for one in answers].count(201) in {1, 2}, "a minute may end between them"
    assert unknown.status_code == 404


async def test_papers_are_filed_and_listed_and_end_what_was_said(service: Service) -> None:
    outlet = f"/enterprise/v1/outlets/{service.world.outlet_id}"
    machine = f"{outlet}/machines/{service.world.machine_id}/papers"
    screener = f"{outlet}/clerks/{service.world.clerk_id}/screener-papers"
    days: Body = {"valid_from": "2020-01-01", "valid_to": "2099-12-31"}
    papers: dict[str, Body] = {
        machine: days
        | {
            "certificate_no": "GB15208-1",
            "calibrated_on": "2020-01-01",
            "calibration_due_on": "2099-12-31",
            "networked": True,
            "screening_company": "示例安检有限公司",
        },
        screener: days | {"certificate_no": "A-1", "background_checked_on": "2020-01-01"},
    }
    for path, body in papers.items():
        filed = await service.post(path, body, await service.as_enterprise())
        listed = await service.http.get(path, headers=await service.as_enterprise())
        assert filed.status_code == 201, filed.text
        assert listed.json()["data"] == [filed.json()]
        assert body.items() <= filed.json().items()

    assert (await screened(service))["reservations"] == []


async def test_figures_are_told_to_the_enterprise_and_to_its_supervisor(service: Service) -> None:
    await screened(service)
    await screened(service, verdict="suspect")
    query = {"outlet_id": str(service.world.outlet_id)}
    enterprise = await service.http.get(
        "/enterprise/v1/screening-statistics", params=query, headers=await service.as_enterprise()
    )
    regulator = await service.http.get(
        "/regulator/v1/screening-statistics", params=query, headers=await service.as_regulator()
    )
    backwards = await service.http.get(
        "/enterprise/v1/screening-statistics",
        params=query | {"from": "2026-01-02", "to": "2026-01-01"},
        headers=await service.as_enterprise(),
    )

    assert enterprise.status_code == 200, enterprise.text
    assert enterprise.json() == regulator.json()
    total = enterprise.json()["total"]
    assert (total["passes"], total["share_clear"], total["share_flags_closed_in_time"]) == (2, 0.5, None)
    assert [one["staff_no"] for one in enterprise.json()["operators"]] == ["0001"]
    assert [one["serial"] for one in enterprise.json()["machines"]] == ["XR-0001"]
    assert (backwards.status_code, backwards.json()["errors"][0]["pointer"]) == (422, "query:to")
