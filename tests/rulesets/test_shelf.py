"""The approved rule sets, a short while ago: the very same tuple while nothing was approved."""

import asyncio
from datetime import timedelta

import pytest

from acceptance_api.kernel.database import Database
from acceptance_api.kernel.ids import EnterpriseId, new_uuid
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.rulesets import Shelf, digest_of, find_approved, in_force
from tests.rulesets.conftest import HOUR, NOON, Room, a_brand

LAG_S = 2.0
BEYOND = timedelta(seconds=LAG_S + 0.001)


@pytest.fixture
def shelf(database: Database) -> Shelf:
    """A shelf that knows nothing yet."""
    return Shelf(database, lag_s=LAG_S)


async def test_all_that_may_concern_an_enterprise_stands_on_its_shelf(
    shelf: Shelf, database: Database, brand: Room, agency: Room, installation: Room
) -> None:
    other = await a_brand(database, "他家快递")
    for room in (other, agency, brand, installation):
        await room.approved(name=f"of-{room.layer}")
    await brand.approved(name="of-brand")
    await brand.propose(name="of-brand")
    await brand.reject((await brand.propose(name="rejected")).key)

    found = await shelf.of(EnterpriseId(brand.owner_id), at=NOON)

    assert [one.version for one in found] == ["of-statutory@1", "of-brand@1", "of-brand@2", "of-campaign@1"]
    assert {one.owner_id for one in found} == {room.owner_id for room in (installation, brand, agency)}
    assert all(digest_of(one) == one.digest for one in found)
    assert [one.version for one in in_force(found, at=NOON)] == ["of-statutory@1", "of-brand@2", "of-campaign@1"]
    async with database.read() as tx:
        assert await find_approved(tx, brand.owner_id) == found


async def test_it_is_the_same_tuple_until_something_is_approved(shelf: Shelf, brand: Room) -> None:
    enterprise_id = EnterpriseId(brand.owner_id)
    await brand.approved()
    first = await shelf.of(enterprise_id, at=NOON)
    await brand.propose(name="autumn")
    again = await shelf.of(enterprise_id, at=NOON + BEYOND)
    await brand.approved(name="winter")
    later = await shelf.of(enterprise_id, at=NOON + 2 * BEYOND)

    assert again is first
    assert [one.version for one in later] == ["spring@1", "winter@1"]
    assert later[0] is first[0]


async def test_an_enterprise_without_rules_has_one_empty_tuple(shelf: Shelf) -> None:
    enterprise_id = EnterpriseId(new_uuid())

    assert await shelf.of(enterprise_id, at=NOON) == ()
    assert await shelf.of(enterprise_id, at=NOON) is await shelf.of(enterprise_id, at=NOON + BEYOND)


async def test_what_was_approved_counts_at_the_latest_after_the_lag(shelf: Shelf, brand: Room) -> None:
    enterprise_id = EnterpriseId(brand.owner_id)
    await shelf.of(enterprise_id, at=NOON)
    await brand.approved()

    assert await shelf.of(enterprise_id, at=NOON) == ()
    assert len(await shelf.of(enterprise_id, at=NOON + BEYOND)) == 1


async def test_one_edition_is_one_object_for_all_enterprises(
    shelf: Shelf, database: Database, brand: Room, agency: Room
) -> None:
    other = await a_brand(database, "他家快递")
    await agency.approved()
    one, two = await asyncio.gather(*(shelf.of(EnterpriseId(room.owner_id), at=NOON) for room in (brand, other)))

    assert one[0] is two[0]


async def test_more_editions_than_one_statement_reads_are_read(shelf: Shelf, brand: Room) -> None:
    for number in range(105):
        await brand.approved(name=f"set-{number}")

    assert len(await shelf.of(EnterpriseId(brand.owner_id), at=NOON)) == 105


async def test_a_shelf_that_cannot_look_says_so(brand: Room) -> None:
    shelf = Shelf(Database("sqlite+aiosqlite:////nowhere/at/all.db"), lag_s=LAG_S)
    with pytest.raises(Problem) as caught:
        await shelf.of(EnterpriseId(brand.owner_id), at=NOON + HOUR)

    assert caught.value.kind is Kind.DATABASE_UNAVAILABLE
