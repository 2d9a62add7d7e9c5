"""Batches of five hundred, beside COPY."""

from contextlib import AsyncExitStack

from benchmarks.contestants.batches import Batches
from benchmarks.contestants.copying import Copying
from benchmarks.loading import Load
from benchmarks.workloads.bench import Bench, Workload

CONNECTIONS = 2


async def batch(bench: Bench) -> Workload:
    """Two offline counters that deliver their day, and two connections that COPY prepared rows."""
    async with AsyncExitStack() as stack:
        ours = await bench.ours("batching", "acceptance_api")
        await bench.opened(stack, ours)
        batches, limit = Batches(ours), Copying(bench.postgresql, await ours.sample())
        await limit.open()
        rounds = bench.rounds()
        rounds.guess = 6_000.0
        rows = await rounds.run([batches, limit], [Load(connections=CONNECTIONS, seconds=bench.plan.seconds)])
    titles = {one.name: one.title for one in (batches, limit)}
    return Workload(name="batch", title="Batches of 500, PostgreSQL", rows=rows, contestants=titles)
