"""What the database says of a client and one of its secrets: one question, one row, answered by primary keys."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from acceptance_api.access import Audience, Client, Secret, SecretId, find_secrets, rotate_secret
from acceptance_api.access.standings import QUESTION, Standing
from acceptance_api.audit import OPERATOR
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.express import Reader
from acceptance_api.kernel.ids import ClientId, new_uuid
from tests.access.conftest import NOON, Holder, a_holder
from tests.access.lanes import History, looks_in, plan_of

SECOND = timedelta(seconds=1)
CLIENT = Client(id=ClientId(new_uuid()), audience=Audience.COUNTER, name="counter 1", permissions=frozenset())
SECRET = Secret(id=SecretId(new_uuid()), client_id=CLIENT.id, digest=bytes(32), created_at=NOON)


@pytest.mark.parametrize(
    ("client", "secret", "at", "is_admitted"),
    [
        pytest.param(CLIENT, SECRET, NOON, True, id="both in order"),
        pytest.param(None, SECRET, NOON, False, id="no client"),
        pytest.param(CLIENT, None, NOON, False, id="no secret"),
        pytest.param(replace(CLIENT, revoked_at=NOON), SECRET, NOON, False, id="a revoked client"),
        pytest.param(CLIENT, replace(SECRET, revoked_at=NOON), NOON, False, id="a revoked secret"),
        pytest.param(CLIENT, replace(SECRET, expires_at=NOON), NOON - SECOND, True, id="a secret that will expire"),
        pytest.param(CLIENT, replace(SECRET, expires_at=NOON), NOON, False, id="expiry is exclusive"),
    ],
)
def test_who_is_admitted(
    client: Client | None,
    secret: Secret | None,
    at: datetime,
    is_admitted: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert Standing(client, secret).admits(at=at) == (CLIENT if is_admitted else None)


async def test_a_standing_is_the_client_and_that_secret(database: Database, holder: Holder, reader: Reader) -> None:
    other = await a_holder(database)
    async with database.transaction() as tx:
        await rotate_secret(tx, holder.client.id, enterprise_id=None, overlap=SECOND, actor=OPERATOR, at=NOON)
        old, new = await find_secrets(tx, holder.client.id)
        (foreign,) = await find_secrets(tx, other.client.id)

    async def asked(client_id: ClientId, secret_id: SecretId) -> tuple[object, ...]:
        return await reader.ask(QUESTION, client_id, secret_id)

    assert await asked(holder.client.id, old.id) == (holder.client, old)
    assert await asked(holder.client.id, new.id) == (holder.client, new)
    assert old.expires_at == NOON + SECOND
    assert await asked(holder.client.id, foreign.id) == (holder.client, None)
    assert await asked(ClientId(new_uuid()), old.id) == (None, None)


@pytest.mark.parametrize("history", History, ids=lambda history: history.value)
async def test_a_standing_is_found_by_primary_keys(postgresql_url: str, history: History) -> None:
    """PostgreSQL might walk through the index of an enterprise's clients, or take any secret of the client."""
    fill = (
        "INSERT INTO clients SELECT gen_random_uuid(), 'counter', '', '[]', gen_random_uuid(), null, null, null, '',"
        " now(), null FROM generate_series(1, 3000);"
        "INSERT INTO client_secrets SELECT id, gen_random_uuid(), '', now(), null, null FROM clients"
    )

    plan = await plan_of(postgresql_url, QUESTION, history=history, fill=fill)

    assert looks_in(plan) == {
        "clients": ("pk_clients", "id"),
        "client_secrets": ("pk_client_secrets", "client_id", "id"),
    }
