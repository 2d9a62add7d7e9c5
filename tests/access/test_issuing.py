"""Tokens for client credentials."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from joserfc import jws, jwt

from acceptance_api.access import SigningKeys, TokenIssuer, find_secrets, revoke_client, revoke_secret, rotate_secret
from acceptance_api.audit import OPERATOR
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.problems import Kind, Problem
from tests.access.conftest import ISSUER, NOON, Holder

HOUR = timedelta(hours=1)


async def test_a_token_names_the_client_and_its_audience(
    database: Database, holder: Holder, issuer: TokenIssuer, keys: SigningKeys
) -> None:
    async with database.read() as tx:
        issued = await issuer.issue(tx, str(holder.client.id), holder.secret, at=NOON)
        (secret,) = await find_secrets(tx, holder.client.id)
    decoded = jwt.decode(issued.token, keys.newest, algorithms=["ES256"])

    assert decoded.header == {"alg": "ES256", "kid": keys.newest.kid, "typ": "at+jwt"}
    assert decoded.claims.pop("jti")
    assert decoded.claims == {
        "iss": ISSUER,
        "sub": str(holder.client.id),
        "aud": "counter",
        "iat": int(NOON.timestamp()),
        "exp": int(NOON.timestamp()) + 600,
        "sid": str(secret.id),
    }
    assert issued.expires_in_s == 600
    assert issued.token not in repr(issued)


async def test_no_two_tokens_are_alike(database: Database, holder: Holder, issuer: TokenIssuer) -> None:
    async with database.read() as tx:
        tokens = {(await issuer.issue(tx, str(holder.client.id), holder.secret, at=NOON)).token for _ in range(3)}

    assert len({jws.extract_compact(token.encode()).payload for token in tokens}) == 3


@pytest.mark.parametrize(
    ("client_id", "secret"),
    [
        pytest.param("", None, id="no client"),
        pytest.param("nobody", None, id="no uuid"),
        pytest.param(str(uuid4()), None, id="an unknown client"),
        pytest.param(None, "acs_wrong", id="a wrong secret"),
        pytest.param(None, "", id="no secret"),
        pytest.param(None, "\ud800", id="no text at all"),
    ],
)
async def test_wrong_credentials_give_nothing(
    database: Database, holder: Holder, issuer: TokenIssuer, client_id: str | None, secret: str | None
) -> None:
    who = str(holder.client.id) if client_id is None else client_id
    async with database.read() as tx:
        with pytest.raises(Problem) as caught:
            await issuer.issue(tx, who, holder.secret if secret is None else secret, at=NOON)

    assert caught.value.kind is Kind.CREDENTIALS_INVALID


async def issue(database: Database, issuer: TokenIssuer, holder: Holder, secret: str, at: datetime) -> int:
    async with database.read() as tx:
        return (await issuer.issue(tx, str(holder.client.id), secret, at=at)).expires_in_s


async def test_both_secrets_work_during_the_overlap(database: Database, holder: Holder, issuer: TokenIssuer) -> None:
    async with database.transaction() as tx:
        _, fresh = await rotate_secret(tx, holder.client.id, enterprise_id=None, overlap=HOUR, actor=OPERATOR, at=NOON)
    last = NOON + HOUR - timedelta(seconds=5)

    assert await issue(database, issuer, holder, holder.secret, NOON) == 600
    assert await issue(database, issuer, holder, holder.secret, last) == 5, "no token outlives its secret"
    assert await issue(database, issuer, holder, fresh, NOON + HOUR) == 600
    with pytest.raises(Problem):
        await issue(database, issuer, holder, holder.secret, NOON + HOUR)


async def test_a_revoked_secret_or_client_gives_nothing(
    database: Database, holder: Holder, issuer: TokenIssuer
) -> None:
    async with database.transaction() as tx:
        (old,) = await find_secrets(tx, holder.client.id)
        _, fresh = await rotate_secret(tx, holder.client.id, enterprise_id=None, overlap=HOUR, actor=OPERATOR, at=NOON)
        await revoke_secret(tx, holder.client.id, old.id, enterprise_id=None, actor=OPERATOR, at=NOON)

    with pytest.raises(Problem):
        await issue(database, issuer, holder, holder.secret, NOON)
    assert await issue(database, issuer, holder, fresh, NOON) == 600
    async with database.transaction() as tx:
        await revoke_client(tx, holder.client.id, enterprise_id=None, actor=OPERATOR, at=NOON)
    with pytest.raises(Problem):
        await issue(database, issuer, holder, fresh, NOON)
