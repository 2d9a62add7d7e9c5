"""The contract of an identity authority: both vendors' adapters against the sandbox, and the fake of other tests."""

import asyncio
import gzip
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from acceptance_api.identity.alibaba_http import AlibabaAuthority
from acceptance_api.identity.authority import IdentityAuthority, StructuralAuthority
from acceptance_api.identity.model import Answer
from acceptance_api.identity.sandbox_http import DEMO_CREDENTIALS, Mode
from acceptance_api.identity.signing import Credentials
from acceptance_api.identity.tencent_http import TencentAuthority
from acceptance_api.kernel.clock import Clock, SystemClock
from tests.support.authorities import (
    MATCHING,
    NAME,
    OUT_OF_ORDER,
    SOMEBODY_ELSES,
    UNRECORDED,
    PretendAuthority,
    Sandbox,
    StandingClock,
    closed_address,
)

VENDORS = ("alibaba", "tencent")
Ask = Callable[..., IdentityAuthority]


def adapter(
    vendor: str,
    client: httpx.AsyncClient,
    url: str,
    *,
    credentials: Credentials = DEMO_CREDENTIALS,
    clock: Clock | None = None,
    timeout_s: float = 5.0,
) -> IdentityAuthority:
    """One of the two adapters, asking at an address of ours."""
    clock = clock or SystemClock()
    if vendor == "alibaba":
        return AlibabaAuthority(client, credentials, clock=clock, url=url, timeout_s=timeout_s)
    return TencentAuthority(client, credentials, clock=clock, url=url, timeout_s=timeout_s)


def stub(status: int, body: bytes = b"", **headers: str) -> httpx.AsyncClient:
    """A client whose every answer is the same."""
    return httpx.AsyncClient(
        transport=httpx.MockTransport(lambda _: httpx.Response(status, content=body, headers=headers))
    )


@pytest.mark.parametrize("kind", [*VENDORS, "pretend"])
@pytest.mark.parametrize(
    ("name", "number", "answer", "charged"),
    [
        pytest.param(NAME, MATCHING, Answer.MATCH, True, id="the same person"),
        pytest.param(NAME, SOMEBODY_ELSES, Answer.MISMATCH, True, id="somebody else's number"),
        pytest.param(NAME, UNRECORDED, Answer.NO_RECORD, None, id="nobody on record"),
        pytest.param(NAME, OUT_OF_ORDER, Answer.SOURCE_DOWN, None, id="the register is out of order"),
        pytest.param(NAME, "110105198502140012", Answer.INVALID_INPUT, False, id="no number at all"),
        pytest.param("张3", MATCHING, Answer.INVALID_INPUT, False, id="no name at all"),
    ],
)
async def test_the_register_is_told_apart(
    kind: str,
    name: str,
    number: str,
    answer: Answer,
    charged: bool | None,  # noqa: FBT001 - an expected value
    sandbox: Sandbox,
    client: httpx.AsyncClient,
) -> None:
    authority = PretendAuthority() if kind == "pretend" else adapter(kind, client, sandbox.url)

    said = await authority.ask(name, number)

    assert (said.answer, said.authority) == (answer, kind)
    assert said.request_id
    assert charged is None or said.charged is charged


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize(
    ("mode", "answer"),
    [
        (Mode.NORMAL, Answer.MATCH),
        (Mode.DOWN, Answer.SOURCE_DOWN),
        (Mode.SOURCE_ERROR, Answer.SOURCE_DOWN),
        (Mode.RATE_LIMITED, Answer.RATE_LIMITED),
        (Mode.QUOTA, Answer.QUOTA),
        (Mode.MALFORMED, Answer.UNKNOWN),
        (Mode.HUGE, Answer.UNKNOWN),
        (Mode.REDIRECT, Answer.UNKNOWN),
        (Mode.WRONG_SCHEMA, Answer.UNKNOWN),
    ],
)
async def test_every_misbehaviour_is_an_answer(
    vendor: str, mode: Mode, answer: Answer, sandbox: Sandbox, client: httpx.AsyncClient
) -> None:
    sandbox.behave(mode)
    before = sandbox.questions()

    said = await adapter(vendor, client, sandbox.url).ask(NAME, MATCHING)

    assert said.answer is answer
    assert sandbox.questions() == before + 1


