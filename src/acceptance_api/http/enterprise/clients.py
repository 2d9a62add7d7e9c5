"""The programs that may ask for tokens in the enterprise's name: its own and its counters'."""

from uuid import UUID

from fastapi import APIRouter, Response

from acceptance_api.access import (
    Caller,
    Permission,
    add_client,
    find_clients,
    find_secrets,
    get_client,
    require,
    revoke_client,
)
from acceptance_api.http.callers import EnterpriseCaller
from acceptance_api.http.enterprise.client_wire import (
    AddedClientOut,
    ClientDetailOut,
    ClientIn,
    ClientOut,
    ClientPage,
    CounterClientIn,
    client_of,
    client_out,
    secret_out,
)
from acceptance_api.http.idempotency import AttemptDep, Reply, once
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.pages import Cursor, PageSize, open_cursor, seal_cursor
from acceptance_api.http.problems import documented
from acceptance_api.http.standard import READING, WRITING
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import ClientId, OutletId
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.sites import find_counters, find_outlet

router = APIRouter(tags=["clients"])


@router.get("/clients", responses=documented(*READING, Kind.CURSOR_INVALID))
async def list_clients(
    caller: EnterpriseCaller, office: OfficeDep, limit: PageSize = 50, cursor: Cursor = None
) -> ClientPage:
    """The enterprise's clients and its counters', revoked ones too, oldest first."""
    require(caller, Permission.ENTERPRISE_CLIENT_READ)
    filters = ["clients", caller.enterprise_id]
    place = open_cursor(office.cursor_key, cursor, filters=filters)
    after = ClientId(place[1]) if place else None
    async with office.database.read() as tx:
        found = await find_clients(tx, caller.enterprise_id, after=after, limit=limit + 1)
    end = (None, found[limit - 1].id) if len(found) > limit else None
    return ClientPage(
        data=[client_out(client) for client in found[:limit]],
        has_more=end is not None,
        next_cursor=seal_cursor(office.cursor_key, end, filters=filters),
    )


@router.post(
    "/clients",
    status_code=201,
    response_model=AddedClientOut,
    responses=documented(*WRITING, Kind.REFERENCE_UNKNOWN),
)
async def add_a_client(body: ClientIn, caller: EnterpriseCaller, office: OfficeDep, attempt: AttemptDep) -> Response:
    """Add a client of the enterprise or of one of its counters. Its secret is shown in this answer only."""
    require(caller, Permission.ENTERPRISE_CLIENT_MANAGE)
    request = client_of(body, caller.enterprise_id)

    async def act(tx: Tx) -> Reply:
        if isinstance(body, CounterClientIn):
            await _require_own_counter(tx, caller, body)
        client, secret = await add_client(tx, request, actor=caller.actor, at=office.clock.now())
        shown = AddedClientOut(**client_out(client).model_dump(), client_secret=secret)
        return Reply(
            body=shown,
            headers={"Location": f"/enterprise/v1/clients/{client.id}"},
            kept=shown.model_copy(update={"client_secret": None}),
        )

    return await once(office, caller, attempt, act)


@router.get("/clients/{client_id}", responses=documented(*READING))
async def read_client(client_id: UUID, caller: EnterpriseCaller, office: OfficeDep) -> ClientDetailOut:
    """One client, with the ids and states of its secrets."""
    require(caller, Permission.ENTERPRISE_CLIENT_READ)
    async with office.database.read() as tx:
        client = await get_client(tx, ClientId(client_id), enterprise_id=caller.enterprise_id)
        secrets = await find_secrets(tx, client.id)
    at = office.clock.now()
    states = [secret_out(secret, client, at=at) for secret in secrets]
    return ClientDetailOut(**client_out(client).model_dump(), secrets=states)


@router.post(
    "/clients/{client_id}/revocation",
    status_code=201,
    response_model=ClientOut,
    responses=documented(*WRITING, Kind.NOT_FOUND),
)
async def revoke_a_client(
    client_id: UUID, caller: EnterpriseCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """End a client for good, with all its secrets and tokens; doing it again changes nothing."""
    require(caller, Permission.ENTERPRISE_CLIENT_MANAGE)

    async def act(tx: Tx) -> Reply:
        client = await revoke_client(
            tx,
            ClientId(client_id),
            enterprise_id=caller.enterprise_id,
            actor=caller.actor,
            at=office.clock.now(),
        )
        return Reply(body=client_out(client))

    return await once(office, caller, attempt, act)


async def _require_own_counter(tx: Tx, caller: Caller, body: CounterClientIn) -> None:
    """Another enterprise's outlet is as unknown as one that does not exist."""
    outlet = await find_outlet(tx, OutletId(body.outlet_id), enterprise_id=caller.enterprise_id)
    if outlet is None:
        raise Problem(Kind.REFERENCE_UNKNOWN, Fault("/outlet_id", "unknown"))
    if all(counter.id != body.counter_id for counter in await find_counters(tx, outlet.id)):
        raise Problem(Kind.REFERENCE_UNKNOWN, Fault("/counter_id", "unknown"))
