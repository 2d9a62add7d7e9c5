"""The sender's other parcels under way: found whatever the month and the spelling, and nobody else's."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from acceptance_api.acceptance import Acceptance
from acceptance_api.acceptance.tables import scans
from acceptance_api.acceptance.under_way import UNDER_WAY, find_under_way
from acceptance_api.audit import Action, find_entries
from acceptance_api.disclosure import DisclosureDesk
from acceptance_api.identity import VerifySender
from acceptance_api.kernel.ids import new_uuid
from acceptance_api.kernel.problems import Kind, Problem
from tests.interception.conftest import Room
from tests.support.authorities import resident_number
from tests.support.builders import NOON, new_waybill, parcel, verifying

FIRST_OF_A_MONTH = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)


async def accepted(room: Room, request: VerifySender | None = None, *, at: datetime = NOON) -> Acceptance:
    """A parcel of a verified sender, accepted."""
    shop = room.shop
    decided = await shop.decide(
        parcel(verification=await shop.verify(request, at=at), inspection=await shop.inspect(at=at)), at=at
    )
    assert decided.decision.outcome.value == "accepted", decided.decision
    return decided


async def other_waybills(room: Room, waybill: str, *, at: datetime = NOON + timedelta(hours=1)) -> set[str]:
    """What is found."""
    shop = room.shop
    desk = DisclosureDesk(shop.database, shop.vault)
    found = await find_under_way(shop.database, desk, shop.vault, shop.caller, waybill, at=at)
    return {one.waybill for one in found}


async def scanned(room: Room, one: Acceptance, stage: str) -> None:
    """Say where a parcel was seen."""
    row = {
        "outlet_id": room.shop.world.outlet_id,
        "id": new_uuid(),
        "enterprise_id": one.enterprise_id,
        "waybill": one.waybill,
        "acceptance_id": one.id,
        "accepted_at_outlet_id": one.outlet_id,
        "stage": stage,
        "instruction": "proceed",
        "reasons": [],
        "rules": {},
        "clerk_id": room.shop.world.clerk_id,
        "recorded_at": NOON,
        "fingerprint": bytes(32),
    }
    async with room.shop.database.transaction() as tx:
        await tx.execute(insert(scans), [row])


async def test_the_same_senders_parcels_are_found_and_nobody_elses(room: Room) -> None:
    one, two = await accepted(room), await accepted(room)
    await accepted(room, verifying(number=resident_number("777")))

    assert await other_waybills(room, one.waybill) == {two.waybill}
    assert await other_waybills(room, two.waybill) == {one.waybill}


async def test_a_parcel_of_the_month_before_is_found(room: Room) -> None:
    before = await accepted(room, at=FIRST_OF_A_MONTH - timedelta(days=1))
    after = await accepted(room, at=FIRST_OF_A_MONTH)

    assert await other_waybills(room, after.waybill, at=FIRST_OF_A_MONTH) == {before.waybill}


async def test_what_has_arrived_or_is_too_old_is_left_alone(room: Room) -> None:
    old = await accepted(room, at=NOON - UNDER_WAY - timedelta(hours=2))
    arrived, sent_back, moving, one = [await accepted(room) for _ in range(4)]
    for parcel_seen, stage in ((arrived, "delivered"), (sent_back, "returned"), (moving, "arrived")):
        await scanned(room, parcel_seen, stage)

    found = await other_waybills(room, one.waybill)
    assert found == {moving.waybill}
    assert old.waybill not in found


async def test_a_refused_parcel_is_not_under_way_but_tells_who_sent_it(room: Room) -> None:
    shop = room.shop
    one = await accepted(room)
    refused = await shop.decide(parcel(verification=await shop.verify(), waybill=new_waybill()))

    assert refused.decision.outcome.value == "refused"
    assert await other_waybills(room, refused.waybill) == {one.waybill}
    assert await other_waybills(room, one.waybill) == set()


async def test_an_unknown_waybill_leads_to_nobody_and_opens_nothing(room: Room) -> None:
    await accepted(room)

    assert await other_waybills(room, "EX-NEVER-SEEN") == set()
    async with room.shop.database.read() as tx:
        entries = await find_entries(tx, room.shop.world.outlet_id, limit=200)
    assert Action.SENDER_PARCELS_SOUGHT not in {entry.action for entry in entries}


async def test_looking_for_them_leaves_an_entry_first(room: Room) -> None:
    one = await accepted(room)
    await other_waybills(room, one.waybill)
    async with room.shop.database.read() as tx:
        entries = await find_entries(tx, room.shop.world.outlet_id, subject_id=one.id)

    assert entries[-1].action is Action.SENDER_PARCELS_SOUGHT
    assert entries[-1].detail == {"days": 30, "by": "sender_id_number"}


async def test_an_agency_looks_for_nothing_here(room: Room) -> None:
    shop = room.shop
    agency = await shop.caller_of(shop.world.regulator)

    with pytest.raises(Problem) as found:
        await find_under_way(
            shop.database, DisclosureDesk(shop.database, shop.vault), shop.vault, agency, "EX-ANY-0001", at=NOON
        )

    assert found.value.kind is Kind.NOT_PERMITTED
