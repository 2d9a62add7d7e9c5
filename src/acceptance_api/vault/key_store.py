"""What the vault asks of a key store: wrapped keys by id and by scope, minted once, unwrapped in batches."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from acceptance_api.vault.envelope import Algorithm


class KeyKind(StrEnum):
    """What a key does."""

    DATA = "data"
    INDEX = "index"
    COMMITMENT = "commitment"
    FIXED = "fixed"

    @property
    def algorithm(self) -> Algorithm:
        """The only algorithm new keys of this kind are used with."""
        return Algorithm.AES_256_GCM if self is KeyKind.DATA else Algorithm.HMAC_SHA_256


class KeyState(StrEnum):
    """Where a key is in its life. Live keys are those whose rows a search must find."""

    ACTIVE = "active"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPlace:
    """Whose key it is and what for: an owner's id, a legal day, a legal month or a purpose, and the epoch it dies with.

    `seq` counts the keys that succeeded one another in one place.
    """

    kind: KeyKind
    owner: str
    scope: str
    epoch: str
    seq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRecord:
    """A key as it is stored: wrapped by its epoch's key."""

    key_id: int
    place: KeyPlace
    algorithm: int
    wrapped: bytes = field(repr=False)
    check_value: bytes
    state: KeyState


class KeyStore(Protocol):
    """Keeps wrapped keys apart from the data. Every method raises KeyStoreUnavailable when it cannot answer."""

    async def mint(self, place: KeyPlace) -> KeyRecord:
        """The key of this very place (with its seq); minted if nobody has, the same for everybody who asks."""
        ...

    async def find(self, key_ids: Collection[int]) -> Mapping[int, KeyRecord]:
        """The records of those ids that exist."""
        ...

    async def list_live(
        self, kind: KeyKind, *, owners: Collection[str], scopes: Collection[str]
    ) -> tuple[KeyRecord, ...]:
        """Every live key of the kind in owners x scopes, oldest seq first. Mints nothing."""
        ...

    async def unwrap(self, records: Collection[KeyRecord]) -> Mapping[int, bytes]:
        """The 32-byte keys of those records that can be unwrapped; a destroyed or damaged key is left out."""
        ...
