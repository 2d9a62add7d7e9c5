"""Verifying access tokens: the signature once per token, the client's standing every few seconds."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import ECKey

from acceptance_api.access.bounded import Bounded
from acceptance_api.access.issuing import TOKEN_TYPE
from acceptance_api.access.minting import digest_of
from acceptance_api.access.model import Audience, Client, SecretId
from acceptance_api.access.signing_keys import ALGORITHM, SigningKeys
from acceptance_api.access.standings import Standings
from acceptance_api.kernel.express import Reader
from acceptance_api.kernel.ids import ClientId
from acceptance_api.kernel.problems import Kind, Problem

_LENGTH_MAX = 2_048
_CLOCK_SKEW = timedelta(seconds=5)
"""How far the clocks of two processes that share the keys may lie apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claims:
    client_id: ClientId
    secret_id: SecretId
    audience: Audience
    expires_at: datetime


class TokenVerifier:
    """Turns a bearer token into the client it was given to."""

    def __init__(
        self, keys: SigningKeys, reader: Reader, *, issuer: str, revocation_lag_s: float, entries_max: int = 10_000
    ) -> None:
        """Trust tokens signed with these keys by `issuer`; remember at most `entries_max`, ask about their clients."""
        self._keys = keys
        self._issuer = issuer
        self._tokens: Bounded[bytes, _Claims] = Bounded(entries_max)
        self._standings = Standings(reader, lag_s=revocation_lag_s, entries_max=entries_max)
        self.signature_checks = 0

    async def verify(self, token: str, *, audience: Audience, at: datetime) -> Client:
        """The client this token was given to, with the permissions it has now.

        A revoked client or secret is refused at the latest `revocation_lag_s` after it was revoked.

        Raises:
            Problem: TOKEN_INVALID, or the database's problem when the client's standing cannot be read.
        """
        claims = self._claims(token, at=at)
        if claims.audience is not audience or claims.expires_at <= at:
            raise Problem(Kind.TOKEN_INVALID)
        standing = await self._standings.get(claims.client_id, claims.secret_id, at=at)
        client = standing.admits(at=at)
        if client is None or client.audience is not audience:
            raise Problem(Kind.TOKEN_INVALID)
        return client

    def _claims(self, token: str, *, at: datetime) -> _Claims:
        if len(token) > _LENGTH_MAX:
            raise Problem(Kind.TOKEN_INVALID)
        digest = digest_of(token)
        claims = self._tokens.get(digest)
        if claims is None:
            claims = self._checked(token, at=at)
            self._tokens.put(digest, claims)
        return claims

    def _checked(self, token: str, *, at: datetime) -> _Claims:
        """Decode without trusting a word of it; RecursionError is deeply nested JSON in the header."""
        self.signature_checks += 1
        try:
            decoded = jwt.decode(token, self._key, algorithms=[ALGORITHM])
            claims = decoded.claims
            issued_at = datetime.fromtimestamp(claims["iat"], tz=UTC)
            believed = decoded.header.get("typ") == TOKEN_TYPE and claims["iss"] == self._issuer
            parsed = _parsed(claims)
        except (JoseError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
            raise Problem(Kind.TOKEN_INVALID) from None
        if not believed or issued_at > at + _CLOCK_SKEW or parsed.expires_at <= at:
            raise Problem(Kind.TOKEN_INVALID)
        return parsed

    def _key(self, signed: Any) -> ECKey:  # noqa: ANN401 - joserfc names no public type for what it passes
        key = self._keys.find(signed.headers().get("kid"))
        if key is None:
            raise InvalidKeyIdError
        return key


def _parsed(claims: dict[str, Any]) -> _Claims:
    return _Claims(
        client_id=ClientId(UUID(str(claims["sub"]))),
        secret_id=SecretId(UUID(str(claims["sid"]))),
        audience=Audience(claims["aud"]),
        expires_at=datetime.fromtimestamp(claims["exp"], tz=UTC),
    )
