"""The rules of screening: one table of what may follow what, and what is to be said of a pass. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from acceptance_api.kernel.clock import SHANGHAI, legal_day
from acceptance_api.kernel.ids import ClerkId, MachineId
from acceptance_api.screening.model import (
    LabelKind,
    PassFact,
    PassReservation,
    PassState,
    Screening,
    ScreeningValues,
    ScreeningVerdict,
    SignOn,
    Step,
)
from acceptance_api.sites import MachineTerms, ScreenerTerms

TRANSITIONS: Final[Mapping[tuple[PassState, Step], PassState]] = {
    (PassState.QUEUED, Step.SCAN): PassState.SCANNED,
    (PassState.SCANNED, Step.FIND_CLEAR): PassState.CLEAR,
    (PassState.SCANNED, Step.FIND_SUSPECT): PassState.SUSPECT,
    (PassState.SCANNED, Step.FIND_PROHIBITED): PassState.PROHIBITED,
    (PassState.CLEAR, Step.LABEL): PassState.LABELLED,
    (PassState.CLEAR, Step.CONFIRM_FLAG): PassState.SUSPECT,
    (PassState.LABELLED, Step.WRITE_OFF): PassState.CLEAR,
    (PassState.SUSPECT, Step.LOOK_AGAIN): PassState.SECOND_LOOK,
    (PassState.SECOND_LOOK, Step.FIND_CLEAR): PassState.CLEAR,
    (PassState.SECOND_LOOK, Step.ASK_TO_OPEN): PassState.OPEN_CHECK,
    (PassState.OPEN_CHECK, Step.FIND_CLEAR): PassState.CLEAR,
    (PassState.OPEN_CHECK, Step.FIND_PROHIBITED): PassState.PROHIBITED,
    (PassState.PROHIBITED, Step.INTERCEPT): PassState.INTERCEPTED,
}
"""What is not here is forbidden. An intercepted parcel never comes back: only a new pass could say something else."""

_FOUND: Final = {
    ScreeningVerdict.CLEAR: Step.FIND_CLEAR,
    ScreeningVerdict.SUSPECT: Step.FIND_SUSPECT,
    ScreeningVerdict.PROHIBITED: Step.FIND_PROHIBITED,
}
_CLEAR: Final = frozenset({PassState.CLEAR, PassState.LABELLED})
_PROHIBITED: Final = frozenset({PassState.PROHIBITED, PassState.INTERCEPTED})


def walked(state: PassState, steps: Iterable[Step]) -> tuple[tuple[Step, PassState], ...] | None:
    """Each step and the state it leads to; None when one of them is forbidden."""
    way = []
    for step in steps:
        following = TRANSITIONS.get((state, step))
        if following is None:
            return None
        state = following
        way.append((step, state))
    return tuple(way)


def entered(verdict: ScreeningVerdict, *, flags: int) -> PassState:
    """Where a pass stands that is recorded with a verdict at once: a clear one without flags is labelled."""
    steps = (Step.SCAN, _FOUND[verdict], *labelling(verdict is ScreeningVerdict.CLEAR, flags_open=flags))
    way = walked(PassState.QUEUED, steps)
    assert way is not None  # noqa: S101 - the table has a way for each verdict
    return way[-1][1]


def labelling(is_clear: bool, *, flags_open: int) -> tuple[Step, ...]:  # noqa: FBT001 - what is asked
    """A clear pass is labelled as soon as no flag of it is open."""
    return (Step.LABEL,) if is_clear and flags_open == 0 else ()


def effective(state: PassState) -> ScreeningVerdict:
    """What a pass says of the parcel now. What nobody has cleared is suspect."""
    if state in _CLEAR:
        return ScreeningVerdict.CLEAR
    return ScreeningVerdict.PROHIBITED if state in _PROHIBITED else ScreeningVerdict.SUSPECT


def fact_of(state: PassState, reservations: Iterable[str], *, flags_open: int) -> PassFact:
    """What a decision asks of a pass; a flag that is open is a reservation, for as long as it is."""
    still = (PassReservation.FLAG_OPEN.value,) if flags_open else ()
    return PassFact(
        verdict=effective(state),
        labelled=state is PassState.LABELLED,
        reservations=(*reservations, *still),
        flags_open=flags_open,
    )


def reservations_of(
    machine: MachineTerms | None,
    screener: ScreenerTerms | None,
    *,
    papers_are_kept: bool,
    at: datetime,
) -> Iterator[PassReservation]:
    """What the papers say against a pass (快递暂行条例 33: conforming machines, vetted and trained screeners)."""
    if not papers_are_kept:
        yield PassReservation.PAPERS_UNKNOWN
        return
    on = legal_day(at)
    if machine is None:
        yield PassReservation.MACHINE_PAPERS_MISSING
    else:
        if machine.valid_to < on:
            yield PassReservation.MACHINE_CERTIFICATE_LAPSED
        if machine.calibration_due_on < on:
            yield PassReservation.MACHINE_CALIBRATION_OVERDUE
    if screener is None:
        yield PassReservation.OPERATOR_PAPERS_MISSING
        return
    if screener.valid_to < on:
        yield PassReservation.OPERATOR_TRAINING_LAPSED
    if screener.background_checked_on is None:
        yield PassReservation.OPERATOR_NOT_VETTED


def is_on_shift(sign_on: SignOn | None, machine_id: MachineId, values: ScreeningValues, *, at: datetime) -> bool:
    """Whether a screener is signed on to this machine, for no longer than a shift may last."""
    return sign_on is not None and sign_on.machine_id == machine_id and at - sign_on.at <= values.shift_max


def may_look_again(screening: Screening, clerk_id: ClerkId) -> bool:
    """A second look is another person's."""
    return clerk_id != screening.operator_id


