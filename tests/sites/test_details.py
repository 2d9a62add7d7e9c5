"""Where an outlet stands and when it closes: said once, said anew, asked together with other outlets."""

from datetime import UTC, datetime, time

import pytest
from sqlalchemy import Uuid

from acceptance_api.audit import OPERATOR, Action, find_entries
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.express import Question, Reader, open_lane
from acceptance_api.kernel.ids import EnterpriseId, OutletId, new_uuid
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.sites import Enterprise, Outlet, OutletDetails, describe_outlet, details_part, find_details
from tests.sites.conftest import NOON

NANSHAN = OutletDetails(latitude=22.533013, longitude=113.93041, closing_time=time(21, 30))
BOTH = Question(
    {"enterprise_id": Uuid(), "one": Uuid(), "other": Uuid()},
    lambda asked: (
        details_part(asked["enterprise_id"], asked["one"]),
        details_part(asked["enterprise_id"], asked["other"]),
    ),
)


async def describe(database: Database, outlet: Outlet, details: OutletDetails) -> None:
    async with database.transaction() as tx:
        await describe_outlet(tx, outlet.id, details, enterprise_id=outlet.enterprise_id, actor=OPERATOR, at=NOON)


async def test_details_are_found_as_said_and_said_anew(database: Database, outlet: Outlet) -> None:
    await describe(database, outlet, NANSHAN)
    async with database.read() as tx:
        first = await find_details(tx, outlet.enterprise_id, outlet.id)
    await describe(database, outlet, OutletDetails(closing_time=time(0, 0)))
    async with database.read() as tx:
        second = await find_details(tx, outlet.enterprise_id, outlet.id)
        foreign = await find_details(tx, EnterpriseId(new_uuid()), outlet.id)
        entries = await find_entries(tx, outlet.id, subject_id=outlet.id)

    assert first == NANSHAN
    assert NANSHAN.location == (22.533013, 113.93041)
    assert second == OutletDetails(closing_time=time(0, 0))
    assert second is not None
    assert second.location is None
    assert foreign is None
    assert [entry.action for entry in entries] == [Action.OUTLET_DESCRIBED] * 2


async def test_two_outlets_are_asked_about_in_one_question(database: Database, outlet: Outlet) -> None:
    await describe(database, outlet, NANSHAN)
    lane = open_lane(database)
    reader = Reader(lane, together_max=8, waiting_max=8)
    nowhere = OutletId(new_uuid())
    found = [
        await reader.ask(BOTH, outlet.enterprise_id, *pair) for pair in ((outlet.id, nowhere), (nowhere, outlet.id))
    ]
    await lane.close()

    assert found == [(NANSHAN, None), (None, NANSHAN)]


async def test_another_enterprises_outlet_looks_missing(
    database: Database, enterprise: Enterprise, outlet: Outlet
) -> None:
    async with database.transaction() as tx:
        with pytest.raises(Problem) as caught:
            await describe_outlet(
                tx, outlet.id, NANSHAN, enterprise_id=EnterpriseId(new_uuid()), actor=OPERATOR, at=NOON
            )

    assert caught.value.kind is Kind.NOT_FOUND
    assert enterprise.id == outlet.enterprise_id


@pytest.mark.parametrize(
    ("closing", "hour_in_china", "minute", "left"),
    [
        pytest.param(time(21, 30), 21, 0, 30, id="half an hour before"),
        pytest.param(time(21, 30), 21, 30, 0, id="now"),
        pytest.param(time(21, 30), 22, 0, -30, id="half an hour late"),
        pytest.param(time(21, 30), 23, 31, 1319, id="long after it is before the next"),
        pytest.param(time(21, 30), 8, 0, 810, id="in the morning"),
        pytest.param(time(0, 30), 23, 30, 60, id="it closes after midnight"),
        pytest.param(None, 21, 0, None, id="nobody said when"),
    ],
)
def test_minutes_to_closing(closing: time | None, hour_in_china: int, minute: int, left: int | None) -> None:
    at = datetime(2026, 11, 23, (hour_in_china - 8) % 24, minute, 40, tzinfo=UTC)

    assert OutletDetails(closing_time=closing).minutes_to_closing(at) == left
