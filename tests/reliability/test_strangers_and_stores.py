"""The database, the key store or the authority fails: nothing false is recorded, and the service recovers by itself."""

import asyncio
import sqlite3
import time
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import func, make_url, select, text

from acceptance_api.acceptance.tables import acceptances
from acceptance_api.http.tables import idempotency_keys
from acceptance_api.identity.sandbox_http import DEMO_CREDENTIALS, Mode
from acceptance_api.kernel.database import Database
from acceptance_api.main import create_app
from tests.support import journeys
from tests.support.authorities import closed_address, running_sandbox
from tests.support.service import Service, running_service, settings_for

PARCELS, VERIFICATIONS = "/counter/v1/acceptances", "/counter/v1/verifications"
BAD_DAYS = (Mode.SLOW, Mode.DOWN, Mode.MALFORMED, Mode.SOURCE_ERROR, Mode.HUGE, Mode.REDIRECT, Mode.WRONG_SCHEMA)
_TERMINATE = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def _asking(url: str) -> dict[str, Any]:
    return {
        "authority": "alibaba",
        "authority_url": url,
        "authority_key_id": DEMO_CREDENTIALS.key_id,
        "authority_secret": DEMO_CREDENTIALS.secret,
        "authority_timeout_s": 0.3,
    }


async def test_no_bad_day_of_the_authority_verifies_anybody(database_url: str, tmp_path: Path) -> None:
    with running_sandbox() as sandbox:
        async with running_service(database_url, tmp_path, **_asking(sandbox.url)) as service:
            for mode in BAD_DAYS:
                sandbox.behave(mode, delay_s=2)
                await _is_held(service, mode)


async def test_an_authority_that_is_gone_verifies_nobody(database_url: str, tmp_path: Path) -> None:
    async with running_service(database_url, tmp_path, **_asking(closed_address())) as service:
        await _is_held(service, "gone")


async def test_an_authority_that_answers_verifies(database_url: str, tmp_path: Path) -> None:
    with running_sandbox() as sandbox:
        async with running_service(database_url, tmp_path, **_asking(sandbox.url)) as service:
            verified = await journeys.verify(service)
            decided = await _presented(service, verified["id"])

    assert (verified["status"], verified["answer"], decided["outcome"]) == ("passed", "match", "accepted")


async def test_the_counter_keeps_working_while_the_authority_is_slow(database_url: str, tmp_path: Path) -> None:
    with running_sandbox() as sandbox:
        changes = _asking(sandbox.url) | {"authority_timeout_s": 3.0}
        async with running_service(database_url, tmp_path, **changes) as service:
            sandbox.behave(Mode.SLOW, delay_s=1.5)
            slow = [asyncio.create_task(journeys.verify(service)) for _ in range(16)]
            while not sandbox.questions():  # noqa: ASYNC110 - it lives in another thread
                await asyncio.sleep(0.01)
            answers = [await service.post(PARCELS, journeys.parcel_of(), await service.as_counter()) for _ in range(10)]
            assert not any(one.done() for one in slow)
            await asyncio.gather(*slow)

    assert {answer.status_code for answer in answers} == {201}


async def test_connections_that_the_server_ends_are_replaced(postgresql_url: str, tmp_path: Path) -> None:
    other = Database(postgresql_url)
    async with running_service(postgresql_url, tmp_path) as service:
        bodies = [journeys.parcel_of(waybill=f"EX{number:012}") for number in range(60)]
        await service.as_counter()
        sending = asyncio.gather(*(_insisted(service, body) for body in bodies))
        for _ in range(5):
            await asyncio.sleep(0.05)
            async with other.transaction() as tx:
                await tx.execute(_TERMINATE)
        answers = await sending
        await other.dispose()

        statuses = [status for answer in answers for status in answer]
        assert {answer[-1] for answer in answers} <= {200, 201}
        assert set(statuses) <= {200, 201, 503}
        assert await _count(service) == len(bodies)
        assert (await service.http.get("/readyz")).status_code == 200


