"""The words of the vault: fields, indexes, sealed values, and what can go wrong with them."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from acceptance_api.vault.envelope import field_label


@dataclass(frozen=True, slots=True)
class Field:
    """A column that holds sealed values. The names are logical and never change; `bucket` is the padding in bytes."""

    table: str
    column: str
    bucket: int
    sealed_name: str = field(init=False, repr=False, compare=False)
    label: bytes = field(init=False, repr=False, compare=False)
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Compute once what every sealing needs."""
        if self.bucket < 1:
            raise ValueError("a bucket is at least one byte")
        object.__setattr__(self, "sealed_name", f"{self.column}_sealed")
        object.__setattr__(self, "label", field_label(self.table, self.column))
        object.__setattr__(self, "_hash", hash((self.table, self.column, self.bucket)))

    def __hash__(self) -> int:
        """Fields are the keys of every record that is sealed: hashed once."""
        return self._hash

    def __str__(self) -> str:
        """`table.column`."""
        return f"{self.table}.{self.column}"


class Index(StrEnum):
    """What can be searched for without opening anything. Names are never indexed alone: they are too few."""

    ID_NUMBER = "id_number"
    PHONE = "phone"
    NAME_AND_PHONE = "name_and_phone"

    @property
    def label(self) -> bytes:
        """What its tokens are bound to; a new way of spelling is a new version."""
        return f"pidx/1\x00{self.value}".encode()


@dataclass(frozen=True, slots=True, repr=False)
class Sealed:
    """A sealed value and its place. However it is shown, it shows its field and no value."""

    field: Field
    record_id: UUID
    envelope: bytes

    def __repr__(self) -> str:
        """`<sealed table.column>`."""
        return f"<sealed {self.field}>"


class Tampered(Exception):  # noqa: N818 - the finding's word
    """A sealed value is not what was sealed for this field, owner and record."""

    def __init__(self, table: str, column: str, record_id: UUID) -> None:
        """Say where, never what."""
        super().__init__(f"{table}.{column} of record {record_id} does not authenticate")
        self.table = table
        self.column = column
        self.record_id = record_id


class KeyUnavailable(Exception):  # noqa: N818 - a state of a key
    """A key is unknown, destroyed, damaged or was not loaded."""

    def __init__(self, key_id: int) -> None:
        """Say which."""
        super().__init__(f"key {key_id} is unavailable")
        self.key_id = key_id


class KeyStoreUnavailable(Exception):  # noqa: N818 - a state of the store
    """The key store does not answer, or is not in a state in which it may be trusted."""


class BrokenAlgorithm(Exception):  # noqa: N818 - a finding about this machine
    """An algorithm of this installation does not give the published answer: do not start."""
