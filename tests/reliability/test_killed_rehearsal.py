"""A worker that is killed in the middle of a rehearsal: the next one goes on, and every decision counts once."""

import asyncio
import signal
from pathlib import Path
from typing import Any

import httpx
import pytest

from acceptance_api.acceptance.rehearsing import PIECE
from acceptance_api.access import Audience
from tests.acceptance.layered import EVERYTHING
from tests.acceptance.rehearsed import HOUR, Archive, archive_of, find_only
from tests.http.rule_desks import Desk, a_desk
from tests.reliability.test_worker import ENDED, worker
from tests.support.journeys import present
from tests.support.service import Service, running_service

BASE = "/regulator/v1/campaigns"
PLACE = "/drill/editions/1/rehearsals"


@pytest.mark.parametrize("kills", [1, pytest.param(10, marks=pytest.mark.long)])
async def test_kill_9_of_workers_in_the_middle_of_a_rehearsal_counts_every_decision_once(
    database_url: str, tmp_path: Path, kills: int
) -> None:
    parcels = (kills + 2) * PIECE  # the last worker has something left to do
    async with running_service(database_url, tmp_path) as service:
        desk = await proposed(service)
        place = await asked(desk, await filled(service, parcels - 1))
        seen = [0]
        for _ in range(kills):
            async with worker(database_url, tmp_path) as process:
                seen.append(await until_more(desk, place, than=seen[-1]))
                process.send_signal(signal.SIGKILL)
                assert await process.wait() == -signal.SIGKILL
        killed = await told(desk, place)
        async with worker(database_url, tmp_path):
            done = await until_ended(desk, place)

    assert killed["state"] == "running"
    assert 0 < killed["seen"] < parcels
    assert (done["state"], done["seen"], done["total"]) == ("finished", parcels, parcels)
    assert done["findings"]["totals"]["would_hold"] == parcels
    assert [one["seen"] for one in done["findings"]["outlets"]] == [parcels]


async def filled(service: Service, copies: int) -> Archive:
    """A counter's parcel, and so many like it that a rehearsal takes a while."""
    await present(service)
    archive = await archive_of(service.office.database, await find_only(service.office.database))
    at = archive.acceptance["recorded_at"]
    await archive.add([at - HOUR] * copies)
    return archive


async def proposed(service: Service) -> Desk:
    """The desk of an agency that has proposed a campaign."""
    desk = await a_desk(service, Audience.REGULATOR, BASE)
    frame = {"name": "drill", "starts_at": "2098-01-01T00:00:00+08:00", "content": EVERYTHING, "by": "O-1"}
    answer = await desk.post("", frame)
    assert answer.status_code == 201, answer.text
    return desk


async def asked(desk: Desk, archive: Archive) -> str:
    """Ask for a rehearsal; where it is."""
    at = archive.acceptance["recorded_at"]
    body = {
        "id": str(archive.acceptance["id"]),
        "since": (at - 24 * HOUR).isoformat(),
        "until": (at + HOUR).isoformat(),
    }
    answer: httpx.Response = await desk.post(PLACE, body)
    assert answer.status_code == 202, answer.text
    return f"{PLACE}/{answer.json()['id']}"


async def told(desk: Desk, place: str) -> dict[str, Any]:
    """How far a rehearsal has come."""
    answer = await desk.get(place)
    one: dict[str, Any] = answer.json()
    return one


async def until_more(desk: Desk, place: str, *, than: int) -> int:
    """Wait until more was looked at; how much."""
    async with asyncio.timeout(60):
        while (seen := (await told(desk, place))["seen"]) <= than:  # noqa: ASYNC110 - another process has no event of ours
            await asyncio.sleep(0.01)
    return int(seen)


async def until_ended(desk: Desk, place: str) -> dict[str, Any]:
    """Wait until a rehearsal has come to its end."""
    async with asyncio.timeout(120):
        while (one := await told(desk, place))["state"] not in ENDED:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    return one
