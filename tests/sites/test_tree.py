"""Enterprises, branches and outlets on a real database."""

import pytest

from acceptance_api.audit import OPERATOR, Action, find_entries
from acceptance_api.kernel.database import Database, Tx
from acceptance_api.kernel.ids import EnterpriseId, OutletId, new_uuid
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.sites import (
    AddOutlet,
    BranchId,
    Enterprise,
    Outlet,
    add_branch,
    add_enterprise,
    add_outlet,
    enterprises_within,
    find_branches,
    find_enterprise,
    find_outlet,
    find_outlets,
    get_outlet,
    outlets_within,
    store,
)
from tests.sites.conftest import NANSHAN, NOON


async def rival_of(tx: Tx) -> Enterprise:
    return await add_enterprise(tx, name="Rival Express", brand="Rival", actor=OPERATOR, at=NOON)


async def test_an_enterprise_is_found_as_it_was_added(database: Database, enterprise: Enterprise) -> None:
    async with database.read() as tx:
        assert await find_enterprise(tx, enterprise.id) == enterprise
        assert await find_enterprise(tx, EnterpriseId(new_uuid())) is None
        (entry,) = await find_entries(tx, enterprise.id)

    assert (entry.action, entry.subject_id, entry.actor) == (Action.ENTERPRISE_ADDED, enterprise.id, OPERATOR)


async def test_branches_form_a_tree(database: Database, enterprise: Enterprise) -> None:
    async with database.transaction() as tx:
        south = await add_branch(tx, enterprise.id, name="South", parent_id=None, actor=OPERATOR, at=NOON)
        city = await add_branch(tx, enterprise.id, name="Shenzhen", parent_id=south.id, actor=OPERATOR, at=NOON)
        request = AddOutlet(name="Nanshan 1", division=NANSHAN, branch_id=city.id)
        outlet = await add_outlet(tx, enterprise.id, request, actor=OPERATOR, at=NOON)

        assert await find_branches(tx, enterprise.id) == (south, city)
        assert await find_outlet(tx, outlet.id) == outlet
        entries = await find_entries(tx, enterprise.id)

    assert city.parent_id == south.id
    assert outlet.branch_id == city.id
    assert [entry.action for entry in entries][1:] == [Action.BRANCH_ADDED, Action.BRANCH_ADDED, Action.OUTLET_ADDED]
    assert [entry.subject_id for entry in entries][1:] == [south.id, city.id, outlet.id]


async def test_a_branch_of_another_enterprise_is_unknown(database: Database, enterprise: Enterprise) -> None:
    async with database.transaction() as tx:
        rival = await rival_of(tx)
        theirs = await add_branch(tx, rival.id, name="North", parent_id=None, actor=OPERATOR, at=NOON)
        with pytest.raises(Problem) as of_branch:
            await add_branch(tx, enterprise.id, name="x", parent_id=theirs.id, actor=OPERATOR, at=NOON)
        request = AddOutlet(name="x", division=NANSHAN, branch_id=theirs.id)
        with pytest.raises(Problem) as of_outlet:
            await add_outlet(tx, enterprise.id, request, actor=OPERATOR, at=NOON)

        assert await find_branches(tx, enterprise.id) == ()

    assert (of_branch.value.kind, of_outlet.value.kind) == (Kind.REFERENCE_UNKNOWN, Kind.REFERENCE_UNKNOWN)
    assert of_branch.value.faults == (Fault("/parent_id", "unknown"),)
    assert of_outlet.value.faults == (Fault("/branch_id", "unknown"),)


@pytest.mark.parametrize(
    "division",
    [
        pytest.param("440000", id="a province is no address"),
        pytest.param("999999", id="unknown"),
        pytest.param("", id="none"),
        pytest.param("4403", id="a prefix"),
    ],
)
async def test_an_outlet_stands_in_a_known_county_or_city(
    database: Database, enterprise: Enterprise, division: str
) -> None:
    async with database.transaction() as tx:
        with pytest.raises(Problem) as caught:
            await add_outlet(tx, enterprise.id, AddOutlet(name="x", division=division), actor=OPERATOR, at=NOON)

        assert await find_outlets(tx, enterprise.id) == ()
    assert (caught.value.kind, caught.value.faults) == (Kind.INVALID, (Fault("/division", "unknown_division"),))


