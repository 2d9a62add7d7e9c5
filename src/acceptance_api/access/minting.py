"""Minting secrets: 256 random bits, shown once, kept as a digest."""

import hashlib
import secrets
from datetime import datetime

from acceptance_api.access.model import Secret, SecretId
from acceptance_api.kernel.ids import ClientId, new_uuid

_PREFIX = "acs_"
"""Lets scanners of source code and logs recognise a leaked secret."""
_BYTES = 32


def mint_secret(client_id: ClientId, *, at: datetime) -> tuple[Secret, str]:
    """A new secret: what is kept of it, and its text, which nobody can find out again."""
    text = _PREFIX + secrets.token_urlsafe(_BYTES)
    return Secret(id=SecretId(new_uuid()), client_id=client_id, digest=digest_of(text), created_at=at), text


def digest_of(text: str) -> bytes:
    """The SHA-256 of a secret's or token's text, whatever text a stranger sends."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()
