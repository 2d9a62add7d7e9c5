"""Limits on what comes in: size of a body, depth of its JSON, encodings."""

from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

from acceptance_api.http.strict_json import require_strict
from acceptance_api.kernel.problems import Kind, Problem

_EVIDENCE = "/counter/v1/evidence/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one request may bring."""

    body_bytes_max: int
    evidence_bytes_max: int
    json_depth_max: int


class Received:
    """A body that was read and measured, handed on as if it arrived just now."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        """Hand on `body`, then whatever the connection says (that the client hung up)."""
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        """The next message."""
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        return await self._receive()


async def read_body(headers: Headers, path: str, receive: Receive, limits: Limits) -> bytes:
    """The whole body, within its limits.

    Raises:
        Problem: BODY_TOO_LARGE, MEDIA_TYPE_UNSUPPORTED (an encoding), or MALFORMED_JSON.
        ClientDisconnect: the client went away before it had sent everything.
    """
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise Problem(Kind.MEDIA_TYPE_UNSUPPORTED)
    bytes_max = limits.evidence_bytes_max if path.startswith(_EVIDENCE) else limits.body_bytes_max
    declared = headers.get("content-length", "0")
    if not declared.isascii() or not declared.isdigit() or int(declared[:20]) > bytes_max:
        raise Problem(Kind.BODY_TOO_LARGE)
    body = await _all(receive, bytes_max)
    if _is_json(headers.get("content-type", "")):
        require_strict(body, depth_max=limits.json_depth_max)
    return body


def _is_json(content_type: str) -> bool:
    """Whatever the framework would parse as JSON, `application/problem+json` for one."""
    return "json" in content_type.partition(";")[0].lower()


async def _all(receive: Receive, bytes_max: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientDisconnect  # half a body must not be taken for a whole one
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > bytes_max:
            raise Problem(Kind.BODY_TOO_LARGE)
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)
