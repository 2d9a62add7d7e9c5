"""The counters of an outlet."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from acceptance_api.access import Permission, require
from acceptance_api.http.callers import EnterpriseCaller
from acceptance_api.http.idempotency import AttemptDep, Reply, once
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.problems import documented
from acceptance_api.http.standard import READING, WRITING
from acceptance_api.http.wire import In, Line, Out
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import OutletId
from acceptance_api.kernel.problems import Kind
from acceptance_api.sites import Counter, add_counter, find_counters, get_outlet

router = APIRouter(tags=["sites"])


class CounterIn(In):
    """A counter; its name is unique in the outlet."""

    name: Annotated[Line, Field(max_length=80)]


class CounterOut(Out):
    """A place in an outlet where parcels are accepted."""

    id: UUID
    outlet_id: UUID
    name: str
    created_at: datetime


class CounterList(Out):
    """The counters of an outlet, oldest first."""

    data: list[CounterOut]


@router.get("/outlets/{outlet_id}/counters", responses=documented(*READING))
async def list_counters(outlet_id: UUID, caller: EnterpriseCaller, office: OfficeDep) -> CounterList:
    """The counters of an outlet."""
    require(caller, Permission.ENTERPRISE_SITE_READ)
    async with office.database.read() as tx:
        outlet = await get_outlet(tx, OutletId(outlet_id), enterprise_id=caller.enterprise_id)
        found = await find_counters(tx, outlet.id)
    return CounterList(data=[_out(counter) for counter in found])


@router.post(
    "/outlets/{outlet_id}/counters",
    status_code=201,
    response_model=CounterOut,
    responses=documented(*WRITING, Kind.NOT_FOUND, Kind.ALREADY_EXISTS),
)
async def add_a_counter(
    outlet_id: UUID, body: CounterIn, caller: EnterpriseCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """Add a counter to an outlet."""
    require(caller, Permission.ENTERPRISE_SITE_MANAGE)

    async def act(tx: Tx) -> Reply:
        counter = await add_counter(
            tx,
            OutletId(outlet_id),
            enterprise_id=caller.enterprise_id,
            name=body.name,
            actor=caller.actor,
            at=office.clock.now(),
        )
        return Reply(body=_out(counter))

    return await once(office, caller, attempt, act)


def _out(counter: Counter) -> CounterOut:
    return CounterOut(id=counter.id, outlet_id=counter.outlet_id, name=counter.name, created_at=counter.created_at)
