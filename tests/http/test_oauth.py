"""The token endpoint and the public keys (RFC 6749, section 4.4; RFC 7517)."""

import base64
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from acceptance_api.access import revoke_client, rotate_secret
from acceptance_api.audit import OPERATOR
from acceptance_api.demo.world import Credentials
from acceptance_api.kernel.ids import ClientId
from tests.support.service import Service

GOODS = "/counter/v1/goods?q=dianchi"


async def test_a_token_verifies_with_the_published_keys(embedded: Service) -> None:
    answer = await _asked(embedded, embedded.world.counter)
    keys = KeySet.import_key_set((await embedded.http.get("/.well-known/jwks.json")).json())

    token = jwt.decode(answer.json()["access_token"], keys, algorithms=["ES256"])

    assert (token.header["typ"], token.claims["aud"]) == ("at+jwt", "counter")
    assert token.claims["sub"] == embedded.world.counter.client_id
    assert token.claims["exp"] - token.claims["iat"] == answer.json()["expires_in"]
    assert (answer.headers["Cache-Control"], answer.json()["token_type"]) == ("no-store", "Bearer")
    assert not [key for key in keys.keys if key.is_private]


async def test_credentials_may_come_as_http_basic(embedded: Service) -> None:
    given = embedded.world.counter
    basic = base64.b64encode(f"{given.client_id}:{given.client_secret}".encode()).decode()

    answer = await embedded.http.post(
        "/oauth/token", data={"grant_type": "client_credentials"}, headers={"Authorization": f"Basic {basic}"}
    )

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "header",
    ["Basic", "Basic !!!", "Basic /w==", "Basic bm9jb2xvbg==", "Digest abc", "Bearer abc", f"Basic {'QQ' * 5000}"],
)
async def test_an_ill_formed_header_is_a_wrong_credential(embedded: Service, header: str) -> None:
    answer = await embedded.http.post(
        "/oauth/token", data={"grant_type": "client_credentials"}, headers={"Authorization": header}
    )

    _is_refused(answer)


@pytest.mark.parametrize(
    ("client_id", "secret"),
    [
        (None, "wrong"),
        (None, ""),
        ("01937f5e-7a00-7000-8000-000000000001", None),
        ("nobody", None),
        ("", ""),
        ("\x00", "\x00"),
        ("１" * 32, ""),
    ],
)
async def test_wrong_credentials_are_refused_alike(
    embedded: Service, client_id: str | None, secret: str | None
) -> None:
    known = embedded.world.counter
    wrong = Credentials(
        client_id=known.client_id if client_id is None else client_id,
        client_secret=known.client_secret if secret is None else secret,
    )

    _is_refused(await _asked(embedded, wrong))


@pytest.mark.parametrize("grant", ["password", "authorization_code", "CLIENT_CREDENTIALS"])
async def test_another_grant_is_refused(embedded: Service, grant: str) -> None:
    answer = await _asked(embedded, embedded.world.counter, grant_type=grant)

    assert (answer.status_code, answer.json()["code"]) == (400, "grant_invalid")


async def test_a_token_of_another_audience_opens_nothing(embedded: Service) -> None:
    for headers in (await embedded.as_enterprise(), await embedded.as_regulator()):
        clerk = {"Clerk-Id": str(embedded.world.clerk_id)}
        answer = await embedded.http.get(GOODS, headers=headers | clerk)
        assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer a.b.c", "Basic abc", "bearer\ttoken"])
async def test_without_a_token_nothing_opens(embedded: Service, header: str) -> None:
    headers = await embedded.as_counter() | {"Authorization": header}

    assert (await embedded.http.get(GOODS, headers=headers)).status_code == 401


async def test_a_revoked_client_stops_within_the_lag(embedded: Service) -> None:
    headers, office = await embedded.as_counter(), embedded.office
    before = await embedded.http.get(GOODS, headers=headers)
    async with office.transaction() as tx:
        await revoke_client(
            tx,
            ClientId(UUID(embedded.world.counter.client_id)),
            enterprise_id=None,
            actor=OPERATOR,
            at=office.clock.now(),
        )

    after = await embedded.http.get(GOODS, headers=headers)

    assert (before.status_code, after.status_code) == (200, 401)
    _is_refused(await _asked(embedded, embedded.world.counter))


async def test_both_secrets_work_while_a_rotation_overlaps(embedded: Service) -> None:
    old, office = embedded.world.counter, embedded.office
    async with office.transaction() as tx:
        _, secret = await rotate_secret(
            tx,
            ClientId(UUID(old.client_id)),
            enterprise_id=None,
            overlap=timedelta(hours=1),
            actor=OPERATOR,
            at=office.clock.now(),
        )
    new = Credentials(client_id=old.client_id, client_secret=secret)

    assert [(await _asked(embedded, one)).status_code for one in (old, new)] == [200, 200]


async def _asked(
    service: Service, credentials: Credentials, *, grant_type: str = "client_credentials"
) -> httpx.Response:
    form = {
        "grant_type": grant_type,
        "client_id": credentials.client_id,
        "client_secret": credentials.client_secret,
    }
    return await service.http.post("/oauth/token", data=form)


def _is_refused(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.json()["code"]) == (401, "credentials_invalid")
    assert "WWW-Authenticate" in answer.headers
