"""The server of the drills keeps what it committed, and leaves nothing behind: the drills are worth no more than it."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from tests.support.durable_postgresql import DURABLE, DurableServer
from tests.support.postgresql_binaries import ServerFailed

OPTIONS = {"work_mem": "7MB", "cluster_name": "it's ours"}
OWNER = """
import time
from tests.support.durable_postgresql import DurableServer
with DurableServer() as server:
    {first}
    print(server.directory, server.pid, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def server() -> Iterator[DurableServer]:
    with DurableServer(OPTIONS) as running:
        yield running


async def test_it_loses_nothing_that_it_committed_and_runs_as_it_was_told(server: DurableServer) -> None:
    await _run(server, "CREATE TABLE kept (x int)")
    for number in range(3):
        await _run(server, f"INSERT INTO kept VALUES ({number})")  # noqa: S608 - ours
        before = server.pid
        await asyncio.to_thread(server.kill)
        assert server.pid is None
        await asyncio.to_thread(server.start)
        assert server.pid not in {None, before}
    await asyncio.to_thread(server.stop, "immediate")
    await asyncio.to_thread(server.restart)
    await asyncio.to_thread(server.restart)

    assert await _run(server, "SELECT count(*) FROM kept") == 3
    for name, value in {**DURABLE, **OPTIONS}.items():
        assert await _run(server, f"SHOW {name}") == value


def test_a_setting_that_postgresql_does_not_know_is_told() -> None:
    with pytest.raises(ServerFailed, match="no_such_setting"), DurableServer({"no_such_setting": "1"}):
        pass


@pytest.mark.parametrize("first", ["pass", "server.kill(); server.start()"], ids=["started", "killed and started"])
def test_it_is_gone_when_its_owner_is_killed(first: str) -> None:
    with subprocess.Popen(  # noqa: S603 - this interpreter, fixed text
        [sys.executable, "-c", OWNER.format(first=first)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    ) as owner:
        assert owner.stdout is not None
        directory, process = map(Path, owner.stdout.readline().decode().split())
        assert (directory / "data").is_dir()
        assert (Path("/proc") / process).exists()
        owner.kill()

    deadline = time.monotonic() + 20
    while directory.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert not (Path("/proc") / process).exists()


async def _run(server: DurableServer, statement: str) -> object:
    connection = await asyncpg.connect(host=str(server.directory), user="postgres", database="postgres")
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()
