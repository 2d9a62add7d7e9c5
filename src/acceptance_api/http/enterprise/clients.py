"""An enterprise's clients: their secrets are shown once, rotated with overlap, and revoked within seconds."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from acceptance_api.access import (
    AddClient,
    Audience,
    Caller,
    Client,
    Permission,
    Secret,
    SecretId,
    add_client,
    find_clients,
    find_secrets,
    get_client,
    require,
    revoke_client,
    revoke_secret,
    rotate_secret,
)
from acceptance_api.http.callers import EnterpriseCaller
from acceptance_api.http.idempotency import AttemptDep, Reply, once
from acceptance_api.http.listing import page_by_id
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.pages import Cursor, Page, PageSize
from acceptance_api.http.problems import documented
from acceptance_api.http.standard import READING, WRITING
from acceptance_api.http.wire import In, Line, Out
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import ClientId, CounterId, OutletId
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.sites import find_counters, find_outlet

router = APIRouter(prefix="/clients", tags=["clients"])


class ClientIn(In):
    """A program that may ask for tokens. A counter's needs its outlet and counter."""

    audience: Literal["counter", "enterprise"]
    name: Line
    outlet_id: UUID | None = None
    counter_id: UUID | None = None
    permissions: list[Permission] | None = Field(
        None, min_length=1, max_length=40, description="Everything of the audience, unless this says less."
    )


class ClientOut(Out):
    """A client, without its secrets."""

    id: UUID
    audience: str
    name: str
    permissions: list[str]
    outlet_id: UUID | None
    counter_id: UUID | None
    revoked_at: datetime | None


class SecretOut(Out):
    """One of a client's secrets, by its id. Only a digest of it is stored."""

    id: UUID
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class ClientDetailOut(ClientOut):
    """A client and the states of its secrets."""

    secrets: list[SecretOut]


class ClientPage(Page[ClientOut]):
    """A page of clients."""


class NewSecretOut(Out):
    """A new secret: shown once. A replayed answer does not repeat it; rotate again if it was lost."""

    client_id: UUID
    client_secret: str | None


@router.get("", responses=documented(*READING, Kind.CURSOR_INVALID))
async def list_clients(
    caller: EnterpriseCaller, office: OfficeDep, limit: PageSize = 50, cursor: Cursor = None
) -> ClientPage:
    """The enterprise's clients, oldest first."""
    require(caller, Permission.ENTERPRISE_CLIENT_READ)

    async def find(tx: Tx, after: UUID | None, count: int) -> tuple[Client, ...]:
        return await find_clients(tx, caller.enterprise_id, after=ClientId(after) if after else None, limit=count)

    filters = ["clients", caller.enterprise_id]
    clients, next_cursor = await page_by_id(office, find, cursor=cursor, limit=limit, filters=filters)
    return ClientPage(
        data=[_client_out(client) for client in clients], has_more=next_cursor is not None, next_cursor=next_cursor
    )


@router.post("", status_code=201, response_model=NewSecretOut, responses=documented(*WRITING, Kind.REFERENCE_UNKNOWN))
async def add_a_client(body: ClientIn, caller: EnterpriseCaller, office: OfficeDep, attempt: AttemptDep) -> Response:
    """Add a client; its first secret stands in this answer and nowhere else."""
    require(caller, Permission.ENTERPRISE_CLIENT_MANAGE)

    async def act(tx: Tx) -> Reply:
        await _require_own_place(tx, caller, body)
        client, secret = await add_client(tx, _request(caller, body), actor=caller.actor, at=office.clock.now())
        return _secret_reply(client.id, secret)

    return await once(office, caller, attempt, act)


@router.get("/{client_id}", responses=documented(*READING))
async def read_client(client_id: UUID, caller: EnterpriseCaller, office: OfficeDep) -> ClientDetailOut:
    """One client, with the states of its secrets."""
    require(caller, Permission.ENTERPRISE_CLIENT_READ)
    async with office.database.read() as tx:
        client = await get_client(tx, ClientId(client_id), enterprise_id=caller.enterprise_id)
        secrets = await find_secrets(tx, client.id)
    return ClientDetailOut(**_client_out(client).model_dump(), secrets=[_secret_out(secret) for secret in secrets])


