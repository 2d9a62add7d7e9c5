"""The keys this process holds: bounded in number and age, and fetched once however many ask at once."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping
from typing import Any, Generic, TypeVar

from acceptance_api.vault.key_store import KeyRecord, KeyStore
from acceptance_api.vault.keys import Key, loaded

_K = TypeVar("_K")
_V = TypeVar("_V")
_RENEWED_AT = 0.9
"""Part of its greatest age at which a key is fetched anew, so that what was just loaded can still be used."""


class Recent(Generic[_K, _V]):
    """The most recently used things, at most `size` of them."""

    def __init__(self, size: int) -> None:
        """Begin empty."""
        self._items: OrderedDict[_K, _V] = OrderedDict()
        self._size = size

    def __len__(self) -> int:
        """How many there are."""
        return len(self._items)

    def get(self, key: _K) -> _V | None:
        """The thing, which is now the most recently used."""
        item = self._items.get(key)
        if item is not None:
            self._items.move_to_end(key)
        return item

    def put(self, key: _K, item: _V) -> None:
        """Keep it, and let go of the one unused for longest."""
        self._items[key] = item
        self._items.move_to_end(key)
        if len(self._items) > self._size:
            self._items.popitem(last=False)


class Flights(Generic[_K, _V]):
    """Who asks for what is already being fetched waits for that fetch. Belongs to one event loop."""

    def __init__(self) -> None:
        """Nothing is under way."""
        self._under_way: dict[_K, asyncio.Task[Mapping[_K, _V]]] = {}

    async def fetch(
        self, keys: Collection[_K], fetch: Callable[[Collection[_K]], Coroutine[Any, Any, Mapping[_K, _V]]]
    ) -> dict[_K, _V]:
        """What was found of the keys. One caller's cancellation does not reach the others."""
        fresh = [key for key in keys if key not in self._under_way]
        if fresh:
            task = asyncio.create_task(fetch(fresh))
            self._under_way.update(dict.fromkeys(fresh, task))
            task.add_done_callback(lambda done: self._landed(fresh, done))
        found: dict[_K, _V] = {}
        for task in {self._under_way[key] for key in keys}:
            found.update(await asyncio.shield(task))
        return {key: found[key] for key in keys if key in found}

    def _landed(self, keys: Iterable[_K], task: asyncio.Task[Mapping[_K, _V]]) -> None:
        for key in keys:
            del self._under_way[key]
        _ = task.cancelled() or task.exception()  # seen, even if nobody is left who waits for it


class Keyring:
    """Loaded keys by id. Not for several event loops at once; the keys themselves may be used by any thread."""

    def __init__(self, key_store: KeyStore, *, size: int, max_age_s: float, monotonic: Callable[[], float]) -> None:
        """Begin empty."""
        self._key_store = key_store
        self._keys: Recent[int, Key] = Recent(size)
        self._flights: Flights[int, Key] = Flights()
        self._max_age_s = max_age_s
        self._monotonic = monotonic

    def is_fresh(self, key: Key) -> bool:
        """Whether a key need not be fetched anew."""
        return self._monotonic() - key.loaded_at < self._max_age_s * _RENEWED_AT

    def is_usable(self, key: Key) -> bool:
        """Whether a key is young enough to be used at all."""
        return self._monotonic() - key.loaded_at < self._max_age_s

    def held(self, key_id: int) -> Key | None:
        """A key that is here and need not be fetched anew; never waits."""
        key = self._keys.get(key_id)
        return key if key is not None and self.is_fresh(key) else None

    async def load(self, key_ids: Iterable[int]) -> dict[int, Key]:
        """Those of the keys that exist and can be unwrapped.

        Raises:
            KeyStoreUnavailable: one had to be fetched and could not be asked for.
        """

        async def fetch(missing: Collection[int]) -> dict[int, Key]:
            return await self._unwrap((await self._key_store.find(missing)).values())

        return await self._load(set(key_ids), fetch)

    async def load_records(self, records: Collection[KeyRecord]) -> dict[int, Key]:
        """As `load`, for records at hand."""
        by_id = {record.key_id: record for record in records}

        async def fetch(missing: Collection[int]) -> dict[int, Key]:
            return await self._unwrap([by_id[key_id] for key_id in missing])

        return await self._load(by_id.keys(), fetch)

    async def _load(
        self, key_ids: Collection[int], fetch: Callable[[Collection[int]], Coroutine[Any, Any, dict[int, Key]]]
    ) -> dict[int, Key]:
        held = {key_id: key for key_id in key_ids if (key := self._keys.get(key_id)) and self.is_fresh(key)}
        missing = [key_id for key_id in key_ids if key_id not in held]
        return held | await self._flights.fetch(missing, fetch) if missing else held

    async def _unwrap(self, records: Collection[KeyRecord]) -> dict[int, Key]:
        at = self._monotonic()
        secrets = await self._key_store.unwrap(records)
        keys = {}
        for record in records:
            if record.key_id in secrets and (key := loaded(record, secrets[record.key_id], at=at)):
                keys[record.key_id] = key
                self._keys.put(record.key_id, key)
        return keys
