"""Safety agreements over the wire: renewed, ended, checked, about to expire; what share of their parcels was chosen."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.ids import new_uuid
from tests.http.enterprise.test_enterprise import AGREEMENT, get, post
from tests.support.service import Service


async def added(service: Service, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    answer = await post(service, "/agreements", AGREEMENT | {"filing_no": str(new_uuid())} | changes)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_an_agreement_says_what_it_covers_and_how_much_is_sampled(service: Service) -> None:
    copy = "ab" * 32
    made = await added(service, goods=["R-18", "G"], sampling_ratio="0.25", representative_id_copy=copy)
    plain = await added(service)
    read = await get(service, f"/agreements/{made['id']}")

    assert (made["goods"], made["sampling_ratio"], made["representative_id_copy"]) == (["G", "R-18"], "0.25", copy)
    assert read.json() == made
    assert (plain["goods"], plain["sampling_ratio"]) == ([], "0.05")
    assert (await get(service, f"/agreements/{new_uuid()}")).status_code == 404


async def test_agreements_about_to_expire_are_listed_until_they_are_renewed(service: Service) -> None:
    today = legal_day(service.office.clock.now())
    soon = await added(service, valid_from="2020-01-01", valid_to=str(today + timedelta(days=20)))
    later = await added(service, valid_from="2020-01-01", valid_to=str(today + timedelta(days=40)))

    async def expiring(days: int) -> list[str]:
        answer = await get(service, "/agreements", {"expiring_within_days": str(days)})
        return [one["id"] for one in answer.json()["data"]]

    before = [await expiring(days) for days in (10, 30, 60)]
    new = await added(service, supersedes=soon["id"], valid_from=str(today), valid_to=str(today + timedelta(days=400)))
    old = (await get(service, f"/agreements/{soon['id']}")).json()

    assert (soon["expires_soon"], later["expires_soon"]) == (True, False)
    assert before == [[], [soon["id"]], [soon["id"], later["id"]]]
    assert await expiring(60) == [later["id"]]
    assert (old["superseded_by"], old["superseded_from"], old["expires_soon"]) == (new["id"], str(today), False)
    assert new["supersedes"] == soon["id"]


async def test_a_page_of_expiring_agreements_continues_with_its_own_filter_only(service: Service) -> None:
    today = legal_day(service.office.clock.now())
    for _ in range(2):
        await added(service, valid_from="2020-01-01", valid_to=str(today))
    first = (await get(service, "/agreements", {"expiring_within_days": "1", "limit": "1"})).json()
    cursor = {"cursor": first["next_cursor"], "limit": "1"}
    second = await get(service, "/agreements", cursor | {"expiring_within_days": "1"})
    other = await get(service, "/agreements", cursor)

    assert first["has_more"]
    assert second.status_code == 200
    assert first["data"][0]["id"] < second.json()["data"][0]["id"]
    assert other.json()["code"] == "cursor_invalid"


async def test_an_agreement_is_ended_with_a_reason(service: Service) -> None:
    made = await added(service)
    path = f"/agreements/{made['id']}/endings"
    ended = await post(service, path, {"reason": "breach"})
    again = await post(service, path, {"reason": "customer_left"})
    unknown = await post(service, f"/agreements/{new_uuid()}/endings", {"reason": "breach"})
    senseless = await post(service, path, {"reason": "boredom"})

    assert (ended.status_code, ended.json()["ended_reason"]) == (201, "breach")
    assert ended.json()["ended_at"] is not None
    assert again.json() == ended.json()
    assert (unknown.status_code, senseless.status_code) == (404, 422)


async def test_a_check_is_remembered(service: Service) -> None:
    made = await added(service)
    today = legal_day(service.office.clock.now())
    path = f"/agreements/{made['id']}/checks"
    checked = await post(service, path, {"checked_on": str(today)})
    early = await post(service, path, {"checked_on": str(today + timedelta(days=1))})

    assert (made["last_checked_on"], checked.json()["last_checked_on"]) == (None, str(today))
    assert (early.status_code, early.json()["errors"][0]["pointer"]) == (422, "/checked_on")


async def test_shares_are_told_of_the_days_asked_for(service: Service) -> None:
    path = f"/agreements/{(await added(service))['id']}/sampling"
    answer = await get(service, path)
    backwards = await get(service, path, {"since": "2026-02-01", "until": "2026-01-01"})

    assert answer.json() | {"agreement_id": None, "until": None} == {
        "agreement_id": None,
        "since": "2026-01-01",
        "until": None,
        "sampling_ratio": "0.05",
        "parcels": 0,
        "sampled": 0,
        "inspected": 0,
        "sampled_and_inspected": 0,
        "sampled_share": None,
        "inspected_share": None,
    }
    assert backwards.status_code == 422
    assert (await get(service, f"/agreements/{new_uuid()}/sampling")).status_code == 404


@pytest.mark.parametrize("ratio", ["0.00001", "1.1", "-0.1", "1e-2", "0.001", True, "NaN", "０.5"])
async def test_a_ratio_is_a_plain_share_no_smaller_than_the_least(embedded: Service, ratio: object) -> None:
    answer: httpx.Response = await post(embedded, "/agreements", AGREEMENT | {"sampling_ratio": ratio})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/sampling_ratio")
