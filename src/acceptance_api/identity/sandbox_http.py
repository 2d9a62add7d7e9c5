"""A pretend authority that speaks both vendors' protocols, for demonstrations and tests.

It checks signatures as the vendors do and refuses a wrong one in their words. Who is in its register is decided by the
sequence digits of the resident number, the fifteenth to the seventeenth:

    996  the register is out of order
    997  nobody with this number is on record
    998  the number belongs to somebody with another name
    any other: the name and the number belong together

A number that is not one (length, characters, check digit), or a name with a digit in it, is invalid input.
`PUT /sandbox/behaviour` with `{"mode": ..., "delay_s": ...}` makes it misbehave; `GET` says how it behaves, and
how many questions came. It logs nothing, and forgets every name and number with the request.
"""

import asyncio
import hmac
import json
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import parse_qsl
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from acceptance_api.identity import alibaba_http, tencent_http
from acceptance_api.identity.model import Answer
from acceptance_api.identity.signing import Credentials, acs3_authorization, sha256_hex, tc3_authorization
from acceptance_api.kernel.clock import Clock, SystemClock
from acceptance_api.kernel.spelling import check_character

DEMO_CREDENTIALS = Credentials(key_id="sandbox", secret="sandbox")  # noqa: S106 - opens a pretend register only

_NUMBER = re.compile(r"[0-9]{17}[0-9X]\Z")
_SIGNED_HEADERS = re.compile(r"SignedHeaders=([a-z0-9;-]{1,400})")
_BY_SEQUENCE = {"996": Answer.SOURCE_DOWN, "997": Answer.NO_RECORD, "998": Answer.MISMATCH}
_ALIBABA_SKEW, _TENCENT_SKEW = timedelta(minutes=15), timedelta(minutes=5)
_ALIBABA_SIGNED = {"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce"}
_TENCENT_SIGNED = {"host", "content-type"}
_DELAY_S_MAX = 60.0

_ALIBABA_CODES = {Answer.INVALID_INPUT: "401", Answer.SOURCE_DOWN: "402", Answer.QUOTA: "412"}
_ALIBABA_RESULTS = {Answer.MATCH: "1", Answer.MISMATCH: "2", Answer.NO_RECORD: "3"}
_TENCENT_RESULTS = {
    Answer.MATCH: "0",
    Answer.MISMATCH: "-1",
    Answer.INVALID_INPUT: "-2",
    Answer.SOURCE_DOWN: "-4",
    Answer.NO_RECORD: "-5",
    Answer.QUOTA: "-7",
}


class Mode(StrEnum):
    """How the sandbox behaves."""

    NORMAL = "normal"
    SLOW = "slow"
    DOWN = "down"
    MALFORMED = "malformed"
    RATE_LIMITED = "rate_limited"
    QUOTA = "quota"
    SOURCE_ERROR = "source_error"
    HUGE = "huge"
    REDIRECT = "redirect"
    WRONG_SCHEMA = "wrong_schema"


def create_sandbox(
    *, credentials: Credentials = DEMO_CREDENTIALS, clock: Clock | None = None, nonces_max: int = 10_000
) -> Starlette:
    """An ASGI application that remembers so many nonces; whoever runs it should keep it on the loopback."""
    sandbox = _Sandbox(credentials, clock or SystemClock(), nonces_max)
    return Starlette(
        routes=[
            Route("/", sandbox.answer, methods=["POST"]),
            Route("/sandbox/behaviour", sandbox.behaviour, methods=["GET", "PUT"]),
        ]
    )


