"""The masked listing over HTTP: its period, its pages, and that it shows nobody."""

from typing import Any

import httpx
import pytest

from tests.support.journeys import ADDRESSEE, SENDER, present
from tests.support.service import Service


async def listed(service: Service, **query: Any) -> httpx.Response:  # noqa: ANN401 - query parameters
    path = f"/enterprise/v1/outlets/{service.world.outlet_id}/acceptances"
    return await service.http.get(path, params=query, headers=await service.as_enterprise())


async def test_the_last_day_is_listed_page_by_page_masked(service: Service) -> None:
    presented = [await present(service) for _ in range(3)]
    first = await listed(service, limit=2)
    period = {name: first.json()[name] for name in ("since", "until")}
    second = await listed(service, limit=2, cursor=first.json()["next_cursor"], **period)

    found = [one["id"] for page in (first, second) for one in page.json()["data"]]
    assert found == [one["id"] for one in reversed(presented)]
    assert {name: second.json()[name] for name in period} == period
    assert second.json()["next_cursor"] is None
    assert first.json()["data"][0]["masked"]["sender_name"] == "欧**"
    for value in (*SENDER.secrets(), *ADDRESSEE.secrets()):
        assert value not in first.text + second.text


async def test_a_cursor_needs_the_period_it_was_made_for(service: Service) -> None:
    for _ in range(2):
        await present(service)
    page = (await listed(service, limit=1)).json()
    alone = await listed(service, cursor=page["next_cursor"])
    moved = await listed(
        service, cursor=page["next_cursor"], since="2026-11-01T00:00:00Z", until="2026-11-02T00:00:00+08:00"
    )

    assert [(fault["pointer"], fault["code"]) for fault in alone.json()["errors"]] == [
        ("query:since", "required_with_cursor"),
        ("query:until", "required_with_cursor"),
    ]
    assert (moved.status_code, moved.json()["code"]) == (400, "cursor_invalid")


@pytest.mark.parametrize(
    ("since", "until", "status"),
    [
        pytest.param("2026-01-01T00:00:00Z", "2026-04-03T00:00:00Z", 200, id="92 days"),
        pytest.param("2026-01-01T00:00:00Z", "2026-04-03T00:00:01Z", 422, id="a second more"),
        pytest.param("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", 422, id="nothing"),
        pytest.param("2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z", 422, id="backwards"),
        pytest.param("2026-01-01T00:00:00", "2026-01-02T00:00:00Z", 422, id="without an offset"),
    ],
)
async def test_a_period_has_limits(service: Service, since: str, until: str, status: int) -> None:
    answer = await listed(service, since=since, until=until)

    assert answer.status_code == status, answer.text
