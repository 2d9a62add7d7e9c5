"""Issuing access tokens for client credentials (RFC 6749, section 4.4; RFC 9068)."""

import hmac
from datetime import datetime, timedelta
from uuid import UUID

from joserfc import jwt

from acceptance_api.access import store
from acceptance_api.access.minting import digest_of
from acceptance_api.access.model import AccessToken, Client, Secret
from acceptance_api.access.signing_keys import ALGORITHM, SigningKeys
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import ClientId, new_uuid
from acceptance_api.kernel.problems import Kind, Problem

TOKEN_TYPE = "at+jwt"  # noqa: S105 - a media type (RFC 9068, section 2.1), not a secret
_NOBODY = ClientId(UUID(int=0))
_NO_DIGEST = bytes(32)


class TokenIssuer:
    """Gives a client that proves who it is a token of its audience."""

    def __init__(self, keys: SigningKeys, *, issuer: str, lifetime_s: int) -> None:
        """Sign as `issuer`; tokens live for `lifetime_s` seconds, or until their secret expires."""
        self._keys = keys
        self._issuer = issuer
        self._lifetime = timedelta(seconds=lifetime_s)

    async def issue(self, tx: Tx, client_id: str, client_secret: str, *, at: datetime) -> AccessToken:
        """Check the credentials and sign a token.

        An unknown client costs the same questions and comparisons as a wrong secret.

        Raises:
            Problem: CREDENTIALS_INVALID.
        """
        wanted = _parsed(client_id)
        client = await store.find_client(tx, wanted)
        secret = _matching(await store.find_live_secrets(tx, wanted, at=at), digest_of(client_secret))
        if client is None or client.revoked_at is not None or secret is None:
            raise Problem(Kind.CREDENTIALS_INVALID)
        return self._signed(client, secret, at=at)

    def _signed(self, client: Client, secret: Secret, *, at: datetime) -> AccessToken:
        until = at + self._lifetime
        expires_at = until if secret.expires_at is None else min(until, secret.expires_at)
        issued_s, expires_s = int(at.timestamp()), int(expires_at.timestamp())
        claims = {
            "iss": self._issuer,
            "sub": str(client.id),
            "aud": client.audience.value,
            "iat": issued_s,
            "exp": expires_s,
            "jti": str(new_uuid()),
            "sid": str(secret.id),
        }
        key = self._keys.newest
        header = {"alg": ALGORITHM, "kid": key.kid, "typ": TOKEN_TYPE}
        token = jwt.encode(header, claims, key, algorithms=[ALGORITHM])
        return AccessToken(token=token, expires_in_s=expires_s - issued_s)


def _parsed(client_id: str) -> ClientId:
    try:
        return ClientId(UUID(client_id))
    except ValueError:
        return _NOBODY


def _matching(secrets: tuple[Secret, ...], digest: bytes) -> Secret | None:
    """Compare with every live secret, and with a dummy that never matches, without stopping at the first hit."""
    found = None
    hmac.compare_digest(_NO_DIGEST, digest)
    for secret in secrets:
        if hmac.compare_digest(secret.digest, digest):
            found = secret
    return found
