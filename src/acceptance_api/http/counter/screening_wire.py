"""Screening passes on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field

from acceptance_api.http.wire import Code, In, Out
from acceptance_api.screening import PassHistory, Screening, label_text
from acceptance_api.screening.model import Box, Flag

FLAGS_MAX = 20
_Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False, strict=True)]


def _whole(value: object) -> object:
    if isinstance(value, bool | str):
        raise ValueError("integer")  # noqa: TRY004 - pydantic turns ValueError into a fault
    return value


FlagIndex = Annotated[
    int,
    Field(ge=0, lt=FLAGS_MAX, description="As the pass counts its flags, from 0."),
    BeforeValidator(_whole),
]


class BoxIn(In):
    """A part of the picture, in shares of its width and height from the upper left corner."""

    x: _Share
    y: _Share
    width: _Share
    height: _Share


class FlagIn(In):
    """What the machine's own recognition points at."""

    code: Code
    confidence: _Share
    box: BoxIn | None = None


class ScreeningOut(Out):
    """A recorded pass and where it stands. Its serial marks the parcel only while there is a text for the label."""

    id: UUID
    waybill: str
    pass_number: int
    verdict: str
    state: str
    label_serial: str
    label_text: str | None
    reservations: list[str]
    flags_open: int
    recorded_at: datetime


class BoxOut(Out):
    """A part of the picture."""

    x: float
    y: float
    width: float
    height: float


class FlagClosingOut(Out):
    """What a person said of a flag, and whether in time."""

    conclusion: str
    reason: str
    clerk_id: UUID
    second_clerk_id: UUID | None
    in_time: bool
    rules_version: str
    at: datetime


class MachineFlagOut(Out):
    """A flag of the machine; it is open until there is a closing."""

    flag: int
    code: str
    confidence: float
    box: BoxOut | None
    closing: FlagClosingOut | None


class PassStepOut(Out):
    """What was done with a pass since it was recorded, and the state it led to."""

    number: int
    step: str
    state: str
    reason: str
    clerk_id: UUID
    second_clerk_id: UUID | None
    photo: str | None
    at: datetime


class ScreeningHistoryOut(ScreeningOut):
    """A pass and everything that was done with it since."""

    machine_id: UUID
    operator_id: UUID
    label_kind: str
    flags: list[MachineFlagOut]
    steps: list[PassStepOut]


def flag_of(given: FlagIn) -> Flag:
    """A flag as the room knows it."""
    box = Box(**given.box.model_dump()) if given.box else None
    return Flag(code=given.code, confidence=given.confidence, box=box)


def screening_out(screening: Screening, name: str) -> ScreeningOut:
    """A pass; `name` stands on its label."""
    return ScreeningOut(
        id=screening.id,
        waybill=screening.waybill,
        pass_number=screening.pass_number,
        verdict=screening.verdict.value,
        state=screening.state.value,
        label_serial=screening.label_serial,
        label_text=label_text(name, screening),
        reservations=[reservation.value for reservation in screening.reservations],
        flags_open=screening.flags_open,
        recorded_at=screening.recorded_at,
    )


def history_out(history: PassHistory, name: str) -> ScreeningHistoryOut:
    """A pass and everything that was done with it since."""
    screening = history.screening
    closings = {
        closing.flag: FlagClosingOut(
            conclusion=closing.conclusion.value,
            reason=closing.done.reason,
            clerk_id=closing.done.clerk_id,
            second_clerk_id=closing.done.second_clerk_id,
            in_time=closing.in_time,
            rules_version=closing.rules_version,
            at=closing.done.at,
        )
        for closing in history.closings
    }
    return ScreeningHistoryOut(
        **screening_out(screening, name).model_dump(),
        machine_id=screening.machine_id,
        operator_id=screening.operator_id,
        label_kind=screening.label_kind.value,
        flags=[_flag_out(i, flag, closings.get(i)) for i, flag in enumerate(screening.flags)],
        steps=[
            PassStepOut(
                number=step.number,
                step=step.step.value,
                state=step.state.value,
                reason=step.done.reason,
                clerk_id=step.done.clerk_id,
                second_clerk_id=step.done.second_clerk_id,
                photo=step.done.photo,
                at=step.done.at,
            )
            for step in history.steps
        ],
    )


def _flag_out(index: int, flag: Flag, closing: FlagClosingOut | None) -> MachineFlagOut:
    box = flag.box
    return MachineFlagOut(
        flag=index,
        code=flag.code,
        confidence=flag.confidence,
        box=BoxOut(x=box.x, y=box.y, width=box.width, height=box.height) if box else None,
        closing=closing,
    )
