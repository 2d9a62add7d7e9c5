"""The words of a recorded verification (实名查验)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from acceptance_api.identity.model import Answer, Assurance, Channel, DocumentType
from acceptance_api.kernel.ids import ClerkId, EnterpriseId, OutletId, VerificationId
from acceptance_api.sites import Staff


class VerificationStatus(StrEnum):
    """Pass or fail; how strongly stands apart, in the assurance."""

    PASSED = "passed"
    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"
    """The document is in order, and an authority that was asked could not say."""


class Failing(StrEnum):
    """Why a verification failed."""

    PERSON_MISMATCH = "person_mismatch"
    DOCUMENT_EXPIRED = "document_expired"
    AUTHORITY_MISMATCH = "authority_mismatch"


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifySender:
    """What a counter presents: the document, how it was read, and whether the clerk saw the same person."""

    id: VerificationId
    document: DocumentType
    number: str
    name: str
    channel: Channel
    person_matches: bool
    valid_until: date | None
    notice_version: str
    fingerprint: bytes


VerificationKey = tuple[OutletId, VerificationId]
"""What names one verification: clients mint the ids, so only the outlet makes them unique."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """What a decision asks of a verification; number and name stay where they are sealed."""

    id: VerificationId
    enterprise_id: EnterpriseId
    status: VerificationStatus
    failings: tuple[Failing, ...]
    recorded_at: datetime
    expires_at: datetime
    number_token: int
    index_key_id: int
    name_commitment: bytes
    staff: Staff | None = None
    """Whether the document is a member of staff's; None when nobody looked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """A recorded verification. Number and name are sealed; nothing here says who the person is."""

    id: VerificationId
    enterprise_id: EnterpriseId
    outlet_id: OutletId
    clerk_id: ClerkId
    document: DocumentType
    channel: Channel
    status: VerificationStatus
    failings: tuple[Failing, ...]
    assurance: Assurance
    answer: Answer
    authority: str
    authority_request_id: str
    authority_latency_ms: int
    warnings: tuple[str, ...]
    notice_version: str
    recorded_at: datetime
    expires_at: datetime
    document_number_sealed: bytes
    holder_name_sealed: bytes
    seal_key_id: int
    number_token: int
    index_key_id: int
    name_commitment: bytes
    fingerprint: bytes
    staff: Staff | None = None

    @property
    def identified(self) -> Identified:
        """What a decision asks of it."""
        return Identified(
            id=self.id,
            enterprise_id=self.enterprise_id,
            status=self.status,
            failings=self.failings,
            recorded_at=self.recorded_at,
            expires_at=self.expires_at,
            number_token=self.number_token,
            index_key_id=self.index_key_id,
            name_commitment=self.name_commitment,
            staff=self.staff,
        )

    @property
    def key(self) -> VerificationKey:
        """What names this verification among those of every outlet."""
        return self.outlet_id, self.id
