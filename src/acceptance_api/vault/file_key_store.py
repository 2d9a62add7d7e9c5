"""The file key store: epoch keys in files, wrapped keys in an SQLite file of their own beside them.

It lies apart from the data database and outside its backups: destroying an epoch's file is what makes an epoch's data
unreadable. On a solid-state disk that is best effort.
"""

import asyncio
import secrets
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from acceptance_api.vault.epoch_files import EpochFiles, publish_draft, require_private_file
from acceptance_api.vault.key_store import KeyKind, KeyPlace, KeyRecord, KeyState
from acceptance_api.vault.model import KeyStoreUnavailable
from acceptance_api.vault.wrapping import KEY_BYTES, check_value, unwrapped, wrapped_record

_IDS_AT_ONCE = 500
_KEY_ID_MAX = 2**63 - 1
_SCHEMA = """
CREATE TABLE epochs (epoch TEXT NOT NULL PRIMARY KEY, check_value BLOB NOT NULL) STRICT;
CREATE TABLE keys (
    key_id INTEGER NOT NULL PRIMARY KEY, kind TEXT NOT NULL, owner TEXT NOT NULL, scope TEXT NOT NULL,
    epoch TEXT NOT NULL REFERENCES epochs, seq INTEGER NOT NULL, algorithm INTEGER NOT NULL, wrapped BLOB NOT NULL,
    check_value BLOB NOT NULL, state TEXT NOT NULL, UNIQUE (kind, owner, scope, seq)
) STRICT;
"""
_COLUMNS = "key_id, kind, owner, scope, epoch, seq, algorithm, wrapped, check_value, state"
_Row = tuple[int, str, str, str, str, int, int, bytes, bytes, str]


class FileKeyStore:
    """A directory of mode 0700 that holds everything. Any number of processes of one machine may share it."""

    def __init__(self, directory: Path) -> None:
        """Touch nothing yet: the directory is made when the first key is."""
        self._files = EpochFiles(directory)
        self._database = directory / "keys.sqlite"
        self._was_there = False

    async def mint(self, place: KeyPlace) -> KeyRecord:
        """The key of this very place; minted if nobody has, the same for everybody who asks."""
        return await asyncio.to_thread(self._mint, place)

    async def find(self, key_ids: Collection[int]) -> Mapping[int, KeyRecord]:
        """The records of those ids that exist."""
        known = [key_id for key_id in key_ids if 0 < key_id <= _KEY_ID_MAX]
        records = await asyncio.to_thread(self._select, "key_id IN ({})", known)
        return {record.key_id: record for record in records}

    async def list_live(
        self, kind: KeyKind, *, owners: Collection[str], scopes: Collection[str]
    ) -> tuple[KeyRecord, ...]:
        """Every live key of the kind in owners x scopes, oldest seq first."""
        months = ", ".join("?" * len(scopes))
        where = f"kind = ? AND state = ? AND scope IN ({months}) AND owner IN ({{}})"
        first = (kind.value, KeyState.ACTIVE.value, *scopes)
        records = await asyncio.to_thread(self._select, where, list(owners), first)
        return tuple(sorted(records, key=lambda record: (record.place.seq, record.key_id)))

    async def unwrap(self, records: Collection[KeyRecord]) -> Mapping[int, bytes]:
        """The keys of those records whose epoch still has its file and which that file's key opens."""
        return await asyncio.to_thread(self._unwrap, records)

    def _mint(self, place: KeyPlace) -> KeyRecord:
        with self._connected() as connection:
            if (found := _at(connection, place)) is not None:
                return found
            wrapping_key = self._wrapping_key(connection, place.epoch)
            key, key_id = secrets.token_bytes(KEY_BYTES), secrets.randbelow(_KEY_ID_MAX) + 1
            return _inserted(connection, wrapped_record(place, key_id=key_id, key=key, wrapping_key=wrapping_key))

    def _wrapping_key(self, connection: sqlite3.Connection, epoch: str) -> bytes:
        """The key of an epoch: a new one only for an epoch that never had any."""
        if _epoch_check_value(connection, epoch) is None:
            new = check_value(self._files.read_or_make(epoch))
            connection.execute("INSERT INTO epochs VALUES (?, ?) ON CONFLICT DO NOTHING", (epoch, new))
        key = self._files.read(epoch)
        if key is None or check_value(key) != _epoch_check_value(connection, epoch):
            raise KeyStoreUnavailable("the key file of an epoch is gone or is another epoch's")
        return key

    def _unwrap(self, records: Collection[KeyRecord]) -> dict[int, bytes]:
        with _translated():
            self._files.prepare()
            epochs = {record.place.epoch for record in records}
            wrapping_keys = {epoch: key for epoch in epochs if (key := self._files.read(epoch)) is not None}
        keys = {}
        for record in records:
            wrapping_key = wrapping_keys.get(record.place.epoch)
            if wrapping_key is not None and (key := unwrapped(record, wrapping_key=wrapping_key)) is not None:
                keys[record.key_id] = key
        return keys

    def _select(self, where: str, last: list[int] | list[str], first: tuple[str, ...] = ()) -> list[KeyRecord]:
        """Records by a condition whose `{}` stands for the `last` values, asked in batches."""
        records = []
        with self._connected() as connection:
            for start in range(0, len(last), _IDS_AT_ONCE):
                some = last[start : start + _IDS_AT_ONCE]
                condition = where.format(", ".join("?" * len(some)))
                rows = connection.execute(f"SELECT {_COLUMNS} FROM keys WHERE {condition}", (*first, *some))  # noqa: S608 - only question marks are put in
                records += [_record(row) for row in rows]
        return records

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """A connection in autocommit: every statement is a transaction of its own, on disk when it returns."""
        with _translated():
            self._prepare()
            with closing(sqlite3.connect(self._database, timeout=10, isolation_level=None)) as connection:
                connection.execute("PRAGMA synchronous=FULL")
                connection.execute("PRAGMA foreign_keys=ON")
                yield connection

    def _prepare(self) -> None:
        self._files.prepare()
        keys_exist = self._files.are_there()  # asked first: another process makes the database before any key
        if not self._database.exists():
            if keys_exist or self._was_there:
                raise KeyStoreUnavailable("the database of wrapped keys is gone")
            publish_draft(self._database, _make_database)
        require_private_file(self._database)
        self._was_there = True


