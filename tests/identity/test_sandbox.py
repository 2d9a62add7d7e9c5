"""The sandbox itself: what it refuses to be told, and what it refuses to be asked."""

import json
from datetime import timedelta

import httpx
import pytest

from acceptance_api.identity.sandbox_http import DEMO_CREDENTIALS, Mode, create_sandbox
from acceptance_api.identity.signing import acs3_authorization, sha256_hex, tc3_authorization
from tests.support.authorities import StandingClock

FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
async def caller(clock: StandingClock) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(create_sandbox(clock=clock))
    return httpx.AsyncClient(transport=transport, base_url="http://sandbox")


def alibaba_headers(clock: StandingClock, body: bytes, **changed: str) -> dict[str, str]:
    signed = {
        "host": "sandbox",
        "x-acs-action": "Id2MetaVerify",
        "x-acs-content-sha256": sha256_hex(body),
        "x-acs-date": f"{clock.now():%Y-%m-%dT%H:%M:%SZ}",
        "x-acs-signature-nonce": "1",
        "x-acs-version": "2019-03-07",
    } | changed
    return signed | {"authorization": acs3_authorization(DEMO_CREDENTIALS, signed, body)} | FORM


def tencent_headers(clock: StandingClock, body: bytes, **changed: str) -> dict[str, str]:
    signed = {"host": "sandbox", "content-type": "application/json"}
    authorization = tc3_authorization(DEMO_CREDENTIALS, signed, body, service="faceid", at=clock.now())
    return signed | {
        "authorization": authorization,
        "x-tc-action": "IdCardVerification",
        "x-tc-version": "2018-03-01",
        "x-tc-timestamp": str(int(clock.now().timestamp())),
    } | changed  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"nonsense",
        b"[]",
        b'{"mode": "kind"}',
        b'{"mode": "slow", "delay_s": "long"}',
        b'{"mode": "slow", "delay_s": 61}',
        b'{"mode": "slow", "delay_s": NaN}',
        b'{"mode": ["slow"]}',
    ],
)
async def test_it_refuses_to_behave_in_a_way_it_does_not_know(caller: httpx.AsyncClient, body: bytes) -> None:
    response = await caller.put("/sandbox/behaviour", content=body)

    assert response.status_code == 422
    assert (await caller.get("/sandbox/behaviour")).json()["mode"] == "normal"


@pytest.mark.parametrize("mode", list(Mode))
async def test_it_can_be_told_every_behaviour(caller: httpx.AsyncClient, mode: Mode) -> None:
    await caller.put("/sandbox/behaviour", json={"mode": mode.value, "delay_s": 0})

    assert (await caller.get("/sandbox/behaviour")).json() == {"mode": mode.value, "delay_s": 0.0, "questions": 0}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        pytest.param({}, "400", id="signed, but no parameters"),
        pytest.param({"x-acs-content-sha256": "0" * 64}, "SignatureDoesNotMatch", id="another body's digest"),
        pytest.param({"x-acs-date": "yesterday"}, "InvalidTimeStamp.Expired", id="no date"),
        pytest.param({"x-acs-action": "Other"}, "InvalidAction.NotFound", id="another action"),
        pytest.param({"x-acs-version": "2000-01-01"}, "InvalidAction.NotFound", id="another version"),
    ],
)
async def test_it_refuses_as_alibaba_does(
    caller: httpx.AsyncClient, clock: StandingClock, changed: dict[str, str], code: str
) -> None:
    response = await caller.post("/", headers=alibaba_headers(clock, b"", **changed))

    assert response.json()["Code"] == code


async def test_an_unsigned_header_is_noticed(caller: httpx.AsyncClient, clock: StandingClock) -> None:
    headers = alibaba_headers(clock, b"")
    short = {"host": "sandbox", "x-acs-action": "Id2MetaVerify"}
    headers["authorization"] = acs3_authorization(DEMO_CREDENTIALS, short, b"")

    assert (await caller.post("/", headers=headers)).json()["Code"] == "SignatureDoesNotMatch"


async def test_a_header_named_but_not_sent_is_noticed(caller: httpx.AsyncClient, clock: StandingClock) -> None:
    headers = alibaba_headers(clock, b"")
    headers["authorization"] = headers["authorization"].replace("SignedHeaders=", "SignedHeaders=x-absent;")

    assert (await caller.post("/", headers=headers)).json()["Code"] == "SignatureDoesNotMatch"


async def test_old_nonces_are_forgotten_only_when_many_came(clock: StandingClock) -> None:
    transport = httpx.ASGITransport(create_sandbox(clock=clock, nonces_max=1))
    caller = httpx.AsyncClient(transport=transport, base_url="http://sandbox")
    codes = [
        (await caller.post("/", headers=alibaba_headers(clock, b"", **{"x-acs-signature-nonce": nonce}))).json()["Code"]
        for nonce in ("1", "1", "2", "1")
    ]

    assert codes == ["400", "SignatureNonceUsed", "400", "400"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        pytest.param({"x-tc-timestamp": "soon"}, "AuthFailure.SignatureExpire", id="no time"),
        pytest.param({"x-tc-timestamp": "9" * 30}, "AuthFailure.SignatureExpire", id="a time beyond all"),
        pytest.param({"authorization": ""}, "AuthFailure.SecretIdNotFound", id="unsigned"),
        pytest.param({"x-tc-action": "Other"}, "InvalidAction", id="another action"),
    ],
)
async def test_it_refuses_as_tencent_does(
    caller: httpx.AsyncClient, clock: StandingClock, changed: dict[str, str], code: str
) -> None:
    response = await caller.post("/", headers=tencent_headers(clock, b"{}", **changed), content=b"{}")

    assert response.json()["Response"]["Error"]["Code"] == code


async def test_a_body_that_is_no_object_is_invalid_input(caller: httpx.AsyncClient, clock: StandingClock) -> None:
    response = await caller.post("/", headers=tencent_headers(clock, b"nonsense"), content=b"nonsense")

    assert response.json()["Response"]["Result"] == "-2"


async def test_a_question_is_believed_for_minutes_only(caller: httpx.AsyncClient, clock: StandingClock) -> None:
    body = json.dumps({}).encode()
    headers = tencent_headers(clock, body)
    clock.move(timedelta(minutes=6))

    response = await caller.post("/", headers=headers, content=body)

    assert response.json()["Response"]["Error"]["Code"] == "AuthFailure.SignatureExpire"
