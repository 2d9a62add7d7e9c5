"""The file key store: one key for all who ask, none in place of a lost one, nothing readable on the disk."""

import asyncio
import multiprocessing
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from acceptance_api.vault import Field, FileKeyStore, Index, KeyStoreUnavailable, KeyUnavailable, Scope, Vault
from acceptance_api.vault.envelope import Algorithm
from acceptance_api.vault.epoch_files import EpochFiles, publish
from acceptance_api.vault.key_store import KeyKind, KeyPlace
from acceptance_api.vault.opening import Opener
from acceptance_api.vault.wrapping import unwrapped, wrapped_record
from tests.vault.conftest import NOON, OWNER

NAME = Field("acceptance", "sender_name", 32)
PLACE = KeyPlace(kind=KeyKind.DATA, owner=str(OWNER), scope="2026-11-05", epoch="2026-11")
_PROCESSES = 4


def _scope_in_a_process(directory: Path, start: object, answers: object) -> None:
    start.wait()  # type: ignore[attr-defined]  # multiprocessing's barrier has no public type
    scope = asyncio.run(Vault(FileKeyStore(directory)).scope(OWNER, at=NOON))
    answers.put((scope.key_id, scope.index_key_id, scope.commit("name", OWNER, "张三")))  # type: ignore[attr-defined]  # the same


def test_processes_that_start_at_once_agree_on_every_key(directory: Path) -> None:
    context = multiprocessing.get_context("spawn")
    start, answers = context.Barrier(_PROCESSES), context.Queue()
    processes = [
        context.Process(target=_scope_in_a_process, args=(directory, start, answers)) for _ in range(_PROCESSES)
    ]
    for process in processes:
        process.start()
    keys = {answers.get(timeout=60) for _ in processes}
    for process in processes:
        process.join()

    assert len(keys) == 1
    assert not [path for path in directory.rglob(".*") if path.is_file()]


async def test_many_stores_that_mint_one_place_at_once_agree(directory: Path) -> None:
    records = await asyncio.gather(*(FileKeyStore(directory).mint(PLACE) for _ in range(16)))
    assert len(set(records)) == 1


async def test_everything_is_its_owners_alone(directory: Path, scope: Scope, vault: Vault) -> None:
    await vault.fixed_key("cursor")

    assert scope.key_id > 0
    assert _modes(directory) == {
        ".": 0o700,
        "epochs": 0o700,
        "epochs/2026-11.key": 0o600,
        "installation.key": 0o600,
        "keys.sqlite": 0o600,
    }


async def test_the_files_hold_neither_plaintext_nor_bare_keys(directory: Path, vault: Vault, scope: Scope) -> None:
    sealed = scope.seal(NAME, OWNER, "欧阳张三")
    secret = await vault.fixed_key("cursor")
    content = _content(directory)

    assert str(OWNER).encode() in content  # the search does find what is there
    for hidden in ("欧阳张三".encode(), secret, secret.hex().encode(), sealed[22:]):
        assert hidden not in content


def _modes(directory: Path) -> dict[str, int]:
    paths = [directory, *directory.rglob("*")]
    return {str(path.relative_to(directory)): path.stat().st_mode & 0o777 for path in paths}


def _content(directory: Path) -> bytes:
    return b"".join(path.read_bytes() for path in directory.rglob("*") if path.is_file())


def _remove(path: Path) -> None:
    path.unlink()


def _replace(path: Path) -> None:
    path.write_bytes(os.urandom(32))


@pytest.mark.parametrize("harm", [pytest.param(_remove, id="removed"), pytest.param(_replace, id="replaced")])
async def test_a_lost_epoch_file_ends_its_epoch_and_no_other(
    directory: Path, key_store: FileKeyStore, scope: Scope, harm: Callable[[Path], None]
) -> None:
    sealed = scope.seal(NAME, OWNER, "张三")
    epoch = directory / "epochs" / "2026-11.key"
    harm(epoch)
    left = epoch.read_bytes() if epoch.exists() else None
    vault = Vault(key_store)
    opener = Opener(vault)
    await opener.ensure([sealed])

    with pytest.raises(KeyUnavailable):
        opener.open(NAME, OWNER, OWNER, sealed)
    with pytest.raises(KeyUnavailable):
        await vault.scope(OWNER, at=NOON)
    with pytest.raises(KeyStoreUnavailable):
        await vault.scope(uuid4(), at=NOON)
    assert (epoch.read_bytes() if epoch.exists() else None) == left
    assert (await vault.scope(OWNER, at=NOON.replace(month=12))).key_id > 0


async def test_a_search_that_would_miss_rows_fails_instead(
    directory: Path, key_store: FileKeyStore, scope: Scope
) -> None:
    (directory / "epochs" / "2026-11.key").unlink()
    with pytest.raises(KeyUnavailable, match=str(scope.index_key_id)):
        await Vault(key_store).search_tokens([OWNER], ["2026-11"], Index.PHONE, "13800138000")


def _open_to_the_group(path: Path) -> None:
    path.chmod(path.stat().st_mode | 0o040)


def _cut(path: Path) -> None:
    path.write_bytes(b"short")


def _link(path: Path) -> None:
    path.rename(path.with_suffix(".moved"))
    path.symlink_to(path.with_suffix(".moved"))


