"""What a decision, and another outlet, are told of a waybill's passes."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import String, Uuid

from acceptance_api.access import Caller
from acceptance_api.audit import OPERATOR
from acceptance_api.demo.world import make_world
from acceptance_api.kernel.express import Question
from acceptance_api.kernel.ids import EnterpriseId, MachineId, new_uuid
from acceptance_api.screening import (
    PassFact,
    ScreeningVerdict,
    draft_screening,
    find_passes,
    passes_of_waybill,
    passes_part,
    verdicts_part,
)
from acceptance_api.screening.model import LookConclusion
from acceptance_api.screening.recording import PASSES
from acceptance_api.sites import AddClerk, AddOutlet, ClerkRole, add_clerk, add_machine, add_outlet
from acceptance_api.vault import FileKeyStore, Vault
from tests.access.lanes import History, plan_of
from tests.screening.staff import KNIFE, Staff
from tests.support.builders import NOON, caller_of, new_waybill, screening_of

CLEAR, SUSPECT, PROHIBITED = ScreeningVerdict
ASKED = Question(
    {"outlet_id": Uuid(), "waybill": String()},
    lambda asked: (
        passes_part(asked["outlet_id"], asked["waybill"]),
        verdicts_part(asked["outlet_id"], asked["waybill"]),
    ),
)
UNKNOWN = ("papers_unknown",)


async def test_a_decision_is_told_of_every_pass_in_order(staff: Staff) -> None:
    waybill = new_waybill()
    passes = [
        await staff.screen(waybill, verdict, flags=flags)
        for verdict, flags in [(CLEAR, ()), (SUSPECT, ()), (CLEAR, (KNIFE,)), (PROHIBITED, ()), *[(CLEAR, ())] * 7]
    ]
    await staff.look(passes[1].id)
    await staff.write_off(passes[0].label_serial, waybill)
    await staff.screen(new_waybill(), PROHIBITED)

    facts, verdicts = await staff.shop.reader.ask(ASKED, staff.first.outlet_id, waybill)

    assert facts == (
        PassFact(verdict=CLEAR, labelled=False, reservations=UNKNOWN),
        PassFact(verdict=CLEAR, labelled=True, reservations=UNKNOWN),
        PassFact(verdict=CLEAR, labelled=False, reservations=(*UNKNOWN, "flag_open"), flags_open=1),
        PassFact(verdict=PROHIBITED, labelled=False, reservations=UNKNOWN),
        *[PassFact(verdict=CLEAR, labelled=True, reservations=UNKNOWN)] * 7,
    )
    assert verdicts == (CLEAR, SUSPECT, CLEAR, PROHIBITED, *[CLEAR] * 7), "as they were recorded"
    async with staff.shop.database.read() as tx:
        assert await find_passes(tx, staff.first.outlet_id, waybill) == facts


async def test_of_a_parcel_that_never_passed_nothing_is_told(staff: Staff) -> None:
    assert await staff.shop.reader.ask(ASKED, staff.first.outlet_id, new_waybill()) == ((), ())


async def test_the_destination_sees_the_passes_of_the_origin_and_no_other_enterprise_does(
    staff: Staff, tmp_path: Path
) -> None:
    waybill = new_waybill()
    origin = await staff.screen(waybill, CLEAR)
    again = await staff.screen(waybill, CLEAR)
    await staff.screen(new_waybill(), CLEAR)
    hub, machine_id = await hub_of(staff)
    request = replace(screening_of(waybill, staff.shop.world, verdict=SUSPECT), machine_id=machine_id)
    arrived, record = await draft_screening(staff.shop.screening, hub, request, at=NOON.replace(hour=20))
    await staff.shop.writer.add(record)
    stranger = await another_enterprise(staff, tmp_path)

    async with staff.shop.database.read() as tx:
        own = await passes_of_waybill(tx, staff.first.enterprise_id, waybill)
        foreign = await passes_of_waybill(tx, stranger, waybill)

    assert own == (origin, again, arrived)
    assert (arrived.pass_number, arrived.outlet_id) == (1, hub.outlet_id), "each outlet counts its own"
    assert foreign == ()


async def hub_of(staff: Staff) -> tuple[Caller, MachineId]:
    """Another outlet of the enterprise, its screener at the counter, and its machine."""
    world, shop = staff.shop.world, staff.shop
    async with shop.database.transaction() as tx:
        outlet = await add_outlet(
            tx, world.enterprise_id, AddOutlet(name="分拨中心", division="440305"), actor=OPERATOR, at=NOON
        )
        request = AddClerk(staff_no="1", name="示例", roles=frozenset({ClerkRole.SCREENER}))
        clerk = await add_clerk(tx, shop.vault, outlet.id, request, enterprise_id=None, actor=OPERATOR, at=NOON)
        machine = await add_machine(
            tx, outlet.id, enterprise_id=None, serial="XR-9", certificate_no="9", actor=OPERATOR, at=NOON
        )
    client = replace(staff.first.client, outlet_id=outlet.id, counter_id=None)
    return Caller(client=client, clerk_id=clerk.id, request_id="test"), machine.id


async def another_enterprise(staff: Staff, directory: Path) -> EnterpriseId:
    world = await make_world(staff.shop.database, Vault(FileKeyStore(directory / "keys")), at=NOON)
    return (await caller_of(staff.shop.database, world.counter)).enterprise_id


FILL = (
    "INSERT INTO screenings (outlet_id, id, enterprise_id, waybill, pass_number, machine_id, operator_id, verdict,"
    " label_serial, label_kind, reservations, flags, flags_open, state, recorded_at, fingerprint)"
    " SELECT o, gen_random_uuid(), o, 'W' || i, 1, o, o, 'clear', '', 'walk_in', '', null, 0, 'labelled', now(), ''"
    " FROM generate_series(1, 3000) i, gen_random_uuid() o;"
    "INSERT INTO screener_signs SELECT o, o, i, o, o, true, now() FROM generate_series(1, 3000) i, gen_random_uuid() o;"
    "INSERT INTO machine_papers SELECT o, o, gen_random_uuid(), o, '', now(), now(), now(), now(), true, null, now()"
    " FROM generate_series(1, 3000) i, gen_random_uuid() o;"
    "INSERT INTO screener_papers SELECT o, o, gen_random_uuid(), o, '', now(), now(), null, null, now()"
    " FROM generate_series(1, 3000) i, gen_random_uuid() o"
)


@pytest.mark.parametrize("history", History, ids=lambda history: history.value)
@pytest.mark.parametrize(("question", "looks"), [(ASKED, 2), (PASSES, 10)], ids=["a decision", "a pass"])
async def test_passes_papers_and_shifts_are_found_by_keys(
    postgresql_url: str, history: History, question: Question, looks: int
) -> None:
    plan = await plan_of(postgresql_url, question, history=history, fill=FILL)

    for bad in ("Seq Scan", "Bitmap", "Materialize", "Hash", "Merge", "ix_screenings_recorded"):
        assert bad not in plan, plan
    assert plan.count("Index Cond: ((outlet_id = ") + plan.count("Index Cond: (outlet_id = ") == looks, plan
    assert len(re.findall(r"Index (?:Only )?Scan", plan)) == looks, plan
    assert "uq_screenings_pass" in plan, plan


async def test_an_unknown_waybill_of_an_unknown_enterprise_has_no_passes(staff: Staff) -> None:
    async with staff.shop.database.read() as tx:
        assert await passes_of_waybill(tx, EnterpriseId(new_uuid()), new_waybill()) == ()


async def test_a_pass_that_waits_for_an_open_check_is_suspect(staff: Staff) -> None:
    waybill = new_waybill()
    recorded = await staff.screen(waybill)
    await staff.look(recorded.id, LookConclusion.OPEN_CHECK)

    facts, _ = await staff.shop.reader.ask(ASKED, staff.first.outlet_id, waybill)

    assert facts == (PassFact(verdict=SUSPECT, labelled=False, reservations=UNKNOWN),)
