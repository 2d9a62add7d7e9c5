"""What a counter needs to decide while it is offline: one document, versioned by its content and signed.

Thousands of counters ask in the morning. What holds everywhere is rendered once a day, an outlet's part and version
once, and the signature once an hour; a counter that has the document already is answered 304, and is given a signature
of this hour.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any

from fastapi import APIRouter, Header, Response

from acceptance_api.acceptance import PolicyBundle, Rulebook, state_policy
from acceptance_api.access import SigningKeys, sign_document
from acceptance_api.http.callers import CounterCaller
from acceptance_api.http.counter.policy_bundle_rendering import local_out, rulebook_out
from acceptance_api.http.counter.policy_bundle_wire import PolicyBundleOut
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.problems import documented
from acceptance_api.http.standard import CLERK, READING
from acceptance_api.kernel.settings import Settings

router = APIRouter(tags=["policy"])
SIGNATURE_KIND = "policy-bundle+jws"
_OUTLETS_MAX = 4_096
"""How many divisions' parts and signatures one process keeps; each takes less than a kilobyte."""
_HEADERS = {
    "ETag": {"description": "The version, as a strong validator.", "schema": {"type": "string"}},
    "Bundle-Signature": {
        "description": "A detached JWS over exactly the body's bytes (RFC 7515, appendix F; ES256); its `kid` is found "
        "in /.well-known/jwks.json, its `iat` is the hour in which the server vouched for the content.",
        "schema": {"type": "string"},
    },
}
_FOUND: dict[int | str, dict[str, Any]] = {
    200: {"model": PolicyBundleOut, "headers": _HEADERS},
    304: {"description": "The counter's copy is current.", "headers": _HEADERS},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Document:
    """The document of one outlet: what holds everywhere, what holds there, and the version over both."""

    everywhere: bytes
    here: bytes
    version: str

    @property
    def body(self) -> bytes:
        return b'{"version":"%b",%b' % (self.version.encode(), _joined(self.everywhere, self.here)[1:])


@router.get("/policy-bundle", response_model=PolicyBundleOut, responses=documented(*CLERK, *READING) | _FOUND)
async def read_policy_bundle(
    caller: CounterCaller,
    office: OfficeDep,
    if_none_match: Annotated[str, Header(max_length=2_000, description="The ETag of the counter's copy.")] = "",
) -> Response:
    """The rules of this outlet, now and as far ahead as they are known, to decide by while offline."""
    at = office.clock.now()
    sets = await office.shelf.of(caller.enterprise_id, at=at)
    async with office.database.read() as tx:
        policy = await state_policy(tx, caller, sets, at=at)
    document = _document(policy, office.settings)
    headers = {
        "ETag": f'"{document.version}"',
        "Bundle-Signature": _signature(document, office.signing_keys, at=at),
        "Cache-Control": "private, no-cache",
        "Vary": "Authorization",
    }
    if _is_current(if_none_match, document.version):
        return Response(status_code=304, headers=headers)
    return Response(document.body, headers=headers, media_type="application/json")


def _document(policy: PolicyBundle, settings: Settings) -> _Document:
    everywhere = _everywhere(policy.rulebook, settings.verification_lifetime_s, settings.offline_days_max)
    here = local_out(policy).model_dump_json().encode()
    return _Document(everywhere=everywhere, here=here, version=_version(everywhere, here))


@lru_cache(maxsize=8)
def _everywhere(rulebook: Rulebook, verification_lifetime_s: int, offline_days_max: int) -> bytes:
    made = rulebook_out(rulebook, verification_lifetime_s=verification_lifetime_s, offline_days_max=offline_days_max)
    return made.model_dump_json().encode()


@lru_cache(maxsize=_OUTLETS_MAX)
def _version(everywhere: bytes, here: bytes) -> str:
    return hashlib.sha256(_joined(everywhere, here)).hexdigest()


def _signature(document: _Document, keys: SigningKeys, *, at: datetime) -> str:
    hour = at.replace(minute=0, second=0, microsecond=0)
    return _signed(document, keys, keys.newest.kid, hour)


@lru_cache(maxsize=_OUTLETS_MAX)
def _signed(document: _Document, keys: SigningKeys, _kid: str | None, hour: datetime) -> str:
    """Signed once for an hour and a key; a newer key signs anew."""
    return sign_document(keys, document.body, kind=SIGNATURE_KIND, at=hour)


def _joined(one: bytes, other: bytes) -> bytes:
    """Two JSON objects as one."""
    return one[:-1] + b"," + other[1:]


def _is_current(if_none_match: str, version: str) -> bool:
    """Whether one of the validators is the version's; `W/` makes no difference here (RFC 9110, section 13.1.2)."""
    validators = {validator.strip().removeprefix("W/") for validator in if_none_match.split(",")}
    return not validators.isdisjoint({"*", f'"{version}"'})