class _Sandbox:
    def __init__(self, credentials: Credentials, clock: Clock, nonces_max: int) -> None:
        self._credentials, self._clock, self._nonces_max = credentials, clock, nonces_max
        self._mode, self._delay_s, self._questions = Mode.NORMAL, 1.0, 0
        self._nonces: OrderedDict[str, None] = OrderedDict()

    async def behaviour(self, request: Request) -> Response:
        if request.method == "PUT":
            wanted = _wanted(await request.body())
            if wanted is None:
                return JSONResponse({"modes": [mode.value for mode in Mode]}, status_code=422)
            self._mode, self._delay_s = wanted
        return JSONResponse({"mode": self._mode.value, "delay_s": self._delay_s, "questions": self._questions})

    async def answer(self, request: Request) -> Response:
        self._questions += 1
        content = await request.body()
        if misbehave := _MISBEHAVIOUR.get(self._mode):
            return misbehave(request)
        if self._mode is Mode.SLOW:
            await asyncio.sleep(self._delay_s)
        speak = self._alibaba if "x-acs-action" in request.headers else self._tencent
        return await speak(request, content)

    async def _alibaba(self, request: Request, content: bytes) -> Response:
        if refused := self._refused_by_alibaba(request.headers, content):
            return _alibaba_error(*refused)
        if self._mode is Mode.RATE_LIMITED:
            return _alibaba_error(400, "Throttling.User")
        form = dict(parse_qsl(content.decode("utf-8", "replace")))
        if form.get("ParamType") != "normal":
            return _alibaba_reply("400")
        answer = self._looked_up(form.get("UserName", ""), form.get("IdentifyNum", ""))
        if code := _ALIBABA_CODES.get(answer):
            return _alibaba_reply(code)
        return _alibaba_reply("200", _ALIBABA_RESULTS[answer])

    async def _tencent(self, request: Request, content: bytes) -> Response:
        if refused := self._refused_by_tencent(request.headers, content):
            return _tencent_error(refused)
        if self._mode is Mode.RATE_LIMITED:
            return _tencent_error("RequestLimitExceeded")
        fields = _object(content)
        answer = self._looked_up(str(fields.get("Name", "")), str(fields.get("IdCard", "")))
        return _tencent_reply({"Result": _TENCENT_RESULTS[answer], "Description": answer.value})

    def _looked_up(self, name: str, number: str) -> Answer:
        if self._mode is Mode.QUOTA:
            return Answer.QUOTA
        if self._mode is Mode.SOURCE_ERROR:
            return Answer.SOURCE_DOWN
        if not name or any(character.isdigit() for character in name):
            return Answer.INVALID_INPUT
        if not _NUMBER.match(number) or check_character(number[:17]) != number[17]:
            return Answer.INVALID_INPUT
        return _BY_SEQUENCE.get(number[14:17], Answer.MATCH)

    def _refused_by_alibaba(self, headers: Mapping[str, str], content: bytes) -> tuple[int, str] | None:
        if f"Credential={self._credentials.key_id}," not in headers.get("authorization", ""):
            return 404, "InvalidAccessKeyId.NotFound"
        signed = self._signed_for_alibaba(headers, content)
        if signed is None:
            return 400, "SignatureDoesNotMatch"
        if not self._is_now(_moment(signed["x-acs-date"]), _ALIBABA_SKEW):
            return 400, "InvalidTimeStamp.Expired"
        if not self._is_new(signed["x-acs-signature-nonce"]):
            return 400, "SignatureNonceUsed"
        expected_call = (alibaba_http.ACTION, alibaba_http.VERSION)
        if (headers["x-acs-action"], headers.get("x-acs-version")) != expected_call:
            return 404, "InvalidAction.NotFound"
        return None

    def _signed_for_alibaba(self, headers: Mapping[str, str], content: bytes) -> dict[str, str] | None:
        signed = _signed(headers, _ALIBABA_SIGNED)
        if signed is None or not _same(signed["x-acs-content-sha256"], sha256_hex(content)):
            return None
        expected = acs3_authorization(self._credentials, signed, content)
        return signed if _same(headers["authorization"], expected) else None

    def _refused_by_tencent(self, headers: Mapping[str, str], content: bytes) -> str | None:
        signed = _signed(headers, _TENCENT_SIGNED)
        if f"Credential={self._credentials.key_id}/" not in headers.get("authorization", ""):
            return "AuthFailure.SecretIdNotFound"
        at = _timestamp(headers.get("x-tc-timestamp", ""))
        if at is None or not self._is_now(at, _TENCENT_SKEW):
            return "AuthFailure.SignatureExpire"
        expected = tc3_authorization(self._credentials, signed or {}, content, service=tencent_http.SERVICE, at=at)
        if signed is None or not _same(headers["authorization"], expected):
            return "AuthFailure.SignatureFailure"
        expected_call = (tencent_http.ACTION, tencent_http.VERSION)
        if (headers.get("x-tc-action"), headers.get("x-tc-version")) != expected_call:
            return "InvalidAction"
        return None

    def _is_now(self, at: datetime | None, skew: timedelta) -> bool:
        return at is not None and abs(self._clock.now() - at) <= skew

    def _is_new(self, nonce: str) -> bool:
        if nonce in self._nonces:
            return False
        self._nonces[nonce] = None
        if len(self._nonces) > self._nonces_max:
            self._nonces.popitem(last=False)
        return True


def _wanted(content: bytes) -> tuple[Mode, float] | None:
    fields = _object(content)
    mode, delay_s = fields.get("mode"), fields.get("delay_s", 1.0)
    if not isinstance(delay_s, (int, float)) or not 0 <= delay_s <= _DELAY_S_MAX:
        return None
    return (Mode(mode), float(delay_s)) if isinstance(mode, str) and mode in set(Mode) else None


def _object(content: bytes) -> Mapping[str, object]:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _signed(headers: Mapping[str, str], required: set[str]) -> dict[str, str] | None:
    """The headers that a request says it signed, if all that must be are among them and were sent."""
    found = _SIGNED_HEADERS.search(headers.get("authorization", ""))
    names = set(found[1].split(";")) if found else set()
    if not required <= names or not all(name in headers for name in names):
        return None
    return {name: headers[name] for name in names}


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def _timestamp(text: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(text), tz=UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _alibaba_reply(code: str, result: str | None = None) -> Response:
    body = {"RequestId": _request_id(), "Code": code, "Message": "success" if result else "failure"}
    return JSONResponse(body | ({"ResultObject": {"BizCode": result}} if result else {}))


def _alibaba_error(status: int, code: str) -> Response:
    return JSONResponse({"RequestId": _request_id(), "HostId": "sandbox", "Code": code}, status_code=status)


def _tencent_reply(fields: Mapping[str, object]) -> Response:
    return JSONResponse({"Response": {**fields, "RequestId": _request_id()}})


def _tencent_error(code: str) -> Response:
    return _tencent_reply({"Error": {"Code": code, "Message": "refused"}})


def _request_id() -> str:
    return str(uuid4()).upper()


_MISBEHAVIOUR: Mapping[Mode, Callable[[Request], Response]] = {
    Mode.DOWN: lambda _: Response(status_code=503),
    Mode.MALFORMED: lambda _: Response('{"Response": {"Result": "0"', media_type="application/json"),
    Mode.HUGE: lambda _: JSONResponse({"Code": "200", "Response": {"Result": "0"}, "filler": "x" * 1_000_000}),
    Mode.REDIRECT: lambda request: RedirectResponse(request.url.replace(path="/elsewhere"), status_code=307),
    Mode.WRONG_SCHEMA: lambda _: JSONResponse({"Code": 200, "ResultObject": [1], "Response": "0"}),
}
"""What breaks before anybody is asked."""
