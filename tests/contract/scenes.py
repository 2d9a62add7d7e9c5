"""One of everything in one tenant: what an operation can be asked about, made through the API itself."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from acceptance_api.demo.world import Credentials, World
from acceptance_api.kernel.ids import new_uuid
from tests.contract import bodies
from tests.contract.bodies import Body
from tests.contract.intercepted import intercepted
from tests.contract.rehearsed import rehearsed
from tests.contract.rule_sets import proposed
from tests.support.builders import new_waybill
from tests.support.service import Service

SAME_CITY = {"110105": "110108", "310101": "310104"}
FAR_AWAY = "440305"


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A tenant and the ids of what it has."""

    service: Service
    world: World
    division: str
    photo: str
    verification_id: str
    inspection_id: str
    unmarked_id: str
    accepted_id: str
    accepted_waybill: str
    held_id: str
    case_id: str
    closable_case_id: str
    spare: Mapping[str, str]

    @property
    def same_city(self) -> str:
        """A division near enough that nothing must be screened."""
        return SAME_CITY[self.division]

    def credentials(self, audience: str) -> Credentials:
        """The client of an audience."""
        credentials: Credentials = getattr(self.world, audience)
        return credentials

    def ids(self) -> frozenset[str]:
        """Every id that another tenant must never see."""
        own = (self.verification_id, self.inspection_id, self.unmarked_id, self.accepted_id, self.held_id)
        places = (self.world.enterprise_id, self.world.outlet_id, self.world.counter_id, self.world.clerk_id)
        cases = (self.case_id, self.closable_case_id, self.accepted_waybill)
        return frozenset(map(str, (*own, *places, *cases, *self.spare.values())))


async def headers(service: Service, world: World, audience: str) -> dict[str, str]:
    """The headers of a request of this audience."""
    made: Mapping[str, Any] = {
        "counter": service.as_counter,
        "enterprise": service.as_enterprise,
        "regulator": service.as_regulator,
    }
    given: dict[str, str] = await made[audience](world)
    return given


async def set_scene(service: Service, world: World, *, division: str) -> Scene:
    """Make one of everything in a world."""
    photo = await _photo(service, world)
    verified = await _made(service, world, "/counter/v1/verifications", bodies.verification())
    inspected = await _made(service, world, "/counter/v1/inspections", bodies.inspection(photo))
    unmarked_body = bodies.inspection(await _photo(service, world), issue_mark=False)
    unmarked = await _made(service, world, "/counter/v1/inspections", unmarked_body)
    ready = {
        "verification_id": verified["id"],
        "inspection_id": inspected["id"],
        "waybill": inspected["waybill"],
    }
    accepted = await _made(
        service, world, "/counter/v1/acceptances", bodies.parcel(division=SAME_CITY[division], **ready)
    )
    other = await _made(service, world, "/counter/v1/inspections", bodies.inspection(await _photo(service, world)))
    far = ready | {"inspection_id": other["id"], "waybill": other["waybill"]}
    held = await _made(service, world, "/counter/v1/acceptances", bodies.parcel(division=FAR_AWAY, **far))
    assert (accepted["decision"]["outcome"], held["decision"]["outcome"]) == ("accepted", "held")
    seen = await _made(service, world, "/counter/v1/scans", bodies.scan(accepted["waybill"]))
    case = await _made(service, world, "/regulator/v1/cases", bodies.case(), audience="regulator")
    closable = await _made(service, world, "/regulator/v1/cases", bodies.case(), audience="regulator")
    return Scene(
        service=service,
        world=world,
        division=division,
        photo=photo,
        verification_id=verified["id"],
        inspection_id=inspected["id"],
        unmarked_id=unmarked["id"],
        accepted_id=accepted["id"],
        accepted_waybill=accepted["waybill"],
        held_id=held["id"],
        case_id=case["id"],
        closable_case_id=closable["id"],
        spare={
            "scan": seen["id"],
            **await _spare(service, world),
            **await intercepted(service, world, same_city=SAME_CITY[division]),
        },
    )


