"""The token endpoint (RFC 6749, section 4.4) and the public keys."""

import base64
import binascii
from typing import Annotated
from urllib.parse import unquote_plus

from fastapi import APIRouter, Form, Header, Response
from pydantic import BaseModel

from acceptance_api.http.office import OfficeDep
from acceptance_api.http.problems import documented
from acceptance_api.kernel.problems import Kind, Problem

router = APIRouter(tags=["oauth"])
_GRANT = "client_credentials"


class TokenOut(BaseModel):
    """A short-lived access token."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - a kind of token
    expires_in: int


@router.post(
    "/oauth/token",
    responses=documented(Kind.GRANT_INVALID, Kind.CREDENTIALS_INVALID, Kind.INVALID),
)
async def issue_token(
    office: OfficeDep,
    response: Response,
    grant_type: Annotated[str, Form(max_length=40)],
    client_id: Annotated[str, Form(max_length=64)] = "",
    client_secret: Annotated[str, Form(max_length=128)] = "",
    authorization: Annotated[str, Header(include_in_schema=False)] = "",
) -> TokenOut:
    """Exchange a client's id and secret, in the form or as HTTP Basic, for a token of its audience."""
    if grant_type != _GRANT:
        raise Problem(Kind.GRANT_INVALID)
    if authorization:
        client_id, client_secret = _basic(authorization)
    async with office.database.read() as tx:
        token = await office.issuer.issue(tx, client_id, client_secret, at=office.clock.now())
    response.headers["Pragma"] = "no-cache"
    return TokenOut(access_token=token.token, expires_in=token.expires_in_s)


@router.get("/.well-known/jwks.json")
async def read_jwks(office: OfficeDep, response: Response) -> dict[str, list[dict[str, object]]]:
    """The public halves of the keys that sign tokens (RFC 7517)."""
    response.headers["Cache-Control"] = "public, max-age=60"
    return office.signing_keys.public_set()


def _basic(authorization: str) -> tuple[str, str]:
    scheme, _, encoded = authorization.partition(" ")
    try:
        if scheme.lower() != "basic":
            raise Problem(Kind.CREDENTIALS_INVALID)
        name, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Problem(Kind.CREDENTIALS_INVALID) from error
    return unquote_plus(name), unquote_plus(password)
