"""People beside those who send and receive: staff, who signs an agreement, who has to do with intercepted goods."""

import hashlib
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from acceptance_api.kernel.spelling import check_character
from tests.contract import bodies
from tests.contract.bodies import Body, Someone
from tests.contract.crowd import FEW, Day
from tests.contract.intercepted import interception, paper

_CASES = "/counter/v1/interceptions"


async def mention(day: Day, people: Sequence[Someone]) -> None:
    """Everybody works for the enterprise, signs an agreement, is noticed at the counter, is named in a case."""
    for number, person in enumerate(people):
        await _employ(day, person)
        await _sign(day, person)
        await _intercept(day, person, class_code="P03" if number < FEW else "P16")
    for one, other in pairwise(people[:FEW]):
        await _notice(day, one, other)
    await _mishaps(day, people[:FEW])
    await _look(day)
    await _break_database(day, people[:FEW])


def officer(person: Someone) -> Body:
    """A person as an officer of a body; the certificate has their number."""
    return {
        "kind": "officer",
        "body": "public_security",
        "name": person.name,
        "certificate_number": f"警{person.number}",
    }


async def _employ(day: Day, person: Someone) -> None:
    clerks = f"/enterprise/v1/outlets/{day.scene.world.outlet_id}/clerks"
    body = bodies.clerk() | {"name": person.name, "id_number": person.number}
    added = await day.ask(clerks, body, audience="enterprise")
    assert added.status_code == 201, added.text
    body = {"id_number": person.number}
    again = await day.ask(f"{clerks}/{added.json()['id']}/id-numbers", body, audience="enterprise")
    assert again.status_code == 201, again.text


async def _sign(day: Day, person: Someone) -> None:
    body = bodies.agreement(customer=f"{person.name}商行", representative=person.name)
    signed = await day.ask("/enterprise/v1/agreements", body, audience="enterprise")
    assert signed.status_code == 201, signed.text


async def _intercept(day: Day, person: Someone, *, class_code: str) -> None:
    """Something of theirs is found, an officer of this name takes it along, and the report says so under masks."""
    note = f"{person.name}{person.phone}{person.address}"
    body = interception(class_code=class_code, note=note, waybill=await _presented(day, person))
    assert (await day.ask(_CASES, body)).status_code == 201
    case = f"{_CASES}/{body['id']}"
    step = _step(await _evidence(day, case, person), actor=officer(person), holder=officer(person), note=note)
    taken = await day.ask(f"{case}/steps", step | {"witness": {"kind": "other", "name": person.name}})
    assert taken.status_code == 201, taken.text
    report = await day.send("GET", f"{case}/report", audience="counter")
    assert report.json()["history"][1]["masked"]["actor_name"][0] == person.name[0], report.text
    assert person.name not in report.text


async def _presented(day: Day, person: Someone) -> str:
    """A parcel that was refused for lack of an inspection: whose other parcels are under way is asked by its number."""
    verified = await day.ask("/counter/v1/verifications", bodies.verification(person))
    body = bodies.parcel(sender=person, addressee=person, verification_id=verified.json()["id"])
    decided = await day.ask("/counter/v1/acceptances", body)
    assert decided.status_code == 201, decided.text
    codes = {signal["code"] for signal in decided.json()["decision"]["signals"]}
    assert {"staff_is_sender", "sender_phone_is_addressee_phone"} <= codes, decided.text
    return str(body["waybill"])


async def _notice(day: Day, one: Someone, other: Someone) -> None:
    """One's document is shown again and again for a sender of another name, who has another telephone each time."""
    verified = await day.ask("/counter/v1/verifications", bodies.verification(one))
    codes: set[str] = set()
    for number in range(5):
        named = Someone(name=f"{other.name}{number}", phone=f"{other.phone[:-1]}{number}", address=other.address)
        body = bodies.parcel(sender=named, addressee=other, verification_id=verified.json()["id"])
        decided = await day.ask("/counter/v1/acceptances", body)
        codes |= {signal["code"] for signal in decided.json()["decision"]["signals"]}
    assert {"one_id_many_names", "one_id_many_phones"} <= codes


