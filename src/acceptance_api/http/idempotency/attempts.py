"""One attempt at a request: whose, at what, under which key, and the fingerprint of all it says."""

import hmac
import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request

from acceptance_api.http.office import Office, OfficeDep
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
    key = idempotency_key.strip()
    if len(key) > 1 and key[0] == key[-1] == '"':
        key = key[1:-1]  # the IETF draft asks for a quoted string, practice sends it bare
    if not _VISIBLE_ASCII.match(key):
        raise Problem(Kind.IDEMPOTENCY_KEY_MISSING, Fault("header:idempotency-key", "form"))
    return Attempt(
        operation=f"{request.method} {template_of(request.scope)}"[:80],
        key=key,
        fingerprint=await fingerprint_of(request, office),
    )


async def fingerprint_of(request: Request, office: Office) -> bytes:
    """A keyed digest of everything the request says: an unkeyed one could be guessed from a known body."""
    mac = hmac.new(office.fingerprint_key, digestmod="sha256")
    clerk = request.headers.get("clerk-id", "")
    for part in (request.method.encode(), request.url.path.encode(), request.url.query.encode(), clerk.encode()):
        mac.update(len(part).to_bytes(4, "big") + part)
    mac.update(await request.body())
    return mac.digest()


AttemptDep = Annotated[Attempt, Depends(current_attempt)]
