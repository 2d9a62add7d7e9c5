"""Recording passes through the X-ray machine."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from acceptance_api.audit import OPERATOR, Action, find_entries
from acceptance_api.kernel.express import Conflict, Record, settled
from acceptance_api.kernel.ids import EntryId, MachineId, ScreeningId, new_uuid
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.screening import (
    RecordScreening,
    Screening,
    ScreeningVerdict,
    draft_screening,
    find_of_waybill,
    find_repeated,
)
from acceptance_api.screening.store import record_of
from acceptance_api.sites import AddClerk, add_clerk, retire_clerk
from tests.support.builders import NOON, Shop, new_waybill, screening_of


async def record(shop: Shop, request: RecordScreening) -> tuple[Screening, bool]:
    async def draft() -> tuple[tuple[Screening, bool], Record]:
        drafted, new = await draft_screening(shop.screening, shop.caller, request, at=NOON)
        return (drafted, True), new

    async def repeated() -> tuple[Screening, bool] | None:
        known = await find_repeated(shop.screening, shop.caller, request)
        return (known, False) if known is not None else None

    return await settled(shop.writer, draft, repeated)


async def test_passes_of_a_waybill_count_from_one(shop: Shop) -> None:
    waybill = new_waybill()
    for verdict in (ScreeningVerdict.SUSPECT, ScreeningVerdict.CLEAR):
        await shop.screen(waybill, verdict)
    await shop.screen(new_waybill(), ScreeningVerdict.PROHIBITED)

    async with shop.database.read() as tx:
        passes = await find_of_waybill(tx, shop.caller.outlet_id, waybill)

    assert [(one.pass_number, one.verdict) for one in passes] == [
        (1, ScreeningVerdict.SUSPECT),
        (2, ScreeningVerdict.CLEAR),
    ]


async def test_the_label_tells_time_machine_screener_and_pass(shop: Shop) -> None:
    recorded = await shop.screen(new_waybill())

    assert recorded.label_serial == "20261123120000-XR-0001-0001-1"


async def test_a_pass_leaves_an_audit_entry(shop: Shop) -> None:
    recorded = await shop.screen(new_waybill(), ScreeningVerdict.SUSPECT)

    async with shop.database.read() as tx:
        (entry,) = await find_entries(tx, recorded.outlet_id, subject_id=recorded.id)

    assert (entry.action, entry.detail) == (Action.SCREENING_RECORDED, {"verdict": "suspect", "pass_number": 1})


async def test_a_repeated_request_is_answered_with_its_record(shop: Shop) -> None:
    request = screening_of(new_waybill(), shop.world)
    first, was_new = await record(shop, request)

    again, is_new = await record(shop, request)

    assert (was_new, is_new, again) == (True, False, first)


async def test_an_id_belongs_to_one_pass(shop: Shop) -> None:
    request = screening_of(new_waybill(), shop.world)
    await record(shop, request)

    with pytest.raises(Problem) as caught:
        await record(shop, replace(request, verdict=ScreeningVerdict.PROHIBITED, fingerprint=b"\x01" * 32))

    assert caught.value.kind is Kind.ID_CONFLICT


async def test_an_unknown_machine_is_pointed_at(shop: Shop) -> None:
    with pytest.raises(Problem) as caught:
        await record(shop, replace(screening_of(new_waybill(), shop.world), machine_id=MachineId(new_uuid())))

    assert (caught.value.kind, caught.value.faults) == (Kind.REFERENCE_UNKNOWN, (Fault("/machine_id", "unknown"),))


async def test_a_retired_clerk_screens_nothing(shop: Shop) -> None:
    async with shop.database.transaction() as tx:
        await retire_clerk(
            tx, shop.caller.outlet_id, shop.caller.named_clerk_id, enterprise_id=None, actor=OPERATOR, at=NOON
        )

    with pytest.raises(Problem) as caught:
        await shop.screen(new_waybill())

    assert caught.value.kind is Kind.CLERK_NOT_OF_OUTLET


async def test_without_the_permission_nothing_is_recorded(shop: Shop) -> None:
    without = replace(shop.caller, client=replace(shop.caller.client, permissions=frozenset()))

    with pytest.raises(Problem) as caught:
        await replace(shop, caller=without).screen(new_waybill())

    assert caught.value.kind is Kind.NOT_PERMITTED


async def test_no_two_passes_of_a_waybill_carry_one_number(shop: Shop) -> None:
    recorded = await shop.screen(new_waybill())
    async with shop.database.read() as tx:
        (entry,) = await find_entries(tx, recorded.outlet_id, subject_id=recorded.id)
    rival = replace(recorded, id=ScreeningId(new_uuid()), recorded_at=NOON + timedelta(seconds=1))

    with pytest.raises(Conflict):
        await shop.writer.add(record_of(rival, entry=replace(entry, id=EntryId(new_uuid()))))


async def test_passes_recorded_at_once_are_all_numbered(shop: Shop) -> None:
    waybill = new_waybill()
    requests = [screening_of(waybill, shop.world) for _ in range(8)]

    recorded = await asyncio.gather(*(record(shop, one) for one in requests))

    assert sorted(one.pass_number for one, _ in recorded) == list(range(1, 9))


async def test_a_clerk_who_is_no_screener_judges_no_picture(shop: Shop) -> None:
    async with shop.database.transaction() as tx:
        clerk = await add_clerk(
            tx,
            shop.vault,
            shop.world.outlet_id,
            AddClerk(staff_no="0002", name="示例"),
            enterprise_id=shop.world.enterprise_id,
            actor=OPERATOR,
            at=NOON,
        )
    caller = replace(shop.caller, clerk_id=clerk.id)
    with pytest.raises(Problem) as caught:
        async with shop.database.transaction() as tx:
            await draft_screening(shop.screening, caller, screening_of(new_waybill(), shop.world), at=NOON)

    assert caught.value.kind is Kind.NOT_PERMITTED
    assert caught.value.faults == (Fault("header:clerk-id", "not_a_screener"),)
