"""Limits on what comes in: size of a body, depth of its JSON, encodings."""

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope

from acceptance_api.http.strict_json import require_strict
from acceptance_api.kernel.problems import Kind, Problem

_ID = "[0-9A-Fa-f-]{1,36}"
_EVIDENCE = re.compile(
    rf"/counter/v1/(?:interceptions/{_ID}/)?evidence/|/enterprise/v1/outlets/{_ID}/interceptions/{_ID}/evidence/"
)
"""Photos and documents: of inspections, and of cases at the counter and at headquarters."""
_BATCHES = "/counter/v1/acceptance-batches"
_STREAMED = "/enterprise/v1/imports"
"""A body of many megabytes, which its handler reads, measures and unpacks piece by piece."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one request may bring."""

    body_bytes_max: int
    evidence_bytes_max: int
    batch_bytes_max: int
    json_depth_max: int

    def bytes_max(self, path: str) -> int:
        """How large a body of this path may be, inflated."""
        if _EVIDENCE.match(path):
            return self.evidence_bytes_max
        return self.batch_bytes_max if path == _BATCHES else self.body_bytes_max


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


def is_streamed(scope: Scope) -> bool:
    """Whether the handler reads the body itself, within limits of its own."""
    return bool(scope["method"] == "POST" and scope["path"] == _STREAMED)


async def read_body(headers: Mapping[str, str], path: str, receive: Receive, limits: Limits) -> bytes:
    """The whole body, within its limits; a batch may come compressed.

    Raises:
        Problem: BODY_TOO_LARGE, MEDIA_TYPE_UNSUPPORTED (an encoding), or MALFORMED_JSON.
        ClientDisconnect: the client went away before it had sent everything.
    """
    encoding = headers.get("content-encoding", "identity").lower()
    if encoding != "identity" and (encoding != "gzip" or path != _BATCHES):
        raise Problem(Kind.MEDIA_TYPE_UNSUPPORTED)
    bytes_max = limits.bytes_max(path)
    declared = headers.get("content-length", "0")
    if not declared.isascii() or not declared.isdigit() or int(declared[:20]) > bytes_max:
        raise Problem(Kind.BODY_TOO_LARGE)
    body = await _all(receive, bytes_max)
    if encoding == "gzip":
        body = _inflated(body, bytes_max)
    if is_json(headers.get("content-type", "")):
        require_strict(body, depth_max=limits.json_depth_max)
    return body


def is_json(content_type: str) -> bool:
    """Whatever the framework would parse as JSON, `application/problem+json` for one."""
    return "json" in content_type.partition(";")[0].lower()


def _inflated(body: bytes, bytes_max: int) -> bytes:
    """What was compressed, never more of it than may be."""
    inflating = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        inflated = inflating.decompress(body, bytes_max + 1)
    except zlib.error:
        raise Problem(Kind.MALFORMED_JSON) from None
    if len(inflated) > bytes_max:
        raise Problem(Kind.BODY_TOO_LARGE)
    if not inflating.eof or inflating.unused_data:
        raise Problem(Kind.MALFORMED_JSON)
    return inflated


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
