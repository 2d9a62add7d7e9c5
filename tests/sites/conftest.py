"""A database with the tables of sites, a vault, and an enterprise with an outlet."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from acceptance_api.audit import OPERATOR
from acceptance_api.kernel.database import Database, metadata
from acceptance_api.sites import AddOutlet, Enterprise, Outlet, add_enterprise, add_outlet
from acceptance_api.vault import FileKeyStore, Vault

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
NANSHAN = "440305"


@pytest.fixture
async def database(database: Database) -> Database:
    """The fresh database, with the tables of this room even before a migration knows them."""
    async with database.transaction() as tx:
        await tx.run_sync(metadata.create_all)
    return database


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    """A vault with a key store of its own."""
    return Vault(FileKeyStore(tmp_path / "keys"))


@pytest.fixture
async def enterprise(database: Database) -> Enterprise:
    """An enterprise."""
    async with database.transaction() as tx:
        return await add_enterprise(tx, name="Example Express", brand="Example", actor=OPERATOR, at=NOON)


@pytest.fixture
async def outlet(database: Database, enterprise: Enterprise) -> Outlet:
    """An outlet of the enterprise, in Nanshan."""
    async with database.transaction() as tx:
        request = AddOutlet(name="Nanshan 1", division=NANSHAN)
        return await add_outlet(tx, enterprise.id, request, actor=OPERATOR, at=NOON)
