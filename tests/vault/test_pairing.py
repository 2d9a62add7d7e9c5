"""A database and its key store find each other once; a key directory that vanishes is not made again."""

import shutil
from pathlib import Path
from uuid import uuid4

import pytest

from acceptance_api.kernel.database import Database
from acceptance_api.vault import FileKeyStore, KeyStoreUnavailable, Vault, WrongKeyStore, require_paired
from tests.vault.conftest import NOON


async def paired(database: Database, keys: Path) -> None:
    async with database.transaction() as tx:
        await require_paired(tx, Vault(FileKeyStore(keys)))


async def test_the_same_keys_are_known_again(database: Database, tmp_path: Path) -> None:
    await paired(database, tmp_path / "keys")
    await paired(database, tmp_path / "keys")


async def test_other_keys_are_refused(database: Database, tmp_path: Path) -> None:
    await paired(database, tmp_path / "keys")

    with pytest.raises(WrongKeyStore):
        await paired(database, tmp_path / "empty-mount")


@pytest.mark.parametrize("left", ["nothing", "an empty directory"])
async def test_a_key_directory_that_vanishes_is_not_made_again(tmp_path: Path, left: str) -> None:
    keys = tmp_path / "keys"
    vault = Vault(FileKeyStore(keys))
    await vault.scope(uuid4(), at=NOON)
    shutil.rmtree(keys)
    if left == "an empty directory":
        keys.mkdir(mode=0o700)

    with pytest.raises(KeyStoreUnavailable):
        await vault.scope(uuid4(), at=NOON)
    assert not (keys / "keys.sqlite").exists()