@pytest.mark.parametrize("vendor", VENDORS)
async def test_a_slow_vendor_is_left_in_time(vendor: str, sandbox: Sandbox, client: httpx.AsyncClient) -> None:
    sandbox.behave(Mode.SLOW, delay_s=1.0)

    said = await adapter(vendor, client, sandbox.url, timeout_s=0.1).ask(NAME, MATCHING)

    assert (said.answer, said.vendor_code, said.charged) == (Answer.SOURCE_DOWN, "timed_out", True)
    assert 50 <= said.latency_ms < 900


@pytest.mark.parametrize("vendor", VENDORS)
async def test_nobody_listening_costs_nothing(vendor: str, client: httpx.AsyncClient) -> None:
    said = await adapter(vendor, client, closed_address()).ask(NAME, MATCHING)

    assert (said.answer, said.vendor_code, said.charged) == (Answer.SOURCE_DOWN, "not_connected", False)


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize(
    ("credentials", "late", "codes"),
    [
        pytest.param(
            Credentials(key_id="sandbox", secret="another"),  # noqa: S106 - synthetic
            timedelta(0),
            {"SignatureDoesNotMatch", "AuthFailure.SignatureFailure"},
            id="wrong secret",
        ),
        pytest.param(
            Credentials(key_id="somebody", secret="sandbox"),  # noqa: S106 - synthetic
            timedelta(0),
            {"InvalidAccessKeyId.NotFound", "AuthFailure.SecretIdNotFound"},
            id="unknown key",
        ),
        pytest.param(
            DEMO_CREDENTIALS,
            timedelta(hours=1),
            {"InvalidTimeStamp.Expired", "AuthFailure.SignatureExpire"},
            id="a clock an hour late",
        ),
    ],
)
async def test_a_wrong_signature_decides_nothing(
    vendor: str,
    credentials: Credentials,
    late: timedelta,
    codes: set[str],
    sandbox: Sandbox,
    client: httpx.AsyncClient,
) -> None:
    clock = StandingClock(SystemClock().now() - late)

    said = await adapter(vendor, client, sandbox.url, credentials=credentials, clock=clock).ask(NAME, MATCHING)

    assert said.answer is Answer.UNKNOWN
    assert said.vendor_code in codes


async def test_the_sandbox_takes_no_question_twice(sandbox: Sandbox, client: httpx.AsyncClient) -> None:
    replaying = AlibabaAuthority(
        client, DEMO_CREDENTIALS, clock=SystemClock(), url=sandbox.url, nonce=lambda: "replayed-nonce"
    )
    await replaying.ask(NAME, MATCHING)

    assert (await replaying.ask(NAME, MATCHING)).vendor_code == "SignatureNonceUsed"


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize(
    ("status", "body", "answer"),
    [
        pytest.param(429, b"", Answer.RATE_LIMITED, id="429"),
        pytest.param(500, b"<html>", Answer.SOURCE_DOWN, id="500"),
        pytest.param(404, b"{}", Answer.UNKNOWN, id="404"),
        pytest.param(200, b"", Answer.UNKNOWN, id="an empty body"),
        pytest.param(200, b"[" * 50_000, Answer.UNKNOWN, id="nested too deep"),
        pytest.param(200, b"\xff\xfe\x00", Answer.UNKNOWN, id="no text"),
        pytest.param(200, b'{"Code":"200","ResultObject":{"BizCode":"9"}}', Answer.UNKNOWN, id="an unknown result"),
        pytest.param(200, b'{"Response":{"Result":true}}', Answer.UNKNOWN, id="a result of another type"),
        pytest.param(302, b"", Answer.UNKNOWN, id="a redirect to nowhere"),
        pytest.param(200, b" " * 65_536 + b"{}", Answer.UNKNOWN, id="one byte over the limit"),
    ],
)
async def test_what_no_vendor_documents_is_an_answer_too(vendor: str, status: int, body: bytes, answer: Answer) -> None:
    async with stub(status, body, location="/elsewhere") as client:
        said = await adapter(vendor, client, "http://vendor.example").ask(NAME, MATCHING)

    assert said.answer is answer


