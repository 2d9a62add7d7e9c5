"""Goods that were found in one tenant's parcels: cases at each stage, and other parcels of a sender that wait."""

import hashlib

from acceptance_api.demo.world import World
from acceptance_api.kernel.ids import new_uuid
from tests.contract.bodies import Body, Someone
from tests.support.authorities import resident_number
from tests.support.builders import new_waybill
from tests.support.journeys import inspect, new_id, prepare
from tests.support.service import Service

SENDER = Someone(name="令狐示例", phone="13600136000", number=resident_number("003"))
"""Sends dangerous goods: what becomes of this person's parcels touches no other parcel of the tests."""
OFFICER: Body = {
    "kind": "officer",
    "body": "public_security",
    "name": "端木示例",
    "certificate_number": "示例警证000001",
}
COLLEAGUE: Body = OFFICER | {"name": "司徒示例", "certificate_number": "示例警证000002"}
NOTE = "司徒示例在场, 物品由示例派出所带走"
OTHERS = ("to examine", "to release", "to look at")
"""The sender's other parcels, by what is to happen to them."""


def interception(**changes: object) -> Body:
    """Fakes were found in a parcel that nobody had presented."""
    body = {"id": new_id(), "waybill": new_waybill(), "source": {"kind": "waybill"}, "class_code": "P16"}
    return body | changes


def paper() -> bytes:
    """A document that no case has yet."""
    return f"%PDF-1.7 a receipt {new_uuid()}".encode()


async def intercepted(service: Service, world: World, *, same_city: str) -> dict[str, str]:
    """The ids of a tenant's cases, the digest of a document of each, and the waybills of parcels that wait."""
    cases = {what: await _case(service, world) for what in ("case", "counter's case", "headquarters' case")}
    papers = {f"paper of {what}": await _paper(service, world, case_id) for what, case_id in cases.items()}
    await _taken_along(service, world, cases["case"], papers["paper of case"])
    flagged = await _flagged(service, world, same_city)
    examined = await inspect(service, world=world, waybill=flagged["to examine"])
    return {**cases, **papers, **flagged, "examination": examined["id"]}


async def _case(service: Service, world: World, **changes: object) -> str:
    body = interception(note="端木示例在场", **changes)
    answer = await service.post("/counter/v1/interceptions", body, await service.as_counter(world))
    assert answer.status_code == 201, answer.text
    return str(body["id"])


async def _paper(service: Service, world: World, case_id: str) -> str:
    content = paper()
    digest = hashlib.sha256(content).hexdigest()
    headers = await service.as_counter(world, **{"Content-Type": "application/pdf"})
    path = f"/counter/v1/interceptions/{case_id}/evidence/{digest}"
    answer = await service.http.put(path, content=content, headers=headers)
    assert answer.status_code == 201, answer.text
    return digest


async def _taken_along(service: Service, world: World, case_id: str, evidence: str) -> None:
    """An officer takes the goods along; a colleague sees it. Every person of the step is named in it, under seal."""
    body = {
        "id": new_id(),
        "number": 2,
        "kind": "transfer",
        "evidence": evidence,
        "actor": OFFICER,
        "holder": OFFICER,
        "witness": COLLEAGUE,
        "note": NOTE,
    }
    path = f"/counter/v1/interceptions/{case_id}/steps"
    answer = await service.post(path, body, await service.as_counter(world))
    assert answer.status_code == 201, answer.text


async def _flagged(service: Service, world: World, same_city: str) -> dict[str, str]:
    """Several parcels of one sender; explosives are found in one, so the others wait."""
    bodies = [await prepare(service, world=world, sender=SENDER, division=same_city) for _ in ("one", *OTHERS)]
    for body in bodies:
        answer = await service.post("/counter/v1/acceptances", body, await service.as_counter(world))
        assert answer.json()["decision"]["outcome"] == "accepted", answer.text
    first, *others = (str(body["waybill"]) for body in bodies)
    case_id = await _case(service, world, waybill=first, class_code="P03")
    read = await service.http.get(f"/counter/v1/interceptions/{case_id}", headers=await service.as_counter(world))
    assert {flag["waybill"] for flag in read.json()["cascade"]} == set(others)
    return dict(zip(OTHERS, others, strict=True))
