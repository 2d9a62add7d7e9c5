"""The vault: seals personal data field by field, makes them searchable by blind tokens, keeps the keys.

Opening is not among what this door offers: `vault.opening` belongs to the room `disclosure` alone.
"""

from acceptance_api.vault.file_key_store import FileKeyStore
from acceptance_api.vault.key_store import KeyStore
from acceptance_api.vault.known_answers import verify_algorithms
from acceptance_api.vault.model import (
    BrokenAlgorithm,
    Field,
    Index,
    KeyStoreUnavailable,
    KeyUnavailable,
    Sealed,
    Tampered,
)
from acceptance_api.vault.pairing import WrongKeyStore, require_paired
from acceptance_api.vault.scope import Scope
from acceptance_api.vault.sealing import Vault

__all__ = [
    "BrokenAlgorithm",
    "Field",
    "FileKeyStore",
    "Index",
    "KeyStore",
    "KeyStoreUnavailable",
    "KeyUnavailable",
    "Scope",
    "Sealed",
    "Tampered",
    "Vault",
    "WrongKeyStore",
    "require_paired",
    "verify_algorithms",
]
