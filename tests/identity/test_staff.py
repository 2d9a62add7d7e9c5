"""A verification says whether its document is a member of staff's, and tells a decision."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Uuid

from acceptance_api.audit import OPERATOR, find_entries
from acceptance_api.identity import (
    Verification,
    VerifyingDesk,
    ask_about,
    draft_verification,
    find_verification,
    identified_part,
)
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.express import Question
from acceptance_api.kernel.ids import ClerkId
from acceptance_api.sites import AddClerk, Staff, StaffNumbers, add_clerk, register_staff_number
from tests.support.authorities import MATCHING, PretendAuthority
from tests.support.builders import NOON, VERIFICATION_SERVES, Shop, open_shop, verifying

IDENTIFIED = Question(
    {"outlet_id": Uuid(), "id": Uuid()}, lambda asked: (identified_part(asked["outlet_id"], asked["id"]),)
)


@pytest.fixture
async def shop(database: Database, tmp_path: Path) -> AsyncIterator[Shop]:
    """A shop in a fresh database, with keys of its own."""
    async with open_shop(database, tmp_path) as opened:
        yield opened


async def verified(shop: Shop, *, looks: bool = True) -> Verification:
    numbers = StaffNumbers(shop.database, shop.reader, shop.vault, lag_s=0) if looks else None
    desk = VerifyingDesk(authority=PretendAuthority(), vault=shop.vault, lifetime=VERIFICATION_SERVES, staff=numbers)
    question = await ask_about(desk, shop.caller, verifying(), at=NOON)
    verification, record = await draft_verification(desk, shop.caller, question, at=NOON)
    await shop.writer.add(record)
    return verification


async def register(shop: Shop, clerk_id: ClerkId) -> None:
    place = shop.world.outlet_id, clerk_id
    async with shop.database.transaction() as tx:
        await register_staff_number(tx, shop.vault, *place, MATCHING, enterprise_id=None, actor=OPERATOR, at=NOON)


async def colleague(shop: Shop) -> ClerkId:
    request = AddClerk(staff_no="0002", name="示例收寄员乙")
    async with shop.database.transaction() as tx:
        place = (tx, shop.vault, shop.world.outlet_id)
        return (await add_clerk(*place, request, enterprise_id=None, actor=OPERATOR, at=NOON)).id


async def check_told(shop: Shop, verification: Verification, staff: Staff | None) -> None:
    """The record, the part of a decision's question and the trail say the same."""
    async with shop.database.read() as tx:
        stored = await find_verification(tx, shop.world.outlet_id, verification.id)
        (entry,) = await find_entries(tx, shop.world.outlet_id, subject_id=verification.id)
    (identified,) = await shop.reader.ask(IDENTIFIED, shop.world.outlet_id, verification.id)

    assert stored == verification
    assert (verification.staff, identified.staff, entry.detail["staff"]) == (staff, staff, staff)
    assert identified == verification.identified


async def test_the_clerks_own_document_is_told_of(shop: Shop) -> None:
    await register(shop, shop.world.clerk_id)
    await check_told(shop, await verified(shop), Staff.SELF)


async def test_a_colleagues_document_is_told_of(shop: Shop) -> None:
    await register(shop, await colleague(shop))
    await check_told(shop, await verified(shop), Staff.OTHER)


async def test_anybody_elses_is_nobodys(shop: Shop) -> None:
    await check_told(shop, await verified(shop), Staff.NONE)


async def test_where_nobody_looks_nothing_is_said(shop: Shop) -> None:
    await register(shop, shop.world.clerk_id)
    await check_told(shop, await verified(shop, looks=False), None)
