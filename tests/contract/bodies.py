"""Request bodies of the contract tests: those of a counter's journey as of now, and those of enterprise IT."""

import json
from typing import Any
from uuid import UUID

from acceptance_api.demo.world import World
from acceptance_api.kernel.clock import SystemClock
from acceptance_api.kernel.ids import new_uuid
from tests.support.journeys import ADDRESSEE, SENDER, Body, case_of, inspection_of, new_id, screening_of
from tests.support.journeys import Somebody as Someone
from tests.support.journeys import parcel_of as parcel
from tests.support.journeys import verification_of as verification

__all__ = ["ADDRESSEE", "SENDER", "Body", "Someone", "new_id", "parcel", "verification"]

SOURCE_PHOTO = b"\xff\xd8\xff\xe0 a photo of an open box"


def inspection(photo: str, **changes: Any) -> Body:  # noqa: ANN401 - JSON
    """An inspection in which everything was asked and passed."""
    return inspection_of([photo], at=SystemClock().now(), **changes)


def screening(waybill: str, machine_id: UUID | str) -> Body:
    """A pass through the machine that shows nothing."""
    return screening_of(waybill, UUID(str(machine_id)))


def case(**changes: Any) -> Body:  # noqa: ANN401 - JSON
    """A case of postal supervision that is open for a day."""
    return case_of(at=SystemClock().now(), **changes)


def client(name: str = "sandbox", **changes: Any) -> Body:  # noqa: ANN401 - JSON
    """A client of the enterprise itself."""
    return {"audience": "enterprise", "name": name} | changes


def clerk() -> Body:
    """Somebody new at an outlet."""
    return {"staff_no": new_uuid().hex[:12], "name": "示例新人", "roles": ["clerk"]}


def import_file(world: World, *, division: str) -> bytes:
    """A file of one line: a parcel that stood on the counter of a world."""
    line = {
        "outlet_id": str(world.outlet_id),
        "clerk_id": str(world.clerk_id),
        "occurred_at": SystemClock().now().isoformat(),
        "sequence": 1,
        "acceptance": parcel(division=division),
    }
    return json.dumps(line).encode() + b"\n"


def agreement(**changes: Any) -> Body:  # noqa: ANN401 - JSON
    """A safety agreement that is in force."""
    return {
        "filing_no": f"SANDBOX-{new_uuid().hex}",
        "customer": "示例电商有限公司",
        "organisation_code": "91350100M000100Y43",
        "representative": "示例代表",
        "valid_from": "2020-01-01",
        "valid_to": "2099-12-31",
    } | changes


def scan(waybill: str) -> Body:
    """A parcel that is about to be delivered."""
    return {"id": new_id(), "waybill": waybill, "stage": "out_for_delivery"}
