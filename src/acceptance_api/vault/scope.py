"""One owner on one legal day: what seals its values. Synchronous, without I/O, usable from any thread."""

import os
from collections.abc import Mapping
from uuid import UUID

from acceptance_api.vault import envelope
from acceptance_api.vault.blinding import committed, encoded, spelled
from acceptance_api.vault.envelope import NONCE_BYTES
from acceptance_api.vault.keys import CommitmentKey, DataKey, IndexKey
from acceptance_api.vault.model import Field, Index


class Tally:
    """How often a key has sealed in this process.

    Threads may lose a count to one another; the bound stands far enough below that of the cipher for it not to matter.
    """

    __slots__ = ("count",)

    def __init__(self) -> None:
        """Begin at nothing."""
        self.count = 0


class Scope:
    """Seals for one owner with the keys of one moment; ask the vault for it anew with each request.

    Every method raises ValueError, without the text, for a text that is not well-formed Unicode.
    """

    __slots__ = ("_commitment_key", "_data_key", "_index_key", "_tally", "index_key_id", "key_id")

    def __init__(self, data_key: DataKey, index_key: IndexKey, commitment_key: CommitmentKey, tally: Tally) -> None:
        """Put together by the vault."""
        self._data_key = data_key
        self._index_key = index_key
        self._commitment_key = commitment_key
        self._tally = tally
        self.key_id = data_key.key_id
        self.index_key_id = index_key.key_id

    def seal(self, field: Field, record_id: UUID, text: str) -> bytes:
        """One envelope, bound to field, owner and record."""
        return self.seal_bytes(field, record_id, encoded(text))

    def seal_bytes(self, field: Field, record_id: UUID, content: bytes) -> bytes:
        """One envelope around any bytes."""
        key = self._data_key
        self._tally.count += 1
        label = envelope.record_label(field.label, key.owner_label, record_id)
        padded = envelope.padded(content, field.bucket)
        return envelope.seal(key.aead, key.head, os.urandom(NONCE_BYTES), label, padded)

    def seal_record(self, record_id: UUID, values: Mapping[Field, str | None]) -> dict[str, bytes | None]:
        """A record's envelopes by column, `<column>_sealed`; a value that is None stays None.

        Raises:
            ValueError: two fields would go into one column.
        """
        key, tail = self._data_key, self._data_key.owner_label + record_id.bytes
        self._tally.count += len(values)
        nonces = os.urandom(NONCE_BYTES * len(values))
        sealed: dict[str, bytes | None] = {}
        at = 0
        for field, text in values.items():
            if text is None:
                sealed[field.sealed_name] = None
                continue
            nonce, at = nonces[at : at + NONCE_BYTES], at + NONCE_BYTES
            padded = envelope.padded(encoded(text), field.bucket)
            sealed[field.sealed_name] = envelope.seal(key.aead, key.head, nonce, field.label + tail, padded)
        if len(sealed) != len(values):
            raise ValueError("two fields of a record have one column")
        return sealed

    def token(self, index: Index, *values: str) -> int:
        """The blind token under this month's index key, signed, 64 bits; spelling does not matter.

        Raises:
            ValueError: not as many values as the index is made of.
        """
        return self._index_key.token(index, spelled(index, *values))

    def commit(self, label: str, salt: UUID, text: str) -> bytes:
        """A commitment of 40 bytes: the id of its key, then a MAC over label, salt and text as it is written."""
        return self._commitment_key.commit(committed(label, salt, encoded(text)))
