"""Nothing is written, and nobody is looked up, without an entry in the audit trail that names who did it."""

from pathlib import Path
from uuid import UUID

from acceptance_api.audit import Entry, find_entries
from tests.contract.access import documented
from tests.contract.operations import OPERATIONS
from tests.contract.scenes import Scene, headers, set_scene
from tests.support.service import Service, running_service

WRITES_NOTHING = frozenset({"issue_token", "read_requirements"})
"""Inspected by hand: a signed token leaves no row, and requirements are computed from the rules. Keep it short."""
WRITING_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
ENTRIES_MAX = 1_000


def test_every_operation_that_writes_says_whose_trail_tells_of_it() -> None:
    writing = {name for _, method, name in documented() if method in WRITING_METHODS} - WRITES_NOTHING
    audited = {name for operations in OPERATIONS.values() for name, one in operations.items() if one.trail}

    assert writing - audited == set()


async def test_each_write_and_each_look_leaves_an_entry_that_names_the_actor(database_url: str, tmp_path: Path) -> None:
    unlike = {}
    async with running_service(database_url, tmp_path) as service:
        world = await service.another_world(division="310101", jurisdiction="31")
        scene = await set_scene(service, world, division="310101")
        for audience, operations in OPERATIONS.items():
            for name, operation in operations.items():
                if operation.trail is not None and (said := await _missing(scene, audience, name)):
                    unlike[name] = said

    assert unlike == {}


async def test_what_only_reads_leaves_no_entry(database_url: str, tmp_path: Path) -> None:
    async with running_service(database_url, tmp_path) as service:
        scene = await set_scene(service, service.world, division="110105")
        before = await _entries(service, scene)
        for audience, operations in OPERATIONS.items():
            for operation in operations.values():
                if operation.trail is None:
                    given = await headers(service, scene.world, audience)
                    answer = await service.http.request(**operation.own(scene, scene).arguments(given))
                    assert answer.is_success, answer.text

        assert await _entries(service, scene) == before


async def _missing(scene: Scene, audience: str, name: str) -> str:
    """Perform the operation; say what its audit trail lacks."""
    service, operation = scene.service, OPERATIONS[audience][name]
    before = await _entries(service, scene)
    given = await headers(service, scene.world, audience)
    answer = await service.http.request(**operation.own(scene, scene).arguments(given))
    if not answer.is_success:
        return f"{answer.status_code} {answer.text}"
    new = {stream: entries[len(before[stream]) :] for stream, entries in (await _entries(service, scene)).items()}
    grown = {stream for stream, entries in new.items() if entries}
    if grown != {operation.trail}:
        return f"grew: {sorted(grown)}"
    clerk_id = scene.world.clerk_id if audience == "counter" else None
    expected = (UUID(scene.credentials(audience).client_id), clerk_id, answer.headers["x-request-id"])
    told = {
        (entry.actor.client_id, entry.actor.clerk_id, entry.actor.request_id) for entry in new[str(operation.trail)]
    }
    return "" if told == {expected} else "an entry names another actor or request"


async def _entries(service: Service, scene: Scene) -> dict[str, tuple[Entry, ...]]:
    """The trails of the scene's tenant and agency."""
    world = scene.world
    streams = {"outlet": world.outlet_id, "enterprise": world.enterprise_id, "agency": world.agency_id}
    async with service.office.database.read() as tx:
        return {name: await find_entries(tx, stream, limit=ENTRIES_MAX) for name, stream in streams.items()}
