"""Papers and shifts: what is said of a pass because of them; machines that say that they are on."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from acceptance_api.access import Caller
from acceptance_api.audit import Action, find_entries
from acceptance_api.kernel.ids import MachineId, new_uuid
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.screening import ScreeningVerdict, Shift, ShiftId, report_machine, sign_off, sign_on
from acceptance_api.screening.editions import screening_values_on
from acceptance_api.screening.tables import machine_minutes
from acceptance_api.sites import find_machine_papers, find_screener_papers
from tests.screening.staff import BEFORE, LATER, Staff
from tests.support.builders import NOON, TODAY, new_waybill

CLEAR = ScreeningVerdict.CLEAR
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


async def said_of_a_pass(staff: Staff, *, at: datetime = NOON) -> list[str]:
    return [one.value for one in (await staff.screen(new_waybill(), CLEAR, at=at)).reservations]


async def started(staff: Staff, *, at: datetime = NOON, by: Caller | None = None) -> Shift:
    async with staff.shop.database.transaction() as tx:
        shift, _ = await sign_on(tx, by or staff.first, ShiftId(new_uuid()), staff.shop.world.machine_id, at=at)
    return shift


async def ended(staff: Staff, shift: Shift, *, at: datetime = NOON, by: Caller | None = None) -> Shift:
    async with staff.shop.database.transaction() as tx:
        return await sign_off(tx, by or staff.first, shift.id, at=at)


async def test_where_nothing_was_ever_filed_only_that_is_said(staff: Staff) -> None:
    assert await said_of_a_pass(staff) == ["papers_unknown"]


async def test_where_all_is_in_order_nothing_is_said(staff: Staff) -> None:
    await staff.certify()
    await staff.train()
    await started(staff)

    assert await said_of_a_pass(staff) == []


async def test_once_papers_are_kept_those_that_are_missing_are_named(staff: Staff) -> None:
    await staff.train()
    without_machine = await said_of_a_pass(staff)
    await staff.certify()

    assert without_machine == ["machine_papers_missing"]
    assert await said_of_a_pass(staff) == []


async def test_a_pass_on_a_lapsed_machine_by_a_lapsed_screener_is_recorded_and_says_so(staff: Staff) -> None:
    await staff.certify(valid_to=YESTERDAY, calibration_due_on=YESTERDAY)
    await staff.train(valid_to=YESTERDAY, background_checked_on=None)

    assert await said_of_a_pass(staff) == [
        "machine_certificate_lapsed",
        "machine_calibration_overdue",
        "operator_training_lapsed",
        "operator_not_vetted",
    ]


async def test_a_later_paper_takes_the_place_of_the_earlier_from_its_first_day_on(staff: Staff) -> None:
    await staff.certify(valid_to=TODAY)
    await staff.train()
    await staff.certify(valid_from=TOMORROW, valid_to=LATER, certificate_no="X-2")
    today = await said_of_a_pass(staff)
    tomorrow = await said_of_a_pass(staff, at=NOON + timedelta(days=1))
    await staff.certify(valid_to=YESTERDAY)

    assert (today, tomorrow) == ([], [])
    assert await said_of_a_pass(staff) == ["machine_certificate_lapsed"], "the newest that has begun"
    world = staff.shop.world
    async with staff.shop.database.read() as tx:
        papers = await find_machine_papers(tx, world.outlet_id, world.machine_id)
        trained = await find_screener_papers(tx, world.outlet_id, world.clerk_id)
    assert [paper.certificate_no for paper in papers] == ["X-1", "X-2", "X-1"]
    assert [(paper.valid_from, paper.valid_to) for paper in trained] == [(BEFORE, LATER)]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        pytest.param({"valid_to": BEFORE - timedelta(days=1)}, "/valid_to", id="the certificate"),
        pytest.param({"calibration_due_on": BEFORE - timedelta(days=1)}, "/calibration_due_on", id="the calibration"),
    ],
)
async def test_papers_whose_days_run_backwards_are_refused(staff: Staff, changes: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Problem) as caught:
        await staff.certify(**changes)

    assert (caught.value.kind, caught.value.faults) == (Kind.INVALID, (Fault(pointer, "before_its_beginning"),))


async def test_where_somebody_signs_on_everybody_has_to(staff: Staff) -> None:
    await staff.certify()
    await staff.train()
    before = await said_of_a_pass(staff)
    await started(staff, by=staff.other)
    without = await said_of_a_pass(staff)
    shift = await started(staff)
    during = await said_of_a_pass(staff)
    off = await ended(staff, shift, at=NOON + timedelta(hours=1))

    assert (before, without, during) == ([], ["operator_not_on_shift"], [])
    assert (off.signed_on_at, off.signed_off_at) == (NOON, NOON + timedelta(hours=1))
    assert await said_of_a_pass(staff) == ["operator_not_on_shift"]


async def test_a_shift_that_nobody_ended_does_not_last_for_ever(staff: Staff) -> None:
    await staff.certify()
    await staff.train()
    await started(staff)
    end = NOON + screening_values_on(TODAY).shift_max

    assert await said_of_a_pass(staff, at=end) == []
    assert await said_of_a_pass(staff, at=end + timedelta(seconds=1)) == ["operator_not_on_shift"]


async def test_signing_on_and_off_again_changes_nothing_and_leaves_no_entry(staff: Staff) -> None:
    shift = await started(staff)
    async with staff.shop.database.transaction() as tx:
        again = await sign_on(tx, staff.first, shift.id, shift.machine_id, at=NOON + timedelta(hours=1))
    off = await ended(staff, shift)
    off_again = await ended(staff, shift, at=NOON + timedelta(hours=2))

    async with staff.shop.database.read() as tx:
        entries = await find_entries(tx, staff.first.outlet_id, subject_id=shift.id)
    assert again == (shift, False)
    assert off_again == off
    assert [one.action for one in entries] == [Action.SHIFT_STARTED, Action.SHIFT_ENDED]


async def test_a_shift_that_a_later_one_took_the_place_of_is_not_ended(staff: Staff) -> None:
    first, _ = await started(staff), await started(staff)

    with pytest.raises(Problem) as caught:
        await ended(staff, first)

    assert caught.value.kind is Kind.STEP_NOT_DUE


@pytest.mark.parametrize("by", ["other", "clerk"])
async def test_nobody_ends_anothers_shift(staff: Staff, by: str) -> None:
    shift = await started(staff)

    with pytest.raises(Problem) as caught:
        await ended(staff, shift, by=getattr(staff, by))

    assert caught.value.kind is Kind.NOT_FOUND


async def test_only_screeners_sign_on_and_only_to_a_machine_of_the_outlet(staff: Staff) -> None:
    with pytest.raises(Problem) as no_screener:
        await started(staff, by=staff.clerk)
    with pytest.raises(Problem) as unknown:
        async with staff.shop.database.transaction() as tx:
            await sign_on(tx, staff.first, ShiftId(new_uuid()), MachineId(new_uuid()), at=NOON)

    assert no_screener.value.kind is Kind.NOT_PERMITTED
    assert (unknown.value.kind, unknown.value.faults) == (Kind.REFERENCE_UNKNOWN, (Fault("/machine_id", "unknown"),))


async def test_a_screener_who_signs_on_twice_at_once_is_on_once_or_told(staff: Staff) -> None:
    outcomes = await asyncio.gather(started(staff), started(staff), return_exceptions=True)

    assert [one.kind for one in outcomes if isinstance(one, Problem)] in ([], [Kind.CHANGED_MEANWHILE])
    await staff.certify()
    await staff.train()
    assert await said_of_a_pass(staff) == []


async def test_a_machine_is_heard_of_once_a_minute(staff: Staff) -> None:
    machine_id, kept = staff.shop.world.machine_id, []
    for seconds in (0, 20, 59, 60):
        async with staff.shop.database.transaction() as tx:
            kept.append(await report_machine(tx, staff.first, machine_id, at=NOON + timedelta(seconds=seconds)))

    async with staff.shop.database.read() as tx:
        rows = await tx.scalar(select(func.count()).select_from(machine_minutes))
        entries = await find_entries(tx, staff.first.outlet_id, subject_id=machine_id)
    assert kept == [True, False, False, True]
    assert rows == 2
    assert [one.action for one in entries].count(Action.HEARTBEAT_RECORDED) == 2


async def test_an_unknown_machine_and_a_client_without_the_permission_are_turned_away(staff: Staff) -> None:
    mute = replace(staff.first, client=replace(staff.first.client, permissions=frozenset()))
    with pytest.raises(Problem) as unknown:
        async with staff.shop.database.transaction() as tx:
            await report_machine(tx, staff.first, MachineId(new_uuid()), at=NOON)
    with pytest.raises(Problem) as silent:
        async with staff.shop.database.transaction() as tx:
            await report_machine(tx, mute, staff.shop.world.machine_id, at=NOON)
    with pytest.raises(Problem) as forbidden:
        await started(staff, by=mute)

    assert [one.value.kind for one in (unknown, silent, forbidden)] == [
        Kind.NOT_FOUND,
        Kind.NOT_PERMITTED,
        Kind.NOT_PERMITTED,
    ]
