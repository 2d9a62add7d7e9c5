"""Opening a case: what it holds, what it stops, and what it asks for."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from acceptance_api.access import Caller, Permission
from acceptance_api.audit import Action, find_entries
from acceptance_api.goods import Disposal
from acceptance_api.interception import (
    Body,
    PersonKind,
    Source,
    State,
    StepKind,
    Stopped,
    WaybillUnderWay,
    find_of_outlet,
    find_stop,
)
from acceptance_api.interception.store import STOP
from acceptance_api.kernel.ids import AcceptanceId, new_uuid
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.screening import ScreeningVerdict
from tests.interception.conftest import EXPLOSIVE, FAKE, KNIFE, Room
from tests.support.builders import NOON, new_waybill

FREE = Stopped(is_intercepted=False, is_under_examination=False)
INTERCEPTED = Stopped(is_intercepted=True, is_under_examination=False)


async def stop_of(room: Room, waybill: str) -> Stopped:
    """What stops a waybill."""
    async with room.shop.database.read() as tx:
        return await find_stop(tx, room.shop.world.enterprise_id, waybill)


async def test_a_case_is_suspected_goods_in_the_finders_hands(room: Room) -> None:
    file = await room.open(KNIFE, found_at=NOON - timedelta(minutes=5))
    case, (step,) = file.interception, file.steps

    assert (case.state, case.disposal, case.is_never_returned) == (State.SUSPECTED, Disposal.D1, True)
    assert (case.origin, case.rules, case.goods_version) == ("110105", "2016-12-19", "2016-12-19")
    assert (step.kind, step.number, step.holder_since) == (StepKind.OPEN, 1, 1)
    assert step.actor == step.holder
    assert (step.holder.kind, step.holder.clerk_id) == (PersonKind.CLERK, room.shop.world.clerk_id)
    assert (step.happened_at, step.recorded_at) == (NOON - timedelta(minutes=5), NOON)
    assert [one.bodies for one in file.obligations] == [(Body.PUBLIC_SECURITY,), (Body.POSTAL_ADMINISTRATION,)]
    assert case.due_at == NOON + timedelta(minutes=10)


async def test_the_class_is_that_of_the_goods(room: Room) -> None:
    file = await room.open(goods_code="P18-03")

    assert (file.interception.class_code, file.interception.disposal) == ("P18", Disposal.D9)


async def test_restricted_goods_go_to_the_competent_authority(room: Room) -> None:
    file = await room.open("R")

    assert file.interception.disposal is Disposal.D11
    assert file.obligations[0].bodies == (Body.COMPETENT_AUTHORITY,)


async def test_the_waybill_is_stopped_in_this_enterprise_only(room: Room) -> None:
    waybill = new_waybill()
    before = await stop_of(room, waybill)
    await room.open(FAKE, waybill=waybill)

    assert (before, await stop_of(room, waybill)) == (FREE, INTERCEPTED)
    async with room.shop.database.read() as tx:
        assert await find_stop(tx, room.shop.world.agency_id, waybill) == FREE  # type: ignore[arg-type] # some other id


async def test_many_who_ask_at_once_are_told_the_same(room: Room) -> None:
    stopped, free = new_waybill(), new_waybill()
    await room.open(FAKE, waybill=stopped)
    enterprise_id = room.shop.world.enterprise_id
    answers = await asyncio.gather(
        *(room.shop.reader.ask(STOP, enterprise_id, waybill) for waybill in (stopped, free) * 3)
    )

    assert [answer for (answer,) in answers] == [INTERCEPTED, FREE] * 3


async def test_of_two_who_find_it_at_once_one_is_first(room: Room) -> None:
    waybill = new_waybill()
    ended = await asyncio.gather(*(room.open(FAKE, waybill=waybill) for _ in range(2)), return_exceptions=True)

    assert [getattr(one, "kind", None) for one in ended].count(Kind.ALREADY_INTERCEPTED) == 1
    async with room.shop.database.read() as tx:
        rows = await find_of_outlet(tx, room.shop.world.outlet_id, is_open=True, before=None, limit=10)
    assert len(rows) == 1


async def test_a_waybill_has_one_open_case_at_most(room: Room) -> None:
    waybill = new_waybill()
    await room.open(FAKE, waybill=waybill)

    with pytest.raises(Problem) as found:
        await room.open(KNIFE, waybill=waybill)

    assert found.value.kind is Kind.ALREADY_INTERCEPTED


async def test_the_same_request_again_is_the_same_case(room: Room) -> None:
    case_id = new_uuid()
    first = await room.open(interception_id=case_id, waybill="EX-REPEATED-01")
    again = await room.open(interception_id=case_id, waybill="EX-REPEATED-01", at=NOON + timedelta(hours=1))

    assert again == first
    with pytest.raises(Problem) as found:
        await room.open(interception_id=case_id, fingerprint=bytes(31) + b"1")
    assert found.value.kind is Kind.ID_CONFLICT


@pytest.mark.parametrize(
    ("goods_code", "class_code", "fault", "kind"),
    [
        pytest.param("P99-01", "", Fault("/goods_code", "unknown"), Kind.REFERENCE_UNKNOWN, id="unknown goods"),
        pytest.param(None, "P99", Fault("/class_code", "unknown"), Kind.REFERENCE_UNKNOWN, id="an unknown class"),
    ],
)
async def test_goods_must_be_known(
    room: Room, goods_code: str | None, class_code: str, fault: Fault, kind: Kind
) -> None:
    with pytest.raises(Problem) as found:
        await room.open(class_code, goods_code=goods_code)

    assert (found.value.kind, found.value.faults) == (kind, (fault,))


@pytest.mark.parametrize(
    ("source", "source_id", "code"),
    [
        pytest.param(Source.SCREENING, None, "required", id="a pass without its id"),
        pytest.param(Source.WAYBILL, new_uuid(), "not_of_this_kind", id="a waybill with an id"),
        pytest.param(Source.SCREENING, new_uuid(), "unknown", id="an unknown pass"),
        pytest.param(Source.INSPECTION, new_uuid(), "unknown", id="an unknown inspection"),
    ],
)
async def test_what_it_was_found_in_must_be_there(
    room: Room, source: Source, source_id: UUID | None, code: str
) -> None:
    with pytest.raises(Problem) as found:
        await room.open(source=source, source_id=source_id)

    assert found.value.faults == (Fault("/source/id", code),)


async def test_a_case_is_opened_from_an_inspection_of_this_waybill(room: Room) -> None:
    inspection = await room.shop.inspect()
    file = await room.open(source=Source.INSPECTION, source_id=inspection.id, waybill=inspection.waybill)

    assert file.interception.source_id == inspection.id
    with pytest.raises(Problem):
        await room.open(source=Source.INSPECTION, source_id=inspection.id)


async def test_a_case_is_opened_from_a_pass_of_this_waybill(room: Room) -> None:
    waybill = new_waybill()
    screening = await room.shop.screen(waybill, ScreeningVerdict.PROHIBITED)
    file = await room.open(source=Source.SCREENING, source_id=screening.id, waybill=waybill)

    assert file.interception.source is Source.SCREENING


async def test_nothing_is_found_tomorrow(room: Room) -> None:
    with pytest.raises(Problem) as found:
        await room.open(found_at=NOON + timedelta(seconds=1))

    assert found.value.faults == (Fault("/found_at", "in_the_future"),)


async def test_opening_leaves_an_entry_without_a_word_about_persons(room: Room) -> None:
    file = await room.open(EXPLOSIVE, note="寄件人端木示例在场")
    async with room.shop.database.read() as tx:
        entries = await find_entries(tx, room.shop.world.outlet_id, subject_id=file.interception.id)

    assert [entry.action for entry in entries] == [Action.INTERCEPTION_OPENED]
    assert entries[0].detail == {
        "source": "waybill",
        "class_code": "P03",
        "disposal": "D3",
        "rules": "2016-12-19",
        "flagged": 0,
    }
    assert entries[0].actor.clerk_id == room.shop.world.clerk_id


async def test_who_may_not_record_opens_nothing(room: Room) -> None:
    client = room.shop.caller.client
    less = Caller(
        client=client.__class__(
            id=client.id,
            audience=client.audience,
            name=client.name,
            permissions=client.permissions - {Permission.COUNTER_INTERCEPTION_RECORD},
            enterprise_id=client.enterprise_id,
            outlet_id=client.outlet_id,
        ),
        clerk_id=room.shop.caller.clerk_id,
    )

    with pytest.raises(Problem) as found:
        await room.open(caller=less)

    assert found.value.kind is Kind.NOT_PERMITTED


async def test_only_dangerous_or_criminal_goods_flag_other_parcels(room: Room) -> None:
    other = WaybillUnderWay(
        waybill=new_waybill(), outlet_id=room.shop.world.outlet_id, acceptance_id=AcceptanceId(new_uuid())
    )
    await room.open(FAKE, under_way=[other])
    spared = await stop_of(room, other.waybill)
    await room.open(EXPLOSIVE, under_way=[other])

    assert spared == FREE
    assert await stop_of(room, other.waybill) == Stopped(is_intercepted=False, is_under_examination=True)
