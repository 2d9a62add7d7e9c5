"""A process that dies under load loses nothing that was answered, and repeats nothing that was asked again."""

import asyncio
import signal
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Table, func, select

from acceptance_api.acceptance.tables import acceptances, decisions
from acceptance_api.audit import Action
from acceptance_api.audit.tables import audit_entries
from acceptance_api.http.tables import idempotency_keys
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.ids import new_uuid
from tests.reliability.running import Till, running_server
from tests.support.journeys import parcel_of, verification_of

PARCELS, VERIFICATIONS = "/counter/v1/acceptances", "/counter/v1/verifications"
COUNTERS = 16


@pytest.mark.parametrize("kills", [2, pytest.param(40, marks=pytest.mark.long)])
async def test_kill_9_under_load_loses_nothing_and_repeats_nothing(
    database_url: str, tmp_path: Path, kills: int
) -> None:
    async with running_server(database_url, tmp_path) as (server, till):
        is_over = asyncio.Event()
        at_work = [asyncio.create_task(_counter(till, is_over)) for _ in range(COUNTERS)]
        for _ in range(kills):
            await asyncio.sleep(1.2)
            await server.stop(signal.SIGKILL)
            await server.start()
        await asyncio.sleep(0.5)
        is_over.set()
        answered = [one for counter in await asyncio.gather(*at_work) for one in counter]

    assert len(answered) == len(set(answered)) > 50 * kills
    assert await _stored(database_url, acceptances) == sorted(answered)
    assert await _counted(database_url) == dict.fromkeys(("acceptances", "decisions", "entries", "keys"), len(answered))


async def test_a_stop_answers_what_is_in_flight(database_url: str, tmp_path: Path) -> None:
    async with running_server(database_url, tmp_path) as (server, till):
        await asyncio.gather(*(till.http.get("/healthz") for _ in range(COUNTERS)))  # as many open connections
        bodies = [verification_of() for _ in range(COUNTERS)]
        in_flight = [
            asyncio.create_task(till.http.post(VERIFICATIONS, json=body, headers=till.headers())) for body in bodies
        ]
        await _until_one_is_answered(in_flight)
        began = asyncio.get_running_loop().time()
        code = await server.stop(signal.SIGTERM)
        took_s = asyncio.get_running_loop().time() - began
        answers = await asyncio.gather(*in_flight)

    assert {answer.status_code for answer in answers} == {201}
    assert took_s < 10
    assert code in {0, -signal.SIGTERM}


async def _counter(till: Till, is_over: asyncio.Event) -> list[str]:
    """One counter's work: a parcel after another, each sent until it is answered."""
    answered = []
    while not is_over.is_set():
        body = parcel_of(waybill=f"EX{new_uuid().hex[-20:].upper()}")
        answer = await till.insist(PARCELS, body)
        assert answer.status_code in {200, 201}, answer.text
        assert answer.json()["id"] == body["id"]
        answered.append(body["id"])
    return answered


async def _until_one_is_answered(in_flight: list[asyncio.Task[httpx.Response]]) -> None:
    await asyncio.wait(in_flight, return_when=asyncio.FIRST_COMPLETED)


async def _stored(database_url: str, table: Table) -> list[str]:
    database = Database(database_url)
    async with database.read() as tx:
        found = sorted(str(one) for one in (await tx.execute(select(table.c.id))).scalars())
    await database.dispose()
    return found


async def _counted(database_url: str) -> dict[str, int]:
    decided = audit_entries.c.action == Action.ACCEPTANCE_DECIDED.value
    questions = {
        "acceptances": select(func.count()).select_from(acceptances),
        "decisions": select(func.count()).select_from(decisions),
        "entries": select(func.count()).select_from(audit_entries).where(decided),
        "keys": select(func.count()).select_from(idempotency_keys),
    }
    database = Database(database_url)
    async with database.read() as tx:
        counted = {name: int((await tx.execute(one)).scalar_one()) for name, one in questions.items()}
    await database.dispose()
    return counted
