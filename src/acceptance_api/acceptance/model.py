"""The words of acceptance (收寄): what is asked, what is known, what is decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from acceptance_api.acceptance.grounds import Ground, Weight
from acceptance_api.identity import VerificationKey
from acceptance_api.kernel.ids import (
    AcceptanceId,
    AgreementId,
    ClerkId,
    CounterId,
    EnterpriseId,
    InspectionId,
    OutletId,
    VerificationId,
)
from acceptance_api.law import Citation
from acceptance_api.signals import Noticed


class Outcome(StrEnum):
    """What was decided."""

    ACCEPTED = "accepted"
    HELD = "held"
    REFUSED = "refused"


class SenderKind(StrEnum):
    """Who sends: a person, an organisation through its agent, or a safety-agreement customer."""

    PERSON = "person"
    ORGANISATION = "organisation"
    AGREEMENT = "agreement"


class Transport(StrEnum):
    """How the parcel travels."""

    GROUND = "ground"
    AIR = "air"
    HIGH_SPEED_RAIL = "high_speed_rail"


class Reach(StrEnum):
    """How far the parcel goes."""

    SAME_CITY = "same_city"
    INTRA_PROVINCE = "intra_province"
    INTER_PROVINCE = "inter_province"
    HONG_KONG_MACAU_TAIWAN = "hong_kong_macau_taiwan"
    INTERNATIONAL = "international"


class SenderRefusal(StrEnum):
    """What the sender would not do."""

    REGISTRATION = "registration"
    OPENING = "opening"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A sender or addressee as on the waybill. Holds plaintext, so it shows nothing of itself."""

    name: str
    phone: str
    address: str

    def __repr__(self) -> str:
        """Show no value."""
        return "<party>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """The organisation behind a sender."""

    name: str
    code: str

    def __repr__(self) -> str:
        """Show no value."""
        return "<organisation>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of the declared contents. `goods_code` names an entry of the catalogue, if the clerk found one."""

    name: str
    quantity: Decimal
    goods_code: str | None = None
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where the parcel goes: ISO 3166-1 alpha-2 country, and within China a GB/T 2260 code."""

    country: str
    division: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """What is known of a parcel that was presented while its counter was offline, and is recorded late.

    `occurred_at` is the device's time corrected by the skew of its clock, and never later than the receipt.
    """

    occurred_at: datetime
    device_occurred_at: datetime
    clock_skew_ms: int
    """How far the device's clock was ahead when it sent."""
    sequence: int
    """Counts what the device decided offline."""
    bundle_version: str | None = None
    """The policy bundle the device decided by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideParcel:
    """What a counter asks to be decided."""

    id: AcceptanceId
    waybill: str
    sender_kind: SenderKind
    sender: Party
    organisation: Organisation | None
    addressee: Party
    destination: Destination
    transport: Transport
    contents_kind: str
    contents: tuple[Item, ...]
    weight_g: int | None
    sides_mm: tuple[int, int, int] | None
    verification_id: VerificationId | None
    inspection_id: InspectionId | None
    agreement_id: AgreementId | None
    sender_refusal: SenderRefusal | None
    fingerprint: bytes
    late: Late | None = None
    transit: tuple[str, ...] = ()
    """GB/T 2260 codes of the divisions it is known to pass through."""
    addressee_verification_id: VerificationId | None = None
    """Of the addressee's own document, where a campaign asks for it."""

    def presented_at(self, received_at: datetime) -> datetime:
        """When the parcel stood on the counter: now, unless it is recorded late."""
        return self.late.occurred_at if self.late else received_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """A ground that holds here, how much it weighs, and the article it stands on.

    `about` is what it is about: a goods code, a signal. `by` is the version of the brand's set or the campaign that
    asks for it; None for what the law asks of everybody.
    """

    ground: Ground
    weight: Weight
    citation: Citation
    about: str | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """An outcome with every ground, the versions of the rule sets that were asked, and what was noticed."""

    outcome: Outcome
    objections: tuple[Objection, ...]
    rules: Mapping[str, str]
    noticed: tuple[Noticed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """The other records on which a decision rests."""

    verification_id: VerificationId | None = None
    inspection_id: InspectionId | None = None
    agreement_id: AgreementId | None = None


RecordKey = tuple[OutletId, AcceptanceId]
"""What names one acceptance: clients mint the ids, so only the outlet makes them unique."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """A presented parcel and its latest decision, without a word about persons.

    `revision` counts corrections of the data, `sequence` the decisions; both start at 1.
    """

    id: AcceptanceId
    enterprise_id: EnterpriseId
    outlet_id: OutletId
    origin: str
    """The outlet's GB/T 2260 code: whose jurisdiction the record lies in."""
    counter_id: CounterId | None
    clerk_id: ClerkId
    waybill: str
    sender_kind: SenderKind
    destination: Destination
    reach: Reach
    transport: Transport
    contents_kind: str
    revision: int
    sequence: int
    decision: Decision
    references: References
    facts: Mapping[str, object]
    recorded_at: datetime
    decided_at: datetime
    fingerprint: bytes
    """Of the request that made the latest revision."""
    correction: str | None = None
    late: Late | None = None

    @property
    def key(self) -> RecordKey:
        """What names this acceptance among those of every outlet."""
        return self.outlet_id, self.id

    @property
    def verification_key(self) -> VerificationKey | None:
        """What names the verification on which the latest decision rests."""
        verification_id = self.references.verification_id
        return (self.outlet_id, verification_id) if verification_id else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A blind index value of one role, the key it was made with, and the record that holds what it was made from."""

    role: str
    value: int
    index_key_id: int
    source_id: UUID
    phone_token: int | None = None
    refused_name_token: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedRecord:
    """The sealed values of one revision, ready to be stored. `record_id` is what the envelopes are bound to."""

    record_id: UUID
    seal_key_id: int
    envelopes: Mapping[str, bytes | None]
    sender_name_commitment: bytes
    contents_commitment: bytes
    tokens: tuple[Token, ...]

    @property
    def commitments(self) -> dict[str, bytes]:
        """What the audit entry carries of the record."""
        return {"sender_name": self.sender_name_commitment, "contents": self.contents_commitment}


Revisions = tuple[tuple[int, SealedRecord], ...]
"""The sealed values of every revision of one acceptance, newest first, with the revision's number."""
