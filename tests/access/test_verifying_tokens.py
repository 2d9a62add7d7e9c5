"""What a token must be, to whom it opens what, and how soon revocation bites."""

import asyncio
import base64
import hmac
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws, jwt
from joserfc.jwk import ECKey
from sqlalchemy import delete, update

from acceptance_api.access import (
    Audience,
    Client,
    Permission,
    SigningKeys,
    TokenIssuer,
    TokenVerifier,
    find_secrets,
    mint_key,
    revoke_client,
    revoke_secret,
    rotate_secret,
)
from acceptance_api.access.tables import clients
from acceptance_api.audit import OPERATOR
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.express import Reader, open_lane
from acceptance_api.kernel.ids import new_uuid
from acceptance_api.kernel.problems import Kind, Problem
from tests.access.conftest import ISSUER, NOON, Holder, a_holder
from tests.access.lanes import Gate

LAG_S = 2.0
SECOND = timedelta(seconds=1)


def verifier_of(keys: SigningKeys, reader: Reader, **options: Any) -> TokenVerifier:  # noqa: ANN401 - options of several types
    return TokenVerifier(keys, reader, issuer=ISSUER, **({"revocation_lag_s": LAG_S} | options))


@pytest.fixture
def verifier(keys: SigningKeys, reader: Reader) -> TokenVerifier:
    return verifier_of(keys, reader)


@pytest.fixture
def lone_verifier(keys: SigningKeys, unreachable: Reader) -> TokenVerifier:
    """Whoever is refused as TOKEN_INVALID was refused without asking the database."""
    return verifier_of(keys, unreachable)


@pytest.fixture
async def token(database: Database, holder: Holder, issuer: TokenIssuer) -> str:
    return await token_for(database, holder, issuer)


async def token_for(database: Database, holder: Holder, issuer: TokenIssuer) -> str:
    async with database.read() as tx:
        return (await issuer.issue(tx, str(holder.client.id), holder.secret, at=NOON)).token


async def rotated(database: Database, holder: Holder, *, overlap: timedelta = timedelta(hours=1)) -> Holder:
    """The same client with another secret; its old one works on until the overlap is over."""
    async with database.transaction() as tx:
        _, secret = await rotate_secret(
            tx, holder.client.id, enterprise_id=None, overlap=overlap, actor=OPERATOR, at=NOON
        )
    return Holder(client=holder.client, secret=secret)


async def admitted(verifier: TokenVerifier, token: str, *, at: datetime = NOON) -> Client:
    return await verifier.verify(token, audience=Audience.COUNTER, at=at)


async def refusal(
    verifier: TokenVerifier, token: str, *, audience: Audience = Audience.COUNTER, at: datetime = NOON
) -> Kind:
    with pytest.raises(Problem) as caught:
        await verifier.verify(token, audience=audience, at=at)
    assert caught.value.faults == ()
    return caught.value.kind


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    header, payload = (json.loads(base64.urlsafe_b64decode(f"{part}==")) for part in token.split(".")[:2])
    return header, payload


