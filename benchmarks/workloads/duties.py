"""What our duties cost: the service as it is, without its audit entry, and without its checks at the edge."""

from contextlib import AsyncExitStack

from benchmarks.loading import Load
from benchmarks.parcels import INVALID, REPEATS
from benchmarks.workloads.bench import Bench, Workload

COUNTERS = (64,)


async def compare_duties(bench: Bench) -> Workload:
    """All three under the same load. A variant serves only what is in order, so that nothing else is sent here."""
    async with AsyncExitStack() as stack:
        variants = [
            await bench.ours("whole", "acceptance_api, every duty on"),
            await bench.ours("unaudited", "without the audit entry", arguments=_without("audit")),
            await bench.ours(
                "bare", "without token, clerk, limits, headers, metrics, log", arguments=_without("duties")
            ),
        ]
        for variant in variants:
            variant.is_orderly = True
        await bench.opened(stack, *variants)
        loads = [Load(connections=number, seconds=bench.plan.seconds) for number in COUNTERS]
        rows = await bench.rounds().run(variants, loads)
    titles = {one.name: one.title for one in variants}
    note = f"No repeats ({REPEATS:.0%}) and no invalid bodies ({INVALID:.0%}) here: a bare variant cannot refuse them."
    return Workload(
        name="duties", title="What the duties cost, PostgreSQL", rows=rows, contestants=titles, notes=[note]
    )


def _without(duty: str) -> tuple[str, ...]:
    return ("-m", "benchmarks.ours", "--without", duty, "--port", "{port}")
