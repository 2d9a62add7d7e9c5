"""A soak: our service at half of its peak for minutes, its memory read between the loads."""

from contextlib import AsyncExitStack

from benchmarks.contestants.ours import Ours
from benchmarks.loading import Load
from benchmarks.processes import rss_bytes
from benchmarks.rounds import Row, growth_mb_per_100_000, line_of, reason
from benchmarks.workloads.bench import Bench, Workload

CONNECTIONS = 64
_SEGMENT_S = 20.0
_PEAK_S = 5.0
_HALF = 0.5


async def soak(bench: Bench) -> Workload:
    """Measure the peak, then load at half of it, segment by segment, until the time is over."""
    async with AsyncExitStack() as stack:
        ours = await bench.ours("soak", "acceptance_api at half load")
        await bench.opened(stack, ours)
        rate = await _peak(ours) * _HALF
        rows: list[Row] = []
        accepted = 0
        for number in range(1, max(4, round(bench.plan.soak_s / _SEGMENT_S)) + 1):
            load = Load(connections=CONNECTIONS, seconds=min(_SEGMENT_S, bench.plan.soak_s / 4), rate=rate)
            found = await ours.measure(load, count=int(rate * load.seconds * 1.05) + 100)
            accepted += found["accepted"]
            memory = {"rss_bytes": rss_bytes(ours.running.pid), "accepted_so_far": accepted}
            row = {"contestant": ours.name, "load": load.name, "round": number, **found, **memory}
            rows.append(row | {"void": reason(found, load)})
            bench.say(f"{line_of(rows[-1])}  RSS {memory['rss_bytes'] / 2**20:.1f} MB")
    growth = growth_mb_per_100_000(rows)
    note = f"{accepted:,} acceptances; after the warm-up memory grew by {growth:.2f} MB per 100,000 of them."
    return Workload(name="soak", title="Soak, PostgreSQL", rows=rows, contestants={ours.name: ours.title}, notes=[note])


async def _peak(ours: Ours) -> float:
    """What it accepts in a second under a closed loop."""
    guess = await ours.measure(Load(connections=CONNECTIONS, seconds=2), count=6_000)
    count = int(guess["rate"] * _PEAK_S * 1.5) + 500
    found = await ours.measure(Load(connections=CONNECTIONS, seconds=_PEAK_S), count=count)
    return float(found["rate"])
