"""Opening: envelopes in, plaintext out. Only the room `disclosure` may import this module."""

import hmac
from collections.abc import Iterable
from uuid import UUID

from acceptance_api.vault.blinding import spelled
from acceptance_api.vault.envelope import named_key, unsealed
from acceptance_api.vault.keys import DataKey, IndexKey, Key
from acceptance_api.vault.model import Field, Index, KeyUnavailable, Tampered
from acceptance_api.vault.sealing import Vault


class Opener:
    """Opens in two steps: `ensure` loads keys in one batch, then `open` is synchronous.

    Holds what it ensured until that is too old, whatever the vault lets go of meanwhile. Requests may share one.
    """

    def __init__(self, vault: Vault) -> None:
        """Hold no key yet."""
        self._keyring = vault.keyring
        self._keys: dict[int, Key] = {}

    async def ensure(self, envelopes: Iterable[bytes | None]) -> None:
        """Load every key that the envelopes name and that exists; what is no envelope is left to `open` to report.

        Raises:
            KeyStoreUnavailable: a key had to be fetched and the store does not answer.
        """
        named = (named_key(sealed) for sealed in envelopes if sealed is not None)
        await self._ensure({key_id for key_id in named if key_id is not None})

    async def ensure_index(self, key_ids: Iterable[int]) -> None:
        """Load index keys for `token_matches`; raises as `ensure` does."""
        await self._ensure(set(key_ids))

    def open(self, field: Field, owner_id: UUID, record_id: UUID, envelope: bytes) -> str:
        """The text sealed for this field, owner and record.

        Raises:
            Tampered: it was not sealed there, or has been changed.
            KeyUnavailable: its key is unknown, destroyed, too old in memory or was not ensured.
        """
        try:
            return self.open_bytes(field, owner_id, record_id, envelope).decode()
        except UnicodeDecodeError:
            damaged = Tampered(field.table, field.column, record_id)
        raise damaged  # outside the handler: that error carries the content

    def open_bytes(self, field: Field, owner_id: UUID, record_id: UUID, envelope: bytes) -> bytes:
        """The bytes sealed for this field, owner and record; raises as `open` does."""
        key_id = named_key(envelope)
        key = None if key_id is None else self._usable(key_id)
        # Another owner's name in the additional data could not authenticate; comparing is faster than spelling it.
        content = None
        if isinstance(key, DataKey) and owner_id == key.owner_id:
            content = unsealed(key.aead, key.head, field.label + key.owner_label + record_id.bytes, envelope)
        if content is None:
            raise Tampered(field.table, field.column, record_id)
        return content

    def token_matches(self, token: int, index_key_id: int, index: Index, *values: str, owner_id: UUID) -> bool:
        """Whether a stored token is this owner's for the opened values; takes the same time either way.

        Raises:
            KeyUnavailable: the index key is unknown, destroyed, too old in memory or was not ensured.
        """
        key = self._usable(index_key_id)
        if not isinstance(key, IndexKey):
            raise KeyUnavailable(index_key_id)
        is_theirs = hmac.compare_digest(_bytes(key.token(index, spelled(index, *values))), _bytes(token))
        return is_theirs and key.owner == str(owner_id)

    async def _ensure(self, key_ids: set[int]) -> None:
        missing = {key_id for key_id in key_ids if not self._is_fresh(key_id)}
        if missing:
            loaded = await self._keyring.load(missing)
            self._keys = {key_id: key for key_id, key in self._keys.items() if self._keyring.is_usable(key)} | loaded

    def _is_fresh(self, key_id: int) -> bool:
        key = self._keys.get(key_id)
        return key is not None and self._keyring.is_fresh(key)

    def _usable(self, key_id: int) -> Key:
        key = self._keys.get(key_id)
        if key is None or not self._keyring.is_usable(key):
            raise KeyUnavailable(key_id)
        return key


def _bytes(token: int) -> bytes:
    return token.to_bytes(8, "big", signed=True)