def _make_database(path: Path) -> None:
    path.touch(mode=0o600, exist_ok=False)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(_SCHEMA)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise KeyStoreUnavailable(f"the key store failed with {type(error).__name__}") from None


def _epoch_check_value(connection: sqlite3.Connection, epoch: str) -> bytes | None:
    row: tuple[bytes] | None = connection.execute("SELECT check_value FROM epochs WHERE epoch = ?", (epoch,)).fetchone()
    return None if row is None else row[0]


def _at(connection: sqlite3.Connection, place: KeyPlace) -> KeyRecord | None:
    row: _Row | None = connection.execute(
        f"SELECT {_COLUMNS} FROM keys WHERE kind = ? AND owner = ? AND scope = ? AND seq = ?",  # noqa: S608 - constants
        (place.kind.value, place.owner, place.scope, place.seq),
    ).fetchone()
    return None if row is None else _record(row)


def _inserted(connection: sqlite3.Connection, record: KeyRecord) -> KeyRecord:
    """What stands in the record's place: the record, or that of whoever was first; then this key was never used."""
    place = record.place
    (row,) = connection.execute(
        f"INSERT INTO keys ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - constants
        f" ON CONFLICT (kind, owner, scope, seq) DO UPDATE SET seq = seq RETURNING {_COLUMNS}",
        (
            record.key_id, place.kind.value, place.owner, place.scope, place.epoch, place.seq, record.algorithm,
            record.wrapped, record.check_value, record.state.value,
        ),
    )  # fmt: skip
    return _record(row)


def _record(row: _Row) -> KeyRecord:
    key_id, kind, owner, scope, epoch, seq, algorithm, wrapped, check, state = row
    try:
        place = KeyPlace(kind=KeyKind(kind), owner=owner, scope=scope, epoch=epoch, seq=seq)
        known_state = KeyState(state)
    except ValueError:
        raise KeyStoreUnavailable("a stored key is of a kind or state this release does not know") from None
    return KeyRecord(
        key_id=key_id, place=place, algorithm=algorithm, wrapped=wrapped, check_value=check, state=known_state
    )
