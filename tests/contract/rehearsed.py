"""A rehearsal of a tenant's campaign, which waits for a worker."""

from acceptance_api.demo.world import World
from tests.contract.bodies import Body
from tests.support.journeys import new_id
from tests.support.service import Service


def rehearsal() -> Body:
    """A day to try a campaign on."""
    return {"id": new_id(), "since": "2026-01-01T00:00:00+08:00", "until": "2026-01-02T00:00:00+08:00"}


async def rehearsed(service: Service, world: World, name: str) -> dict[str, str]:
    """The id of a rehearsal of the first edition of a campaign."""
    path = f"/regulator/v1/campaigns/{name}/editions/1/rehearsals"
    answer = await service.post(path, rehearsal(), await service.as_regulator(world))
    assert answer.status_code == 202, answer.text
    return {"rehearsal": answer.json()["id"]}
