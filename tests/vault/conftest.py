"""A vault over a real key store in a directory of the test."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from acceptance_api.vault import FileKeyStore, Scope, Vault

OWNER = UUID("0190a000-0000-7000-8000-000000000001")
NOON = datetime(2026, 11, 5, 4, tzinfo=UTC)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Where the keys lie."""
    return tmp_path / "keys"


@pytest.fixture
def key_store(directory: Path) -> FileKeyStore:
    """The key store."""
    return FileKeyStore(directory)


@pytest.fixture
def vault(key_store: FileKeyStore) -> Vault:
    """The vault."""
    return Vault(key_store)


@pytest.fixture
async def scope(vault: Vault) -> Scope:
    """One owner's scope at noon of 2026-11-05."""
    return await vault.scope(OWNER, at=NOON)
