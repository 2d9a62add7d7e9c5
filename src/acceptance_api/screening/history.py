"""The words of what was done with a pass since it was recorded."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from acceptance_api.kernel.ids import ClerkId, ScreeningId
from acceptance_api.screening.model import (
    CheckConclusion,
    FlagConclusion,
    LookConclusion,
    PassState,
    Screening,
    Step,
    StepReason,
    WriteOffReason,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAgain:
    """Another screener looks at the picture of a suspect pass. `id` is the look's own."""

    id: UUID
    screening_id: ScreeningId
    conclusion: LookConclusion
    reason: StepReason
    fingerprint: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOpen:
    """Two persons open the parcel; `photo` is the SHA-256 of what they took."""

    id: UUID
    screening_id: ScreeningId
    second_clerk_id: ClerkId
    conclusion: CheckConclusion
    reason: StepReason
    photo: str | None
    fingerprint: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseFlag:
    """A person says what a flag of the machine was; flags count from 0, in the order in which they were recorded."""

    id: UUID
    screening_id: ScreeningId
    flag: int
    conclusion: FlagConclusion
    reason: StepReason
    second_clerk_id: ClerkId | None
    fingerprint: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOffLabel:
    """A label no longer marks the parcel of this waybill."""

    id: UUID
    serial: str
    waybill: str
    reason: WriteOffReason
    fingerprint: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Who did something with a pass, why, and the request that said so."""

    request_id: UUID
    clerk_id: ClerkId
    second_clerk_id: ClerkId | None = None
    reason: str
    photo: str | None = None
    at: datetime
    fingerprint: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTaken:
    """One step, and the state it led to. Steps of a pass count from 1."""

    number: int
    step: Step
    state: PassState
    done: Done


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagClosing:
    """What was said of one flag, and whether it was said in time by the rules of that day."""

    flag: int
    conclusion: FlagConclusion
    in_time: bool
    rules_version: str
    done: Done


@dataclass(frozen=True, slots=True, kw_only=True)
class PassHistory:
    """A pass and everything that was done with it since."""

    screening: Screening
    steps: tuple[StepTaken, ...] = ()
    closings: tuple[FlagClosing, ...] = ()