async def test_a_city_will_do(database: Database, enterprise: Enterprise) -> None:
    async with database.transaction() as tx:
        request = AddOutlet(name="Dongguan 1", division="441900")
        outlet = await add_outlet(tx, enterprise.id, request, actor=OPERATOR, at=NOON)

        assert await outlets_within(tx, "4419") == (outlet,)


async def test_nothing_is_added_to_an_unknown_enterprise(database: Database) -> None:
    unknown = EnterpriseId(new_uuid())
    async with database.transaction() as tx:
        with pytest.raises(Problem) as of_branch:
            await add_branch(tx, unknown, name="x", parent_id=BranchId(new_uuid()), actor=OPERATOR, at=NOON)
        with pytest.raises(Problem) as of_outlet:
            await add_outlet(tx, unknown, AddOutlet(name="x", division=NANSHAN), actor=OPERATOR, at=NOON)

    assert (of_branch.value.kind, of_outlet.value.kind) == (Kind.NOT_FOUND, Kind.NOT_FOUND)


async def test_another_enterprises_outlet_looks_missing(
    database: Database, enterprise: Enterprise, outlet: Outlet
) -> None:
    async with database.transaction() as tx:
        rival = await rival_of(tx)

        assert await find_outlet(tx, outlet.id) == outlet
        assert await find_outlet(tx, outlet.id, enterprise_id=enterprise.id) == outlet
        assert await find_outlet(tx, outlet.id, enterprise_id=rival.id) is None
        assert await find_outlet(tx, OutletId(new_uuid())) is None
        assert await get_outlet(tx, outlet.id, enterprise_id=enterprise.id) == outlet
        with pytest.raises(Problem) as caught:
            await get_outlet(tx, outlet.id, enterprise_id=rival.id)

    assert caught.value.kind is Kind.NOT_FOUND


async def test_outlets_are_listed_page_by_page(database: Database, enterprise: Enterprise) -> None:
    async with database.transaction() as tx:
        made = [
            await add_outlet(tx, enterprise.id, AddOutlet(name=f"o{number}", division=NANSHAN), actor=OPERATOR, at=NOON)
            for number in range(3)
        ]
        first = await find_outlets(tx, enterprise.id, limit=2)

        assert [*first, *await find_outlets(tx, enterprise.id, after=first[-1].id)] == made
        assert await find_outlets(tx, (await rival_of(tx)).id) == ()


async def test_a_regulator_finds_the_outlets_of_its_jurisdiction(database: Database, enterprise: Enterprise) -> None:
    async with database.transaction() as tx:
        rival = await rival_of(tx)

        async def add(owner: Enterprise, division: str) -> Outlet:
            request = AddOutlet(name=division, division=division)
            return await add_outlet(tx, owner.id, request, actor=OPERATOR, at=NOON)

        nanshan, futian = await add(enterprise, NANSHAN), await add(rival, "440304")
        guangzhou, chaoyang = await add(enterprise, "440103"), await add(rival, "110105")

        assert await outlets_within(tx, "") == (nanshan, futian, guangzhou, chaoyang)
        assert await outlets_within(tx, "44") == (nanshan, futian, guangzhou)
        assert await outlets_within(tx, "4403") == (nanshan, futian)
        assert await outlets_within(tx, NANSHAN) == (nanshan,)
        assert await outlets_within(tx, "51") == ()
        assert await outlets_within(tx, "", enterprise_id=rival.id) == (futian, chaoyang)
        assert await outlets_within(tx, "44", limit=2) == (nanshan, futian)
        assert await outlets_within(tx, "44", after=futian.id) == (guangzhou,)
        assert await enterprises_within(tx, "44") == (enterprise.id, rival.id)
        assert await enterprises_within(tx, "11") == (rival.id,)
        assert await enterprises_within(tx, "51") == ()


def test_many_outlets_are_asked_for_in_portions() -> None:
    ids = [OutletId(new_uuid()) for _ in range(5)]

    assert list(store._chunks(ids, size=2)) == [ids[:2], ids[2:4], ids[4:]]
    assert list(store._chunks([], size=2)) == []
