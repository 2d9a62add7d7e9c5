"""The worker as a process of its own: it may be killed, it stops in order, and it ends with its service."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Table, func, select

from acceptance_api.acceptance.tables import acceptances
from acceptance_api.audit import Action
from acceptance_api.audit.tables import audit_entries
from acceptance_api.demo.world import World
from acceptance_api.imports.splitting import CHUNK_LINES_MAX
from acceptance_api.imports.tables import import_chunks, import_records
from acceptance_api.kernel.clock import SystemClock
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.ids import new_uuid
from tests.reliability.running import running_server, token_of
from tests.support.journeys import parcel_of
from tests.support.service import Service, running_service

LINES = 3 * CHUNK_LINES_MAX
ENDED = {"finished", "failed", "cancelled"}
QUICK = {"ACCEPTANCE_WORKER_POLL_S": "0.05", "ACCEPTANCE_WORKER_LEASE_S": "1"}


@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.long)])
async def test_kill_9_of_workers_in_the_middle_of_an_import_loses_nothing_and_repeats_nothing(
    database_url: str, tmp_path: Path, kills: int
) -> None:
    async with running_service(database_url, tmp_path) as service:
        place = await loaded(service.http, await service.as_enterprise(), service.world)
        uncounted = []
        for kill in range(kills):
            async with worker(database_url, tmp_path) as process:
                await until(service, recorded=(kill + 1) * LINES // (kills + 2) - 17)
                process.send_signal(signal.SIGKILL)
                assert await process.wait() == -signal.SIGKILL
                uncounted.append(
                    await counted_in(service, acceptances) - (await told(service, place))["lines"]["processed"]
                )
        async with worker(database_url, tmp_path):
            done = await until_ended(service, place)

    assert any(uncounted), "nobody was killed in the middle of a chunk"
    assert done["state"] == "finished"
    assert done["lines"] == {
        "received": LINES,
        "processed": LINES,
        "accepted": 0,
        "held": 0,
        "refused": LINES,
        "repeated": 0,
        "faulty": 0,
    }
    decided = select(func.count()).where(audit_entries.c.action == Action.ACCEPTANCE_DECIDED.value)
    assert await counted(database_url, acceptances, import_chunks, import_records) == [LINES, 0, 0]
    assert await answered(database_url, decided) == LINES


async def test_a_worker_that_is_stopped_finishes_its_chunk_and_leaves_the_rest_to_the_next(
    database_url: str, tmp_path: Path
) -> None:
    async with running_service(database_url, tmp_path) as service:
        place = await loaded(service.http, await service.as_enterprise(), service.world)
        async with worker(database_url, tmp_path) as process:
            await until(service, recorded=1)
            process.send_signal(signal.SIGTERM)
            code = await process.wait()
        left = await told(service, place)
        waiting = await answered(database_url, select(func.sum(import_chunks.c.lines)))
        made = await counted(database_url, acceptances, import_records)
        async with worker(database_url, tmp_path):
            done = await until_ended(service, place)

    assert code == 0
    assert left["state"] == "queued", "no lease has to lapse"
    assert 0 < left["lines"]["processed"] == LINES - waiting, "the chunk at hand was finished, and no more"
    assert made == [left["lines"]["processed"], 0]
    assert done["lines"]["refused"] == LINES


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
async def test_the_service_brings_a_worker_with_it_that_ends_with_it(
    database_url: str, tmp_path: Path, how: signal.Signals
) -> None:
    async with running_server(database_url, tmp_path, **QUICK) as (server, till):
        assert server.process is not None
        token = await token_of(till.http, till.world.enterprise)
        given = {"Authorization": f"Bearer {token}"}
        place = await loaded(till.http, given | {"Idempotency-Key": "1"}, till.world, lines=50)
        while (said := (await till.http.get(place, headers=given)).json())["state"] not in ENDED:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        (beside,) = await children_of(server.process.pid)
        code = await server.stop(how)
        async with asyncio.timeout(10):
            while is_there(beside):  # noqa: ASYNC110 - another process has no event of ours
                await asyncio.sleep(0.05)

    assert (said["state"], said["lines"]["refused"]) == ("finished", 50)
    assert code == (0 if how is signal.SIGTERM else -how)


async def test_a_worker_that_dies_beside_the_service_is_replaced(sqlite_url: str, tmp_path: Path) -> None:
    async with running_server(sqlite_url, tmp_path, **QUICK) as (server, _):
        assert server.process is not None
        (first,) = await children_of(server.process.pid)
        os.kill(first, signal.SIGKILL)
        async with asyncio.timeout(20):
            while (found := await children_of(server.process.pid)) in ([first], []):  # noqa: ASYNC110
                await asyncio.sleep(0.2)

    assert len(found) == 1


async def test_a_worker_takes_less_of_the_machine_than_the_service(sqlite_url: str, tmp_path: Path) -> None:
    async with running_server(sqlite_url, tmp_path, **QUICK) as (server, _):
        assert server.process is not None
        (beside,) = await children_of(server.process.pid)
        async with asyncio.timeout(20):
            while os.getpriority(os.PRIO_PROCESS, beside) == 0:  # noqa: ASYNC110 - it starts
                await asyncio.sleep(0.05)

        assert os.getpriority(os.PRIO_PROCESS, beside) > os.getpriority(os.PRIO_PROCESS, server.process.pid)


@asynccontextmanager
async def worker(database_url: str, directory: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """A worker on its own, killed at the end."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ACCEPTANCE_")}
    environment |= {
        "ACCEPTANCE_DATABASE_URL": database_url,
        "ACCEPTANCE_KEY_DIRECTORY": str(directory / "keys"),
        "ACCEPTANCE_LOG_LEVEL": "critical",
        "ACCEPTANCE_UNSAFE_DATABASE": "true",
        **QUICK,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "acceptance_api", "worker", cwd=directory, env=environment
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def loaded(http: httpx.AsyncClient, headers: dict[str, str], world: World, *, lines: int = LINES) -> str:
    """Load a file of parcels that will be refused; where the import is."""
    told = [
        {
            "outlet_id": str(world.outlet_id),
            "clerk_id": str(world.clerk_id),
            "occurred_at": SystemClock().now().isoformat(),
            "sequence": number,
            "acceptance": parcel_of(waybill=f"EX{new_uuid().hex[-20:].upper()}"),
        }
        for number in range(1, lines + 1)
    ]
    content = "\n".join(json.dumps(line) for line in told)
    answer = await http.post(
        "/enterprise/v1/imports", content=content, headers=headers | {"Content-Type": "application/x-ndjson"}
    )
    assert answer.status_code == 202, answer.text
    return str(answer.headers["Location"])


async def told(service: Service, place: str) -> dict[str, Any]:
    """How far an import has come."""
    answer = await service.http.get(place, headers=await service.as_enterprise())
    one: dict[str, Any] = answer.json()
    return one


async def until(service: Service, *, recorded: int) -> None:
    """Wait until so many records are made, whether they are counted or not."""
    async with asyncio.timeout(60):
        while await counted_in(service, acceptances) < recorded:  # noqa: ASYNC110 - another process has no event of ours
            await asyncio.sleep(0.01)


async def until_ended(service: Service, place: str) -> dict[str, Any]:
    """Wait until an import has come to its end."""
    async with asyncio.timeout(120):
        while (one := await told(service, place))["state"] not in ENDED:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    return one


async def counted_in(service: Service, table: Table) -> int:
    """How many rows a table has."""
    async with service.office.database.read() as tx:
        return int((await tx.execute(select(func.count()).select_from(table))).scalar_one())


async def counted(database_url: str, *tables: Table) -> list[int]:
    """How many rows each table has."""
    return [await answered(database_url, select(func.count()).select_from(table)) for table in tables]


async def answered(database_url: str, question: Any) -> int:  # noqa: ANN401 - a statement
    """A number from the database."""
    database = Database(database_url)
    async with database.read() as tx:
        number = int((await tx.execute(question)).scalar_one())
    await database.dispose()
    return number


async def children_of(pid: int) -> list[int]:
    """The processes that a process has started and that still run."""
    listing = await asyncio.create_subprocess_exec("ps", "-eo", "pid=,ppid=,stat=", stdout=asyncio.subprocess.PIPE)
    lines, _ = await listing.communicate()
    rows = (line.split() for line in lines.decode().splitlines())
    return [int(child) for child, parent, state in rows if int(parent) == pid and not state.startswith("Z")]


def is_there(pid: int) -> bool:
    """Whether a process runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
