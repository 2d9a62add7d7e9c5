"""Where an outlet stands and when it closes: what some signals at the counter need."""

from datetime import time
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field, StringConstraints, model_validator

from acceptance_api.access import Permission, require
from acceptance_api.http.callers import EnterpriseCaller
from acceptance_api.http.idempotency import AttemptDep, Reply, once
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.problems import documented
from acceptance_api.http.standard import READING, WRITING
from acceptance_api.http.wire import In, Out
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import OutletId
from acceptance_api.kernel.problems import Kind
from acceptance_api.sites import OutletDetails, describe_outlet, find_details, get_outlet

router = APIRouter(tags=["sites"])

ClosingTime = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""`HH:MM`, local time in Asia/Shanghai."""


class OutletDetailsIn(In):
    """Where an outlet stands, in degrees, and when it closes; what is left out is unknown from now on."""

    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False, strict=True)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False, strict=True)] | None = None
    closing_time: ClosingTime | None = None

    @model_validator(mode="after")
    def _both_coordinates(self) -> "OutletDetailsIn":
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("half_a_location")
        return self


class OutletDetailsOut(Out):
    """What is known of where an outlet stands and when it closes."""

    outlet_id: UUID
    latitude: float | None
    longitude: float | None
    closing_time: str | None


@router.get("/outlets/{outlet_id}/details", responses=documented(*READING))
async def read_outlet_details(outlet_id: UUID, caller: EnterpriseCaller, office: OfficeDep) -> OutletDetailsOut:
    """Where an outlet stands and when it closes, as far as anybody said."""
    require(caller, Permission.ENTERPRISE_SITE_READ)
    async with office.database.read() as tx:
        outlet = await get_outlet(tx, OutletId(outlet_id), enterprise_id=caller.enterprise_id)
        details = await find_details(tx, outlet.enterprise_id, outlet.id)
    return _out(outlet.id, details or OutletDetails())


@router.post(
    "/outlets/{outlet_id}/details",
    status_code=201,
    response_model=OutletDetailsOut,
    responses=documented(*WRITING, Kind.NOT_FOUND),
)
async def describe_an_outlet(
    outlet_id: UUID, body: OutletDetailsIn, caller: EnterpriseCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """Say where an outlet stands and when it closes, in place of what was said before."""
    require(caller, Permission.ENTERPRISE_SITE_MANAGE)
    details = OutletDetails(
        latitude=body.latitude,
        longitude=body.longitude,
        closing_time=time.fromisoformat(body.closing_time) if body.closing_time else None,
    )

    async def act(tx: Tx) -> Reply:
        place, at = OutletId(outlet_id), office.clock.now()
        await describe_outlet(tx, place, details, enterprise_id=caller.enterprise_id, actor=caller.actor, at=at)
        return Reply(body=_out(place, details))

    return await once(office, caller, attempt, act)


def _out(outlet_id: OutletId, details: OutletDetails) -> OutletDetailsOut:
    closing = details.closing_time
    return OutletDetailsOut(
        outlet_id=outlet_id,
        latitude=details.latitude,
        longitude=details.longitude,
        closing_time=closing.isoformat("minutes") if closing else None,
    )
