"""Accepting parcels on SQLite: grouped commits, one commit for each record with the same writer, and the tutorial."""

from contextlib import AsyncExitStack

from benchmarks.behaviour import require_behaviour
from benchmarks.contestants.ours import Ours
from benchmarks.contestants.peer import Peer, uvicorn_of
from benchmarks.loading import Load
from benchmarks.postgresql import NotDurable, filesystem_of
from benchmarks.workloads.bench import Bench, Workload

COUNTERS = (16, 64)
_IN_MEMORY = {"tmpfs", "ramfs"}
ALONE = {"ACCEPTANCE_COMMIT_TOGETHER_MAX": "1"}
"""The same writer, but it commits each record by itself."""


async def accept_embedded(bench: Bench) -> Workload:
    """Everybody with `synchronous=FULL` and a write-ahead log."""
    if filesystem_of(bench.directory) in _IN_MEMORY:
        raise NotDurable("the SQLite files would lie in memory: set TMPDIR to a directory on a disk")
    async with AsyncExitStack() as stack:
        ours = _ours(bench, "grouped", "acceptance_api on SQLite, as delivered", {})
        alone = _ours(bench, "alone", "acceptance_api on SQLite, one commit for each record", ALONE)
        tutorial = Peer(
            "tutorial",
            "P1 on SQLite (aiosqlite)",
            bench.directory / "embedded-tutorial",
            _url(bench, "embedded-tutorial"),
            database_pid=None,
            arguments=uvicorn_of("tutorial"),
        )
        await bench.opened(stack, ours, alone, tutorial)
        for contestant, url in ((ours, ours.url), (alone, alone.url), (tutorial, tutorial.url)):
            await require_behaviour(contestant, url)
        loads = [Load(connections=number, seconds=bench.plan.seconds) for number in COUNTERS]
        rows = await bench.rounds().run([ours, alone, tutorial], loads)
    titles = {one.name: one.title for one in (ours, alone, tutorial)}
    return Workload(name="sqlite", title="Accept parcels, SQLite", rows=rows, contestants=titles)


def _ours(bench: Bench, name: str, title: str, settings: dict[str, str]) -> Ours:
    place = bench.directory / f"embedded-{name}"
    return Ours(name, title, place, _url(bench, place.name), database_pid=None, settings=settings)


def _url(bench: Bench, name: str) -> str:
    return f"sqlite+aiosqlite:///{bench.directory}/{name}/acceptance.db"
