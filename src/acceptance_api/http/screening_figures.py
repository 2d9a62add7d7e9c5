"""An outlet's screening in figures, as its manager and its supervisor see them."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query

from acceptance_api.http.wire import Day, Out
from acceptance_api.screening import Figures, ScreeningVerdict, Summary

First = Annotated[
    Day | None, Query(alias="from", description="The first legal day, `YYYY-MM-DD`; the last one if left out.")
]
Last = Annotated[
    Day | None, Query(alias="to", description="The last legal day, `YYYY-MM-DD`, included; today if left out.")
]


class FiguresOut(Out):
    """Sums of some passes. Verdicts are those of the first look; shares go from 0 to 1, null of nothing."""

    passes: int
    clear: int
    suspect: int
    prohibited: int
    share_clear: float | None
    share_suspect: float | None
    share_prohibited: float | None
    with_reservations: int
    second_looks: int
    open_checks: int
    flags_raised: int
    flags_closed: int
    flags_closed_in_time: int
    share_flags_closed_in_time: float | None
    labels_issued: int
    labels_written_off: int


class MachineFiguresOut(FiguresOut):
    """A machine's sums, and for how much of the time it was expected to be on it was."""

    machine_id: UUID
    serial: str | None
    minutes_expected: int
    minutes_on: int
    share_on: float | None


class OperatorFiguresOut(FiguresOut):
    """The sums of the passes that one screener recorded, by staff number."""

    operator_id: UUID
    staff_no: str | None


class ScreeningStatisticsOut(Out):
    """An outlet's screening: of the passes recorded on these days, and of what was done with them until now."""

    outlet_id: UUID
    first_day: date
    last_day: date
    total: FiguresOut
    share_machines_on: float | None
    machines: list[MachineFiguresOut]
    operators: list[OperatorFiguresOut]


def statistics_out(summary: Summary, *, first: date, last: date) -> ScreeningStatisticsOut:
    """The figures of a period."""
    statistics = summary.statistics
    return ScreeningStatisticsOut(
        outlet_id=summary.outlet.id,
        first_day=first,
        last_day=last,
        total=_figures_out(statistics.total),
        share_machines_on=statistics.share_on,
        machines=[
            MachineFiguresOut(
                **_figures_out(one.figures).model_dump(),
                machine_id=one.machine_id,
                serial=summary.serials.get(one.machine_id),
                minutes_expected=one.minutes_expected,
                minutes_on=one.minutes_on,
                share_on=one.share_on,
            )
            for one in statistics.machines
        ],
        operators=[
            OperatorFiguresOut(
                **_figures_out(one.figures).model_dump(),
                operator_id=one.operator_id,
                staff_no=summary.staff_numbers.get(one.operator_id),
            )
            for one in statistics.operators
        ],
    )


def _figures_out(figures: Figures) -> FiguresOut:
    return FiguresOut(
        passes=figures.passes,
        clear=figures.clear,
        suspect=figures.suspect,
        prohibited=figures.prohibited,
        share_clear=figures.share_of(ScreeningVerdict.CLEAR),
        share_suspect=figures.share_of(ScreeningVerdict.SUSPECT),
        share_prohibited=figures.share_of(ScreeningVerdict.PROHIBITED),
        with_reservations=figures.with_reservations,
        second_looks=figures.second_looks,
        open_checks=figures.open_checks,
        flags_raised=figures.flags_raised,
        flags_closed=figures.flags_closed,
        flags_closed_in_time=figures.flags_closed_in_time,
        share_flags_closed_in_time=figures.share_closed_in_time,
        labels_issued=figures.labels_issued,
        labels_written_off=figures.labels_written_off,
    )
