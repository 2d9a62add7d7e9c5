"""Clients and their secrets on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from acceptance_api.access import AddClient, Audience, Client, Permission, Secret
from acceptance_api.http.pages import Page
from acceptance_api.http.wire import In, Line, Out
from acceptance_api.kernel.ids import CounterId, EnterpriseId, OutletId

ClientName = Annotated[Line, Field(max_length=80, description="What the client is for; not a person's name.")]
Permissions = Annotated[
    list[Permission] | None,
    Field(min_length=1, max_length=len(Permission), description="Of its own audience; all of them if left out."),
]
ClientSecret = Annotated[
    str | None, Field(repr=False, description="Shown once: null when the request is repeated. Only a digest is kept.")
]


class CounterClientIn(In):
    """A client of one counter."""

    audience: Literal["counter"]
    name: ClientName
    permissions: Permissions = None
    outlet_id: UUID
    counter_id: UUID


class EnterpriseClientIn(In):
    """A client of the enterprise itself."""

    audience: Literal["enterprise"]
    name: ClientName
    permissions: Permissions = None


ClientIn = Annotated[CounterClientIn | EnterpriseClientIn, Field(discriminator="audience")]


class ClientOut(Out):
    """A program that may ask for tokens."""

    id: UUID
    audience: str
    name: str
    permissions: list[str]
    outlet_id: UUID | None
    counter_id: UUID | None
    revoked_at: datetime | None


class ClientPage(Page[ClientOut]):
    """A page of clients."""


class AddedClientOut(ClientOut):
    """A new client and its first secret."""

    client_secret: ClientSecret


class SecretOut(Out):
    """One of a client's secrets, without a word about what it says. `state`: live, expired or revoked."""

    id: UUID
    state: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class ClientDetailOut(ClientOut):
    """A client and every secret it ever had, oldest first."""

    secrets: list[SecretOut]


class RotatedSecretOut(SecretOut):
    """A new secret, and when at the latest the client's other ones stop working."""

    client_secret: ClientSecret
    others_expire_at: datetime


def client_of(body: CounterClientIn | EnterpriseClientIn, enterprise_id: EnterpriseId) -> AddClient:
    """The client a body asks for."""
    place = body if isinstance(body, CounterClientIn) else None
    return AddClient(
        audience=Audience(body.audience),
        name=body.name,
        permissions=None if body.permissions is None else frozenset(body.permissions),
        enterprise_id=enterprise_id,
        outlet_id=OutletId(place.outlet_id) if place else None,
        counter_id=CounterId(place.counter_id) if place else None,
    )


def client_out(client: Client) -> ClientOut:
    """A client as its enterprise sees it."""
    return ClientOut(
        id=client.id,
        audience=client.audience.value,
        name=client.name,
        permissions=sorted(permission.value for permission in client.permissions),
        outlet_id=client.outlet_id,
        counter_id=client.counter_id,
        revoked_at=client.revoked_at,
    )


def secret_out(secret: Secret, client: Client, *, at: datetime) -> SecretOut:
    """A secret of a client, and whether it works at this moment."""
    return SecretOut(
        id=secret.id,
        state=_state(secret, client, at),
        created_at=secret.created_at,
        expires_at=secret.expires_at,
        revoked_at=secret.revoked_at,
    )


def _state(secret: Secret, client: Client, at: datetime) -> str:
    """A revoked client has no live secret, though each of them was never revoked by itself."""
    if secret.revoked_at is not None or client.revoked_at is not None:
        return "revoked"
    return "live" if secret.is_live(at) else "expired"