@pytest.mark.parametrize("vendor", VENDORS)
async def test_a_packed_body_is_not_unpacked(vendor: str) -> None:
    packed = gzip.compress(b'{"Code":"200","ResultObject":{"BizCode":"1"},"Response":{"Result":"0"}}')
    transport = httpx.MockTransport(
        lambda _: httpx.Response(200, headers={"content-encoding": "gzip"}, stream=httpx.ByteStream(packed))
    )
    async with httpx.AsyncClient(transport=transport) as client:
        said = await adapter(vendor, client, "http://vendor.example").ask(NAME, MATCHING)

    assert (said.answer, said.vendor_code) == (Answer.UNKNOWN, "unreadable")


@pytest.mark.parametrize(
    ("code", "answer", "charged"),
    [
        ("400", Answer.INVALID_INPUT, False),
        ("401", Answer.INVALID_INPUT, False),
        ("402", Answer.SOURCE_DOWN, True),
        ("403", Answer.RATE_LIMITED, False),
        ("410", Answer.SOURCE_DOWN, False),
        ("411", Answer.SOURCE_DOWN, False),
        ("412", Answer.QUOTA, False),
        ("500", Answer.SOURCE_DOWN, True),
        ("999", Answer.UNKNOWN, True),
    ],
)
async def test_each_code_of_alibaba(code: str, answer: Answer, charged: bool) -> None:  # noqa: FBT001
    async with stub(200, b'{"Code":"%s"}' % code.encode()) as client:
        said = await adapter("alibaba", client, "http://vendor.example").ask(NAME, MATCHING)

    assert (said.answer, said.charged, said.vendor_code) == (answer, charged, code)


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("InternalError", Answer.SOURCE_DOWN),
        ("InternalError.EncryptSystemError", Answer.SOURCE_DOWN),
        ("InvalidParameter", Answer.INVALID_INPUT),
        ("InvalidParameterValue.NameFormatIllegal", Answer.INVALID_INPUT),
        ("RequestLimitExceeded", Answer.RATE_LIMITED),
        ("LimitExceeded", Answer.QUOTA),
        ("UnauthorizedOperation.Arrears", Answer.QUOTA),
        ("UnauthorizedOperation.Nonactivated", Answer.UNKNOWN),
    ],
)
async def test_each_error_of_tencent(code: str, answer: Answer) -> None:
    async with stub(200, b'{"Response":{"Error":{"Code":"%s"},"RequestId":"r-1"}}' % code.encode()) as client:
        said = await adapter("tencent", client, "http://vendor.example").ask(NAME, MATCHING)

    assert (said.answer, said.charged, said.vendor_code, said.request_id) == (answer, False, code, "r-1")


@pytest.mark.parametrize(
    ("result", "answer"),
    [
        ("0", Answer.MATCH),
        ("-1", Answer.MISMATCH),
        ("-2", Answer.INVALID_INPUT),
        ("-3", Answer.INVALID_INPUT),
        ("-4", Answer.SOURCE_DOWN),
        ("-5", Answer.NO_RECORD),
        ("-6", Answer.SOURCE_DOWN),
        ("-7", Answer.QUOTA),
        ("-8", Answer.UNKNOWN),
    ],
)
async def test_each_result_of_tencent(result: str, answer: Answer) -> None:
    async with stub(200, b'{"Response":{"Result":"%s"}}' % result.encode()) as client:
        said = await adapter("tencent", client, "http://vendor.example").ask(NAME, MATCHING)

    assert said.answer is answer


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize(
    ("error", "answer", "charged"),
    [
        pytest.param(httpx.ConnectTimeout, Answer.SOURCE_DOWN, False, id="no connection in time"),
        pytest.param(httpx.PoolTimeout, Answer.SOURCE_DOWN, False, id="no connection free"),
        pytest.param(httpx.WriteTimeout, Answer.SOURCE_DOWN, True, id="stuck while sending"),
        pytest.param(httpx.ReadError, Answer.SOURCE_DOWN, True, id="cut off"),
        pytest.param(httpx.RemoteProtocolError, Answer.SOURCE_DOWN, True, id="hung up"),
        pytest.param(httpx.UnsupportedProtocol, Answer.UNKNOWN, True, id="not http"),
    ],
)
async def test_no_failure_of_the_network_is_raised(
    vendor: str,
    error: type[httpx.HTTPError],
    answer: Answer,
    charged: bool,  # noqa: FBT001 - an expected value
) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise error(NAME)

    async with httpx.AsyncClient(transport=httpx.MockTransport(fail)) as client:
        said = await adapter(vendor, client, "http://vendor.example").ask(NAME, MATCHING)

    assert (said.answer, said.charged) == (answer, charged)
    assert NAME not in repr(said)