def two_persons_close(screening: Screening, clerk_id: ClerkId, values: ScreeningValues) -> bool:
    """Whether this clerk needs a second person to close a flag of this pass."""
    alone = screening.operator_id == clerk_id and not values.operator_may_close_alone
    return values.flag_two_persons or alone


def is_in_time(screening: Screening, values: ScreeningValues, *, at: datetime) -> bool:
    """Whether a flag that is closed now is closed in time; the end is inclusive."""
    return at - screening.recorded_at <= values.flag_close_within


def label_text(name: str, screening: Screening) -> str | None:
    """What the label says (after the Tianjin trial rule, 2017): whose it is, and of a walk-in's parcel the serial.

    None while the pass has no label.
    """
    if screening.state is not PassState.LABELLED:
        return None
    if screening.label_kind is LabelKind.AGREEMENT:
        return f"{name} {screening.recorded_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S} 协议客户"
    return f"{name} {screening.label_serial}"


def open_minutes(values: ScreeningValues, *, since: datetime, until: datetime) -> int:
    """In how many whole minutes of the period a machine was expected to be on."""
    opens, closes = opening_of(values)
    first, last = minute_of(since), minute_of(until)
    days = range(local_day(first), local_day(last) + 1)
    spans = ((max(first, begin + opens), min(last, begin + closes)) for begin in map(_first_minute, days))
    return sum(max(0, end - start) for start, end in spans)


_DAY: Final = 24 * 60
SHANGHAI_MINUTES: Final = int(timedelta(hours=8).total_seconds()) // 60
"""Asia/Shanghai has kept one offset since 1991."""


def opening_of(values: ScreeningValues) -> tuple[int, int]:
    """The minutes of the local day between which a machine is expected to be on, the second exclusive."""
    return values.opens.hour * 60 + values.opens.minute, values.closes.hour * 60 + values.closes.minute


def minute_of(at: datetime) -> int:
    """The minute since 1970 in which an instant falls."""
    return int(at.timestamp()) // 60


def local_day(minute: int) -> int:
    """The number of the legal day in which a minute falls."""
    return (minute + SHANGHAI_MINUTES) // _DAY


def _first_minute(day: int) -> int:
    return day * _DAY - SHANGHAI_MINUTES


def diagram() -> str:
    """The table as a Mermaid state diagram."""
    edges = [f"    {source.value} --> {target.value}: {step.value}" for (source, step), target in TRANSITIONS.items()]
    leaving = {source for source, _ in TRANSITIONS}
    ends = [f"    {state.value} --> [*]" for state in PassState if state not in leaving]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {PassState.QUEUED.value}", *edges, *ends]) + "\n"