async def test_a_server_that_does_not_answer_is_told_as_such(tmp_path: Path, postgresql_url: str) -> None:
    async with running_service(postgresql_url, tmp_path) as service:
        headers = await service.as_counter()
        gone = make_url(postgresql_url).update_query_dict({"host": str(tmp_path)}).render_as_string(hide_password=False)
        app = create_app(settings_for(gone, tmp_path))
        async with app.router.lifespan_context(app), _client(app) as http:
            answer = await http.post(PARCELS, json=journeys.parcel_of(), headers=headers)
            ready = await http.get("/readyz")

    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
    assert int(answer.headers["Retry-After"]) >= 1
    assert (ready.status_code, ready.json()["checks"]["database"]) == (503, "unavailable")


async def test_a_file_that_another_process_locks_is_told_as_such(tmp_path: Path, sqlite_url: str) -> None:
    async with running_service(sqlite_url, tmp_path) as service:
        headers, body = await service.as_counter(), journeys.parcel_of()
        locking = sqlite3.connect(make_url(sqlite_url).database or "", isolation_level=None)
        locking.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        refused, read = await asyncio.gather(
            service.post(PARCELS, body, headers),
            service.http.get("/counter/v1/goods", params={"q": "电池"}, headers=headers),
        )
        took_s = time.monotonic() - began
        locking.close()
        answer = await service.post(PARCELS, body, headers)

    assert (refused.status_code, refused.json()["code"]) == (503, "database_unavailable")
    assert int(refused.headers["Retry-After"]) >= 1
    assert took_s < 6
    assert (read.status_code, answer.status_code) == (200, 201)


async def test_without_keys_nothing_is_recorded(database_url: str, tmp_path: Path) -> None:
    async with running_service(database_url, tmp_path) as service:
        headers = await service.as_counter()
        # A process that has started, but has no enterprise's keys in memory yet.
        app = create_app(settings_for(database_url, tmp_path))
        async with app.router.lifespan_context(app), _client(app) as http:
            (tmp_path / "keys").rename(tmp_path / "elsewhere")
            (tmp_path / "keys").touch()  # a disk that is broken, not one that is empty
            refused = [
                await http.post(PARCELS, json=journeys.parcel_of(), headers=headers),
                await http.post(VERIFICATIONS, json=journeys.verification_of(), headers=headers),
            ]
            ready = await http.get("/readyz")
            kept = await _count(service), await _count(service, idempotency_keys)
            (tmp_path / "keys").unlink()
            (tmp_path / "elsewhere").rename(tmp_path / "keys")
            answer = await http.post(PARCELS, json=journeys.parcel_of(), headers=headers)

    assert [(one.status_code, one.json()["code"]) for one in refused] == [(503, "keys_unavailable")] * 2
    assert all(int(one.headers["Retry-After"]) >= 1 for one in refused)
    assert (ready.status_code, ready.json()["checks"]["keys"]) == (503, "unavailable")
    assert kept == (0, 0)
    assert answer.status_code == 201


async def _is_held(service: Service, case: str) -> None:
    verified = await journeys.verify(service)
    decided = await _presented(service, verified["id"])
    assert verified["status"] == "unconfirmed", (case, verified)
    assert (decided["outcome"], len(decided["grounds"])) == ("held", 1), (case, decided)


async def _presented(service: Service, verification_id: str) -> dict[str, Any]:
    """A parcel for which all else is in order: its decision."""
    inspected = await journeys.inspect(service)
    body = journeys.parcel_of(
        verification_id=verification_id, inspection_id=inspected["id"], waybill=inspected["waybill"]
    )
    answer = await service.post(PARCELS, body, await service.as_counter())
    decision: dict[str, Any] = answer.json()["decision"]
    return decision


async def _insisted(service: Service, body: dict[str, Any]) -> list[int]:
    """Every status until it is answered for good."""
    headers, statuses = await service.as_counter(), []
    while True:
        answer = await service.post(PARCELS, body, headers)
        statuses.append(answer.status_code)
        if answer.status_code != 503:
            return statuses
        await asyncio.sleep(0.05)


def _client(app: Any) -> httpx.AsyncClient:  # noqa: ANN401 - any ASGI application
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://service")


async def _count(service: Service, table: Any = acceptances) -> int:  # noqa: ANN401 - a table
    async with service.office.database.read() as tx:
        return int((await tx.execute(select(func.count()).select_from(table))).scalar_one())
