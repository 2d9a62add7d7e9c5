"""Signing documents that a client keeps and verifies later without asking anybody: a detached JWS.

The keys are those of access tokens; `typ` tells the two apart, so that neither can be taken for the other.
"""

from datetime import datetime
from typing import Final

from joserfc import jws
from joserfc.registry import HeaderParameter

from acceptance_api.access.signing_keys import ALGORITHM, SigningKeys

_ISSUED_AT: Final = HeaderParameter("Seconds since 1970 (RFC 7519, section 5.3)", "int", required=True)


def sign_document(keys: SigningKeys, document: bytes, *, kind: str, at: datetime) -> str:
    """A JWS over exactly these bytes, without them (RFC 7515, appendix F: `header..signature`; ES256).

    The protected header names the key (`kid`, found in the published set), the kind (`typ`) and the moment (`iat`).
    """
    key = keys.newest
    header = {"alg": ALGORITHM, "kid": key.kid, "typ": kind, "iat": int(at.timestamp())}
    registry = jws.JWSRegistry(header_registry={"iat": _ISSUED_AT}, algorithms=[ALGORITHM])
    return jws.detach_content(jws.serialize_compact(header, document, key, registry=registry))
