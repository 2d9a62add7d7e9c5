"""The sender's other parcels: flagged, then examined or let go."""

import asyncio
from datetime import timedelta

import pytest

from acceptance_api.audit import Action, find_entries
from acceptance_api.inspection import ContentsKind, checklist_for
from acceptance_api.interception import (
    CascadeFlag,
    CascadeState,
    CaseFile,
    Instruction,
    StepKind,
    WaybillUnderWay,
    examine_waybill,
    find_flags,
    find_stop,
    release_waybill,
)
from acceptance_api.kernel.ids import AcceptanceId, InspectionId, new_uuid
from acceptance_api.kernel.problems import Kind, Problem
from tests.interception.conftest import EXPLOSIVE, FAKE, Room
from tests.support.builders import NOON, TODAY, new_waybill

LATER = NOON + timedelta(hours=1)


def under_way(room: Room, waybill: str | None = None) -> WaybillUnderWay:
    """Another parcel of the sender."""
    return WaybillUnderWay(
        waybill=waybill or new_waybill(),
        outlet_id=room.shop.world.outlet_id,
        acceptance_id=AcceptanceId(new_uuid()),
    )


async def flags_of(room: Room, file: CaseFile) -> tuple[CascadeFlag, ...]:
    """The flags of a case."""
    async with room.shop.database.read() as tx:
        return await find_flags(tx, file.interception.enterprise_id, file.interception.id)


async def is_held(room: Room, waybill: str) -> bool:
    """Whether a waybill waits for an examination."""
    async with room.shop.database.read() as tx:
        return (await find_stop(tx, room.shop.world.enterprise_id, waybill)).is_under_examination


async def test_each_other_parcel_is_flagged_once_and_not_the_parcel_itself(room: Room) -> None:
    one, other = under_way(room), under_way(room)
    waybill = new_waybill()
    file = await room.open(EXPLOSIVE, waybill=waybill, under_way=[one, other, one, under_way(room, waybill)])

    flags = await flags_of(room, file)
    assert [flag.waybill for flag in flags] == sorted([one.waybill, other.waybill])
    assert {flag.state for flag in flags} == {CascadeState.FLAGGED}


async def test_a_change_of_class_flags_what_is_not_flagged_yet(room: Room) -> None:
    one, other = under_way(room), under_way(room)
    file = await room.open(FAKE, under_way=[one])
    before = await flags_of(room, file)
    file = await room.step(file, StepKind.RECLASSIFY, class_code=EXPLOSIVE, under_way=[one])
    file = await room.step(file, StepKind.RECLASSIFY, class_code="P08", under_way=[one, other])

    assert before == ()
    assert [flag.waybill for flag in await flags_of(room, file)] == sorted([one.waybill, other.waybill])


async def test_an_inspection_made_since_settles_every_flag_of_a_waybill(room: Room) -> None:
    other = under_way(room)
    files = [await room.open(EXPLOSIVE, under_way=[other]) for _ in range(2)]
    inspection = await room.shop.inspect(waybill=other.waybill, at=LATER)
    async with room.shop.database.transaction() as tx:
        settled = await examine_waybill(tx, room.shop.caller, other.waybill, inspection.id, at=LATER)

    assert {flag.interception_id for flag in settled} == {file.interception.id for file in files}
    assert not await is_held(room, other.waybill)
    (flag,) = await flags_of(room, files[0])
    assert (flag.state, flag.settled_by) == (CascadeState.EXAMINED, str(room.shop.world.clerk_id))
    async with room.shop.database.read() as tx:
        entries = await find_entries(tx, room.shop.world.outlet_id, subject_id=files[0].interception.id)
    assert entries[-1].action is Action.CASCADE_EXAMINED


@pytest.mark.parametrize("how", ["before", "incomplete", "of another waybill", "unknown"])
async def test_no_other_inspection_settles_it(room: Room, how: str) -> None:
    other = under_way(room)
    waybill = new_waybill() if how == "of another waybill" else other.waybill
    at = NOON - timedelta(hours=1) if how == "before" else LATER
    first = checklist_for(ContentsKind.GENERAL, on=TODAY).items[0].code
    unanswered = [first] if how == "incomplete" else []
    inspection = await room.shop.inspect(waybill=waybill, at=at, unanswered=unanswered)
    await room.open(EXPLOSIVE, under_way=[other])
    inspection_id = InspectionId(new_uuid()) if how == "unknown" else inspection.id

    with pytest.raises(Problem) as found:
        async with room.shop.database.transaction() as tx:
            await examine_waybill(tx, room.shop.caller, other.waybill, inspection_id, at=LATER)

    (fault,) = found.value.faults
    expected = {"before": "before_the_flag", "incomplete": "not_passed"}
    assert (fault.pointer, fault.code) == ("/inspection_id", expected.get(how, "unknown"))
    assert await is_held(room, other.waybill)


async def test_headquarters_may_let_a_parcel_go(room: Room) -> None:
    other = under_way(room)
    file = await room.open(EXPLOSIVE, under_way=[other])
    headquarters = await room.shop.caller_of(room.shop.world.enterprise)
    async with room.shop.database.transaction() as tx:
        await release_waybill(tx, headquarters, other.waybill, by="HQ-0007", at=LATER)

    (flag,) = await flags_of(room, file)
    assert (flag.state, flag.settled_by, flag.settled_at) == (CascadeState.RELEASED, "HQ-0007", LATER)
    with pytest.raises(Problem) as found:
        async with room.shop.database.transaction() as tx:
            await release_waybill(tx, headquarters, other.waybill, by="HQ-0007", at=LATER)
    assert found.value.kind is Kind.NOT_FOUND


async def test_of_two_who_let_it_go_at_once_one_is_first(room: Room) -> None:
    other = under_way(room)
    file = await room.open(EXPLOSIVE, under_way=[other])
    headquarters = await room.shop.caller_of(room.shop.world.enterprise)

    async def let_go(by: str) -> None:
        async with room.shop.database.transaction() as tx:
            await release_waybill(tx, headquarters, other.waybill, by=by, at=LATER)

    ended = await asyncio.gather(let_go("HQ-1"), let_go("HQ-2"), return_exceptions=True)

    (problem,) = [one for one in ended if isinstance(one, Problem)]
    assert problem.kind in {Kind.CHANGED_MEANWHILE, Kind.NOT_FOUND}
    async with room.shop.database.read() as tx:
        entries = await find_entries(tx, headquarters.enterprise_id, subject_id=file.interception.id)
    assert [entry.action for entry in entries] == [Action.CASCADE_RELEASED]


async def test_a_false_alarm_lets_the_other_parcels_go(room: Room) -> None:
    other = under_way(room)
    file = await room.open("P12", under_way=[other])
    file = await room.instructed(file, Instruction.RELEASE)
    before = await is_held(room, other.waybill)
    await room.step(file, StepKind.RELEASE)

    assert (before, await is_held(room, other.waybill)) == (True, False)
