"""The figures of an outlet's screening."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acceptance_api.access import Caller
from acceptance_api.kernel.clock import start_of
from acceptance_api.kernel.ids import ClerkId, MachineId, OutletId, new_uuid
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.screening import (
    Figures,
    ScreeningVerdict,
    Statistics,
    Summary,
    report_machine,
    summary_for_enterprise,
    summary_for_regulator,
)
from acceptance_api.screening.model import FlagConclusion, LookConclusion, Step
from acceptance_api.screening.statistics import ClosingCount, Counts, PassCount, StepCount, share, summed
from tests.screening.staff import KNIFE, Staff
from tests.support.builders import NOON, TODAY, caller_of, new_waybill

CLEAR, SUSPECT, PROHIBITED = ScreeningVerdict
MACHINES = [MachineId(new_uuid()) for _ in range(2)]
OPERATORS = [ClerkId(new_uuid()) for _ in range(2)]


async def summary(
    staff: Staff, *, first: date = TODAY, last: date = TODAY, by: Caller | None = None, outlet: OutletId | None = None
) -> Summary:
    caller = by or await staff.shop.caller_of(staff.shop.world.enterprise)
    async with staff.shop.database.read() as tx:
        return await summary_for_enterprise(
            tx, caller, outlet or staff.shop.world.outlet_id, first=first, last=last, at=NOON
        )


async def a_morning(staff: Staff) -> None:
    """Two clear passes, one of them written off; a suspect one that was cleared; a flagged one; one day earlier."""
    early = NOON - timedelta(hours=1)
    waybill = new_waybill()
    damaged = await staff.screen(waybill, CLEAR, at=early)
    await staff.write_off(damaged.label_serial, waybill)
    await staff.screen(new_waybill(), CLEAR, at=early)
    suspect = await staff.screen(new_waybill(), at=early)
    await staff.look(suspect.id)
    opened = await staff.screen(new_waybill(), at=early)
    await staff.look(opened.id, LookConclusion.OPEN_CHECK)
    flagged = await staff.screen(new_waybill(), CLEAR, flags=(KNIFE,) * 3, at=early)
    await staff.close(flagged.id, 0, at=early)
    await staff.close(flagged.id, 1, FlagConclusion.CONFIRMED, at=NOON)
    await staff.screen(new_waybill(), PROHIBITED, at=early - timedelta(days=1))


async def test_a_morning_in_figures(staff: Staff) -> None:
    await a_morning(staff)

    found = await summary(staff)

    assert found.statistics.total == Figures(
        passes=5,
        clear=3,
        suspect=2,
        second_looks=2,
        open_checks=1,
        flags_raised=3,
        flags_closed=2,
        flags_closed_in_time=1,
        labels_issued=3,
        labels_written_off=1,
    )
    (machine,), (operator,) = found.statistics.machines, found.statistics.operators
    assert (machine.figures, operator.figures) == (found.statistics.total,) * 2
    assert found.serials[machine.machine_id] == "XR-0001"
    assert found.staff_numbers[operator.operator_id] == "0001"
    assert found.statistics.total.share_of(CLEAR) == 3 / 5
    assert found.statistics.total.share_closed_in_time == 1 / 3


async def test_what_speaks_against_passes_is_counted_where_papers_are_kept(staff: Staff) -> None:
    await staff.screen(new_waybill(), CLEAR)
    await staff.certify(valid_to=TODAY - timedelta(days=1))
    await staff.train()
    await staff.screen(new_waybill(), CLEAR)

    assert (await summary(staff)).statistics.total.with_reservations == 1


async def test_a_period_has_both_its_days_and_no_other(staff: Staff) -> None:
    for days in (0, 1, 2, 3):
        await staff.screen(new_waybill(), CLEAR, at=start_of(TODAY - timedelta(days=days)))
    await staff.screen(new_waybill(), CLEAR, at=start_of(TODAY) - timedelta(microseconds=1))

    whole = await summary(staff, first=TODAY - timedelta(days=2), last=TODAY - timedelta(days=1))

    assert whole.statistics.total.passes == 3


async def test_a_machine_is_on_for_a_share_of_the_minutes_it_is_expected_to_be(staff: Staff) -> None:
    world = staff.shop.world
    # The machine was added at noon; before the outlet opens and after it closes nothing is expected.
    for minutes in (0, 1, 2, 3, 8 * 60 - 1, 8 * 60, 20 * 60 - 1, 20 * 60):
        async with staff.shop.database.transaction() as tx:
            await report_machine(tx, staff.first, world.machine_id, at=NOON + timedelta(minutes=minutes))
    caller = await staff.shop.caller_of(world.enterprise)
    async with staff.shop.database.read() as tx:
        found = await summary_for_enterprise(
            tx, caller, world.outlet_id, first=TODAY, last=TODAY + timedelta(days=1), at=NOON + timedelta(days=2)
        )

    (machine,) = found.statistics.machines
    assert (machine.minutes_expected, machine.minutes_on) == (480 + 720, 4 + 1 + 1)
    assert machine.share_on == found.statistics.share_on == 6 / 1200


async def test_an_outlet_that_screened_nothing_has_no_shares(staff: Staff) -> None:
    found = await summary(staff, first=date(2020, 1, 1), last=date(2020, 1, 2))

    assert found.statistics.total == Figures()
    assert found.statistics.share_on is None
    assert found.statistics.total.share_of(CLEAR) is None
    assert found.statistics.total.share_closed_in_time is None


@pytest.mark.parametrize(
    ("first", "last"),
    [
        pytest.param(TODAY, TODAY - timedelta(days=1), id="backwards"),
        pytest.param(TODAY - timedelta(days=92), TODAY, id="93 days"),
    ],
)
async def test_a_period_has_limits(staff: Staff, first: date, last: date) -> None:
    with pytest.raises(Problem) as caught:
        await summary(staff, first=first, last=last)

    assert (caught.value.kind, caught.value.faults) == (Kind.INVALID, (Fault("query:to", "period", {"days_max": 92}),))
    assert (await summary(staff, first=TODAY - timedelta(days=91))).statistics.total == Figures()


async def test_a_supervisor_sees_the_outlets_of_the_jurisdiction_only(staff: Staff) -> None:
    await a_morning(staff)
    world = staff.shop.world
    supervisor = await caller_of(staff.shop.database, world.regulator)
    within = replace(supervisor, client=replace(supervisor.client, jurisdiction="1101"))
    beyond = replace(supervisor, client=replace(supervisor.client, jurisdiction="31"))
    days = {"first": TODAY, "last": TODAY, "at": NOON}

    async with staff.shop.database.read() as tx:
        found = await summary_for_regulator(tx, within, world.outlet_id, **days)  # type: ignore[arg-type]
        with pytest.raises(Problem) as caught:
            await summary_for_regulator(tx, beyond, world.outlet_id, **days)  # type: ignore[arg-type]

    assert found.statistics == (await summary(staff)).statistics
    assert caught.value.kind is Kind.NOT_FOUND


async def test_another_enterprise_and_a_client_without_the_permission_see_nothing(staff: Staff) -> None:
    caller = await staff.shop.caller_of(staff.shop.world.enterprise)
    mute = replace(caller, client=replace(caller.client, permissions=frozenset()))

    with pytest.raises(Problem) as forbidden:
        await summary(staff, by=mute)
    with pytest.raises(Problem) as unknown:
        await summary(staff, outlet=OutletId(new_uuid()))

    assert (forbidden.value.kind, unknown.value.kind) == (Kind.NOT_PERMITTED, Kind.NOT_FOUND)


_COUNTED = st.integers(0, 50)
_WHERE = {"machine_id": st.sampled_from(MACHINES), "operator_id": st.sampled_from(OPERATORS)}
_COUNTS = st.builds(
    Counts,
    passes=st.lists(
        st.builds(
            PassCount,
            **_WHERE,
            verdict=st.sampled_from(ScreeningVerdict),
            is_flagged=st.booleans(),
            is_reserved=st.booleans(),
            passes=_COUNTED,
            flags_open=_COUNTED,
        )
    ).map(tuple),
    steps=st.lists(st.builds(StepCount, **_WHERE, step=st.sampled_from(Step), steps=_COUNTED)).map(tuple),
    closings=st.lists(st.builds(ClosingCount, **_WHERE, in_time=st.booleans(), closings=_COUNTED)).map(tuple),
    minutes_on=st.dictionaries(st.sampled_from(MACHINES), _COUNTED),
)


@given(_COUNTS)
def test_whatever_is_counted_the_parts_add_up_to_the_whole(counts: Counts) -> None:
    found: Statistics = summed(counts, expected={MACHINES[0]: 100})

    assert sum((one.figures for one in found.machines), Figures()) == found.total
    assert sum((one.figures for one in found.operators), Figures()) == found.total
    assert found.total.passes == found.total.clear + found.total.suspect + found.total.prohibited
    assert found.total.passes == sum(count.passes for count in counts.passes)
    assert found.total.flags_closed <= found.total.flags_raised
    assert found.total.flags_closed_in_time <= found.total.flags_closed
    assert MACHINES[0] in {one.machine_id for one in found.machines}, "a machine that was off is told of too"


def test_a_share_of_nothing_is_none() -> None:
    assert (share(0, 0), share(1, 4)) == (None, 0.25)
