"""A rehearsal looks at every decision of its window and jurisdiction once, whoever is killed meanwhile."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update

from acceptance_api.acceptance import (
    RehearsalState,
    RequestRehearsal,
    Window,
    advance_rehearsal,
    get_rehearsal,
    leave_rehearsal,
    request_rehearsal,
    take_up_rehearsal,
)
from acceptance_api.acceptance.rehearsal_findings import OUTLETS_MAX
from acceptance_api.acceptance.rehearsal_model import UNFINISHED_MAX, WINDOW_MAX, RehearsalFailure
from acceptance_api.acceptance.tables import acceptances, decisions
from acceptance_api.access import Caller
from acceptance_api.audit import Action, find_entries
from acceptance_api.kernel.ids import RehearsalId, new_uuid
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.rulesets import RuleSetKey
from acceptance_api.rulesets.tables import rule_sets
from tests.acceptance.rehearsed import (
    DAY,
    HOUR,
    LATER,
    LEASE,
    WINDOW,
    Archive,
    archive_of,
    looked_up,
    outlet_in,
    propose,
    rehearsed,
    requested,
    taken,
)
from tests.support.builders import NOON, Shop, open_shop


@pytest.fixture
async def regulator(shop: Shop) -> Caller:
    """The agency of the whole country, which has proposed a campaign about parcels to Beijing."""
    caller = await shop.caller_of(shop.world.regulator)
    async with shop.database.transaction() as tx:
        await propose(tx, caller)
    return caller


@pytest.fixture
async def archive(shop: Shop) -> Archive:
    """One accepted parcel from Beijing to Beijing."""
    return await archive_of(shop.database, await shop.decide(await shop.ready()))


@pytest.fixture
async def stranger(shop: Shop, tmp_path: Path) -> AsyncIterator[Caller]:
    """Another agency."""
    async with open_shop(shop.database, tmp_path, division="310101") as theirs:
        yield await theirs.caller_of(theirs.world.regulator)


async def test_what_was_accepted_and_would_have_been_held_is_found(archive: Archive, regulator: Caller) -> None:
    await archive.add([NOON + HOUR, NOON + DAY])
    await archive.add([NOON + DAY], outcome="refused")
    await archive.add([NOON + DAY], outcome="held")
    one = await rehearsed(archive.database, await requested(archive.database, regulator))

    assert one.findings is not None
    assert (one.state, one.seen, one.total, one.percent) == (RehearsalState.FINISHED, 5, 5, 100.0)
    assert one.findings.totals.as_json() == {
        "seen": 5,
        "concerned": 5,
        "refused_before": 1,
        "held_before": 1,
        "would_hold": 3,
        "would_refuse": 0,
        "screened_again": 4,
        "returned": 4,
    }
    assert dict(one.findings.grounds) == {
        "not_screened": 4,
        "screening_mark_missing": 4,
        "addressee_not_verified": 4,
    }
    assert {day.isoformat(): tally.seen for day, tally in one.findings.days.items()} == {
        "2026-11-23": 2,
        "2026-11-24": 3,
    }
    (outlet,) = one.findings.ranked()
    assert (outlet.outlet_id, outlet.division) == (archive.acceptance["outlet_id"], "110105")


async def test_the_counters_first_word_counts_and_a_correction_is_no_second_parcel(
    shop: Shop, archive: Archive, regulator: Caller
) -> None:
    async with shop.database.transaction() as tx:
        await tx.execute(insert(acceptances), {**archive.acceptance, "revision": 2, "recorded_at": NOON + HOUR})
        later = {**archive.decision, "sequence": 2, "revision": 2, "id": new_uuid(), "outcome": "refused"}
        await tx.execute(insert(decisions), later)
    one = await rehearsed(shop.database, await requested(shop.database, regulator))

    assert one.findings is not None
    assert (one.seen, one.findings.totals.would_hold, one.findings.totals.refused_before) == (1, 1, 0)


async def test_the_window_is_half_open_and_ends_where_it_was_asked_for(archive: Archive, regulator: Caller) -> None:
    await archive.add([WINDOW.since, WINDOW.until - timedelta(microseconds=1)])
    await archive.add([WINDOW.since - timedelta(microseconds=1), WINDOW.until])
    within = await rehearsed(archive.database, await requested(archive.database, regulator))
    early = await requested(archive.database, regulator, at=NOON + DAY)
    so_far = await rehearsed(archive.database, early)

    assert (within.seen, so_far.seen) == (3, 2)


async def test_only_outlets_within_the_jurisdiction_are_looked_at(
    shop: Shop, archive: Archive, regulator: Caller
) -> None:
    for division in ("310101", "110101", "120101"):
        await archive.add([NOON + HOUR], outlet_id=await outlet_in(shop, division))
    limited = replace(regulator, client=replace(regulator.client, jurisdiction="1101"))
    everywhere = await rehearsed(shop.database, await requested(shop.database, regulator))
    city = await rehearsed(shop.database, await requested(shop.database, limited))

    assert everywhere.findings is not None
    assert city.findings is not None
    assert (everywhere.seen, city.seen, city.jurisdiction) == (4, 2, "1101")
    assert {one.division for one in city.findings.ranked()} == {"110105", "110101"}


async def test_a_wider_rehearsal_is_not_shown_to_a_client_that_may_look_less_far(shop: Shop, regulator: Caller) -> None:
    one = await requested(shop.database, regulator)
    limited = replace(regulator, client=replace(regulator.client, jurisdiction="11"))
    key = RuleSetKey(owner_id=regulator.agency_id, name="draft", edition=1)
    async with shop.database.read() as tx:
        assert await get_rehearsal(tx, regulator, key, one.id) == one
        with pytest.raises(Problem) as found:
            await get_rehearsal(tx, limited, key, one.id)

    assert found.value.kind is Kind.NOT_FOUND


async def test_every_piece_counts_once_although_each_worker_is_killed_after_one(
    shop: Shop, archive: Archive, regulator: Caller
) -> None:
    others = [await outlet_in(shop, "110101") for _ in range(3)]
    for outlet_id in others[:2]:
        await archive.add([NOON + HOUR] * 5 + [NOON + 2 * HOUR] * 12, outlet_id=outlet_id)
    asked = await requested(shop.database, regulator)
    seen, at = [], LATER
    while True:
        desk, run = await taken(shop.database, asked, at=at)
        while run.total is None:
            assert await advance_rehearsal(desk, run, at=at)
        if not await advance_rehearsal(desk, run, at=at):
            break
        seen.append((await looked_up(shop.database, asked)).seen)
        assert await take_up_rehearsal(desk, asked.key, at=at) is None, "its lease has not lapsed"
        at += LEASE
    whole = await rehearsed(shop.database, await requested(shop.database, regulator), piece=1_000)
    pieces = await looked_up(shop.database, asked)

    assert seen == [7, 14, 21, 28, 35, 35], "the last piece is an outlet that recorded nothing"
    assert pieces.findings is not None
    assert whole.findings is not None
    assert pieces.findings.as_json() == whole.findings.as_json()
    assert (pieces.seen, pieces.total) == (35, 35)


async def test_a_run_that_lost_its_lease_keeps_nothing(shop: Shop, archive: Archive, regulator: Caller) -> None:
    await archive.add([NOON + HOUR] * 20)
    asked = await requested(shop.database, regulator)
    desk, first = await taken(shop.database, asked)
    assert await advance_rehearsal(desk, first, at=LATER)
    _, second = await taken(shop.database, asked, at=LATER + LEASE)
    assert await advance_rehearsal(desk, second, at=LATER + LEASE)
    kept = await looked_up(shop.database, asked)

    assert not await advance_rehearsal(desk, first, at=LATER + LEASE)
    assert await looked_up(shop.database, asked) == kept
    await leave_rehearsal(desk, first)
    assert (await looked_up(shop.database, asked)).state is RehearsalState.RUNNING
    await leave_rehearsal(desk, second)
    assert (await looked_up(shop.database, asked)).state is RehearsalState.QUEUED
    assert (await rehearsed(shop.database, asked)).seen == 21


@pytest.mark.parametrize(
    ("decided", "failure"),
    [
        pytest.param({"rules": {"statutory": "1999-01-01"}}, RehearsalFailure.EDITION_UNKNOWN, id="no such edition"),
        pytest.param({"facts": {"on": "2026-11-23"}}, RehearsalFailure.FACTS_UNREADABLE, id="no such facts"),
    ],
)
async def test_a_rehearsal_that_cannot_be_ended_says_why_and_what_it_found(
    archive: Archive, regulator: Caller, decided: dict[str, Any], failure: RehearsalFailure
) -> None:
    await archive.add([NOON + HOUR] * 10)
    await archive.add([NOON + DAY], **decided)
    one = await rehearsed(archive.database, await requested(archive.database, regulator))

    assert (one.state, one.failure, one.seen, one.total) == (RehearsalState.FAILED, failure, 7, 12)
    assert one.percent < 100


async def test_a_draft_that_this_release_cannot_read_is_told(shop: Shop, regulator: Caller) -> None:
    async with shop.database.transaction() as tx:
        await tx.execute(update(rule_sets).where(rule_sets.c.name == "draft").values(content={"overlays": []}))
    one = await rehearsed(shop.database, await requested(shop.database, regulator))

    assert (one.state, one.failure) == (RehearsalState.FAILED, RehearsalFailure.DRAFT_UNREADABLE)


async def test_decisions_of_before_destinations_were_stored_take_them_from_the_record(
    archive: Archive, regulator: Caller
) -> None:
    facts = {name: value for name, value in archive.decision["facts"].items() if name not in {"country", "division"}}
    await archive.add([NOON + HOUR], facts=facts)
    one = await rehearsed(archive.database, await requested(archive.database, regulator))

    assert one.findings is not None
    assert one.findings.totals.would_hold == 2


async def test_asking_and_ending_are_in_the_agencys_trail(archive: Archive, regulator: Caller) -> None:
    one = await rehearsed(archive.database, await requested(archive.database, regulator))
    async with archive.database.read() as tx:
        trail = await find_entries(tx, regulator.agency_id, limit=100)

    assert [entry.action for entry in trail if entry.subject_id == one.id] == [
        Action.REHEARSAL_REQUESTED,
        Action.REHEARSAL_FINISHED,
    ]
    (ended,) = [entry for entry in trail if entry.action is Action.REHEARSAL_FINISHED]
    assert ended.actor.client_id == regulator.client.id
    assert (ended.detail["would_hold"], ended.detail["state"]) == (1, "finished")


async def test_a_rehearsal_is_asked_for_once(shop: Shop, regulator: Caller) -> None:
    request = RequestRehearsal(id=RehearsalId(new_uuid()), name="draft", edition=1, window=WINDOW)
    async with shop.database.transaction() as tx:
        first, is_new = await request_rehearsal(tx, regulator, request, at=LATER)
        again, is_new_again = await request_rehearsal(tx, regulator, request, at=LATER + HOUR)
        longer = replace(request, window=Window(WINDOW.since, LATER))
        with pytest.raises(Problem) as other:
            await request_rehearsal(tx, regulator, longer, at=LATER)

    assert (first, is_new, is_new_again) == (again, True, False)
    assert other.value.kind is Kind.ID_CONFLICT


@pytest.mark.parametrize(
    ("window", "pointer"),
    [
        pytest.param(Window(NOON, NOON), "/until", id="empty"),
        pytest.param(Window(NOON, NOON + WINDOW_MAX + timedelta(microseconds=1)), "/until", id="too long"),
        pytest.param(Window(LATER, LATER + DAY), "/since", id="not begun"),
    ],
)
async def test_a_period_that_cannot_be_looked_at_is_pointed_at(
    shop: Shop, regulator: Caller, window: Window, pointer: str
) -> None:
    with pytest.raises(Problem) as found:
        await requested(shop.database, regulator, window)

    assert (found.value.kind, [fault.pointer for fault in found.value.faults]) == (Kind.INVALID, [pointer])


@pytest.mark.usefixtures("regulator")
async def test_another_agencys_campaign_cannot_be_rehearsed(shop: Shop, stranger: Caller) -> None:
    with pytest.raises(Problem) as found:
        await requested(shop.database, stranger)

    assert found.value.kind is Kind.NOT_FOUND


async def test_an_agency_does_not_let_wait_more_than_the_worker_can_do(shop: Shop, regulator: Caller) -> None:
    asked = [await requested(shop.database, regulator) for _ in range(UNFINISHED_MAX)]
    with pytest.raises(Problem) as found:
        await requested(shop.database, regulator)
    await rehearsed(shop.database, asked[-1])
    await requested(shop.database, regulator)

    assert found.value.kind is Kind.OVERLOADED


async def test_of_many_outlets_those_with_the_most_to_do_are_told_and_the_rest_is_summed(
    shop: Shop, archive: Archive, regulator: Caller
) -> None:
    outlets = [await outlet_in(shop, "110101") for _ in range(OUTLETS_MAX + 10)]
    for number, outlet_id in enumerate(outlets):
        await archive.add([NOON + HOUR] * (1 + number % 2), outlet_id=outlet_id, outcome="accepted")
    one = await rehearsed(shop.database, await requested(shop.database, regulator), piece=50)

    assert one.findings is not None
    ranked, totals = one.findings.ranked(), one.findings.totals
    assert [len(ranked), one.findings.other_outlets] == [OUTLETS_MAX, 11]
    assert [each.tally.would_hold for each in ranked[:105]] == [2] * 105
    assert {each.tally.would_hold for each in ranked[105:]} == {1}
    assert totals.would_hold == sum(each.tally.would_hold for each in ranked) + one.findings.others.would_hold == 316
