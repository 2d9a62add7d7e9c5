"""What a counter and a regulator do over HTTP, with people who do not exist; each function says only what differs."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx

from acceptance_api.demo.world import World
from acceptance_api.inspection import ContentsKind, checklist_for
from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.ids import new_uuid
from tests.support.authorities import resident_number
from tests.support.builders import new_waybill
from tests.support.service import Service

Body = dict[str, Any]
JPEG = b"\xff\xd8\xff\xe0"
SAME_CITY, FAR_AWAY = "110108", "440305"
"""Near the sandbox outlet, where nothing need be screened; and in another province, where it must be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """A made-up person."""

    name: str = "欧阳霁月"
    phone: str = "13800138000"
    address: str = "北京市朝阳区示例路1号2单元301室"
    number: str = field(default_factory=resident_number)

    def as_party(self) -> Body:
        """The person as a party of a waybill."""
        return {"name": self.name, "phone": self.phone, "address": self.address}

    def secrets(self) -> tuple[str, ...]:
        """What must never be repeated anywhere."""
        return self.name, self.phone, self.address, self.number


SENDER = Somebody()
ADDRESSEE = Somebody(
    name="诸葛青禾", phone="13900139000", address="上海市黄浦区示例街8号楼5层", number=resident_number("002")
)


def new_id() -> str:
    """A fresh UUIDv7, as a client mints it."""
    return str(new_uuid())


def verification_of(person: Somebody = SENDER, **changes: Any) -> Body:  # noqa: ANN401 - JSON
    """A resident's card, read by its chip, shown by its holder."""
    return {
        "id": new_id(),
        "document": {"type": "resident_id", "number": person.number, "name": person.name},
        "channel": "chip_reader",
        "person_matches": True,
    } | changes


def inspection_of(photos: list[str], *, at: datetime, **changes: Any) -> Body:  # noqa: ANN401 - JSON
    """An inspection in which everything on the day's checklist was asked and passed."""
    checklist = checklist_for(ContentsKind.GENERAL, on=legal_day(at))
    contents = [{"name": "毛衣", "quantity": 1}]
    return {
        "id": new_id(),
        "waybill": new_waybill(),
        "contents_kind": "general",
        "answers": [{"item": item.code, "value": "pass"} for item in checklist.items],
        "opening": "opened",
        "declared": contents,
        "seen": contents,
        "photos": photos,
    } | changes


def screening_of(waybill: str, machine_id: UUID, **changes: Any) -> Body:  # noqa: ANN401 - JSON
    """A pass through the machine that shows nothing."""
    return {"id": new_id(), "waybill": waybill, "machine_id": str(machine_id), "verdict": "clear"} | changes


def parcel_of(
    *,
    verification_id: str | None = None,
    inspection_id: str | None = None,
    sender: Somebody = SENDER,
    addressee: Somebody = ADDRESSEE,
    division: str = SAME_CITY,
    **changes: Any,  # noqa: ANN401 - JSON
) -> Body:
    """A walk-in's parcel."""
    return {
        "id": new_id(),
        "waybill": new_waybill(),
        "sender": {"kind": "person", "verification_id": verification_id, **sender.as_party()},
        "addressee": addressee.as_party(),
        "destination": {"country": "CN", "division": division},
        "contents_kind": "general",
        "contents": [{"name": "毛衣", "quantity": 1}],
        "inspection_id": inspection_id,
    } | changes


def case_of(*, at: datetime, **changes: Any) -> Body:  # noqa: ANN401 - JSON
    """A case of postal supervision that is open for a day."""
    return {
        "id": new_id(),
        "legal_basis": "postal_inspection",
        "number": f"SANDBOX-{new_uuid().hex[:8]}",
        "officers": [{"name": "示例甲", "certificate_number": "A1"}, {"name": "示例乙", "certificate_number": "A2"}],
        "purpose": "sandbox supervision",
        "expires_at": (at + timedelta(days=1)).isoformat(),
    } | changes


async def verify(service: Service, person: Somebody = SENDER, *, world: World | None = None, **changes: Any) -> Body:  # noqa: ANN401 - JSON
    """Verify a sender."""
    return await _made(service, "/counter/v1/verifications", verification_of(person, **changes), world)


async def photograph(service: Service, *, world: World | None = None) -> str:
    """Store a photo; its digest."""
    content = JPEG + new_uuid().bytes
    digest = hashlib.sha256(content).hexdigest()
    headers = await service.as_counter(world, **{"Content-Type": "image/jpeg"})
    answer = await service.http.put(f"/counter/v1/evidence/{digest}", content=content, headers=headers)
    assert answer.status_code == 201, answer.text
    return digest


async def inspect(service: Service, *, world: World | None = None, **changes: Any) -> Body:  # noqa: ANN401 - JSON
    """Open a parcel, photograph it, and record what was seen."""
    photos = changes.pop("photos", None) or [await photograph(service, world=world)]
    body = inspection_of(photos, at=service.office.clock.now(), **changes)
    return await _made(service, "/counter/v1/inspections", body, world)


async def screen(service: Service, waybill: str, *, world: World | None = None, **changes: Any) -> Body:  # noqa: ANN401 - JSON
    """Pass a parcel through the X-ray machine."""
    machine_id = (world or service.world).machine_id
    return await _made(service, "/counter/v1/screenings", screening_of(waybill, machine_id, **changes), world)


async def prepare(service: Service, *, world: World | None = None, **changes: Any) -> Body:  # noqa: ANN401 - JSON
    """Everything before the decision, done; the body that asks for it."""
    sender = changes.get("sender", SENDER)
    verified = await verify(service, sender if isinstance(sender, Somebody) else SENDER, world=world)
    inspected = await inspect(service, world=world)
    ready = {
        "verification_id": verified["id"],
        "inspection_id": inspected["id"],
        "waybill": inspected["waybill"],
    }
    return parcel_of(**(ready | changes))


async def present(service: Service, *, world: World | None = None, **changes: Any) -> Body:  # noqa: ANN401 - JSON
    """Present a parcel for which everything was done: accepted within the city, held before screening elsewhere."""
    body = await prepare(service, world=world, **changes)
    return await _made(service, "/counter/v1/acceptances", body, world)


async def hold(service: Service, *, world: World | None = None, **changes: Any) -> Body:  # noqa: ANN401 - JSON
    """Present a parcel to another province, unscreened: held."""
    held = await present(service, world=world, **({"division": FAR_AWAY} | changes))
    assert held["decision"]["outcome"] == "held", held
    return held


async def open_case(service: Service, *, world: World | None = None, **changes: Any) -> Body:  # noqa: ANN401 - JSON
    """Open a case."""
    body = case_of(at=service.office.clock.now(), **changes)
    answer = await service.post("/regulator/v1/cases", body, await service.as_regulator(world))
    return _checked(answer)


async def _made(service: Service, path: str, body: Body, world: World | None) -> Body:
    return _checked(await service.post(path, body, await service.as_counter(world)))


def _checked(answer: httpx.Response) -> Body:
    assert answer.status_code == 201, answer.text
    made: Body = answer.json()
    return made
