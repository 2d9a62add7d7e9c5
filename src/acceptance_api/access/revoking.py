"""Revoking secrets and clients: tokens already issued stop working within `revocation_lag_s`."""

from dataclasses import replace
from datetime import datetime

from acceptance_api.access import store
from acceptance_api.access.model import Client, SecretId, trail_of
from acceptance_api.audit import Action, Actor, Entry
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import ClientId, EnterpriseId
from acceptance_api.kernel.problems import Kind, Problem


async def revoke_secret(
    tx: Tx,
    client_id: ClientId,
    secret_id: SecretId,
    *,
    enterprise_id: EnterpriseId | None,
    actor: Actor,
    at: datetime,
) -> None:
    """End one secret and every token it was used for; doing it again changes nothing.

    Raises:
        Problem: NOT_FOUND.
    """
    client = await store.get_client(tx, client_id, enterprise_id=enterprise_id)
    if all(secret.id != secret_id for secret in await store.find_secrets(tx, client_id)):
        raise Problem(Kind.NOT_FOUND)
    entry = Entry(
        action=Action.SECRET_REVOKED,
        actor=actor,
        at=at,
        stream_id=trail_of(client),
        subject_id=client_id,
        detail={"secret_id": str(secret_id)},
    )
    await store.revoke_secret(tx, client_id, secret_id, at=at, entry=entry)


async def revoke_client(
    tx: Tx, client_id: ClientId, *, enterprise_id: EnterpriseId | None, actor: Actor, at: datetime
) -> Client:
    """End a client for good, with all its secrets and tokens; doing it again changes nothing.

    Raises:
        Problem: NOT_FOUND.
    """
    client = await store.get_client(tx, client_id, enterprise_id=enterprise_id)
    if client.revoked_at is not None:
        return client
    entry = Entry(action=Action.CLIENT_REVOKED, actor=actor, at=at, stream_id=trail_of(client), subject_id=client_id)
    await store.revoke_client(tx, client_id, at=at, entry=entry)
    return replace(client, revoked_at=at)
