"""What an outlet's screening comes to in a period: pure sums over counted rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import TypeVar
from uuid import UUID

from acceptance_api.kernel.ids import ClerkId, MachineId
from acceptance_api.screening.model import ScreeningVerdict, Step

_K = TypeVar("_K", bound=UUID)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassCount:
    """So many passes of one machine and operator were recorded alike."""

    machine_id: MachineId
    operator_id: ClerkId
    verdict: ScreeningVerdict
    is_flagged: bool
    is_reserved: bool
    """Whether anything weighty or not is said against them beside the verdict."""
    passes: int
    flags_open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCount:
    """So many steps of one kind were taken with passes of one machine and operator."""

    machine_id: MachineId
    operator_id: ClerkId
    step: Step
    steps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingCount:
    """So many flags of passes of one machine and operator were closed, in time or late."""

    machine_id: MachineId
    operator_id: ClerkId
    in_time: bool
    closings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Everything counted of a period: the passes recorded in it, and what was done with these until now."""

    passes: tuple[PassCount, ...] = ()
    steps: tuple[StepCount, ...] = ()
    closings: tuple[ClosingCount, ...] = ()
    minutes_on: Mapping[MachineId, int] = field(default_factory=dict)
    """In how many of the minutes in which it was expected to be on a machine was heard of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Sums of some passes. Verdicts are those of the first look."""

    passes: int = 0
    clear: int = 0
    suspect: int = 0
    prohibited: int = 0
    with_reservations: int = 0
    second_looks: int = 0
    open_checks: int = 0
    flags_raised: int = 0
    flags_closed: int = 0
    flags_closed_in_time: int = 0
    labels_issued: int = 0
    labels_written_off: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        """Both together."""
        return Figures(**{one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(self)})

    def share_of(self, verdict: ScreeningVerdict) -> float | None:
        """Which share of the passes had this verdict; None without passes."""
        return share(getattr(self, verdict.value), self.passes)

    @property
    def share_closed_in_time(self) -> float | None:
        """Which share of the flags raised was closed in time; one that is still open counts as not. None without."""
        return share(self.flags_closed_in_time, self.flags_raised)


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineFigures:
    """A machine's sums, and for how much of the time it was expected to be on it was."""

    machine_id: MachineId
    figures: Figures
    minutes_expected: int
    minutes_on: int

    @property
    def share_on(self) -> float | None:
        """Which share of the minutes expected it was heard of in; None when none were expected."""
        return share(self.minutes_on, self.minutes_expected)


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorFigures:
    """The sums of the passes one operator recorded; what others did with them since is counted here too."""

    operator_id: ClerkId
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """A period's sums: of all, by machine, by operator."""

    total: Figures
    machines: tuple[MachineFigures, ...]
    operators: tuple[OperatorFigures, ...]

    @property
    def share_on(self) -> float | None:
        """Which share of the minutes expected of all machines they were heard of in."""
        expected = sum(machine.minutes_expected for machine in self.machines)
        return share(sum(machine.minutes_on for machine in self.machines), expected)


def summed(counts: Counts, *, expected: Mapping[MachineId, int]) -> Statistics:
    """The sums of a period; `expected` says of every machine in how many minutes of it the machine should be on."""
    parts = [*map(_of_passes, counts.passes), *map(_of_steps, counts.steps), *map(_of_closings, counts.closings)]
    by_machine = _by((machine_id, figures) for machine_id, _, figures in parts)
    by_operator = _by((operator_id, figures) for _, operator_id, figures in parts)
    return Statistics(
        total=sum((figures for _, _, figures in parts), Figures()),
        machines=tuple(
            MachineFigures(
                machine_id=machine_id,
                figures=by_machine.get(machine_id, Figures()),
                minutes_expected=expected.get(machine_id, 0),
                minutes_on=counts.minutes_on.get(machine_id, 0),
            )
            for machine_id in sorted({*by_machine, *expected})
        ),
        operators=tuple(
            OperatorFigures(operator_id=operator_id, figures=figures)
            for operator_id, figures in sorted(by_operator.items())
        ),
    )


def share(part: int, whole: int) -> float | None:
    """A share from 0 to 1; None of nothing."""
    return part / whole if whole else None


def _by(parts: Iterable[tuple[_K, Figures]]) -> dict[_K, Figures]:
    sums: dict[_K, Figures] = {}
    for key, figures in parts:
        sums[key] = sums.get(key, Figures()) + figures
    return sums


def _of_passes(count: PassCount) -> tuple[MachineId, ClerkId, Figures]:
    labelled = count.verdict is ScreeningVerdict.CLEAR and not count.is_flagged
    figures = Figures(
        passes=count.passes,
        with_reservations=count.passes if count.is_reserved else 0,
        flags_raised=count.flags_open,
        labels_issued=count.passes if labelled else 0,
        **{count.verdict.value: count.passes},
    )
    return count.machine_id, count.operator_id, figures


_FIGURE_OF = {
    Step.LOOK_AGAIN: "second_looks",
    Step.LABEL: "labels_issued",
    Step.WRITE_OFF: "labels_written_off",
    Step.ASK_TO_OPEN: "open_checks",
}


def _of_steps(count: StepCount) -> tuple[MachineId, ClerkId, Figures]:
    name = _FIGURE_OF.get(count.step)
    return count.machine_id, count.operator_id, Figures(**{name: count.steps}) if name else Figures()


def _of_closings(count: ClosingCount) -> tuple[MachineId, ClerkId, Figures]:
    # Raised were those that are open, counted with their passes, and those that were closed.
    in_time = count.closings if count.in_time else 0
    figures = Figures(flags_raised=count.closings, flags_closed=count.closings, flags_closed_in_time=in_time)
    return count.machine_id, count.operator_id, figures
