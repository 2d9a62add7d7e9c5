"""What is read: a page of a hundred acceptances, masked, and what a parcel will need."""

from contextlib import AsyncExitStack

from benchmarks.contestants.archive import Archive
from benchmarks.contestants.asked import Asked, Build
from benchmarks.contestants.ours import Ours
from benchmarks.contestants.world import headers_of
from benchmarks.exchange import Kind, Request, http_request
from benchmarks.loading import Expected, Load
from benchmarks.parcels import DESTINATION, wire
from benchmarks.people import contents
from benchmarks.workloads.bench import Bench, Workload

PAGE = 100
COUNTERS = (1, 16)
_NEED = {
    "sender_kind": "person",
    "contents_kind": "general",
    "destination": {"country": "CN", "division": DESTINATION},
    "contents": contents(),
}


async def read(bench: Bench) -> Workload:
    """An enterprise that lists, and counters that ask before they begin."""
    async with AsyncExitStack() as stack:
        ours = await bench.ours("reading", "acceptance_api")
        await bench.opened(stack, ours)
        await Archive(ours).present(2 * PAGE)
        page = Expected(status=200, mark='"waybill":', marks=PAGE)
        need = Expected(status=200, mark='"reach":')
        contestants = [
            Asked(
                name="page", title=f"a page of {PAGE}, opened and masked", ours=ours, build=_pages(ours), expected=page
            ),
            Asked(name="requirements", title="what a parcel will need", ours=ours, build=_needs(ours), expected=need),
        ]
        loads = [Load(connections=number, seconds=bench.plan.seconds) for number in COUNTERS]
        rows = await bench.rounds().run(contestants, loads)
    titles = {one.name: one.title for one in contestants}
    title = "Pages and requirements, PostgreSQL"
    return Workload(name="read", title=title, rows=rows, contestants=titles, is_race=False)


def _pages(ours: Ours) -> Build:
    async def build(count: int) -> list[Request]:
        headers = await headers_of(ours.http, ours.world, "enterprise")
        path = f"/enterprise/v1/outlets/{ours.world.outlet_id}/acceptances?limit={PAGE}"
        return [(Kind.GOOD, http_request("GET", path, headers))] * count

    return build


def _needs(ours: Ours) -> Build:
    async def build(count: int) -> list[Request]:
        headers = await ours.headers()
        return [(Kind.GOOD, wire(headers, _NEED, path="/counter/v1/requirements")) for _ in range(count)]

    return build
