"""A vault and an enterprise."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from acceptance_api.audit import OPERATOR
from acceptance_api.kernel.database import Database
from acceptance_api.sites import Enterprise, add_enterprise
from acceptance_api.vault import FileKeyStore, Vault

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    """A vault with a key store of its own."""
    return Vault(FileKeyStore(tmp_path / "keys"))


@pytest.fixture
async def enterprise(database: Database) -> Enterprise:
    """An enterprise."""
    async with database.transaction() as tx:
        return await add_enterprise(tx, name="Example Express", brand="Example", actor=OPERATOR, at=NOON)
