"""One attempt at a request: whose, at what, under which key, and the fingerprint of all it says."""

import hmac
import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request

from acceptance_api.http.office import OfficeDep
from acceptance_api.http.routes import template_of
from acceptance_api.kernel.problems import Fault, Kind, Problem

_VISIBLE_ASCII = re.compile(r"[!-~]{1,128}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A key and what it stands for. `fingerprint` also serves the records: the same request makes the same record."""

    operation: str
    key: str
    fingerprint: bytes


async def current_attempt(
    request: Request,
    office: OfficeDep,
    idempotency_key: Annotated[
        str, Header(description="Minted by the client before the first send; 1 to 128 visible ASCII characters.")
    ],
) -> Attempt:
    """The attempt that this request is.

    Raises:
        Problem: IDEMPOTENCY_KEY_MISSING, also for a key of the wrong form.
    """
    return Attempt(
        operation=operation_of(request.method, template_of(request.scope)),
        key=key_of(idempotency_key),
        fingerprint=fingerprint_of(
            office.fingerprint_key,
            request.method,
            request.url.path,
            request.url.query,
            request.headers.get("clerk-id", ""),
            await request.body(),
        ),
    )


def operation_of(method: str, template: str) -> str:
    """What keys are told apart by, beside their client."""
    return f"{method} {template}"[:80]


def key_of(given: str) -> str:
    """The key in an Idempotency-Key header.

    Raises:
        Problem: IDEMPOTENCY_KEY_MISSING, also for a key of the wrong form.
    """
    key = given.strip()
    if len(key) > 1 and key[0] == key[-1] == '"':
        key = key[1:-1]  # the IETF draft asks for a quoted string, practice sends it bare
    if not _VISIBLE_ASCII.match(key):
        raise Problem(Kind.IDEMPOTENCY_KEY_MISSING, Fault("header:idempotency-key", "form"))
    return key


def fingerprint_of(key: bytes, method: str, path: str, query: str, clerk: str, body: bytes) -> bytes:
    """A keyed digest of everything the request says: an unkeyed one could be guessed from a known body."""
    mac = hmac.new(key, digestmod="sha256")
    for part in (method.encode(), path.encode(), query.encode(), clerk.encode()):
        mac.update(len(part).to_bytes(4, "big") + part)
    mac.update(body)
    return mac.digest()


AttemptDep = Annotated[Attempt, Depends(current_attempt)]
