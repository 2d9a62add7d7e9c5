"""The words of an interception (截留处置): prohibited goods were found, and what became of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from acceptance_api.goods.model import Disposal
from acceptance_api.kernel.ids import AcceptanceId, ClerkId, ClientId, EnterpriseId, InterceptionId, OutletId


class State(StrEnum):
    """How far a case has come (domain dossier, section 6.2)."""

    SUSPECTED = "suspected"
    ISOLATED = "isolated"
    REPORTED = "reported"
    INSTRUCTED = "instructed"
    HANDED_OVER = "handed_over"
    RETURNED = "returned"
    DESTROYED = "destroyed"
    RELEASED = "released"
    CLOSED = "closed"


class StepKind(StrEnum):
    """What somebody does with a case; the transition table in `policy` says when it may be done."""

    OPEN = "open"
    ISOLATE = "isolate"
    REPORT = "report"
    """A body was told, and gave a receipt."""
    INSTRUCT = "instruct"
    """A body said what to do."""
    HAND_OVER = "hand_over"
    RETURN = "return"
    """Back to the sender, where the law allows it."""
    DESTROY = "destroy"
    RELEASE = "release"
    """It was nothing: the parcel may go on."""
    CLOSE = "close"
    RECLASSIFY = "reclassify"
    """The goods are of another class than was thought."""
    TRANSFER = "transfer"
    """Somebody else has the goods in hand from now on."""


class Instruction(StrEnum):
    """What a body says is to be done with the goods."""

    HAND_OVER = "hand_over"
    RETURN = "return"
    DESTROY = "destroy"
    RELEASE = "release"


class Source(StrEnum):
    """What the case was opened from."""

    WAYBILL = "waybill"
    """The parcel itself: something was smelled, heard or seen."""
    ACCEPTANCE = "acceptance"
    SCREENING = "screening"
    INSPECTION = "inspection"


class Body(StrEnum):
    """A body that must be told, by what it does: names change, their names of the day are data."""

    PUBLIC_SECURITY = "public_security"
    STATE_SECURITY = "state_security"
    SECRECY_ADMINISTRATION = "secrecy_administration"
    FIRE_AND_RESCUE = "fire_and_rescue"
    EMERGENCY_MANAGEMENT = "emergency_management"
    ECOLOGY_AND_ENVIRONMENT = "ecology_and_environment"
    DISEASE_CONTROL = "disease_control"
    PRESS_AND_PUBLICATION = "press_and_publication"
    MARKET_SUPERVISION = "market_supervision"
    WILDLIFE_PROTECTION = "wildlife_protection"
    CUSTOMS = "customs"
    POSTAL_ADMINISTRATION = "postal_administration"
    COMPETENT_AUTHORITY = "competent_authority"


class Urgency(StrEnum):
    """How soon a body must be told, in the rule's own words; how many minutes that is, is a policy value."""

    IMMEDIATELY = "immediately"
    """立即"""
    PROMPTLY = "promptly"
    """及时"""


