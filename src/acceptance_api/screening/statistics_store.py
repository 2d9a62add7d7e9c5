"""Counting an outlet's passes, and what was done with them, in SQL."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, func, select

from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import ClerkId, MachineId, OutletId
from acceptance_api.screening.model import PassReservation, ScreeningValues, ScreeningVerdict, Step
from acceptance_api.screening.policy import SHANGHAI_MINUTES, minute_of, opening_of
from acceptance_api.screening.statistics import ClosingCount, PassCount, StepCount
from acceptance_api.screening.tables import machine_minutes, screening_flag_closings, screening_steps, screenings
from acceptance_api.sites import Outlet

_UNSAID = ("", PassReservation.PAPERS_UNKNOWN.value)
"""Where nothing is on file, nothing is said against a pass."""
_DAY = 24 * 60


async def count_passes(tx: Tx, outlet: Outlet, *, since: datetime, until: datetime) -> tuple[PassCount, ...]:
    """The passes recorded in a period, those that are alike together."""
    of = screenings.c
    is_flagged, is_reserved = of.flags.is_not(None).label("is_flagged"), of.reservations.not_in(_UNSAID)
    query = (
        select(
            of.machine_id,
            of.operator_id,
            of.verdict,
            is_flagged,
            is_reserved.label("is_reserved"),
            func.count().label("passes"),
            func.sum(of.flags_open).label("flags_open"),
        )
        .where(_recorded(outlet, since, until))
        .group_by(of.machine_id, of.operator_id, of.verdict, "is_flagged", "is_reserved")
    )
    return tuple(
        PassCount(
            machine_id=MachineId(row.machine_id),
            operator_id=ClerkId(row.operator_id),
            verdict=ScreeningVerdict(row.verdict),
            is_flagged=bool(row.is_flagged),
            is_reserved=bool(row.is_reserved),
            passes=row.passes,
            flags_open=int(row.flags_open),
        )
        for row in await tx.execute(query)
    )


async def count_steps(tx: Tx, outlet: Outlet, *, since: datetime, until: datetime) -> tuple[StepCount, ...]:
    """The steps taken with the passes recorded in a period."""
    of, steps = screenings.c, screening_steps.c
    same = and_(steps.outlet_id == of.outlet_id, steps.screening_id == of.id)
    columns = (of.machine_id, of.operator_id, steps.step)
    query = (
        select(*columns, func.count().label("steps"))
        .select_from(_joined(screening_steps, same))
        .where(steps.outlet_id == outlet.id, _recorded(outlet, since, until))
        .group_by(*columns)
    )
    return tuple(
        StepCount(
            machine_id=MachineId(row.machine_id),
            operator_id=ClerkId(row.operator_id),
            step=Step(row.step),
            steps=row.steps,
        )
        for row in await tx.execute(query)
    )


async def count_closings(tx: Tx, outlet: Outlet, *, since: datetime, until: datetime) -> tuple[ClosingCount, ...]:
    """The flags closed of the passes recorded in a period."""
    of, closings = screenings.c, screening_flag_closings.c
    same = and_(closings.outlet_id == of.outlet_id, closings.screening_id == of.id)
    columns = (of.machine_id, of.operator_id, closings.in_time)
    query = (
        select(*columns, func.count().label("closings"))
        .select_from(_joined(screening_flag_closings, same))
        .where(closings.outlet_id == outlet.id, _recorded(outlet, since, until))
        .group_by(*columns)
    )
    return tuple(
        ClosingCount(
            machine_id=MachineId(row.machine_id),
            operator_id=ClerkId(row.operator_id),
            in_time=bool(row.in_time),
            closings=row.closings,
        )
        for row in await tx.execute(query)
    )


async def count_minutes(
    tx: Tx,
    outlet_id: OutletId,
    machine_id: MachineId,
    values: ScreeningValues,
    *,
    since: datetime,
    until: datetime,
) -> int:
    """In how many minutes of a period, while it was expected to be on, a machine was heard of."""
    minutes, (opens, closes) = machine_minutes.c, opening_of(values)
    of_day = (minutes.minute + SHANGHAI_MINUTES) % _DAY
    query = select(func.count()).where(
        minutes.outlet_id == outlet_id,
        minutes.machine_id == machine_id,
        minutes.minute >= minute_of(since),
        minutes.minute < minute_of(until),
        of_day >= opens,
        of_day < closes,
    )
    return int((await tx.execute(query)).scalar_one())


def _recorded(outlet: Outlet, since: datetime, until: datetime) -> ColumnElement[bool]:
    of = screenings.c
    at_outlet = and_(of.enterprise_id == outlet.enterprise_id, of.outlet_id == outlet.id)
    return and_(at_outlet, of.recorded_at >= since, of.recorded_at < until)


def _joined(table: FromClause, on: ColumnElement[bool]) -> Any:  # noqa: ANN401 - SQLAlchemy's join
    return screenings.join(table, on)
