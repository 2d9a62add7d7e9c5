"""Keys in memory: each kind can do one thing only, and none can be shown."""

from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from acceptance_api.vault import envelope
from acceptance_api.vault.key_store import KeyKind, KeyRecord
from acceptance_api.vault.model import Index

_TOKEN_BYTES = 8


class Key:
    """A loaded key. `loaded_at` is monotonic, in seconds."""

    __slots__ = ("key_id", "loaded_at", "owner")

    def __init__(self, record: KeyRecord, *, at: float) -> None:
        """Keep whose key it is."""
        self.key_id = record.key_id
        self.owner = record.place.owner
        self.loaded_at = at


class DataKey(Key):
    """Seals. The cipher is keyed once: a new object for each field costs as much again as the sealing."""

    __slots__ = ("aead", "head", "owner_id", "owner_label")

    def __init__(self, record: KeyRecord, secret: bytes, *, at: float) -> None:
        """Key the cipher and prepare what every envelope begins with."""
        super().__init__(record, at=at)
        self.aead: envelope.Aead = AESGCM(secret)
        self.owner_id = UUID(record.place.owner)
        self.head = envelope.header(record.algorithm, record.key_id)
        self.owner_label = envelope.owner_label(record.place.owner)


class IndexKey(Key):
    """Makes blind tokens, with a key of its own for each index."""

    __slots__ = ("_bases",)

    def __init__(self, record: KeyRecord, secret: bytes, *, at: float) -> None:
        """Derive the indexes' keys; each HMAC is keyed once and copied for each token."""
        super().__init__(record, at=at)
        self._bases = {index: _keyed(_mac(_keyed(secret), index.label)) for index in Index}

    def token(self, index: Index, spelling: bytes) -> int:
        """A signed 64-bit token."""
        return int.from_bytes(_mac(self._bases[index], spelling)[:_TOKEN_BYTES], "big", signed=True)


class CommitmentKey(Key):
    """Makes commitments: a MAC over 32 bytes."""

    __slots__ = ("_base",)

    def __init__(self, record: KeyRecord, secret: bytes, *, at: float) -> None:
        """Key the HMAC once."""
        super().__init__(record, at=at)
        self._base = _keyed(secret)

    def commit(self, content: bytes) -> bytes:
        """The key's id and the MAC, 40 bytes."""
        return self.key_id.to_bytes(8, "big") + _mac(self._base, content)


class FixedKey(Key):
    """A key that is handed out as it is, for MACs of this installation."""

    __slots__ = ("secret",)

    def __init__(self, record: KeyRecord, secret: bytes, *, at: float) -> None:
        """Keep the 32 bytes."""
        super().__init__(record, at=at)
        self.secret = secret


_CLASSES: dict[KeyKind, type[DataKey | IndexKey | CommitmentKey | FixedKey]] = {
    KeyKind.DATA: DataKey,
    KeyKind.INDEX: IndexKey,
    KeyKind.COMMITMENT: CommitmentKey,
    KeyKind.FIXED: FixedKey,
}


def loaded(record: KeyRecord, secret: bytes, *, at: float) -> Key | None:
    """The key of a record, ready for use; None when its algorithm is none this release knows for its kind."""
    if record.algorithm != record.place.kind.algorithm:
        return None
    return _CLASSES[record.place.kind](record, secret, at=at)


def _keyed(secret: bytes) -> HMAC:
    return HMAC(secret, SHA256())


def _mac(base: HMAC, content: bytes) -> bytes:
    copy = base.copy()
    copy.update(content)
    return copy.finalize()
