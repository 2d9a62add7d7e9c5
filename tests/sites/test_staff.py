"""A clerk's own document is recognised when a sender shows it, and its number is nowhere to be read."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from acceptance_api.audit import OPERATOR, Action, find_entries
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.ids import ClerkId, EnterpriseId, new_uuid
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.sites import AddClerk, Staff, StaffNumbers, add_clerk, register_staff_number, retire_clerk
from acceptance_api.sites.staff_tables import staff_numbers
from tests.support.builders import NOON, Shop, open_shop

NUMBER, ANOTHER = "11010519491231002X", "440524188001010014"
LATER = NOON + timedelta(minutes=10)
NEXT_MONTH = NOON + timedelta(days=30)


@pytest.fixture
async def shop(database: Database, tmp_path: Path) -> AsyncIterator[Shop]:
    """A shop in a fresh database, with keys of its own."""
    async with open_shop(database, tmp_path) as opened:
        yield opened


def numbers(shop: Shop) -> StaffNumbers:
    return StaffNumbers(shop.database, shop.reader, shop.vault, lag_s=0)


async def hired(shop: Shop, staff_no: str, *, number: str | None = None) -> ClerkId:
    async with shop.database.transaction() as tx:
        request = AddClerk(staff_no=staff_no, name="示例收寄员乙", id_number=number)
        place = (tx, shop.vault, shop.world.outlet_id)
        clerk = await add_clerk(*place, request, enterprise_id=None, actor=OPERATOR, at=NOON)
    return clerk.id


async def registered(shop: Shop, clerk_id: ClerkId, number: str, *, at: datetime = NOON) -> None:
    async with shop.database.transaction() as tx:
        await register_staff_number(
            tx,
            shop.vault,
            shop.world.outlet_id,
            clerk_id,
            number,
            enterprise_id=shop.world.enterprise_id,
            actor=OPERATOR,
            at=at,
        )


async def found(shop: Shop, number: str, *, clerk_id: ClerkId | None = None) -> Staff:
    who = clerk_id or shop.world.clerk_id
    return await numbers(shop).find_staff(shop.world.enterprise_id, who, number, at=LATER)


async def test_a_clerks_document_is_the_clerks_own_and_a_colleagues_to_others(shop: Shop) -> None:
    colleague = await hired(shop, "0002", number=NUMBER)

    assert await found(shop, NUMBER, clerk_id=colleague) is Staff.SELF
    assert await found(shop, NUMBER) is Staff.OTHER
    assert await found(shop, "１１０１０５１９４９１２３１００２x") is Staff.OTHER, "in any spelling"
    assert await found(shop, ANOTHER) is Staff.NONE
    assert await numbers(shop).find_staff(EnterpriseId(new_uuid()), colleague, NUMBER, at=LATER) is Staff.NONE


async def test_numbers_of_several_months_are_found_each_under_its_key(shop: Shop) -> None:
    first, second = await hired(shop, "0002"), await hired(shop, "0003")
    await registered(shop, first, NUMBER)
    await registered(shop, second, ANOTHER, at=NEXT_MONTH)
    async with shop.database.read() as tx:
        keys = {row[0] for row in await tx.execute(select(staff_numbers.c.commitment_key_id))}

    assert len(keys) == 2
    assert await found(shop, NUMBER) is Staff.OTHER
    assert await found(shop, ANOTHER) is Staff.OTHER


async def test_a_number_registered_anew_stands_in_place_of_the_old(shop: Shop) -> None:
    await registered(shop, shop.world.clerk_id, NUMBER)
    await registered(shop, shop.world.clerk_id, ANOTHER)

    assert await found(shop, NUMBER) is Staff.NONE
    assert await found(shop, ANOTHER) is Staff.SELF


async def test_one_person_under_two_clerks_is_still_the_clerk(shop: Shop) -> None:
    await registered(shop, shop.world.clerk_id, NUMBER)
    await hired(shop, "0002", number=NUMBER)

    assert await found(shop, NUMBER) is Staff.SELF


async def test_who_left_is_no_member_of_staff(shop: Shop) -> None:
    gone = await hired(shop, "0002", number=NUMBER)
    async with shop.database.transaction() as tx:
        await retire_clerk(tx, shop.world.outlet_id, gone, enterprise_id=None, actor=OPERATOR, at=NOON)

    assert await found(shop, NUMBER) is Staff.NONE
    with pytest.raises(Problem) as caught:
        await registered(shop, gone, NUMBER)
    assert caught.value.kind is Kind.NOT_FOUND


async def test_a_commitment_whose_key_is_gone_matches_nothing(shop: Shop) -> None:
    await registered(shop, shop.world.clerk_id, NUMBER)
    async with shop.database.transaction() as tx:
        row = (await tx.execute(select(staff_numbers))).one()._mapping
        gone = {"commitment": bytes(8) + row["commitment"][8:], "commitment_key_id": 0}
        await tx.execute(delete(staff_numbers))
        await tx.execute(staff_numbers.insert().values({**row, **gone}))

    assert await found(shop, NUMBER) is Staff.NONE


async def test_a_number_is_committed_to_and_never_kept(shop: Shop) -> None:
    await registered(shop, shop.world.clerk_id, NUMBER)
    async with shop.database.read() as tx:
        row = (await tx.execute(select(staff_numbers))).one()
        entries = await find_entries(tx, shop.world.outlet_id, subject_id=shop.world.clerk_id)

    assert NUMBER not in repr((row, entries, AddClerk(staff_no="1", name="甲", id_number=NUMBER)))
    assert NUMBER.encode() not in row.commitment
    assert entries[-1].action is Action.STAFF_NUMBER_REGISTERED
    assert entries[-1].commitments == {"number": row.commitment}


async def test_another_enterprises_clerk_looks_missing(shop: Shop) -> None:
    stranger = replace(shop.world, enterprise_id=EnterpriseId(new_uuid()))
    nobody = ClerkId(new_uuid())
    for place in (replace(shop, world=stranger), shop):
        with pytest.raises(Problem) as caught:
            await registered(place, shop.world.clerk_id if place is not shop else nobody, NUMBER)
        assert caught.value.kind is Kind.NOT_FOUND