@pytest.mark.parametrize(
    ("harm", "name"),
    [
        pytest.param(_open_to_the_group, ".", id="directory open to others"),
        pytest.param(_open_to_the_group, "epochs", id="epochs open to others"),
        pytest.param(_open_to_the_group, "epochs/2026-11.key", id="epoch file open to others"),
        pytest.param(_cut, "epochs/2026-11.key", id="epoch file cut"),
        pytest.param(_link, "epochs/2026-11.key", id="epoch file linked elsewhere"),
        pytest.param(_open_to_the_group, "keys.sqlite", id="database open to others"),
        pytest.param(_cut, "keys.sqlite", id="database damaged"),
        pytest.param(_remove, "keys.sqlite", id="database gone"),
    ],
)
async def test_a_store_that_may_not_be_trusted_is_unavailable(
    directory: Path, key_store: FileKeyStore, scope: Scope, harm: Callable[[Path], None], name: str
) -> None:
    assert scope.key_id > 0
    harm(directory / name)
    with pytest.raises(KeyStoreUnavailable):
        await Vault(key_store).scope(OWNER, at=NOON)
    assert name != "keys.sqlite" or harm is not _remove or not (directory / name).exists()


async def test_the_installation_key_is_never_made_twice(directory: Path, key_store: FileKeyStore, vault: Vault) -> None:
    await vault.fixed_key("cursor")
    (directory / "installation.key").unlink()

    with pytest.raises(KeyUnavailable):
        await Vault(key_store).fixed_key("cursor")
    with pytest.raises(KeyStoreUnavailable):
        await Vault(key_store).fixed_key("fingerprint")
    assert not (directory / "installation.key").exists()


async def test_an_epoch_key_whose_maker_stopped_halfway_is_used(directory: Path, key_store: FileKeyStore) -> None:
    await key_store.mint(PLACE)
    EpochFiles(directory).read_or_make("2026-12")
    record = await key_store.mint(replace(PLACE, scope="2026-12-01", epoch="2026-12"))
    assert len(await key_store.unwrap([record])) == 1


async def test_an_epoch_is_a_month(key_store: FileKeyStore) -> None:
    with pytest.raises(KeyStoreUnavailable):
        await key_store.mint(replace(PLACE, epoch="../2026-11"))


@pytest.mark.parametrize(
    ("column", "value"),
    [pytest.param("kind", "signature", id="kind"), pytest.param("state", "asleep", id="state")],
)
async def test_a_record_of_a_later_release_is_not_guessed_at(
    directory: Path, key_store: FileKeyStore, column: str, value: str
) -> None:
    record = await key_store.mint(PLACE)
    with closing(sqlite3.connect(directory / "keys.sqlite")) as connection, connection:
        connection.execute(f"UPDATE keys SET {column} = ?", (value,))  # noqa: S608 - a column of the table above
    with pytest.raises(KeyStoreUnavailable):
        await key_store.find([record.key_id])


async def test_a_key_of_an_algorithm_this_release_does_not_know_is_unavailable(
    directory: Path, key_store: FileKeyStore, scope: Scope
) -> None:
    with closing(sqlite3.connect(directory / "keys.sqlite")) as connection, connection:
        connection.execute("UPDATE keys SET algorithm = 3 WHERE kind = 'data'")
    with pytest.raises(KeyUnavailable, match=str(scope.key_id)):
        await Vault(key_store).scope(OWNER, at=NOON)


def test_a_path_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(KeyStoreUnavailable):
        asyncio.run(FileKeyStore(tmp_path / "file" / "keys").mint(PLACE))


def test_a_file_is_never_written_over(tmp_path: Path) -> None:
    publish(tmp_path / "key", b"first")
    publish(tmp_path / "key", b"second")

    assert (tmp_path / "key").read_bytes() == b"first"
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


KEY, WRAPPING_KEY = bytes(range(32)), bytes(32)
RECORD = wrapped_record(PLACE, key_id=7, key=KEY, wrapping_key=WRAPPING_KEY)


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(replace(RECORD, key_id=8), id="key id"),
        pytest.param(replace(RECORD, place=replace(PLACE, kind=KeyKind.INDEX)), id="kind"),
        pytest.param(replace(RECORD, place=replace(PLACE, owner=str(UUID(int=1)))), id="owner"),
        pytest.param(replace(RECORD, place=replace(PLACE, scope="2026-11-06")), id="scope"),
        pytest.param(replace(RECORD, place=replace(PLACE, epoch="2026-12")), id="epoch"),
        pytest.param(replace(RECORD, wrapped=RECORD.wrapped[:-1]), id="cut"),
        pytest.param(replace(RECORD, wrapped=b""), id="empty"),
        pytest.param(replace(RECORD, check_value=bytes(4)), id="check value"),
    ],
)
def test_a_wrapped_key_opens_only_as_what_it_was_wrapped_for(changed: object) -> None:
    assert unwrapped(changed, wrapping_key=WRAPPING_KEY) is None  # type: ignore[arg-type]  # parametrize loses the type


def test_a_wrapped_key_comes_out_as_it_went_in() -> None:
    assert unwrapped(RECORD, wrapping_key=WRAPPING_KEY) == KEY
    assert unwrapped(RECORD, wrapping_key=KEY) is None
    assert RECORD.algorithm == Algorithm.AES_256_GCM
