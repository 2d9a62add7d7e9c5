"""Cursors: opaque, authenticated, and bound to the filter they continue."""

import base64
import binascii
import hashlib
import hmac
import json
from datetime import datetime
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from fastapi import Query

from acceptance_api.http.wire import Out
from acceptance_api.kernel.problems import Kind, Problem

_MAC_BYTES = 16
_LENGTH_MAX = 400
T = TypeVar("T")

Cursor = Annotated[
    str | None, Query(max_length=_LENGTH_MAX, description="`next_cursor` of the page before, unchanged.")
]
PageSize = Annotated[int, Query(ge=1, le=200, description="How many at most.")]


class Page(Out, Generic[T]):
    """One page. There are no totals: counting would cost more than the page."""

    data: list[T]
    has_more: bool
    next_cursor: str | None


def seal_cursor(key: bytes, end: tuple[datetime | None, UUID] | None, *, filters: object) -> str | None:
    """The cursor that continues after `end`, or None at the end."""
    if end is None:
        return None
    at, last = end
    payload = json.dumps([at.isoformat() if at else None, last.hex]).encode()
    return base64.urlsafe_b64encode(_mac(key, payload, filters) + payload).decode().rstrip("=")


def open_cursor(key: bytes, cursor: str | None, *, filters: object) -> tuple[datetime | None, UUID] | None:
    """Where a cursor continues.

    Raises:
        Problem: CURSOR_INVALID, for one that was edited or belongs to another filter.
    """
    if cursor is None:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        mac, payload = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not hmac.compare_digest(mac, _mac(key, payload, filters)):
            raise Problem(Kind.CURSOR_INVALID)
        at, last = json.loads(payload)
    except (binascii.Error, ValueError) as error:
        raise Problem(Kind.CURSOR_INVALID) from error
    return datetime.fromisoformat(at) if at else None, UUID(hex=last)


def _mac(key: bytes, payload: bytes, filters: object) -> bytes:
    bound = json.dumps(filters, sort_keys=True, default=str).encode()
    return hmac.new(key, len(bound).to_bytes(4, "big") + bound + payload, hashlib.sha256).digest()[:_MAC_BYTES]