def encoded(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def signed(keys: SigningKeys, token: str, *, header: dict[str, Any], claims: dict[str, Any]) -> str:
    """The token with other words, truly signed; None takes a word out."""
    old_header, old_claims = parts(token)
    new_header = {name: value for name, value in (old_header | header).items() if value is not None}
    new_claims = {name: value for name, value in (old_claims | claims).items() if value is not None}
    return jwt.encode(new_header, new_claims, keys.newest, algorithms=["ES256"], default_type=None)


@pytest.fixture
def loose_token(keys: SigningKeys) -> str:
    """A token in order, of a client that no database knows."""
    claims = {
        "iss": ISSUER,
        "sub": str(new_uuid()),
        "aud": "counter",
        "iat": int(NOON.timestamp()),
        "exp": int(NOON.timestamp()) + 600,
        "jti": "1",
        "sid": str(new_uuid()),
    }
    return jwt.encode({"alg": "ES256", "kid": keys.newest.kid, "typ": "at+jwt"}, claims, keys.newest)


async def test_a_token_in_order_reaches_the_database(lone_verifier: TokenVerifier, loose_token: str) -> None:
    assert await refusal(lone_verifier, loose_token) is Kind.DATABASE_UNAVAILABLE


async def test_a_good_token_gives_its_client(holder: Holder, verifier: TokenVerifier, token: str) -> None:
    client = await admitted(verifier, token)

    assert client == holder.client


@pytest.mark.parametrize("audience", [Audience.ENTERPRISE, Audience.REGULATOR])
async def test_a_token_of_one_audience_opens_nothing_of_another(
    verifier: TokenVerifier, token: str, audience: Audience
) -> None:
    for _ in range(2):
        assert await refusal(verifier, token, audience=audience) is Kind.TOKEN_INVALID


async def test_a_token_ends_with_its_second(
    keys: SigningKeys, reader: Reader, verifier: TokenVerifier, token: str
) -> None:
    end = NOON + timedelta(seconds=600)

    await admitted(verifier, token, at=end - SECOND)
    assert await refusal(verifier, token, at=end) is Kind.TOKEN_INVALID, "cached"
    assert await refusal(verifier_of(keys, reader), token, at=end) is Kind.TOKEN_INVALID, "not cached"


@pytest.mark.parametrize(
    ("header", "claims"),
    [
        pytest.param({"typ": "JWT"}, {}, id="a JWT that is no access token"),
        pytest.param({"typ": None}, {}, id="no type"),
        pytest.param({"kid": None}, {}, id="no key id"),
        pytest.param({"kid": "../../../etc/passwd"}, {}, id="a path for a key id"),
        pytest.param({"kid": "' OR 1=1 --"}, {}, id="SQL for a key id"),
        pytest.param({"kid": "0"}, {}, id="an unknown key id"),
        pytest.param({}, {"iss": "somebody"}, id="another issuer"),
        pytest.param({}, {"iss": None}, id="no issuer"),
        pytest.param({}, {"iss": [ISSUER]}, id="a list of issuers"),
        pytest.param({}, {"aud": "everybody"}, id="an unknown audience"),
        pytest.param({}, {"aud": ["counter", "regulator"]}, id="two audiences"),
        pytest.param({}, {"aud": None}, id="no audience"),
        pytest.param({}, {"exp": None}, id="no end"),
        pytest.param({}, {"exp": "tomorrow"}, id="an end that is no number"),
        pytest.param({}, {"exp": 10**30}, id="an end beyond all time"),
        pytest.param({}, {"iat": None}, id="no beginning"),
        pytest.param({}, {"iat": int(NOON.timestamp()) + 60}, id="from the future"),
        pytest.param({}, {"sub": "nobody"}, id="a subject that is no client id"),
        pytest.param({}, {"sub": 1}, id="a subject that is no text"),
        pytest.param({}, {"sid": None}, id="no secret"),
    ],
)
async def test_a_token_that_is_truly_signed_but_says_something_else_is_refused(
    keys: SigningKeys, lone_verifier: TokenVerifier, loose_token: str, header: dict[str, Any], claims: dict[str, Any]
) -> None:
    forged = signed(keys, loose_token, header=header, claims=claims)

    assert await refusal(lone_verifier, forged) is Kind.TOKEN_INVALID


async def test_clocks_of_two_processes_may_lie_a_little_apart(
    keys: SigningKeys, verifier: TokenVerifier, token: str
) -> None:
    early = signed(keys, token, header={}, claims={"iat": int(NOON.timestamp()) + 5})

    assert (await admitted(verifier, early)).audience is Audience.COUNTER


@pytest.mark.parametrize("word", ["sub", "sid"])
async def test_a_client_or_secret_the_database_does_not_know_is_refused(
    keys: SigningKeys, verifier: TokenVerifier, token: str, word: str
) -> None:
    forged = signed(keys, token, header={}, claims={word: str(new_uuid())})

    assert await refusal(verifier, forged) is Kind.TOKEN_INVALID
    assert (await admitted(verifier, token)).audience is Audience.COUNTER


async def test_a_client_is_not_let_in_by_the_secret_of_another(
    database: Database, holder: Holder, keys: SigningKeys, verifier: TokenVerifier, token: str
) -> None:
    other = await a_holder(database)
    async with database.read() as tx:
        (secret,) = await find_secrets(tx, other.client.id)
    forged = signed(keys, token, header={}, claims={"sid": str(secret.id)})
    turned = signed(keys, token, header={}, claims={"sub": str(other.client.id)})

    assert await refusal(verifier, forged) is Kind.TOKEN_INVALID
    assert await refusal(verifier, turned) is Kind.TOKEN_INVALID
    assert await admitted(verifier, token) == holder.client


async def test_the_algorithm_is_pinned(keys: SigningKeys, lone_verifier: TokenVerifier, loose_token: str) -> None:
    header, claims = parts(loose_token)
    public_pem = keys.newest.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    nothing = f"{encoded(header | {'alg': 'none'})}.{encoded(claims)}"
    keyed = f"{encoded(header | {'alg': 'HS256'})}.{encoded(claims)}"
    macs = [
        base64.urlsafe_b64encode(hmac.digest(secret, keyed.encode(), "sha256")).rstrip(b"=").decode()
        for secret in (public_pem, public_pem.strip(), json.dumps(keys.newest.as_dict(private=False)).encode())
    ]

    for forged in (f"{nothing}.", f"{nothing}.{loose_token.split('.')[2]}", *(f"{keyed}.{mac}" for mac in macs)):
        assert await refusal(lone_verifier, forged) is Kind.TOKEN_INVALID


async def test_a_key_that_the_token_brings_along_is_not_trusted(
    keys: SigningKeys, lone_verifier: TokenVerifier, loose_token: str
) -> None:
    header, claims = parts(loose_token)
    own = ECKey.generate_key("P-256")
    for extra in ({}, {"jwk": own.as_dict(private=False)}, {"jku": "https://example.org/jwks.json"}):
        forged = jwt.encode(header | extra | {"kid": keys.newest.kid}, claims, own, algorithms=["ES256"])

        assert await refusal(lone_verifier, forged) is Kind.TOKEN_INVALID


async def test_a_tampered_token_is_refused(lone_verifier: TokenVerifier, loose_token: str) -> None:
    header, payload, signature = loose_token.split(".")
    other = encoded(parts(loose_token)[1] | {"aud": "regulator"})
    forged = [
        f"{header}.{other}.{signature}",
        f"{header}.{payload}.",
        f"{header}.{payload}",
        payload,
        "",
        "..",
        "a.b.c",
    ]
    # The last character of a signature holds four bits that mean nothing, so the first one is changed.
    forged += [f"{header}.{payload}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"]
    forged += [f"{loose_token}.{payload}", f" {loose_token}", loose_token * 20]

    for text in forged:
        assert await refusal(lone_verifier, text, audience=Audience.REGULATOR) is Kind.TOKEN_INVALID
        assert await refusal(lone_verifier, text) is Kind.TOKEN_INVALID


async def test_deep_nesting_is_refused(lone_verifier: TokenVerifier) -> None:
    deep = base64.urlsafe_b64encode(b"[" * 1_200).rstrip(b"=").decode()

    assert await refusal(lone_verifier, f"{deep}.e30.e30") is Kind.TOKEN_INVALID


def test_no_text_at_all_makes_the_verifier_stumble(lone_verifier: TokenVerifier) -> None:
    @settings(deadline=None, max_examples=60)
    @given(st.text() | st.from_regex(r"\A[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\Z"))
    def check(text: str) -> None:
        with pytest.raises(Problem) as caught:
            asyncio.run(lone_verifier.verify(text, audience=Audience.COUNTER, at=NOON))
        assert caught.value.kind is Kind.TOKEN_INVALID

    check()


async def test_a_thousand_verifications_check_one_signature_and_look_once(
    gate: Gate, verifier: TokenVerifier, token: str
) -> None:
    for _ in range(1_000):
        await admitted(verifier, token)

    assert verifier.signature_checks == 1
    assert gate.groups == [1]


async def test_what_is_remembered_is_bounded(
    database: Database, holder: Holder, issuer: TokenIssuer, keys: SigningKeys, reader: Reader
) -> None:
    verifier = verifier_of(keys, reader, entries_max=3)
    for token in [await token_for(database, holder, issuer) for _ in range(5)]:
        await admitted(verifier, token)
        await refusal(verifier, f"{token}x.y")

    assert len(verifier._tokens) == 3, "and no refusal is remembered"
    assert len(verifier._standings) == 1
    for _ in range(4):
        holder = await rotated(database, holder)
        await admitted(verifier, await token_for(database, holder, issuer))
    assert len(verifier._standings) == 3, "one for each secret"


@pytest.mark.parametrize("what", ["client", "secret", "row"])
async def test_revocation_bites_within_the_lag(
    database: Database, holder: Holder, verifier: TokenVerifier, token: str, what: str
) -> None:
    await admitted(verifier, token)
    async with database.transaction() as tx:
        (secret,) = await find_secrets(tx, holder.client.id)
        if what == "client":
            await revoke_client(tx, holder.client.id, enterprise_id=None, actor=OPERATOR, at=NOON)
        elif what == "secret":
            await revoke_secret(tx, holder.client.id, secret.id, enterprise_id=None, actor=OPERATOR, at=NOON)
        else:
            await tx.execute(delete(clients).where(clients.c.id == holder.client.id))
    within, beyond = NOON + timedelta(seconds=LAG_S), NOON + timedelta(seconds=LAG_S + 0.001)

    assert (await admitted(verifier, token, at=within)).audience is Audience.COUNTER
    assert await refusal(verifier, token, at=beyond) is Kind.TOKEN_INVALID


async def test_each_secret_of_a_client_stands_for_itself(
    database: Database, holder: Holder, issuer: TokenIssuer, verifier: TokenVerifier, token: str
) -> None:
    newer = await token_for(database, await rotated(database, holder), issuer)
    await asyncio.gather(admitted(verifier, token), admitted(verifier, newer))
    async with database.transaction() as tx:
        old, _ = await find_secrets(tx, holder.client.id)
        await revoke_secret(tx, holder.client.id, old.id, enterprise_id=None, actor=OPERATOR, at=NOON)
    within, beyond = NOON + timedelta(seconds=LAG_S), NOON + timedelta(seconds=LAG_S + 0.001)

    assert await admitted(verifier, token, at=within) == await admitted(verifier, newer, at=within) == holder.client
    assert await refusal(verifier, token, at=beyond) is Kind.TOKEN_INVALID
    assert await admitted(verifier, newer, at=beyond) == holder.client


async def test_a_revoked_client_is_refused_with_every_secret(
    database: Database, holder: Holder, issuer: TokenIssuer, verifier: TokenVerifier, token: str
) -> None:
    newer = await token_for(database, await rotated(database, holder), issuer)
    await asyncio.gather(admitted(verifier, token), admitted(verifier, newer))
    async with database.transaction() as tx:
        await revoke_client(tx, holder.client.id, enterprise_id=None, actor=OPERATOR, at=NOON)
    beyond = NOON + timedelta(seconds=LAG_S + 0.001)

    assert [await refusal(verifier, one, at=beyond) for one in (token, newer)] == [Kind.TOKEN_INVALID] * 2


async def test_a_secret_that_expires_takes_its_tokens_along(
    database: Database, holder: Holder, gate: Gate, verifier: TokenVerifier, token: str
) -> None:
    await rotated(database, holder, overlap=SECOND)

    assert (await admitted(verifier, token)).audience is Audience.COUNTER
    assert await refusal(verifier, token, at=NOON + SECOND) is Kind.TOKEN_INVALID
    assert gate.groups == [1], "without a look"


async def test_permissions_taken_away_are_gone_within_the_lag(
    database: Database, holder: Holder, verifier: TokenVerifier, token: str
) -> None:
    left = Permission.COUNTER_GOODS_READ
    await admitted(verifier, token)
    async with database.transaction() as tx:
        await tx.execute(
            update(clients)
            .where(clients.c.id == holder.client.id)
            .values(permissions=[left.value, "of:another:release"])
        )

    client = await admitted(verifier, token, at=NOON + 3 * SECOND)

    assert client.permissions == {left}


async def test_a_clock_set_back_makes_the_standing_be_read_again(
    database: Database, holder: Holder, verifier: TokenVerifier, token: str
) -> None:
    await admitted(verifier, token, at=NOON + timedelta(minutes=5))
    async with database.transaction() as tx:
        await revoke_client(tx, holder.client.id, enterprise_id=None, actor=OPERATOR, at=NOON)

    assert await refusal(verifier, token, at=NOON) is Kind.TOKEN_INVALID


async def test_without_the_database_nobody_is_let_in(
    gate: Gate, verifier: TokenVerifier, token: str, tmp_path: Path
) -> None:
    there, gone = gate.lane, open_lane(Database(f"sqlite+aiosqlite:///{tmp_path}/no/such/directory/file.db"))
    await admitted(verifier, token)
    later = NOON + timedelta(seconds=10)
    gate.lane = gone

    answers = await asyncio.gather(*(admitted(verifier, token, at=later) for _ in range(3)), return_exceptions=True)
    kinds = [answer.kind for answer in answers if isinstance(answer, Problem)]

    assert kinds == [Kind.DATABASE_UNAVAILABLE] * 3
    gate.lane = there
    assert (await admitted(verifier, token, at=later)).audience is Audience.COUNTER, "it heals"
    await gone.close()


async def test_many_at_once_share_one_look_even_if_the_first_goes_away(
    gate: Gate, verifier: TokenVerifier, token: str
) -> None:
    gate.opened.clear()
    waiting = [asyncio.create_task(admitted(verifier, token)) for _ in range(20)]
    await gate.reached.wait()
    waiting[0].cancel()
    gate.opened.set()
    answers = await asyncio.gather(*waiting, return_exceptions=True)

    assert isinstance(answers[0], asyncio.CancelledError)
    assert len({answer.id for answer in answers[1:] if not isinstance(answer, BaseException)}) == 1
    assert gate.groups == [1]


async def test_many_clients_at_once_share_round_trips(
    database: Database, issuer: TokenIssuer, gate: Gate, verifier: TokenVerifier
) -> None:
    holders = [await a_holder(database) for _ in range(30)]
    tokens = [await token_for(database, holder, issuer) for holder in holders]

    answers = await asyncio.gather(*(admitted(verifier, token) for token in tokens))

    assert answers == [holder.client for holder in holders]
    assert sum(gate.groups) == 30
    assert len(gate.groups) <= 2


async def test_a_look_that_began_too_long_ago_is_not_enough(
    gate: Gate, keys: SigningKeys, reader: Reader, token: str
) -> None:
    verifier = verifier_of(keys, reader, revocation_lag_s=0)
    gate.opened.clear()
    early, late = (asyncio.create_task(admitted(verifier, token, at=at)) for at in (NOON, NOON + SECOND))
    await gate.reached.wait()
    gate.opened.set()

    assert await early == await late
    assert gate.groups == [1, 1]


async def test_a_look_that_nobody_waits_for_any_more_ends_quietly(
    gate: Gate, verifier: TokenVerifier, token: str
) -> None:
    gate.opened.clear()
    gone = asyncio.create_task(admitted(verifier, token))
    await gate.reached.wait()
    gone.cancel()
    (look,) = verifier._standings._known._looks.values()
    look.cancel()
    await asyncio.wait([look])
    await asyncio.sleep(0)

    assert verifier._standings._known._looks == {}
    gate.opened.set()
    assert (await admitted(verifier, token)).audience is Audience.COUNTER, "and the next one looks"


async def test_a_token_of_a_key_minted_by_another_process_is_known(
    database: Database, holder: Holder, reader: Reader, tmp_path: Path
) -> None:
    keys = SigningKeys(tmp_path, reload_interval_s=0)
    mint_key(tmp_path)
    other = TokenIssuer(SigningKeys(tmp_path), issuer=ISSUER, lifetime_s=60)
    token = await token_for(database, holder, other)

    assert (await admitted(verifier_of(keys, reader), token)).audience is Audience.COUNTER
    assert jws.extract_compact(token.encode()).headers()["kid"] != min(keys._keys)
