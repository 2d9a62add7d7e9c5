"""A database with the tables of access, keys, and a client with its secret."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from acceptance_api.access import AddClient, Audience, Client, SigningKeys, TokenIssuer, add_client
from acceptance_api.audit import OPERATOR
from acceptance_api.kernel.database import Database, metadata
from acceptance_api.kernel.express import Reader, open_lane
from acceptance_api.kernel.ids import EnterpriseId, OutletId, new_uuid
from tests.access.lanes import Gate, reader_over

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
ISSUER = "acceptance-test"


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A client and the secret it was given."""

    client: Client
    secret: str


@pytest.fixture
async def database(database: Database) -> Database:
    """The fresh database, with the tables of this room even before a migration knows them."""
    async with database.transaction() as tx:
        await tx.run_sync(metadata.create_all)
    return database


@pytest.fixture
async def gate(database: Database) -> AsyncIterator[Gate]:
    """The express lane to the fresh database."""
    lane = open_lane(database)
    yield Gate(lane)
    await lane.close()


@pytest.fixture
def reader(gate: Gate) -> Reader:
    """Asks over the gate."""
    return reader_over(gate)


@pytest.fixture
async def unreachable(tmp_path: Path) -> AsyncIterator[Reader]:
    """Asks a database that is not there: who gets any other answer than DATABASE_UNAVAILABLE did not ask."""
    nowhere = Database(f"sqlite+aiosqlite:///{tmp_path}/no/such/directory/file.db")
    lane = open_lane(nowhere)
    yield reader_over(lane)
    await lane.close()
    await nowhere.dispose()


@pytest.fixture(scope="session")
def key_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with one signing key."""
    directory = tmp_path_factory.mktemp("keys")
    SigningKeys(directory)
    return directory


@pytest.fixture
def keys(key_directory: Path) -> SigningKeys:
    """The signing keys of this installation."""
    return SigningKeys(key_directory)


@pytest.fixture
def issuer(keys: SigningKeys) -> TokenIssuer:
    """Issues tokens of ten minutes."""
    return TokenIssuer(keys, issuer=ISSUER, lifetime_s=600)


@pytest.fixture
async def holder(database: Database) -> Holder:
    """A counter's client."""
    return await a_holder(database)


async def a_holder(database: Database) -> Holder:
    """A client of a counter of its own."""
    request = AddClient(
        audience=Audience.COUNTER,
        name="counter 1",
        enterprise_id=EnterpriseId(new_uuid()),
        outlet_id=OutletId(new_uuid()),
    )
    async with database.transaction() as tx:
        client, secret = await add_client(tx, request, actor=OPERATOR, at=NOON)
    return Holder(client=client, secret=secret)
