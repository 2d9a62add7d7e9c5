"""The words of scans: where a parcel under way was seen, and what is to be done with it there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum, unique

from acceptance_api.kernel.ids import AcceptanceId, ClerkId, EnterpriseId, OutletId, ScanId


class Stage(StrEnum):
    """How far the parcel has come."""

    ARRIVED = "arrived"
    """At a place it passes through."""
    DEPARTED = "departed"
    AT_DESTINATION = "at_destination"
    """Where it will be delivered from."""
    OUT_FOR_DELIVERY = "out_for_delivery"
    """About to be handed over: the last moment to stop it."""
    DELIVERED = "delivered"
    RETURNED = "returned"

    @property
    def is_last(self) -> bool:
        """Whether the parcel is under way no more."""
        return self in {Stage.DELIVERED, Stage.RETURNED}


class Instruction(StrEnum):
    """What is to be done with the parcel, lightest first."""

    PROCEED = "proceed"
    SCREEN = "screen"
    """Put it through an X-ray machine here, then scan it again."""
    RETURN = "return"
    """Send it back to where it was accepted."""
    HOLD = "hold"
    """It goes nowhere, neither on nor back."""

    @property
    def rank(self) -> int:
        """Its place among the others, lightest 0."""
        return tuple(Instruction).index(self)


@dataclass(frozen=True, slots=True)
class _Meaning:
    instruction: Instruction
    zh: str
    en: str


@unique
class ScanReason(Enum):
    """Why a parcel may not simply go on. The name in lower case is the public, stable code."""

    NOT_ACCEPTED = _Meaning(Instruction.HOLD, "该件未予收寄", "The parcel was not accepted")
    INTERCEPTED = _Meaning(Instruction.HOLD, "该件已被截留", "The parcel is intercepted")
    SENDER_UNDER_EXAMINATION = _Meaning(
        Instruction.HOLD,
        "同一寄件人的其他邮件快件已被截留, 该件待查验",
        "Another parcel of the sender was intercepted; this one waits",
    )
    SCREENING_PROHIBITED = _Meaning(Instruction.HOLD, "安检发现禁寄物品", "Screening found prohibited goods")
    SCREENING_SUSPECT = _Meaning(Instruction.HOLD, "安检发现可疑", "Screening found something suspect")
    GOODS_FORBIDDEN = _Meaning(
        Instruction.HOLD, "重大活动期间不得投递的物品", "A campaign forbids to deliver these goods"
    )
    NO_SCREENING_MARK = _Meaning(
        Instruction.RETURN, "无安检标识, 予以退回", "Without a screening mark a campaign sends it back"
    )
    NOT_SCREENED = _Meaning(
        Instruction.SCREEN, "应当过机安检而未安检", "A campaign asks for screening and there was none"
    )
    NOT_SCREENED_AGAIN = _Meaning(
        Instruction.SCREEN, "投递前应当二次安检", "A campaign asks for a second screening before delivery"
    )

    @property
    def code(self) -> str:
        """The public, stable code."""
        return self.name.lower()

    @classmethod
    def of(cls, code: str) -> "ScanReason":
        """The reason with this code."""
        return cls[code.upper()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """A reason that holds, what it is about (goods), and the version of the campaign that asks for it."""

    reason: ScanReason
    about: str | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanParcel:
    """What a place says of a parcel it sees."""

    id: ScanId
    waybill: str
    stage: Stage
    fingerprint: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanKnown:
    """What is known of a parcel when it is scanned, without a word about persons."""

    outcome: str
    goods: tuple[tuple[str, str], ...]
    """Its declared goods, each with its class."""
    passes: tuple["PassSeen", ...]
    """Its passes through X-ray machines, at any outlet of the enterprise, in their order."""
    accepted_here: bool = False
    """Whether the place that sees it now is the one that accepted it."""
    is_intercepted: bool = False
    is_under_examination: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PassSeen:
    """A pass: made where the parcel is now or elsewhere, what it found, whether its label still marks the parcel."""

    here: bool
    verdict: str
    labelled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """A recorded scan."""

    id: ScanId
    enterprise_id: EnterpriseId
    outlet_id: OutletId
    waybill: str
    acceptance_id: AcceptanceId
    accepted_at_outlet_id: OutletId
    stage: Stage
    instruction: Instruction
    reasons: tuple[Why, ...]
    rules: Mapping[str, str]
    clerk_id: ClerkId
    recorded_at: datetime
    fingerprint: bytes
