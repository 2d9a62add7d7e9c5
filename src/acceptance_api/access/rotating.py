"""Rotating a client's secret."""

from datetime import datetime, timedelta

from acceptance_api.access import store
from acceptance_api.access.minting import mint_secret
from acceptance_api.access.model import Secret, trail_of
from acceptance_api.audit import Action, Actor, Entry
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import ClientId, EnterpriseId
from acceptance_api.kernel.problems import Kind, Problem


async def rotate_secret(
    tx: Tx,
    client_id: ClientId,
    *,
    enterprise_id: EnterpriseId | None,
    overlap: timedelta,
    actor: Actor,
    at: datetime,
) -> tuple[Secret, str]:
    """Mint a new secret, shown here once; the old ones work until the overlap is over.

    `enterprise_id` says whose clients the caller may touch; None is the operator.

    Raises:
        Problem: NOT_FOUND, also for a revoked client.
    """
    client = await store.get_client(tx, client_id, enterprise_id=enterprise_id)
    if client.revoked_at is not None:
        raise Problem(Kind.NOT_FOUND)
    secret, text = mint_secret(client_id, at=at)
    entry = Entry(
        action=Action.SECRET_ROTATED,
        actor=actor,
        at=at,
        stream_id=trail_of(client),
        subject_id=client_id,
        detail={"secret_id": str(secret.id), "overlap_s": int(overlap.total_seconds())},
    )
    await store.replace_secrets(tx, secret, old_until=at + overlap, entry=entry)
    return secret, text