async def _spare(service: Service, world: World) -> dict[str, str]:
    """What an enterprise has besides, to be shown, rotated, retired or revoked."""
    client, doomed = [
        await _made(service, world, "/enterprise/v1/clients", bodies.client(name), audience="enterprise")
        for name in ("sandbox spare", "sandbox doomed")
    ]
    clerk = await _made(
        service,
        world,
        f"/enterprise/v1/outlets/{world.outlet_id}/clerks",
        bodies.clerk(),
        audience="enterprise",
    )
    branch = await _made(service, world, "/enterprise/v1/branches", {"name": "分公司"}, audience="enterprise")
    sets = await proposed(service, world)
    detail = await service.http.get(
        f"/enterprise/v1/clients/{client['id']}", headers=await headers(service, world, "enterprise")
    )
    return {
        "client": client["id"],
        "secret": detail.json()["secrets"][0]["id"],
        "doomed": doomed["id"],
        "clerk": clerk["id"],
        "branch": branch["id"],
        "import": await _import(service, world),
        **await _screened(service, world),
        **sets,
        **await rehearsed(service, world, sets["campaign to read"]),
    }


async def _screened(service: Service, world: World) -> dict[str, str]:
    """Passes that wait for somebody, a label, and a screener at a machine; another screener for what takes two."""
    path = f"/enterprise/v1/outlets/{world.outlet_id}/clerks"
    screener = await _made(service, world, path, bodies.clerk() | {"roles": ["screener"]}, audience="enterprise")
    flag = {"code": "knife", "confidence": 0.5}
    # The other screener's suspect pass waits for the clerk's look; the clerk's own for an open check by both.
    suspect = await _passed(service, world, clerk_id=screener["id"], verdict="suspect")
    unopened = await _passed(service, world, verdict="suspect")
    look = {"id": bodies.new_id(), "conclusion": "open_check", "reason": "opaque_picture"}
    given = await headers(service, world, "counter") | {"Clerk-Id": screener["id"]}
    answer = await service.post(f"/counter/v1/screenings/{unopened['id']}/second-looks", look, given)
    assert answer.status_code == 201, answer.text
    flagged = await _passed(service, world, flags=[flag])
    labelled = await _passed(service, world, clerk_id=screener["id"])
    shift = {"id": bodies.new_id(), "machine_id": str(world.machine_id)}
    await _made(service, world, "/counter/v1/shifts", shift)
    return {
        "screener": screener["id"],
        "suspect": suspect["id"],
        "unopened": unopened["id"],
        "flagged": flagged["id"],
        "labelled": labelled["id"],
        "label": labelled["label_serial"],
        "labelled_waybill": labelled["waybill"],
        "shift": shift["id"],
    }


async def _passed(service: Service, world: World, *, clerk_id: str | None = None, **changes: Any) -> Body:  # noqa: ANN401 - JSON
    body = bodies.screening(new_waybill(), world.machine_id) | changes
    given = await headers(service, world, "counter") | ({"Clerk-Id": clerk_id} if clerk_id else {})
    answer = await service.post("/counter/v1/screenings", body, given)
    assert answer.status_code == 201, answer.text
    made: Body = answer.json()
    return made


async def _import(service: Service, world: World) -> str:
    """A file that waits for a worker."""
    content = bodies.import_file(world, division="110105")
    given = await headers(service, world, "enterprise") | {"Content-Type": "application/x-ndjson"}
    answer = await service.http.post("/enterprise/v1/imports", content=content, headers=given)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


async def _photo(service: Service, world: World) -> str:
    content = bodies.SOURCE_PHOTO + new_uuid().bytes
    digest = hashlib.sha256(content).hexdigest()
    given = await headers(service, world, "counter") | {"Content-Type": "image/jpeg"}
    answer = await service.http.put(f"/counter/v1/evidence/{digest}", content=content, headers=given)
    assert answer.status_code == 201, answer.text
    return digest


async def _made(service: Service, world: World, path: str, body: Body, *, audience: str = "counter") -> Body:
    answer: httpx.Response = await service.post(path, body, await headers(service, world, audience))
    assert answer.status_code == 201, answer.text
    made: Body = answer.json()
    return made
