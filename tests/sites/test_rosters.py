"""Who works where, a short while ago: as the finders find them, by primary keys, many in one round trip."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from acceptance_api.audit import OPERATOR
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.express import Question, open_lane
from acceptance_api.kernel.ids import ClerkId, MachineId, OutletId, new_uuid
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.sites import (
    AddClerk,
    AddOutlet,
    Clerk,
    Machine,
    Outlet,
    Roster,
    add_clerk,
    add_machine,
    add_outlet,
    retire_clerk,
)
from acceptance_api.sites.outlet_store import CLERK, MACHINE
from acceptance_api.sites.store import OUTLET
from acceptance_api.sites.tables import machines, outlets
from acceptance_api.vault import Vault
from tests.access.lanes import Gate, History, looks_in, plan_of, reader_over
from tests.sites.conftest import NANSHAN, NOON

LAG_S = 2.0
WITHIN, BEYOND = NOON + timedelta(seconds=LAG_S), NOON + timedelta(seconds=LAG_S + 0.001)


@pytest.fixture
async def gate(database: Database) -> AsyncIterator[Gate]:
    """The express lane to the fresh database."""
    lane = open_lane(database)
    yield Gate(lane)
    await lane.close()


@pytest.fixture
def roster(gate: Gate) -> Roster:
    """A roster that knows nothing yet."""
    return Roster(reader_over(gate), lag_s=LAG_S)


@pytest.fixture
async def clerk(database: Database, vault: Vault, outlet: Outlet) -> Clerk:
    """A clerk of the outlet."""
    request = AddClerk(staff_no="0007", name="王小明")
    async with database.transaction() as tx:
        return await add_clerk(tx, vault, outlet.id, request, enterprise_id=None, actor=OPERATOR, at=NOON)


@pytest.fixture
async def machine(database: Database, outlet: Outlet) -> Machine:
    """A machine of the outlet."""
    async with database.transaction() as tx:
        return await add_machine(
            tx, outlet.id, enterprise_id=None, serial="XR-1", certificate_no="GB15208-1", actor=OPERATOR, at=NOON
        )


async def test_they_are_found_as_they_were_added(
    roster: Roster, outlet: Outlet, clerk: Clerk, machine: Machine
) -> None:
    assert await roster.outlet(outlet.id, at=NOON) == outlet
    assert await roster.clerk(outlet.id, clerk.id, at=NOON) == clerk
    assert await roster.machine(outlet.id, machine.id, at=NOON) == machine


async def test_the_unknown_and_the_foreign_look_missing(
    database: Database, roster: Roster, outlet: Outlet, clerk: Clerk, machine: Machine
) -> None:
    async with database.transaction() as tx:
        request = AddOutlet(name="Nanshan 2", division=NANSHAN)
        neighbour = await add_outlet(tx, outlet.enterprise_id, request, actor=OPERATOR, at=NOON)

    assert await roster.outlet(OutletId(new_uuid()), at=NOON) is None
    for place, clerk_id in ((neighbour.id, clerk.id), (outlet.id, ClerkId(new_uuid()))):
        assert await roster.clerk(place, clerk_id, at=NOON) is None
    for place, machine_id in ((neighbour.id, machine.id), (outlet.id, MachineId(new_uuid()))):
        assert await roster.machine(place, machine_id, at=NOON) is None


async def test_a_retired_clerk_looks_missing_at_the_latest_after_the_lag(
    database: Database, roster: Roster, outlet: Outlet, clerk: Clerk
) -> None:
    await roster.clerk(outlet.id, clerk.id, at=NOON)
    async with database.transaction() as tx:
        await retire_clerk(tx, outlet.id, clerk.id, enterprise_id=None, actor=OPERATOR, at=NOON)

    assert await roster.clerk(outlet.id, clerk.id, at=WITHIN) == clerk
    assert await roster.clerk(outlet.id, clerk.id, at=BEYOND) is None


async def test_a_retired_machine_looks_missing_at_the_latest_after_the_lag(
    database: Database, roster: Roster, outlet: Outlet, machine: Machine
) -> None:
    await roster.machine(outlet.id, machine.id, at=NOON)
    async with database.transaction() as tx:
        await tx.execute(update(machines).values(retired_at=NOON))

    assert await roster.machine(outlet.id, machine.id, at=WITHIN) == machine
    assert await roster.machine(outlet.id, machine.id, at=BEYOND) is None


async def test_a_closed_outlet_is_seen_to_be_closed_at_the_latest_after_the_lag(
    database: Database, roster: Roster, outlet: Outlet
) -> None:
    await roster.outlet(outlet.id, at=NOON)
    async with database.transaction() as tx:
        await tx.execute(update(outlets).values(closed_at=NOON))

    assert await roster.outlet(outlet.id, at=WITHIN) == outlet
    closed = await roster.outlet(outlet.id, at=BEYOND)
    assert closed is not None
    assert closed.closed_at == NOON


async def test_many_who_need_the_same_one_share_a_look(gate: Gate, roster: Roster, outlet: Outlet) -> None:
    found = await asyncio.gather(*(roster.outlet(outlet.id, at=NOON) for _ in range(30)))

    assert found == [outlet] * 30
    assert gate.groups == [1]


async def test_many_who_need_different_ones_share_round_trips(
    database: Database, vault: Vault, gate: Gate, roster: Roster, outlet: Outlet
) -> None:
    async with database.transaction() as tx:
        clerks = [
            await add_clerk(
                tx,
                vault,
                outlet.id,
                AddClerk(staff_no=str(number), name="王小明"),
                enterprise_id=None,
                actor=OPERATOR,
                at=NOON,
            )
            for number in range(30)
        ]

    assert await asyncio.gather(*(roster.clerk(outlet.id, clerk.id, at=NOON) for clerk in clerks)) == clerks
    assert sum(gate.groups) == 30
    assert len(gate.groups) <= 2


async def test_without_the_database_nobody_is_known_for_longer_than_the_lag(
    gate: Gate, roster: Roster, outlet: Outlet, tmp_path: Path
) -> None:
    await roster.outlet(outlet.id, at=NOON)
    there, gone = gate.lane, open_lane(Database(f"sqlite+aiosqlite:///{tmp_path}/no/such/directory/file.db"))
    gate.lane = gone

    with pytest.raises(Problem) as caught:
        await roster.outlet(outlet.id, at=BEYOND)
    gate.lane = there

    assert caught.value.kind is Kind.DATABASE_UNAVAILABLE
    assert await roster.outlet(outlet.id, at=BEYOND) == outlet, "it heals"
    await gone.close()


OF_ONE_OUTLET = "FROM generate_series(1, 3000) i, gen_random_uuid() o"


@pytest.mark.parametrize("history", History, ids=lambda history: history.value)
@pytest.mark.parametrize(
    ("question", "fill", "looks"),
    [
        pytest.param(
            CLERK,
            f"INSERT INTO clerks SELECT o, gen_random_uuid(), o, i, '[]', '', 1, now(), null {OF_ONE_OUTLET}",
            {"clerks": ("pk_clerks", "outlet_id", "id")},
            id="a clerk",
        ),
        pytest.param(
            MACHINE,
            f"INSERT INTO machines SELECT o, gen_random_uuid(), o, i, '', now(), null {OF_ONE_OUTLET}",
            {"machines": ("pk_machines", "outlet_id", "id")},
            id="a machine",
        ),
        pytest.param(
            OUTLET,
            "INSERT INTO outlets SELECT e, gen_random_uuid(), null, '', '440305', now(), null"
            " FROM generate_series(1, 3000), gen_random_uuid() e;"
            "INSERT INTO outlet_places SELECT id, enterprise_id, division FROM outlets",
            {
                "outlet_places": ("pk_outlet_places", "outlet_id"),
                "outlets": ("pk_outlets", "enterprise_id", "id"),
            },
            id="an outlet",
        ),
    ],
)
async def test_each_is_found_by_primary_keys(
    postgresql_url: str, history: History, question: Question, fill: str, looks: dict[str, tuple[str, ...]]
) -> None:
    """PostgreSQL might walk through all outlets of an enterprise, or of all divisions."""
    assert looks_in(await plan_of(postgresql_url, question, history=history, fill=fill)) == looks
