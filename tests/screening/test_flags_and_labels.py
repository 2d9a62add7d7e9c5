"""Flags of the machine are closed by people; labels are written off."""

from dataclasses import replace
from datetime import timedelta

import pytest

from acceptance_api.audit import Action, find_entries
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.screening import PassState, ScreeningVerdict, find_passes, read_screening
from acceptance_api.screening.editions import screening_values_on
from acceptance_api.screening.model import Box, Flag, FlagConclusion, Step
from tests.screening.staff import KNIFE, Staff
from tests.support.builders import NOON, TODAY, new_waybill

CLEAR = ScreeningVerdict.CLEAR
LIQUID = Flag(code="liquid", confidence=0.5, box=Box(x=0.25, y=0.5, width=0.125, height=0.0625))


async def test_flags_are_kept_as_the_machine_raised_them(staff: Staff) -> None:
    recorded = await staff.screen(new_waybill(), CLEAR, flags=(KNIFE, LIQUID))

    history = await read_screening(staff.shop.screening, staff.first, recorded.id)

    assert history.screening == recorded
    assert (history.screening.flags, history.screening.flags_open) == ((KNIFE, LIQUID), 2)


async def test_a_clear_pass_is_labelled_when_the_last_flag_is_closed(staff: Staff) -> None:
    waybill = new_waybill()
    recorded = await staff.screen(waybill, CLEAR, flags=(KNIFE, LIQUID))
    first, last = await staff.close(recorded.id, 1), await staff.close(recorded.id, 0)

    states = [recorded.state, first.screening.state, last.screening.state]
    assert states == [PassState.CLEAR, PassState.CLEAR, PassState.LABELLED]
    assert sorted(one.flag for one in last.closings) == [0, 1]
    async with staff.shop.database.read() as tx:
        (fact,) = await find_passes(tx, staff.first.outlet_id, waybill)
    assert (fact.labelled, fact.flags_open, "flag_open" in fact.reservations) == (True, 0, False)


async def test_while_a_flag_is_open_the_decision_is_told(staff: Staff) -> None:
    waybill = new_waybill()
    recorded = await staff.screen(waybill, CLEAR, flags=(KNIFE, LIQUID))
    await staff.close(recorded.id)

    async with staff.shop.database.read() as tx:
        (fact,) = await find_passes(tx, staff.first.outlet_id, waybill)

    assert (fact.verdict, fact.labelled, fact.flags_open) == (CLEAR, False, 1)
    assert "flag_open" in fact.reservations


async def test_a_confirmed_flag_makes_a_clear_pass_suspect_until_it_is_looked_at_again(staff: Staff) -> None:
    recorded = await staff.screen(new_waybill(), CLEAR, flags=(KNIFE, LIQUID))
    confirmed = await staff.close(recorded.id, 0, FlagConclusion.CONFIRMED)
    closed = await staff.close(recorded.id, 1)
    cleared = await staff.look(recorded.id)

    assert [one.screening.state for one in (confirmed, closed, cleared)] == [
        PassState.SUSPECT,
        PassState.SUSPECT,
        PassState.LABELLED,
    ]
    assert [one.step for one in cleared.steps] == [
        Step.CONFIRM_FLAG,
        Step.LOOK_AGAIN,
        Step.FIND_CLEAR,
        Step.LABEL,
    ]


async def test_the_screener_of_the_pass_does_not_close_its_flags_alone(staff: Staff) -> None:
    recorded = await staff.screen(new_waybill(), CLEAR, flags=(KNIFE,))

    with pytest.raises(Problem) as caught:
        await staff.close(recorded.id, by=staff.first)
    in_twos = await staff.close(recorded.id, by=staff.first, second=staff.clerk.named_clerk_id)

    assert (caught.value.kind, caught.value.faults) == (
        Kind.INVALID,
        (Fault("/second_clerk_id", "second_person_required"),),
    )
    assert in_twos.closings[0].done.second_clerk_id == staff.clerk.named_clerk_id


async def test_a_clerk_closes_a_flag_with_a_screener_only(staff: Staff) -> None:
    recorded = await staff.screen(new_waybill(), CLEAR, flags=(KNIFE,))

    with pytest.raises(Problem) as caught:
        await staff.close(recorded.id, by=staff.clerk)
    await staff.close(recorded.id, by=staff.clerk, second=staff.other.named_clerk_id)

    assert caught.value.kind is Kind.NOT_PERMITTED


