"""Accepting parcels on PostgreSQL: our service, the peers, and the limit, under more and more counters."""

from contextlib import AsyncExitStack
from statistics import median

from benchmarks.behaviour import require_behaviour
from benchmarks.contestants.pgbench import Pgbench
from benchmarks.contestants.served import Served
from benchmarks.loading import Load
from benchmarks.rounds import Contestant, Row, valid
from benchmarks.workloads.bench import Bench, Workload

OPEN_CONNECTIONS = 64
_HALF = 0.5


async def accept(bench: Bench) -> Workload:
    """A closed loop for the rate, then an open loop at half of the measured peak for the latency."""
    async with AsyncExitStack() as stack:
        ours = await bench.ours("ours", "acceptance_api, one process, as delivered")
        peers = [
            await bench.peer("tutorial", "P1: FastAPI, ORM session per request, SQLAlchemy-Utils", "tutorial"),
            await bench.peer("tuned", "P2: FastAPI, Core, cached AES-GCM, the same rows", "tuned"),
        ]
        if not bench.plan.is_brief:
            title = "P3: Django REST framework, encrypted fields"
            peers.append(await bench.peer("django", title, "django_rest", is_wsgi=True))
        served: list[Served] = [ours, *peers]
        await bench.opened(stack, *served)
        for contestant, url in [(ours, ours.url), *((peer, peer.url) for peer in peers)]:
            await require_behaviour(contestant, url)
        record = await ours.sample()
        limit = Pgbench(bench.directory / "limit", bench.postgresql, record)
        await limit.open()
        loads = [Load(connections=number, seconds=bench.plan.seconds) for number in bench.plan.counters]
        everybody: list[Contestant] = [*served, limit]
        rows = await bench.rounds().run(everybody, loads)
        rows += await _opened(bench, [ours] if bench.plan.is_brief else served[:3], rows, loads)
    titles = {one.name: one.title for one in served} | {limit.name: limit.title}
    notes = [f"One acceptance of ours, and one transaction of pgbench, writes {record}."]
    return Workload(name="accept", title="Accept parcels, PostgreSQL", rows=rows, contestants=titles, notes=notes)


async def _opened(bench: Bench, served: list[Served], rows: list[Row], loads: list[Load]) -> list[Row]:
    """Everybody at half of its own peak: a contestant that was never measured validly has none."""
    found: list[Row] = []
    for contestant in served:
        peak = peak_of(rows, contestant.name, loads)
        if peak:
            load = Load(connections=OPEN_CONNECTIONS, seconds=max(2.0, bench.plan.seconds), rate=peak * _HALF)
            found += await bench.rounds().run([contestant], [load])
    return found


def peak_of(rows: list[Row], contestant: str, loads: list[Load]) -> float:
    """The best median rate over the closed loads, 0 when there is none."""
    known = [valid(rows, contestant, load.name) for load in loads]
    return max((median(row["rate"] for row in some) for some in known if some), default=0.0)
