"""The words of supervision: cases, legal bases, searches, disclosures."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from acceptance_api.kernel.ids import AcceptanceId, AgencyId, CaseId, OutletId


class LegalBasis(StrEnum):
    """On what ground an agency may look (domain dossier, section 11.1)."""

    POSTAL_INSPECTION = "postal_inspection"
    """邮政法 61-63: at least two officers with their certificates."""
    CRIME_OR_STATE_SECURITY = "crime_or_state_security"
    """邮政法 36, 反恐怖主义法 51: an approved procedure; the person is not told."""
    COURT = "court"
    CUSTOMS = "customs"
    MARKET_SUPERVISION = "market_supervision"
    USER_APPEAL_12305 = "user_appeal_12305"


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """A named officer and the number of the law-enforcement certificate."""

    name: str
    certificate_number: str

    def __repr__(self) -> str:
        """Show no value."""
        return "<officer>"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """What an agency states before it may search."""

    id: CaseId
    legal_basis: LegalBasis
    number: str
    officers: tuple[Officer, ...]
    purpose: str = field(repr=False)
    expires_at: datetime
    fingerprint: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An opened case. Officers and purpose are sealed."""

    id: CaseId
    agency_id: AgencyId
    legal_basis: LegalBasis
    number: str
    opened_at: datetime
    expires_at: datetime
    closed_at: datetime | None
    officers_sealed: bytes
    purpose_sealed: bytes
    seal_key_id: int
    fingerprint: bytes

    def is_open(self, at: datetime) -> bool:
        """Whether the case allows looks at this moment."""
        return self.closed_at is None and at < self.expires_at


class SearchKind(StrEnum):
    """By what a regulator searches."""

    WAYBILL = "waybill"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    NAME_AND_PHONE = "name_and_phone"
    OUTLET = "outlet"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRecords:
    """What is searched for; `values` are what its kind asks for, in its order."""

    case_id: CaseId
    kind: SearchKind
    values: tuple[str, ...]
    outlet_id: OutletId | None
    since: datetime
    until: datetime
    before: tuple[datetime, AcceptanceId] | None
    limit: int

    def __repr__(self) -> str:
        """Show no value."""
        return f"<search by {self.kind.value}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscloseFields:
    """Which fields of one record are opened, and why."""

    case_id: CaseId
    outlet_id: OutletId
    acceptance_id: AcceptanceId
    fields: tuple[str, ...]
    reason: str

    def __repr__(self) -> str:
        """Show no value."""
        return "<disclosure request>"