async def _evidence(day: Day, case: str, person: Someone) -> str:
    content = paper() + f"{person.name} {person.number}".encode()
    digest = hashlib.sha256(content).hexdigest()
    path = f"{case}/evidence/{digest}"
    stored = await day.send("PUT", path, audience="counter", body=content, **{"Content-Type": "application/pdf"})
    assert stored.status_code == 201, stored.text
    return digest


def _step(evidence: str, **changes: Any) -> Body:  # noqa: ANN401 - JSON
    return {"id": bodies.new_id(), "number": 2, "kind": "transfer", "evidence": evidence} | changes


async def _mishaps(day: Day, people: Iterable[Someone]) -> None:
    """What is not as it should be, with people in every part of it."""
    world = day.scene.world
    case = f"{_CASES}/{day.scene.spare['case']}"
    clerks = f"/enterprise/v1/outlets/{world.outlet_id}/clerks"
    for person in people:
        wrong_number = person.number[:17] + ("1" if check_character(person.number[:17]) != "1" else "2")
        attempts: list[tuple[str, Body, str]] = [
            (_CASES, interception(id=person.number, class_code=person.name, note=[person.phone]), "counter"),
            (_CASES, interception(waybill=person.name), "counter"),
            (f"{_CASES}/{person.phone}/steps", _step(person.name), "counter"),
            (f"{case}/steps", _step(person.number, actor=officer(person) | {"kind": person.name}), "counter"),
            (f"{case}/steps", _step("0" * 64, number=3, actor=officer(person), holder=officer(person)), "counter"),
            (f"{case}/steps", _step("0" * 64, actor=officer(person)), "counter"),
            ("/counter/v1/cascade-examinations", {"waybill": person.phone, "inspection_id": person.name}, "counter"),
            ("/enterprise/v1/cascade-releases", {"waybill": person.name, "by": person.name}, "enterprise"),
            (clerks, bodies.clerk() | {"name": [person.name], "id_number": wrong_number}, "enterprise"),
            (f"{clerks}/{world.clerk_id}/id-numbers", {"id_number": wrong_number}, "enterprise"),
            (f"{clerks}/{person.number}/id-numbers", {"id_number": person.number}, "enterprise"),
            (
                "/enterprise/v1/agreements",
                bodies.agreement(representative=person.name, organisation_code=person.number),
                "enterprise",
            ),
            ("/enterprise/v1/agreements", bodies.agreement(valid_to=person.name, goods=[person.name]), "enterprise"),
        ]
        for path, body, audience in attempts:
            answer = await day.ask(path, body, audience=audience)
            assert 400 <= answer.status_code < 500, (path, answer.text)


async def _look(day: Day) -> None:
    """A regulator sees the cases under masks, headquarters without anybody."""
    path = f"/regulator/v1/interceptions?case_id={day.scene.case_id}&limit=50"
    seen = await day.send("GET", path, audience="regulator")
    assert any(step["masked"].get("actor_name") for one in seen.json()["data"] for step in one["history"])
    listed = await day.send("GET", "/enterprise/v1/interceptions", audience="enterprise")
    assert listed.json()["data"], listed.text


async def _break_database(day: Day, people: Iterable[Someone]) -> None:
    """Requests that fail inside the database: its driver's exceptions hold the statement and its values."""
    clerks = f"/enterprise/v1/outlets/{day.scene.world.outlet_id}/clerks"
    case = f"{_CASES}/{day.scene.spare['case']}"
    evidence = day.scene.spare["paper of case"]
    async with day.without("agreements", "interception_obligations", "staff_numbers"):
        for person in people:
            step = _step(evidence, number=3, actor=officer(person), holder=officer(person))
            clerk = bodies.clerk() | {"name": person.name, "id_number": person.number}
            agreement = bodies.agreement(representative=person.name)
            failed = [
                await day.ask(_CASES, interception(note=person.name)),
                await day.ask(f"{case}/steps", step),
                await day.ask(clerks, clerk, audience="enterprise"),
                await day.ask("/enterprise/v1/agreements", agreement, audience="enterprise"),
            ]
            assert {answer.status_code for answer in failed} <= {500, 503}
