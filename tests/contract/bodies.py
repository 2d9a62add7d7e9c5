"""Request bodies that say only what differs; whoever is in them does not exist."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from acceptance_api.inspection import ContentsKind, checklist_for
from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.ids import new_uuid
from tests.support.authorities import resident_number
from tests.support.builders import new_waybill

SOURCE_PHOTO = b"\xff\xd8\xff\xe0 a photo of an open box"
Body = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Someone:
    """A made-up person."""

    name: str = "欧阳霁月"
    phone: str = "13800138000"
    address: str = "北京市朝阳区示例路1号2单元301室"
    id_number: str = field(default_factory=resident_number)

    def as_party(self) -> Body:
        """The person as a party of a waybill."""
        return {"name": self.name, "phone": self.phone, "address": self.address}


SENDER = Someone()
ADDRESSEE = Someone(name="诸葛青禾", phone="13900139000", address="北京市海淀区示例街8号楼5层")


def new_id() -> str:
    """A fresh UUIDv7, as a client mints it."""
    return str(new_uuid())


def verification(person: Someone = SENDER, **changes: Any) -> Body:  # noqa: ANN401 - JSON
    """A resident's card, read by its chip, shown by its holder."""
    return {
        "id": new_id(),
        "document": {"type": "resident_id", "number": person.id_number, "name": person.name},
        "channel": "chip_reader",
        "person_matches": True,
    } | changes


def inspection(photo: str, **changes: Any) -> Body:  # noqa: ANN401 - JSON
    """An inspection in which everything was asked and passed."""
    checklist = checklist_for(ContentsKind.GENERAL, on=legal_day(datetime.now(UTC)))  # noqa: TID251 - the live clock's
    contents = [{"name": "毛衣", "quantity": 1}]
    return {
        "id": new_id(),
        "waybill": new_waybill(),
        "contents_kind": "general",
        "answers": [{"item": item.code, "value": "pass"} for item in checklist.items],
        "opening": "opened",
        "declared": contents,
        "seen": contents,
        "photos": [photo],
    } | changes


def screening(waybill: str, machine_id: UUID | str) -> Body:
    """A pass through the machine that shows nothing."""
    return {"id": new_id(), "waybill": waybill, "machine_id": str(machine_id), "verdict": "clear"}


def parcel(
    *,
    division: str,
    sender: Someone = SENDER,
    addressee: Someone = ADDRESSEE,
    verification_id: str | None = None,
    inspection_id: str | None = None,
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


def case(**changes: Any) -> Body:  # noqa: ANN401 - JSON
    """A case of postal supervision that is open for a day."""
    return {
        "id": new_id(),
        "legal_basis": "postal_inspection",
        "number": f"SANDBOX-{new_uuid().hex[:8]}",
        "officers": [{"name": "示例甲", "certificate_number": "A1"}, {"name": "示例乙", "certificate_number": "A2"}],
        "purpose": "sandbox supervision",
        "expires_at": (datetime.now(UTC) + timedelta(days=1)).isoformat(),  # noqa: TID251 - the live clock's
    } | changes


def client(name: str = "sandbox", **changes: Any) -> Body:  # noqa: ANN401 - JSON
    """A client of the enterprise itself."""
    return {"audience": "enterprise", "name": name} | changes


def clerk() -> Body:
    """Somebody new at an outlet."""
    return {"staff_no": new_uuid().hex[:12], "name": "示例新人", "roles": ["clerk"]}


def agreement(**changes: Any) -> Body:  # noqa: ANN401 - JSON
    """A safety agreement that is in force."""
    return {
        "filing_no": f"SANDBOX-{new_uuid().hex[:8]}",
        "customer": "示例电商有限公司",
        "organisation_code": "91350100M000100Y43",
        "representative": "示例代表",
        "valid_from": "2020-01-01",
        "valid_to": "2099-12-31",
    } | changes
