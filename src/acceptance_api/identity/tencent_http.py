"""Tencent Cloud's check of name and number (`IdCardVerification`, version 2018-03-01).

Charged, by the vendor's documentation: match and mismatch; nothing else.
"""

import json
import time

import httpx

from acceptance_api.identity.exchange_http import Failure, Reply, exchange, member, refusal, word
from acceptance_api.identity.model import Answer, AuthorityAnswer
from acceptance_api.identity.names import as_printed
from acceptance_api.identity.signing import Credentials, tc3_authorization
from acceptance_api.kernel.clock import Clock

TENCENT_URL = "https://faceid.tencentcloudapi.com"
ACTION, VERSION, SERVICE = "IdCardVerification", "2018-03-01", "faceid"
_JSON = "application/json; charset=utf-8"

_OF_RESULT = {
    "0": Answer.MATCH,
    "-1": Answer.MISMATCH,
    "-2": Answer.INVALID_INPUT,
    "-3": Answer.INVALID_INPUT,
    "-4": Answer.SOURCE_DOWN,
    "-5": Answer.NO_RECORD,
    "-6": Answer.SOURCE_DOWN,
    "-7": Answer.QUOTA,
}
_CHARGED = frozenset({"0", "-1"})
_OF_ERROR = {
    "InternalError": Answer.SOURCE_DOWN,
    "InvalidParameter": Answer.INVALID_INPUT,
    "InvalidParameterValue": Answer.INVALID_INPUT,
    "LimitExceeded": Answer.QUOTA,
    "RequestLimitExceeded": Answer.RATE_LIMITED,
    "UnauthorizedOperation.Arrears": Answer.QUOTA,
}
"""By the longest beginning that is listed: the vendor refines its codes with a dot."""


class TencentAuthority:
    """Asks Tencent Cloud. Name and number travel in the body, never in the address."""

    name = "tencent"

    def __init__(
        self,
        client: httpx.AsyncClient,
        credentials: Credentials,
        *,
        clock: Clock,
        url: str = TENCENT_URL,
        timeout_s: float = 3.0,
    ) -> None:
        """Prepare to ask; connects when first asked. The vendor's signature has no nonce."""
        self._client, self._credentials, self._clock = client, credentials, clock
        self._url, self._timeout_s = httpx.URL(url).copy_with(path="/"), timeout_s

    async def ask(self, name: str, number: str) -> AuthorityAnswer:
        """Ask whether the name and the number belong together; never raises for a failure of the vendor's."""
        started = time.monotonic()
        content = json.dumps({"IdCard": number, "Name": as_printed(name)}).encode("ascii")
        reply = await exchange(
            self._client, self._url, content=content, headers=self._headers(content), timeout_s=self._timeout_s
        )
        return self._answer(reply, latency_ms=round((time.monotonic() - started) * 1000))

    def _headers(self, content: bytes) -> dict[str, str]:
        at = self._clock.now()
        signed = {
            "content-type": _JSON,
            "host": self._url.netloc.decode("ascii"),
            "x-tc-action": ACTION,
        }
        return signed | {
            "x-tc-timestamp": str(int(at.timestamp())),
            "x-tc-version": VERSION,
            "authorization": tc3_authorization(self._credentials, signed, content, service=SERVICE, at=at),
            "accept-encoding": "identity",
        }

    def _answer(self, reply: Reply | Failure, *, latency_ms: int) -> AuthorityAnswer:
        response = member(reply.body, "Response") if isinstance(reply, Reply) else {}
        answer, code, charged = _understood(reply) if isinstance(reply, Reply) else _failed(reply)
        return AuthorityAnswer(
            answer=answer,
            authority=self.name,
            request_id=word(response, "RequestId"),
            latency_ms=latency_ms,
            charged=charged,
            vendor_code=code,
        )


def _failed(failure: Failure) -> tuple[Answer, str, bool]:
    return failure.answer, failure.code, failure.reached


def _understood(reply: Reply) -> tuple[Answer, str, bool]:
    response = member(reply.body, "Response")
    result, error = word(response, "Result"), word(member(response, "Error"), "Code")
    if not error and result in _OF_RESULT:
        return _OF_RESULT[result], result, result in _CHARGED
    if error:
        return _of_error(error), error, False
    if said := refusal(reply):
        return _failed(said)
    return Answer.UNKNOWN, result, True


def _of_error(code: str) -> Answer:
    known = [name for name in _OF_ERROR if code == name or code.startswith(f"{name}.")]
    return _OF_ERROR[max(known, key=len)] if known else Answer.UNKNOWN
