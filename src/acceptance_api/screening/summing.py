"""An outlet's screening in a period, for who manages it and for who supervises it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from acceptance_api.access import Caller, Permission, is_within, require
from acceptance_api.kernel.clock import start_of
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import ClerkId, MachineId, OutletId
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.screening import statistics_store
from acceptance_api.screening.editions import screening_values_on
from acceptance_api.screening.model import ScreeningValues
from acceptance_api.screening.policy import open_minutes
from acceptance_api.screening.statistics import Counts, Statistics, summed
from acceptance_api.sites import Machine, Outlet, find_clerks, find_machines, get_outlet

DAYS_MAX = 92


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The sums, the serials of the machines and the staff numbers of the operators they name."""

    outlet: Outlet
    statistics: Statistics
    serials: Mapping[MachineId, str]
    staff_numbers: Mapping[ClerkId, str]


async def summary_for_enterprise(
    tx: Tx, caller: Caller, outlet_id: OutletId, *, first: date, last: date, at: datetime
) -> Summary:
    """What an enterprise's outlet screened on these legal days, both included.

    Raises:
        Problem: NOT_PERMITTED, NOT_FOUND, INVALID (the period).
    """
    require(caller, Permission.ENTERPRISE_SCREENING_READ)
    outlet = await get_outlet(tx, outlet_id, enterprise_id=caller.enterprise_id)
    return await _summary(tx, outlet, first=first, last=last, at=at)


async def summary_for_regulator(
    tx: Tx, caller: Caller, outlet_id: OutletId, *, first: date, last: date, at: datetime
) -> Summary:
    """What an outlet of the agency's jurisdiction screened on these legal days, both included.

    Raises:
        Problem: NOT_PERMITTED, NOT_FOUND, INVALID (the period).
    """
    require(caller, Permission.REGULATOR_SCREENING_READ)
    outlet = await get_outlet(tx, outlet_id)
    if not is_within(outlet.division, caller.client.jurisdiction):
        raise Problem(Kind.NOT_FOUND)
    return await _summary(tx, outlet, first=first, last=last, at=at)


async def _summary(tx: Tx, outlet: Outlet, *, first: date, last: date, at: datetime) -> Summary:
    if not timedelta(0) <= last - first < timedelta(days=DAYS_MAX):
        raise Problem(Kind.INVALID, Fault("query:to", "period", {"days_max": DAYS_MAX}))
    period = {"since": start_of(first), "until": min(start_of(last + timedelta(days=1)), at + timedelta(seconds=1))}
    values = screening_values_on(last)
    machines = await find_machines(tx, outlet.id)
    counts = Counts(
        passes=await statistics_store.count_passes(tx, outlet, **period),
        steps=await statistics_store.count_steps(tx, outlet, **period),
        closings=await statistics_store.count_closings(tx, outlet, **period),
        minutes_on={
            machine.id: await statistics_store.count_minutes(tx, outlet.id, machine.id, values, **period)
            for machine in machines
        },
    )
    expected = {machine.id: _expected(machine, values, **period) for machine in machines}
    return Summary(
        outlet=outlet,
        statistics=summed(counts, expected=expected),
        serials={machine.id: machine.serial for machine in machines},
        staff_numbers={clerk.id: clerk.staff_no for clerk in await find_clerks(tx, outlet.id)},
    )


def _expected(machine: Machine, values: ScreeningValues, *, since: datetime, until: datetime) -> int:
    """In how many minutes a machine should have been on: while it was there, and the outlet open."""
    return open_minutes(values, since=max(since, machine.created_at), until=min(until, machine.retired_at or until))
