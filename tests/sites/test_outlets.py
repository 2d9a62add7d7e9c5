"""What belongs to one outlet: counters, clerks, machines, on a real database."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import update

from acceptance_api.audit import OPERATOR, Action, find_entries
from acceptance_api.kernel.database import Database, Tx
from acceptance_api.kernel.ids import ClerkId, EnterpriseId, MachineId, OutletId, new_uuid
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.sites import (
    CLERK_NAME,
    AddClerk,
    Clerk,
    ClerkRole,
    Machine,
    Outlet,
    add_clerk,
    add_counter,
    add_machine,
    find_clerk,
    find_clerks,
    find_counters,
    find_machine,
    find_machines,
    retire_clerk,
)
from acceptance_api.sites.tables import machines
from acceptance_api.vault import Vault
from tests.sites.conftest import NOON

WANG = AddClerk(staff_no="0007", name="王小明", roles=frozenset({ClerkRole.CLERK, ClerkRole.SCREENER}))


async def hire(tx: Tx, vault: Vault, outlet: Outlet, request: AddClerk = WANG) -> Clerk:
    return await add_clerk(tx, vault, outlet.id, request, enterprise_id=None, actor=OPERATOR, at=NOON)


async def install(tx: Tx, outlet: Outlet) -> Machine:
    return await add_machine(
        tx, outlet.id, enterprise_id=None, serial="XR-1", certificate_no="GB15208-1", actor=OPERATOR, at=NOON
    )


async def actions(tx: Tx, outlet: Outlet) -> list[Action]:
    return [entry.action for entry in await find_entries(tx, outlet.id)]


async def test_counters_of_an_outlet(database: Database, outlet: Outlet) -> None:
    async with database.transaction() as tx:
        made = [
            await add_counter(tx, outlet.id, enterprise_id=outlet.enterprise_id, name=name, actor=OPERATOR, at=NOON)
            for name in ("1", "2")
        ]
        with pytest.raises(Problem) as caught:
            await add_counter(tx, outlet.id, enterprise_id=None, name="1", actor=OPERATOR, at=NOON)

        assert await find_counters(tx, outlet.id) == tuple(made)
        assert await find_counters(tx, OutletId(new_uuid())) == ()
        assert await actions(tx, outlet) == [Action.COUNTER_ADDED] * 2

    assert caught.value.kind is Kind.ALREADY_EXISTS


async def test_a_clerk_is_found_as_added_and_the_name_is_sealed(
    database: Database, vault: Vault, outlet: Outlet
) -> None:
    async with database.transaction() as tx:
        clerk = await hire(tx, vault, outlet)
        scope = await vault.scope(outlet.enterprise_id, at=NOON)

        assert await find_clerk(tx, outlet.id, clerk.id) == clerk
        assert await find_clerks(tx, outlet.id) == (clerk,)
        (entry,) = await find_entries(tx, outlet.id)

    assert clerk.roles == WANG.roles
    assert clerk.seal_key_id == scope.key_id
    assert len(clerk.name_sealed) == len(scope.seal(CLERK_NAME, clerk.id, "x")), "padded: it hides the length"
    assert WANG.name.encode() not in clerk.name_sealed
    assert WANG.name not in repr((WANG, clerk, entry))
    assert (entry.action, entry.subject_id) == (Action.CLERK_ADDED, clerk.id)


async def test_a_clerk_works_at_one_outlet_only(database: Database, vault: Vault, outlet: Outlet) -> None:
    async with database.transaction() as tx:
        clerk = await hire(tx, vault, outlet)

        assert await find_clerk(tx, OutletId(new_uuid()), clerk.id) is None
        assert await find_clerk(tx, outlet.id, ClerkId(new_uuid())) is None


async def test_a_retired_clerk_looks_missing_but_stays_on_record(
    database: Database, vault: Vault, outlet: Outlet
) -> None:
    async with database.transaction() as tx:
        clerk = await hire(tx, vault, outlet)
        for _ in range(2):
            await retire_clerk(tx, outlet.id, clerk.id, enterprise_id=outlet.enterprise_id, actor=OPERATOR, at=NOON)
        (retired,) = await find_clerks(tx, outlet.id)

        assert await find_clerk(tx, outlet.id, clerk.id) is None
        assert await find_clerk(tx, outlet.id, clerk.id, even_retired=True) == retired
        assert retired.retired_at == NOON
        assert await actions(tx, outlet) == [Action.CLERK_ADDED, Action.CLERK_RETIRED]


async def test_a_staff_number_comes_back_only_after_its_bearer_is_gone(
    database: Database, vault: Vault, outlet: Outlet
) -> None:
    async with database.transaction() as tx:
        clerk = await hire(tx, vault, outlet)
        with pytest.raises(Problem) as caught:
            await hire(tx, vault, outlet)
        await retire_clerk(tx, outlet.id, clerk.id, enterprise_id=None, actor=OPERATOR, at=NOON)
        again = await hire(tx, vault, outlet)

        assert {known.id for known in await find_clerks(tx, outlet.id)} == {clerk.id, again.id}

    assert caught.value.kind is Kind.ALREADY_EXISTS


async def test_machines_of_an_outlet(database: Database, outlet: Outlet) -> None:
    async with database.transaction() as tx:
        machine = await install(tx, outlet)
        with pytest.raises(Problem) as caught:
            await install(tx, outlet)

        assert await find_machine(tx, outlet.id, machine.id) == machine
        assert await find_machine(tx, outlet.id, MachineId(new_uuid())) is None
        assert await find_machine(tx, OutletId(new_uuid()), machine.id) is None
        assert await find_machines(tx, outlet.id) == (machine,)
        assert await actions(tx, outlet) == [Action.MACHINE_ADDED]

    assert caught.value.kind is Kind.ALREADY_EXISTS


async def test_a_retired_machine_looks_missing_but_stays_on_record(database: Database, outlet: Outlet) -> None:
    async with database.transaction() as tx:
        machine = await install(tx, outlet)
        await tx.execute(update(machines).values(retired_at=NOON))

        assert await find_machine(tx, outlet.id, machine.id) is None
        assert await find_machine(tx, outlet.id, machine.id, even_retired=True) is not None


async def counter(tx: Tx, _vault: Vault, outlet_id: OutletId, owner: EnterpriseId) -> None:
    await add_counter(tx, outlet_id, enterprise_id=owner, name="1", actor=OPERATOR, at=NOON)


async def clerk_(tx: Tx, vault: Vault, outlet_id: OutletId, owner: EnterpriseId) -> None:
    await add_clerk(tx, vault, outlet_id, WANG, enterprise_id=owner, actor=OPERATOR, at=NOON)


async def retirement(tx: Tx, _vault: Vault, outlet_id: OutletId, owner: EnterpriseId) -> None:
    for clerk in await find_clerks(tx, outlet_id):
        await retire_clerk(tx, outlet_id, clerk.id, enterprise_id=owner, actor=OPERATOR, at=NOON)


async def machine_(tx: Tx, _vault: Vault, outlet_id: OutletId, owner: EnterpriseId) -> None:
    await add_machine(tx, outlet_id, enterprise_id=owner, serial="1", certificate_no="1", actor=OPERATOR, at=NOON)


@pytest.mark.parametrize("act", [counter, clerk_, retirement, machine_])
async def test_another_enterprises_outlet_looks_missing(
    database: Database,
    vault: Vault,
    outlet: Outlet,
    act: Callable[[Tx, Vault, OutletId, EnterpriseId], Awaitable[None]],
) -> None:
    async with database.transaction() as tx:
        await hire(tx, vault, outlet)
        with pytest.raises(Problem) as caught:
            await act(tx, vault, outlet.id, EnterpriseId(new_uuid()))

        assert await actions(tx, outlet) == [Action.CLERK_ADDED]

    assert caught.value.kind is Kind.NOT_FOUND


async def test_an_unknown_clerk_cannot_be_retired(database: Database, outlet: Outlet) -> None:
    async with database.transaction() as tx:
        with pytest.raises(Problem) as caught:
            await retire_clerk(tx, outlet.id, ClerkId(new_uuid()), enterprise_id=None, actor=OPERATOR, at=NOON)

    assert caught.value.kind is Kind.NOT_FOUND
