"""Rotating and revoking the secrets of a client."""

from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter, Response

from acceptance_api.access import (
    Permission,
    SecretId,
    find_secrets,
    get_client,
    require,
    revoke_secret,
    rotate_secret,
)
from acceptance_api.http.callers import EnterpriseCaller
from acceptance_api.http.enterprise.client_wire import RotatedSecretOut, SecretOut, secret_out
from acceptance_api.http.idempotency import AttemptDep, Reply, once
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.problems import documented
from acceptance_api.http.standard import WRITING
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import ClientId
from acceptance_api.kernel.problems import Kind

router = APIRouter(tags=["clients"])


@router.post(
    "/clients/{client_id}/secrets",
    status_code=201,
    response_model=RotatedSecretOut,
    responses=documented(*WRITING, Kind.NOT_FOUND),
)
async def rotate_a_secret(
    client_id: UUID, caller: EnterpriseCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """Give a client a new secret, shown in this answer only; the old ones work on for the overlap."""
    require(caller, Permission.ENTERPRISE_CLIENT_MANAGE)
    owner, overlap = caller.enterprise_id, timedelta(seconds=office.settings.secret_overlap_s)

    async def act(tx: Tx) -> Reply:
        at = office.clock.now()
        secret, text = await rotate_secret(
            tx, ClientId(client_id), enterprise_id=owner, overlap=overlap, actor=caller.actor, at=at
        )
        client = await get_client(tx, ClientId(client_id), enterprise_id=owner)
        shown = RotatedSecretOut(
            **secret_out(secret, client, at=at).model_dump(), client_secret=text, others_expire_at=at + overlap
        )
        return Reply(body=shown, kept=shown.model_copy(update={"client_secret": None}))

    return await once(office, caller, attempt, act)


@router.post(
    "/clients/{client_id}/secrets/{secret_id}/revocation",
    status_code=201,
    response_model=SecretOut,
    responses=documented(*WRITING, Kind.NOT_FOUND),
)
async def revoke_a_secret(
    client_id: UUID, secret_id: UUID, caller: EnterpriseCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """End one secret and the tokens it was used for, at once; doing it again changes nothing."""
    require(caller, Permission.ENTERPRISE_CLIENT_MANAGE)
    owner = caller.enterprise_id

    async def act(tx: Tx) -> Reply:
        at = office.clock.now()
        await revoke_secret(
            tx, ClientId(client_id), SecretId(secret_id), enterprise_id=owner, actor=caller.actor, at=at
        )
        client = await get_client(tx, ClientId(client_id), enterprise_id=owner)
        secret = next(one for one in await find_secrets(tx, client.id) if one.id == secret_id)
        return Reply(body=secret_out(secret, client, at=at))

    return await once(office, caller, attempt, act)
