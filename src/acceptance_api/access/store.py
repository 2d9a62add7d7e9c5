"""Clients, secrets and agencies in SQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, insert, or_, select, update

from acceptance_api.access.model import Agency, Audience, Client, Permission, Secret, SecretId
from acceptance_api.access.tables import agencies, client_secrets, clients
from acceptance_api.audit import Entry, append
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.express import Part
from acceptance_api.kernel.ids import AgencyId, ClientId, EnterpriseId
from acceptance_api.kernel.problems import Kind, Problem


async def add_agency(tx: Tx, agency: Agency, *, entry: Entry) -> None:
    """Record an agency and its audit entry."""
    await tx.execute(insert(agencies).values({name: getattr(agency, name) for name in Agency.__slots__}))
    await append(tx, entry)


async def add_client(tx: Tx, client: Client, secret: Secret, *, entry: Entry) -> None:
    """Record a client with its first secret and the audit entry."""
    row = {name: getattr(client, name) for name in Client.__slots__}
    row |= {
        "audience": client.audience.value,
        "permissions": sorted(permission.value for permission in client.permissions),
        "created_at": secret.created_at,
    }
    await tx.execute(insert(clients).values(row))
    await tx.execute(insert(client_secrets).values(_secret_row(secret)))
    await append(tx, entry)


async def replace_secrets(tx: Tx, secret: Secret, *, old_until: datetime, entry: Entry) -> None:
    """Record a new secret and its audit entry; let the client's others expire at `old_until` at the latest."""
    await tx.execute(
        update(client_secrets)
        .where(
            client_secrets.c.client_id == secret.client_id,
            or_(client_secrets.c.expires_at.is_(None), client_secrets.c.expires_at > old_until),
        )
        .values(expires_at=old_until)
    )
    await tx.execute(insert(client_secrets).values(_secret_row(secret)))
    await append(tx, entry)


async def revoke_secret(tx: Tx, client_id: ClientId, secret_id: SecretId, *, at: datetime, entry: Entry) -> None:
    """End a secret and record the audit entry; nothing when it was revoked before."""
    changed = await tx.execute(
        update(client_secrets)
        .where(
            client_secrets.c.client_id == client_id,
            client_secrets.c.id == secret_id,
            client_secrets.c.revoked_at.is_(None),
        )
        .values(revoked_at=at)
    )
    if changed.rowcount:
        await append(tx, entry)


async def revoke_client(tx: Tx, client_id: ClientId, *, at: datetime, entry: Entry) -> None:
    """End a client and record the audit entry; nothing when it was revoked before."""
    changed = await tx.execute(
        update(clients).where(clients.c.id == client_id, clients.c.revoked_at.is_(None)).values(revoked_at=at)
    )
    if changed.rowcount:
        await append(tx, entry)


async def find_agency(tx: Tx, agency_id: AgencyId) -> Agency | None:
    """The agency with this id."""
    row = (await tx.execute(select(agencies).where(agencies.c.id == agency_id))).first()
    if row is None:
        return None
    return Agency(id=AgencyId(row.id), name=row.name, jurisdiction=row.jurisdiction, created_at=row.created_at)


async def find_client(tx: Tx, client_id: ClientId) -> Client | None:
    """The client with this id, revoked or not."""
    row = (await tx.execute(select(clients).where(clients.c.id == client_id))).first()
    return _client(row) if row else None


def client_part(client_id: ColumnElement[UUID]) -> Part[Client | None]:
    """A client, revoked or not, as a part of a question."""
    return Part(
        columns=tuple(clients.columns),
        read=lambda values: _client(values) if values[0] is not None else None,
        joins=((clients, clients.c.id == client_id),),
    )


async def get_client(tx: Tx, client_id: ClientId, *, enterprise_id: EnterpriseId | None) -> Client:
    """The client with this id; another enterprise's looks missing. None is the operator, who sees all.

    Raises:
        Problem: NOT_FOUND.
    """
    client = await find_client(tx, client_id)
    if client is None or enterprise_id not in (None, client.enterprise_id):
        raise Problem(Kind.NOT_FOUND)
    return client


async def find_clients(
    tx: Tx, enterprise_id: EnterpriseId, *, after: ClientId | None = None, limit: int = 50
) -> tuple[Client, ...]:
    """The clients of an enterprise, revoked ones too, oldest first."""
    query = select(clients).where(clients.c.enterprise_id == enterprise_id)
    if after is not None:
        query = query.where(clients.c.id > after)
    return tuple(_client(row) for row in await tx.execute(query.order_by(clients.c.id).limit(limit)))


async def find_secrets(tx: Tx, client_id: ClientId) -> tuple[Secret, ...]:
    """Every secret a client ever had, oldest first."""
    query = select(client_secrets).where(client_secrets.c.client_id == client_id).order_by(client_secrets.c.id)
    return tuple(_secret(row) for row in await tx.execute(query))


def secret_part(client_id: ColumnElement[UUID], secret_id: ColumnElement[UUID]) -> Part[Secret | None]:
    """One of a client's secrets, live or not, as a part of a question; another client's looks missing."""
    return Part(
        columns=tuple(client_secrets.columns),
        read=lambda values: _secret(values) if values[0] is not None else None,
        joins=((client_secrets, and_(client_secrets.c.client_id == client_id, client_secrets.c.id == secret_id)),),
    )


async def find_live_secrets(tx: Tx, client_id: ClientId, *, at: datetime) -> tuple[Secret, ...]:
    """The secrets that open something at this moment."""
    query = select(client_secrets).where(
        client_secrets.c.client_id == client_id,
        client_secrets.c.revoked_at.is_(None),
        or_(client_secrets.c.expires_at.is_(None), client_secrets.c.expires_at > at),
    )
    return tuple(_secret(row) for row in await tx.execute(query))


def _secret_row(secret: Secret) -> dict[str, object]:
    return {name: getattr(secret, name) for name in Secret.__slots__}


def _client(row: Sequence[Any]) -> Client:
    values = dict(zip(clients.columns.keys(), row, strict=True))
    given = frozenset(values["permissions"])
    converted = {
        "audience": Audience(values["audience"]),
        "permissions": frozenset(permission for permission in Permission if permission.value in given),
    }
    return Client(**{name: values[name] for name in Client.__slots__} | converted)


def _secret(row: Sequence[Any]) -> Secret:
    return Secret(**dict(zip(client_secrets.columns.keys(), row, strict=True)))
