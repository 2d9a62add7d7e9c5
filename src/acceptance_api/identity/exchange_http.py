"""One question to a stranger over HTTP, and everything that can go wrong with it, as values."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from acceptance_api.identity.model import Answer

BODY_BYTES_MAX = 65_536
_CODE = re.compile(r"[A-Za-z0-9._:-]{1,64}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back: a status and a JSON object, which is empty when the body was not one."""

    status: int
    body: Mapping[str, object] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Nothing usable came back. `reached`: the question may have been heard, and charged."""

    answer: Answer
    code: str
    reached: bool


async def exchange(
    client: httpx.AsyncClient, url: httpx.URL, *, content: bytes, headers: Mapping[str, str], timeout_s: float
) -> Reply | Failure:
    """Post a body and read at most 64 kB of reply; redirects are not followed, exceptions do not pass."""
    try:
        async with client.stream(
            "POST", url, content=content, headers=headers, timeout=timeout_s, follow_redirects=False
        ) as response:
            body = await _read(response)
    except httpx.HTTPError as error:
        return _failure(error)
    if response.is_redirect:
        return Failure(answer=Answer.UNKNOWN, code="redirect", reached=True)
    if body is None:
        return Failure(answer=Answer.UNKNOWN, code="unreadable", reached=True)
    return Reply(status=response.status_code, body=_parsed(body))


def refusal(reply: Reply) -> Failure | None:
    """What the status alone says, for a reply whose body said nothing; None when it says nothing either."""
    if reply.status == httpx.codes.TOO_MANY_REQUESTS:
        return Failure(answer=Answer.RATE_LIMITED, code="429", reached=False)
    if reply.status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return Failure(answer=Answer.SOURCE_DOWN, code=str(reply.status), reached=True)
    return None


def member(body: Mapping[str, object], name: str) -> Mapping[str, object]:
    """An object inside an object, empty when it is not there."""
    value = body.get(name)
    return value if isinstance(value, dict) else {}


def word(body: Mapping[str, object], name: str) -> str:
    """A short code or id inside an object; empty for anything else, so that nothing personal can hide in it."""
    value = body.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return value if isinstance(value, str) and _CODE.match(value) else ""


async def _read(response: httpx.Response) -> bytes | None:
    """The body, or None when it is too large, or packed though no packing was asked for: none is unpacked."""
    if response.headers.get("content-encoding", "identity") != "identity":
        return None
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > BODY_BYTES_MAX:
            return None
    return bytes(body)


def _parsed(body: bytes) -> Mapping[str, object]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _failure(error: httpx.HTTPError) -> Failure:
    if isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)):
        return Failure(answer=Answer.SOURCE_DOWN, code="not_connected", reached=False)
    if isinstance(error, httpx.TimeoutException):
        return Failure(answer=Answer.SOURCE_DOWN, code="timed_out", reached=True)
    if isinstance(error, (httpx.NetworkError, httpx.RemoteProtocolError)):
        return Failure(answer=Answer.SOURCE_DOWN, code="disconnected", reached=True)
    return Failure(answer=Answer.UNKNOWN, code="not_http", reached=True)
