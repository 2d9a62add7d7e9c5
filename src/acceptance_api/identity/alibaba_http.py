"""Alibaba Cloud's two-factor check of name and number (`Id2MetaVerify`, version 2019-03-07).

The vendor has no spending cap: wrap it in `Guarded`. Its price list was not read, so whatever may have reached the
register counts as charged.
"""

import time
from collections.abc import Callable
from secrets import token_hex
from urllib.parse import urlencode

import httpx

from acceptance_api.identity.exchange_http import Failure, Reply, exchange, member, refusal, word
from acceptance_api.identity.model import Answer, AuthorityAnswer
from acceptance_api.identity.names import as_printed
from acceptance_api.identity.signing import Credentials, acs3_authorization, sha256_hex
from acceptance_api.kernel.clock import Clock

ALIBABA_URL = "https://cloudauth.aliyuncs.com"
ACTION, VERSION = "Id2MetaVerify", "2019-03-07"
_FORM = "application/x-www-form-urlencoded"

_OF_RESULT = {"1": Answer.MATCH, "2": Answer.MISMATCH, "3": Answer.NO_RECORD}
_OF_CODE = {
    "400": Answer.INVALID_INPUT,
    "401": Answer.INVALID_INPUT,
    "402": Answer.SOURCE_DOWN,
    "403": Answer.RATE_LIMITED,
    "410": Answer.SOURCE_DOWN,
    "411": Answer.SOURCE_DOWN,
    "412": Answer.QUOTA,
    "500": Answer.SOURCE_DOWN,
}
"""403: the same question again too often. 410 and 411: not opened for us. 412: arrears."""
_MAY_BE_CHARGED = frozenset({"402", "500"})


class AlibabaAuthority:
    """Asks Alibaba Cloud. Name and number travel in the body, never in the address."""

    name = "alibaba"

    def __init__(
        self,
        client: httpx.AsyncClient,
        credentials: Credentials,
        *,
        clock: Clock,
        url: str = ALIBABA_URL,
        timeout_s: float = 3.0,
        nonce: Callable[[], str] = lambda: token_hex(16),
    ) -> None:
        """Prepare to ask; connects when first asked."""
        self._client, self._credentials, self._clock, self._nonce = client, credentials, clock, nonce
        self._url, self._timeout_s = httpx.URL(url).copy_with(path="/"), timeout_s

    async def ask(self, name: str, number: str) -> AuthorityAnswer:
        """Ask whether the name and the number belong together; never raises for a failure of the vendor's."""
        started = time.monotonic()
        try:
            form = {"ParamType": "normal", "IdentifyNum": number, "UserName": as_printed(name)}
            content = urlencode(form, errors="strict").encode()
        except UnicodeError:
            return AuthorityAnswer(answer=Answer.INVALID_INPUT, authority=self.name)
        reply = await exchange(
            self._client, self._url, content=content, headers=self._headers(content), timeout_s=self._timeout_s
        )
        return self._answer(reply, latency_ms=round((time.monotonic() - started) * 1000))

    def _headers(self, content: bytes) -> dict[str, str]:
        signed = {
            "content-type": _FORM,
            "host": self._url.netloc.decode("ascii"),
            "x-acs-action": ACTION,
            "x-acs-content-sha256": sha256_hex(content),
            "x-acs-date": f"{self._clock.now():%Y-%m-%dT%H:%M:%SZ}",
            "x-acs-signature-nonce": self._nonce(),
            "x-acs-version": VERSION,
        }
        authorization = acs3_authorization(self._credentials, signed, content)
        return signed | {"authorization": authorization, "accept": "application/json", "accept-encoding": "identity"}

    def _answer(self, reply: Reply | Failure, *, latency_ms: int) -> AuthorityAnswer:
        request_id = word(reply.body, "RequestId") if isinstance(reply, Reply) else ""
        answer, code, charged = _understood(reply) if isinstance(reply, Reply) else _failed(reply)
        return AuthorityAnswer(
            answer=answer,
            authority=self.name,
            request_id=request_id,
            latency_ms=latency_ms,
            charged=charged,
            vendor_code=code,
        )


def _failed(failure: Failure) -> tuple[Answer, str, bool]:
    return failure.answer, failure.code, failure.reached


def _understood(reply: Reply) -> tuple[Answer, str, bool]:
    code, result = word(reply.body, "Code"), word(member(reply.body, "ResultObject"), "BizCode")
    if code == "200" and result in _OF_RESULT:
        return _OF_RESULT[result], result, True
    if code in _OF_CODE:
        return _OF_CODE[code], code, code in _MAY_BE_CHARGED
    if code.startswith("Throttling"):
        return Answer.RATE_LIMITED, code, False
    if said := refusal(reply):
        return _failed(said)
    return Answer.UNKNOWN, code, True