class PersonKind(StrEnum):
    """Who takes part in a step."""

    CLERK = "clerk"
    """Of the case's outlet, known by their id."""
    OFFICER = "officer"
    """Of a body, with a certificate."""
    SENDER = "sender"
    """Named in the acceptance, and only there."""
    OTHER = "other"
    """Anybody else: the outlet's landlord as a witness, staff of a licensed disposer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who takes part. As it is stored, the name and the certificate's number are sealed, and None here."""

    kind: PersonKind
    clerk_id: ClerkId | None = None
    body: Body | None = None
    name: str | None = field(default=None, repr=False)
    certificate_number: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A step somebody wants to take. Without a `holder` the goods stay with whoever has them."""

    kind: StepKind
    actor: Person | None
    at: datetime
    evidence: str | None = None
    """SHA-256 of a stored photo or document."""
    holder: Person | None = None
    witness: Person | None = None
    body: Body | None = None
    """The body that was told, or that says what to do."""
    reference: str | None = None
    """Its receipt, or the number of its instruction."""
    instruction: Instruction | None = None
    is_evacuated: bool = False
    disposal: Disposal | None = None
    """The class of disposal that the goods are found to be of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a case stands: all that the rules ask of its history."""

    state: State
    number: int
    """Of the last step; the opening is the first."""
    disposals: frozenset[Disposal]
    """Every class of disposal that the goods ever were of: what one of them forbids, stays forbidden."""
    holder: Person
    holder_since: int
    """The step that gave the goods to the holder."""
    last_at: datetime
    instruction: Instruction | None = None
    is_untold: bool = True
    """Whether a body still has to be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What the classes of disposal of a case ask together: the strictest of each."""

    evacuates: bool
    destroyed_by_officers_only: bool
    cascades: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A recorded step: who, when, with what evidence, and who has the goods since."""

    outlet_id: OutletId
    interception_id: InterceptionId
    number: int
    id: UUID
    kind: StepKind
    state: State
    """After it."""
    disposal: Disposal
    """After it."""
    actor: Person
    holder: Person
    holder_since: int
    witness: Person | None
    body: Body | None
    reference: str | None
    instruction: Instruction | None
    is_evacuated: bool
    evidence: str | None
    happened_at: datetime
    recorded_at: datetime
    client_id: ClientId
    sealed: Mapping[str, bytes | None] = field(repr=False)
    """Names, certificate numbers and the note, by their columns."""
    seal_key_id: int
    fingerprint: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """One of `bodies` must be told by `due_at`; several stand for "as fits"."""

    number: int
    disposal: Disposal
    bodies: tuple[Body, ...]
    urgency: Urgency
    due_at: datetime
    told_at: datetime | None = None
    told_in: int | None = None
    """The step that tells of the report."""

    def is_overdue(self, at: datetime) -> bool:
        """Whether nobody of them has been told, and somebody should have been."""
        return self.told_at is None and self.due_at < at

    @property
    def is_late(self) -> bool:
        """Whether they were told, and too late."""
        return self.told_at is not None and self.told_at > self.due_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Interception:
    """A case. `due_at` is when the next body must have been told, None when all were."""

    outlet_id: OutletId
    id: InterceptionId
    enterprise_id: EnterpriseId
    origin: str
    waybill: str
    source: Source
    source_id: UUID | None
    goods_code: str | None
    class_code: str
    disposal: Disposal
    is_never_returned: bool
    state: State
    steps: int
    rules: str
    """The edition of the disposals the case was opened under."""
    goods_version: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    fingerprint: bytes

    def is_overdue(self, at: datetime) -> bool:
        """Whether a body should have been told by now."""
        return self.due_at is not None and self.due_at < at


class CascadeState(StrEnum):
    """What became of another parcel of the same sender."""

    FLAGGED = "flagged"
    EXAMINED = "examined"
    """It was opened and inspected again."""
    RELEASED = "released"
    """It was let go without that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaybillUnderWay:
    """Another parcel of the same sender that is under way, and where it was accepted."""

    waybill: str
    outlet_id: OutletId
    acceptance_id: AcceptanceId


@dataclass(frozen=True, slots=True, kw_only=True)
class CascadeFlag:
    """Another parcel of the same sender, held until somebody has looked into it."""

    waybill: str
    enterprise_id: EnterpriseId
    interception_id: InterceptionId
    outlet_id: OutletId
    """Where the case is."""
    accepted_at_outlet_id: OutletId
    acceptance_id: AcceptanceId
    state: CascadeState
    flagged_at: datetime
    settled_at: datetime | None = None
    settled_by: str | None = None
    """A clerk's id or staff number."""
    inspection_id: UUID | None = None
    """The inspection that examined it, at the outlet of `settled_outlet_id`."""
    settled_outlet_id: OutletId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """What stops a waybill, for who is about to accept, scan or screen it."""

    is_intercepted: bool
    """A case on it is open, or its goods were handed over or destroyed."""
    is_under_examination: bool
    """Another parcel of its sender was intercepted, and nobody has looked into this one yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """A case with its steps and obligations, each in order."""

    interception: Interception
    steps: tuple[Step, ...]
    obligations: tuple[Obligation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenInterception:
    """What a counter says when it has found something: the goods, or at least their class in the catalogue."""

    id: InterceptionId
    waybill: str
    source: Source
    source_id: UUID | None
    goods_code: str | None
    class_code: str | None
    found_at: datetime | None
    note: str | None = field(repr=False)
    fingerprint: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordStep:
    """A step to record. `number` is one more than the last that was seen, so that nobody acts on what has changed."""

    id: UUID
    outlet_id: OutletId
    interception_id: InterceptionId
    number: int
    kind: StepKind
    actor: Person | None
    """None for a counter: the clerk of the request."""
    evidence: str | None
    holder: Person | None = None
    witness: Person | None = None
    body: Body | None = None
    reference: str | None = None
    instruction: Instruction | None = None
    is_evacuated: bool = False
    goods_code: str | None = None
    class_code: str | None = None
    happened_at: datetime | None = None
    note: str | None = field(default=None, repr=False)
    fingerprint: bytes
