"""Callers, credentials, permissions: who may do what."""

from acceptance_api.access.adding_clients import add_agency, add_client
from acceptance_api.access.issuing import TokenIssuer
from acceptance_api.access.model import (
    AccessToken,
    AddClient,
    Agency,
    Audience,
    Caller,
    Client,
    Permission,
    Secret,
    SecretId,
    is_within,
    owner_of,
    permissions_of,
    require,
)
from acceptance_api.access.revoking import revoke_client, revoke_secret
from acceptance_api.access.rotating import rotate_secret
from acceptance_api.access.signing_documents import sign_document
from acceptance_api.access.signing_keys import SigningKeys, mint_key
from acceptance_api.access.store import find_agency, find_client, find_clients, find_secrets, get_client
from acceptance_api.access.verifying_tokens import TokenVerifier

__all__ = [
    "AccessToken",
    "AddClient",
    "Agency",
    "Audience",
    "Caller",
    "Client",
    "Permission",
    "Secret",
    "SecretId",
    "SigningKeys",
    "TokenIssuer",
    "TokenVerifier",
    "add_agency",
    "add_client",
    "find_agency",
    "find_client",
    "find_clients",
    "find_secrets",
    "get_client",
    "is_within",
    "mint_key",
    "owner_of",
    "permissions_of",
    "require",
    "revoke_client",
    "revoke_secret",
    "rotate_secret",
    "sign_document",
]
