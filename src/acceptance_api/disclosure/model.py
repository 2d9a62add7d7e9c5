"""The words of disclosure."""

from dataclasses import dataclass
from uuid import UUID

from acceptance_api.disclosure.masks import Mask
from acceptance_api.vault import Field, Index


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One sealed value and where it belongs. Its repr holds no plaintext, because it has none."""

    field: Field
    owner_id: UUID
    record_id: UUID
    envelope: bytes | None
    mask: Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A token that claimed a record, and the cells from which it must be recomputed."""

    index: Index
    index_key_id: int
    token: int
    cells: tuple[Cell, ...]