async def test_a_flag_is_closed_once_and_an_unknown_one_is_pointed_at(staff: Staff) -> None:
    recorded = await staff.screen(new_waybill(), CLEAR, flags=(KNIFE,))
    await staff.close(recorded.id)

    with pytest.raises(Problem) as twice:
        await staff.close(recorded.id)
    with pytest.raises(Problem) as unknown:
        await staff.close(recorded.id, 1)

    assert (twice.value.kind, twice.value.faults) == (Kind.STEP_NOT_DUE, (Fault("/flag", "closed_before"),))
    assert (unknown.value.kind, unknown.value.faults) == (Kind.REFERENCE_UNKNOWN, (Fault("/flag", "unknown"),))


async def test_a_late_closing_is_recorded_as_late(staff: Staff) -> None:
    recorded = await staff.screen(new_waybill(), CLEAR, flags=(KNIFE, LIQUID))
    last = NOON + screening_values_on(TODAY).flag_close_within
    await staff.close(recorded.id, 0, at=last)
    history = await staff.close(recorded.id, 1, at=last + timedelta(seconds=1))

    assert [(one.flag, one.in_time) for one in history.closings] == [(0, True), (1, False)]
    assert {one.rules_version for one in history.closings} == {"2018-05-01"}


async def test_a_label_that_was_written_off_marks_the_parcel_no_longer(staff: Staff) -> None:
    waybill = new_waybill()
    recorded = await staff.screen(waybill, CLEAR)
    history = await staff.write_off(recorded.label_serial, waybill)

    assert [(one.step, one.done.reason) for one in history.steps] == [(Step.WRITE_OFF, "damaged")]
    async with staff.shop.database.read() as tx:
        (fact,) = await find_passes(tx, staff.first.outlet_id, waybill)
        entries = await find_entries(tx, recorded.outlet_id, subject_id=recorded.id)
    assert (fact.verdict, fact.labelled) == (CLEAR, False)
    assert entries[-1].action is Action.LABEL_WRITTEN_OFF
    with pytest.raises(Problem) as twice:
        await staff.write_off(recorded.label_serial, waybill)
    assert twice.value.kind is Kind.STEP_NOT_DUE


async def test_another_pass_gives_another_label(staff: Staff) -> None:
    waybill = new_waybill()
    first = await staff.screen(waybill, CLEAR)
    await staff.write_off(first.label_serial, waybill)
    second = await staff.screen(waybill, CLEAR)

    async with staff.shop.database.read() as tx:
        facts = await find_passes(tx, staff.first.outlet_id, waybill)

    assert first.label_serial != second.label_serial
    assert [fact.labelled for fact in facts] == [False, True]


async def test_a_label_belongs_to_its_waybill_alone(staff: Staff) -> None:
    waybill, other = new_waybill(), new_waybill()
    recorded = await staff.screen(waybill, CLEAR)
    same_second = await staff.screen(other, CLEAR)
    assert recorded.label_serial == same_second.label_serial

    await staff.write_off(recorded.label_serial, waybill)
    with pytest.raises(Problem) as caught:
        await staff.write_off(recorded.label_serial, new_waybill())

    assert caught.value.kind is Kind.NOT_FOUND
    untouched = await read_screening(staff.shop.screening, staff.first, same_second.id)
    assert untouched.screening.state is PassState.LABELLED


async def test_a_suspect_pass_has_no_label_to_write_off(staff: Staff) -> None:
    waybill = new_waybill()
    recorded = await staff.screen(waybill)

    with pytest.raises(Problem) as caught:
        await staff.write_off(recorded.label_serial, waybill)

    assert caught.value.kind is Kind.STEP_NOT_DUE


async def test_without_the_permission_no_label_is_written_off(staff: Staff) -> None:
    waybill = new_waybill()
    recorded = await staff.screen(waybill, CLEAR)
    mute = replace(staff.first, client=replace(staff.first.client, permissions=frozenset()))

    with pytest.raises(Problem) as caught:
        await replace(staff, shop=replace(staff.shop, caller=mute)).write_off(recorded.label_serial, waybill)

    assert caught.value.kind is Kind.NOT_PERMITTED