@pytest.mark.parametrize("vendor", VENDORS)
async def test_a_name_that_cannot_be_encoded_raises_nothing(
    vendor: str, sandbox: Sandbox, client: httpx.AsyncClient
) -> None:
    said = await adapter(vendor, client, sandbox.url).ask("Zhang\ud800", MATCHING)

    assert said.answer in {Answer.INVALID_INPUT, Answer.MATCH}


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("reply", [f'"{NAME}"', f'"{MATCHING}{NAME}"', '"' + "x" * 65 + '"', "[1]"])
async def test_nothing_but_a_code_is_kept_of_a_reply(vendor: str, reply: str) -> None:
    fields = f'"RequestId":{reply},"Code":{reply},"Result":{reply}'
    body = f'{{{fields},"Response":{{{fields}}}}}'.encode()
    async with stub(200, body) as client:
        said = await adapter(vendor, client, "http://vendor.example").ask(NAME, MATCHING)

    assert (said.answer, said.request_id, said.vendor_code) == (Answer.UNKNOWN, "", "")


@pytest.mark.parametrize("vendor", VENDORS)
async def test_name_and_number_travel_in_the_body_only(vendor: str) -> None:
    sent: list[httpx.Request] = []

    def keep(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200)

    async with httpx.AsyncClient(transport=httpx.MockTransport(keep)) as client:
        await adapter(vendor, client, "https://vendor.example/ignored").ask(NAME, MATCHING)

    (request,) = sent
    assert MATCHING.encode() in request.content
    assert str(request.url) == "https://vendor.example/"
    assert MATCHING not in f"{request.url} {request.headers}"


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("mode", [mode for mode in Mode if mode is not Mode.SLOW])
async def test_neither_logs_nor_output_nor_repr_hold_a_person(
    vendor: str,
    mode: Mode,
    sandbox: Sandbox,
    client: httpx.AsyncClient,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    sandbox.behave(mode)
    authority = adapter(vendor, client, sandbox.url)
    with caplog.at_level(logging.DEBUG):
        said = await authority.ask(NAME, MATCHING)

    seen = f"{caplog.text} {capfd.readouterr()} {said!r} {authority!r}"
    assert NAME not in seen
    assert MATCHING not in seen


async def test_the_structural_authority_asks_nobody() -> None:
    said = await StructuralAuthority().ask(NAME, MATCHING)

    assert (said.answer, said.authority, said.charged) == (Answer.NOT_ASKED, "structural", False)


async def test_many_questions_at_once_are_kept_apart(sandbox: Sandbox, client: httpx.AsyncClient) -> None:
    authority = adapter("alibaba", client, sandbox.url)
    numbers = [MATCHING, SOMEBODY_ELSES, UNRECORDED] * 8

    said = await asyncio.gather(*(authority.ask(NAME, number) for number in numbers))

    assert [one.answer for one in said] == [Answer.MATCH, Answer.MISMATCH, Answer.NO_RECORD] * 8


@pytest.mark.parametrize("vendor", VENDORS)
async def test_a_request_is_signed_the_same_way_every_time(vendor: str) -> None:
    sent: list[str] = []

    def keep(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers["authorization"])
        return httpx.Response(200)

    clock = StandingClock(datetime(2026, 11, 20, tzinfo=UTC))
    async with httpx.AsyncClient(transport=httpx.MockTransport(keep)) as client:
        authorities = (
            AlibabaAuthority(client, DEMO_CREDENTIALS, clock=clock, nonce=lambda: "nonce"),
            TencentAuthority(client, DEMO_CREDENTIALS, clock=clock),
        )
        authority = authorities[VENDORS.index(vendor)]
        await authority.ask(NAME, MATCHING)
        await authority.ask(NAME, MATCHING)
        await authority.ask(NAME, UNRECORDED)

    assert sent[0] == sent[1] != sent[2]
