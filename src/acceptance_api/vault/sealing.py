"""The vault: hands out what seals, makes search tokens, checks commitments. Nothing in here opens anything."""

import hmac
import re
import time
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from acceptance_api.kernel.clock import legal_day
from acceptance_api.vault.blinding import committed, encoded, spelled
from acceptance_api.vault.key_store import KeyKind, KeyPlace, KeyRecord, KeyStore
from acceptance_api.vault.keyring import Flights, Keyring, Recent
from acceptance_api.vault.keys import CommitmentKey, DataKey, FixedKey, IndexKey, Key
from acceptance_api.vault.model import Index, KeyUnavailable
from acceptance_api.vault.scope import Scope, Tally

__all__ = ["Scope", "Vault"]

_K = TypeVar("_K", bound=Key)
_Cell = tuple[UUID, str]
_Made = tuple[Scope, tuple[DataKey, IndexKey, CommitmentKey], Tally]
_INSTALLATION = "installation"
_PURPOSE = re.compile(r"[a-z][a-z0-9_-]{0,63}\Z")
_COMMITMENT_BYTES = 40
_KEY_ID_BYTES = 8
_KEY_ID_MAX = 2**63 - 1


class Vault:
    """The vault of one process and one event loop.

    Every asynchronous method raises KeyStoreUnavailable when it needs a key that the store cannot be asked for, and
    KeyUnavailable when a key it needs is destroyed or damaged: it never goes on without.
    """

    def __init__(
        self,
        key_store: KeyStore,
        *,
        keys_max: int = 4_096,
        max_age_s: float = 900.0,
        seals_max: int = 2**28,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Keep at most `keys_max` keys, none longer than `max_age_s`, and seal at most `seals_max` times with one."""
        self._key_store = key_store
        self.keyring = Keyring(key_store, size=keys_max, max_age_s=max_age_s, monotonic=monotonic)
        self._seals_max = seals_max
        self._scopes: Recent[_Cell, _Made] = Recent(keys_max)
        self._tallies: Recent[int, Tally] = Recent(keys_max)
        self._fixed: Recent[str, KeyRecord] = Recent(keys_max)
        self._scope_flights: Flights[_Cell, Scope] = Flights()

    async def scope(self, owner_id: UUID, *, at: datetime) -> Scope:
        """What seals for an owner at a moment: data key of the legal day, index and commitment key of the month."""
        cell = owner_id, legal_day(at).isoformat()
        if (made := self._scopes.get(cell)) and self._is_current(made):
            return made[0]
        return (await self._scope_flights.fetch([cell], self._make_scopes))[cell]

    async def search_tokens(
        self, owner_ids: Iterable[UUID], months: Iterable[str], index: Index, *values: str
    ) -> tuple[int, ...]:
        """The tokens a value has in these owners' legal months, one for each live index key; mints nothing.

        Raises:
            ValueError: not as many values as the index is made of.
        """
        spelling = spelled(index, *values)
        owners = {str(owner_id) for owner_id in owner_ids}
        records = await self._key_store.list_live(KeyKind.INDEX, owners=owners, scopes=set(months))
        keys = await self.keyring.load_records(records)
        return tuple(sorted({_held(keys, record, IndexKey).token(index, spelling) for record in records}))

    async def commitment_matches(self, commitment: bytes, *, owner_id: UUID, label: str, salt: UUID, text: str) -> bool:
        """Whether a commitment was made by this owner for label, salt and text; takes the same time either way."""
        key_id = int.from_bytes(commitment[:_KEY_ID_BYTES], "big")
        if len(commitment) != _COMMITMENT_BYTES or key_id > _KEY_ID_MAX:
            return False
        key = self.keyring.held(key_id) or (await self.keyring.load([key_id])).get(key_id)
        if key is None:
            raise KeyUnavailable(key_id)
        if not isinstance(key, CommitmentKey) or key.owner != str(owner_id):
            return False
        return hmac.compare_digest(key.commit(committed(label, salt, encoded(text))), commitment)

    async def commitments(
        self, key_ids: Iterable[int], *, owner_id: UUID, label: str, salt: UUID, text: str
    ) -> tuple[bytes, ...]:
        """What a text's commitment is under each of these keys of an owner: to look for, where many were made.

        A key that is destroyed, unknown or another's is left out: nothing can be found under it.
        """
        wanted = sorted(set(key_ids))
        keys = await self.keyring.load(wanted)
        content = committed(label, salt, encoded(text))
        found = (keys.get(key_id) for key_id in wanted)
        return tuple(
            key.commit(content) for key in found if isinstance(key, CommitmentKey) and key.owner == str(owner_id)
        )

    async def fixed_key(self, purpose: str) -> bytes:
        """This installation's 32-byte key for one purpose: minted once, of no epoch, always the same.

        Raises:
            ValueError: the purpose is not a short word in lower case.
        """
        if not _PURPOSE.match(purpose):
            raise ValueError("a purpose is a short word in lower case")
        record = self._fixed.get(purpose)
        if record is None:
            place = KeyPlace(kind=KeyKind.FIXED, owner=_INSTALLATION, scope=purpose, epoch=_INSTALLATION)
            record = await self._key_store.mint(place)
            self._fixed.put(purpose, record)
        return _held(await self.keyring.load_records([record]), record, FixedKey).secret

    async def probe(self) -> None:
        """Ask the key store for something, past every cache.

        Raises:
            KeyStoreUnavailable: it does not answer.
        """
        await self._key_store.list_live(KeyKind.FIXED, owners={_INSTALLATION}, scopes={"fingerprint"})

    def _is_current(self, made: _Made) -> bool:
        _, keys, tally = made
        return tally.count < self._seals_max and all(map(self.keyring.is_fresh, keys))

    async def _make_scopes(self, cells: Collection[_Cell]) -> dict[_Cell, Scope]:
        return {cell: await self._make_scope(cell) for cell in cells}

    async def _make_scope(self, cell: _Cell) -> Scope:
        owner, day = str(cell[0]), cell[1]
        month = day[:7]
        records = [
            await self._newest(KeyPlace(kind=kind, owner=owner, scope=scope, epoch=month))
            for kind, scope in ((KeyKind.DATA, day), (KeyKind.INDEX, month), (KeyKind.COMMITMENT, month))
        ]
        found = await self.keyring.load_records(records)
        keys = (
            _held(found, records[0], DataKey),
            _held(found, records[1], IndexKey),
            _held(found, records[2], CommitmentKey),
        )
        tally = self._tally(keys[0].key_id)
        scope = Scope(*keys, tally)
        self._scopes.put(cell, (scope, keys, tally))
        return scope

    async def _newest(self, place: KeyPlace) -> KeyRecord:
        """The key now in use in a place; its successor when this process has sealed often enough with it."""
        live = await self._key_store.list_live(place.kind, owners=[place.owner], scopes=[place.scope])
        if not live:
            return await self._key_store.mint(place)
        if self._tally(live[-1].key_id).count < self._seals_max:
            return live[-1]
        seq = live[-1].place.seq + 1
        return await self._key_store.mint(
            KeyPlace(kind=place.kind, owner=place.owner, scope=place.scope, epoch=place.epoch, seq=seq)
        )

    def _tally(self, key_id: int) -> Tally:
        """Counts outlive the keys' stay in memory: a key loaded anew has still sealed what it has sealed."""
        tally = self._tallies.get(key_id)
        if tally is None:
            tally = Tally()
            self._tallies.put(key_id, tally)
        return tally


def _held(keys: dict[int, Key], record: KeyRecord, kind: type[_K]) -> _K:
    key = keys.get(record.key_id)
    if not isinstance(key, kind):
        raise KeyUnavailable(record.key_id)
    return key
