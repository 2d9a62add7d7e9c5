"""A process that dies under load loses nothing that was answered, and repeats nothing that was asked again."""

import asyncio
import signal
from pathlib import Path

import httpx

from tests.reliability.counters import books_of
from tests.reliability.running import running_server
from tests.reliability.striking import Target, drill, migrated
from tests.support.journeys import verification_of

VERIFICATIONS = "/counter/v1/verifications"
COUNTERS = 16


async def test_kill_9_of_the_service_loses_nothing_and_repeats_nothing(sqlite_url: str, tmp_path: Path) -> None:
    async with running_server(sqlite_url, tmp_path) as (server, till):
        report = await drill(server, till, None, strikes=[Target.SERVICE] * 2, seed=1, counters=COUNTERS)

    assert len(report.answered) > 50, report
    assert (await books_of(sqlite_url)).faults(report.answered) == []


async def test_kill_9_of_postgresql_too_loses_nothing_and_the_service_recovers_by_itself(tmp_path: Path) -> None:
    strikes = [Target.DATABASE, Target.SERVICE] * 2
    async with (
        migrated() as database,
        running_server(database.url, tmp_path, ACCEPTANCE_UNSAFE_DATABASE="false") as (server, till),
    ):
        report = await drill(server, till, database, strikes=strikes, seed=1, counters=COUNTERS)
        books = await books_of(database.url)

    assert len(report.answered) > 50, report
    assert books.faults(report.answered) == []
    assert max(report.recoveries_s) < 5, report  # this machine may be busy; `make chaos` measures, and allows 2


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


async def _until_one_is_answered(in_flight: list[asyncio.Task[httpx.Response]]) -> None:
    await asyncio.wait(in_flight, return_when=asyncio.FIRST_COMPLETED)
