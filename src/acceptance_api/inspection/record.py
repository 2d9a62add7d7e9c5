"""The words of a recorded inspection (收寄验视) and its photos."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from acceptance_api.inspection.model import (
    Answer,
    ContentsKind,
    DeclaredItem,
    InspectionStatus,
    NotOpenedReason,
    Objection,
    Opening,
    SeenItem,
)
from acceptance_api.kernel.ids import ClerkId, EnterpriseId, EvidenceId, InspectionId, OutletId
from acceptance_api.kernel.spelling import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordInspection:
    """What a counter says of one inspection."""

    id: InspectionId
    waybill: str
    contents_kind: ContentsKind
    answers: tuple[Answer, ...]
    opening: Opening
    not_opened_reason: NotOpenedReason | None
    declared: tuple[DeclaredItem, ...]
    seen: tuple[SeenItem, ...]
    photos: tuple[str, ...]
    issue_mark: bool
    fingerprint: bytes
    opened_at: datetime | None = None
    """When the clerk began, by the counter's clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The inspection mark: a serial given once, bound to one waybill, used by one acceptance."""

    serial: str
    inspection_id: InspectionId
    waybill: str
    issued_at: datetime
    used_by: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """What a decision asks of an inspection and its mark; what was found stays where it is sealed."""

    id: InspectionId
    enterprise_id: EnterpriseId
    waybill: str
    contents_kind: ContentsKind
    checklist_version: str
    status: InspectionStatus
    failed: tuple[str, ...]
    objections: tuple[Objection, ...]
    declared_commitment: bytes
    is_marked: bool
    mark_used_by: UUID | None
    inspection_seconds: int | None = None
    """How long it took; None when the counter did not say when the clerk began."""
    photos_reused: int | None = None
    """How many of its photos an inspection of another waybill had used; None for one recorded before that was asked."""
    opened: bool = True
    unidentified: bool = False
    """Whether something in it could not be recognised, whatever proof was shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """A recorded inspection. What was declared, seen and noted is sealed."""

    id: InspectionId
    enterprise_id: EnterpriseId
    outlet_id: OutletId
    clerk_id: ClerkId
    waybill: str
    contents_kind: ContentsKind
    checklist_version: str
    status: InspectionStatus
    missing: tuple[str, ...]
    failed: tuple[str, ...]
    objections: tuple[Objection, ...]
    opening: Opening
    not_opened_reason: NotOpenedReason | None
    answers: dict[str, str]
    photos: tuple[str, ...]
    recorded_at: datetime
    findings_sealed: bytes
    seal_key_id: int
    declared_commitment: bytes
    fingerprint: bytes
    opened_at: datetime | None = None
    photos_reused: int | None = None
    unidentified: bool | None = None
    """None for one recorded before that was kept."""
    mark: Mark | None = None

    @property
    def inspected(self) -> Inspected:
        """What a decision asks of it."""
        return Inspected(
            id=self.id,
            enterprise_id=self.enterprise_id,
            waybill=self.waybill,
            contents_kind=self.contents_kind,
            checklist_version=self.checklist_version,
            status=self.status,
            failed=self.failed,
            objections=self.objections,
            declared_commitment=self.declared_commitment,
            is_marked=self.mark is not None,
            mark_used_by=self.mark.used_by if self.mark else None,
            inspection_seconds=seconds_between(self.opened_at, self.recorded_at),
            photos_reused=self.photos_reused,
            opened=self.opening is Opening.OPENED,
            unidentified=bool(self.unidentified),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A sealed photo, known by the SHA-256 of its bytes."""

    outlet_id: OutletId
    sha256: str
    id: EvidenceId
    media_type: str
    size_bytes: int
    stored_at: datetime


def seconds_between(opened_at: datetime | None, recorded_at: datetime) -> int | None:
    """How many whole seconds an inspection took; it cannot have begun after it was recorded."""
    return None if opened_at is None else int((recorded_at - opened_at).total_seconds())


def statement_of(lines: Iterable[tuple[str, Decimal | int]]) -> str:
    """One spelling of a declaration, whatever the order of its lines: what inspection and acceptance compare."""
    return "\n".join(sorted(f"{fold(name).casefold()}\t{Decimal(amount).normalize():f}" for name, amount in lines))
