"""The words of screening (过机安检): passes, what is said of them, and who may say it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NewType
from uuid import UUID

from acceptance_api.kernel.ids import ClerkId, EnterpriseId, MachineId, OutletId, ScreeningId

ShiftId = NewType("ShiftId", UUID)


class ScreeningVerdict(StrEnum):
    """What was concluded from the picture, or of the parcel after a second look and an open check."""

    CLEAR = "clear"
    SUSPECT = "suspect"
    PROHIBITED = "prohibited"


class PassState(StrEnum):
    """Where a pass stands; what leads from one to another is `policy.TRANSITIONS`."""

    QUEUED = "queued"
    SCANNED = "scanned"
    CLEAR = "clear"
    """Nothing speaks against the parcel, but it bears no label: flags are open, or the label was written off."""
    LABELLED = "labelled"
    SUSPECT = "suspect"
    SECOND_LOOK = "second_look"
    OPEN_CHECK = "open_check"
    """The parcel has to be opened by two persons."""
    PROHIBITED = "prohibited"
    INTERCEPTED = "intercepted"


class Step(StrEnum):
    """What can be done with a pass."""

    SCAN = "scan"
    FIND_CLEAR = "find_clear"
    FIND_SUSPECT = "find_suspect"
    FIND_PROHIBITED = "find_prohibited"
    CONFIRM_FLAG = "confirm_flag"
    LABEL = "label"
    WRITE_OFF = "write_off"
    LOOK_AGAIN = "look_again"
    ASK_TO_OPEN = "ask_to_open"
    INTERCEPT = "intercept"


class PassReservation(StrEnum):
    """What has to be said of a pass beside its verdict. It is recorded all the same: the record shows what was done."""

    PAPERS_UNKNOWN = "papers_unknown"
    """The outlet has never filed papers of a machine or a screener."""
    MACHINE_PAPERS_MISSING = "machine_papers_missing"
    MACHINE_CERTIFICATE_LAPSED = "machine_certificate_lapsed"
    MACHINE_CALIBRATION_OVERDUE = "machine_calibration_overdue"
    OPERATOR_PAPERS_MISSING = "operator_papers_missing"
    OPERATOR_TRAINING_LAPSED = "operator_training_lapsed"
    OPERATOR_NOT_VETTED = "operator_not_vetted"
    """No background check is on file."""
    OPERATOR_NOT_ON_SHIFT = "operator_not_on_shift"
    """Signed on to no machine, to another, or for longer than a shift may last. Asked where anybody ever signs on."""
    FLAG_OPEN = "flag_open"
    """A flag of the machine that nobody has closed; said of a pass for as long as that is so, never stored."""


class ReservationWeight(StrEnum):
    """What a reservation does to the decision about a parcel."""

    NONE = "none"
    HOLD = "hold"
    REFUSE = "refuse"


class LabelKind(StrEnum):
    """Whose parcel the label is for: the trial rule of Tianjin (2017) wants other words on it."""

    WALK_IN = "walk_in"
    AGREEMENT = "agreement"


class FlagConclusion(StrEnum):
    """What a person says of a flag."""

    FALSE_ALARM = "false_alarm"
    CONFIRMED = "confirmed"


class LookConclusion(StrEnum):
    """How a second look ends."""

    CLEAR = "clear"
    OPEN_CHECK = "open_check"


class CheckConclusion(StrEnum):
    """How an open check ends."""

    CLEAR = "clear"
    PROHIBITED = "prohibited"


class StepReason(StrEnum):
    """Why somebody concluded what they did."""

    HARMLESS_CONTENTS = "harmless_contents"
    MATCHES_DECLARATION = "matches_declaration"
    DIFFERS_FROM_DECLARATION = "differs_from_declaration"
    OPAQUE_PICTURE = "opaque_picture"
    UNIDENTIFIED_CONTENTS = "unidentified_contents"
    PROHIBITED_GOODS_SEEN = "prohibited_goods_seen"
    MACHINE_FAULT = "machine_fault"
    OTHER = "other"


class WriteOffReason(StrEnum):
    """Why a label no longer marks its parcel."""

    DAMAGED = "damaged"
    LOST = "lost"
    PARCEL_RETURNED = "parcel_returned"
    MISPLACED = "misplaced"
    """Stuck on another parcel."""
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A part of the picture, in shares of its width and height from the upper left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """What the machine's own recognition points at; people decide (confidence from 0 to 1, as the machine says)."""

    code: str
    confidence: float
    box: Box | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """One pass of one parcel through one machine, judged by one operator. Passes of a waybill count from 1.

    All of it stays as it was recorded, but `state` and `flags_open`: they sum up the steps and closings since.
    """

    id: ScreeningId
    enterprise_id: EnterpriseId
    outlet_id: OutletId
    waybill: str
    pass_number: int
    machine_id: MachineId
    operator_id: ClerkId
    verdict: ScreeningVerdict
    label_serial: str
    """The serial kept for the pass; it marks the parcel only while the pass is labelled."""
    label_kind: LabelKind = LabelKind.WALK_IN
    reservations: tuple[PassReservation, ...] = ()
    flags: tuple[Flag, ...] = ()
    flags_open: int = 0
    state: PassState
    recorded_at: datetime
    fingerprint: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordScreening:
    """What a counter says of one pass."""

    id: ScreeningId
    waybill: str
    machine_id: MachineId
    verdict: ScreeningVerdict
    fingerprint: bytes
    label_kind: LabelKind = LabelKind.WALK_IN
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PassFact:
    """What a decision asks of one pass: the verdict after everything that was said of it since."""

    verdict: ScreeningVerdict
    labelled: bool
    reservations: tuple[str, ...] = ()
    flags_open: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOn:
    """That a screener signed on to a machine, and has not signed off since."""

    machine_id: MachineId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningValues:
    """One dated edition of the policy values of screening."""

    version: str
    valid_from: date
    flag_close_within: timedelta
    flag_two_persons: bool
    """Whether it takes two persons to close a flag."""
    operator_may_close_alone: bool
    """Whether the screener of the pass may be the only one who closes a flag of it."""
    shift_max: timedelta
    opens: time
    closes: time
    """Between these, local time, a machine is expected to be on."""
    weights: Mapping[PassReservation, ReservationWeight]
