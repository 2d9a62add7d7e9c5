"""Searching by ID number in a small archive and in a large one, in turn."""

from contextlib import AsyncExitStack

from benchmarks.contestants.archive import PARCELS_EACH, PEOPLE, Archive
from benchmarks.contestants.asked import Asked
from benchmarks.loading import Expected, Load
from benchmarks.workloads.bench import Bench, Workload

FOUND = Expected(status=200, mark='"acceptance_id":', marks=PARCELS_EACH)


async def search(bench: Bench) -> Workload:
    """One officer who searches one person after another; each hit is confirmed, opened and masked."""
    async with AsyncExitStack() as stack:
        contestants = []
        for records in bench.plan.records:
            name = f"archive{len(str(records)) - 1}"
            ours = await bench.ours(name, f"acceptance_api with {records:,} records", senders=PEOPLE)
            await bench.opened(stack, ours)
            archive = Archive(ours)
            bench.say(f"  filling {name} with {records:,} records")
            await archive.fill(records)
            contestants.append(Asked(name=name, title=ours.title, ours=ours, build=archive.searches, expected=FOUND))
        rows = await bench.rounds().run(contestants, [Load(connections=1, seconds=bench.plan.seconds)])
    titles = {one.name: one.title for one in contestants}
    return Workload(name="search", title="Search by ID number, PostgreSQL", rows=rows, contestants=titles)