@router.post(
    "/{client_id}/secrets",
    status_code=201,
    response_model=NewSecretOut,
    responses=documented(*WRITING, Kind.NOT_FOUND),
)
async def rotate_client_secret(
    client_id: UUID, caller: EnterpriseCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """Give a client a new secret; the old ones work until the overlap is over."""
    require(caller, Permission.ENTERPRISE_CLIENT_MANAGE)
    overlap = timedelta(seconds=office.settings.secret_overlap_s)

    async def act(tx: Tx) -> Reply:
        _, secret = await rotate_secret(
            tx,
            ClientId(client_id),
            enterprise_id=caller.enterprise_id,
            overlap=overlap,
            actor=caller.actor,
            at=office.clock.now(),
        )
        return _secret_reply(client_id, secret)

    return await once(office, caller, attempt, act)


@router.post(
    "/{client_id}/secrets/{secret_id}/revocation",
    status_code=201,
    response_model=ClientOut,
    responses=documented(*WRITING, Kind.NOT_FOUND),
)
async def revoke_client_secret(
    client_id: UUID, secret_id: UUID, caller: EnterpriseCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """End one secret, and within seconds every token it was used for."""
    require(caller, Permission.ENTERPRISE_CLIENT_MANAGE)

    async def act(tx: Tx) -> Reply:
        await revoke_secret(
            tx,
            ClientId(client_id),
            SecretId(secret_id),
            enterprise_id=caller.enterprise_id,
            actor=caller.actor,
            at=office.clock.now(),
        )
        client = await get_client(tx, ClientId(client_id), enterprise_id=caller.enterprise_id)
        return Reply(body=_client_out(client))

    return await once(office, caller, attempt, act)


@router.post(
    "/{client_id}/revocation",
    status_code=201,
    response_model=ClientOut,
    responses=documented(*WRITING, Kind.NOT_FOUND),
)
async def revoke_a_client(
    client_id: UUID, caller: EnterpriseCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """End a client for good, and within seconds its tokens."""
    require(caller, Permission.ENTERPRISE_CLIENT_MANAGE)

    async def act(tx: Tx) -> Reply:
        client = await revoke_client(
            tx,
            ClientId(client_id),
            enterprise_id=caller.enterprise_id,
            actor=caller.actor,
            at=office.clock.now(),
        )
        return Reply(body=_client_out(client))

    return await once(office, caller, attempt, act)


async def _require_own_place(tx: Tx, caller: Caller, body: ClientIn) -> None:
    """The outlet and counter a client is for must be the enterprise's own."""
    if body.outlet_id is None:
        return
    outlet = await find_outlet(tx, OutletId(body.outlet_id), enterprise_id=caller.enterprise_id)
    if outlet is None:
        raise Problem(Kind.REFERENCE_UNKNOWN, Fault("/outlet_id", "unknown"))
    counters = {counter.id for counter in await find_counters(tx, outlet.id)}
    if body.counter_id is not None and body.counter_id not in counters:
        raise Problem(Kind.REFERENCE_UNKNOWN, Fault("/counter_id", "unknown"))


def _request(caller: Caller, body: ClientIn) -> AddClient:
    return AddClient(
        audience=Audience(body.audience),
        name=body.name,
        permissions=None if body.permissions is None else frozenset(body.permissions),
        enterprise_id=caller.enterprise_id,
        outlet_id=OutletId(body.outlet_id) if body.outlet_id else None,
        counter_id=CounterId(body.counter_id) if body.counter_id else None,
    )


def _secret_reply(client_id: UUID, secret: str) -> Reply:
    return Reply(
        body=NewSecretOut(client_id=client_id, client_secret=secret),
        kept=NewSecretOut(client_id=client_id, client_secret=None),
    )


def _client_out(client: Client) -> ClientOut:
    return ClientOut(
        id=client.id,
        audience=client.audience.value,
        name=client.name,
        permissions=sorted(permission.value for permission in client.permissions),
        outlet_id=client.outlet_id,
        counter_id=client.counter_id,
        revoked_at=client.revoked_at,
    )


def _secret_out(secret: Secret) -> SecretOut:
    return SecretOut(
        id=secret.id, created_at=secret.created_at, expires_at=secret.expires_at, revoked_at=secret.revoked_at
    )
