"""An edition is approved or rejected by another person, once, and only the newest can be approved."""

from dataclasses import replace
from uuid import UUID

import pytest

from acceptance_api.access import Audience, Caller, Permission
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.ids import EntryId, new_uuid
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.rulesets import (
    Found,
    Outcome,
    RuleSetKey,
    State,
    find_editions,
    find_proposal,
    find_proposals,
    store,
)
from tests.rulesets.conftest import FIRST, HOUR, NOON, SECOND, Room, a_brand, a_client


async def test_an_approval_is_recorded_and_in_the_trail(brand: Room) -> None:
    key = (await brand.propose()).key
    approved = await brand.approve(key, at=NOON + HOUR)
    async with brand.database.read() as tx:
        kept = await find_proposal(tx, key)

    assert kept == approved
    assert (kept.state, kept.rule_set.approved_at, kept.reason) == (State.APPROVED, NOON + HOUR, None)
    assert kept.answered is not None
    assert (kept.answered.by, kept.answered.at) == (SECOND, NOON + HOUR)
    assert [entry.action.value for entry in await brand.trail()] == ["rule_set.proposed", "rule_set.approved"]
    assert {entry.detail["digest"] for entry in await brand.trail()} == {kept.rule_set.digest.hex()}


async def test_a_rejection_is_recorded_with_its_reason_and_binds_nobody(brand: Room) -> None:
    key = (await brand.propose()).key
    rejected = await brand.reject(key)
    async with brand.database.read() as tx:
        kept = await find_proposal(tx, key)

    assert kept == rejected
    assert (kept.state, kept.rule_set.approved_at, kept.reason) == (State.REJECTED, None, "示例理由")
    assert [entry.action.value for entry in await brand.trail()] == ["rule_set.proposed", "rule_set.rejected"]


async def test_nobody_answers_alone(brand: Room) -> None:
    key = (await brand.propose()).key
    for answer in (brand.approve, brand.reject):
        for by, caller in ((FIRST, brand.second), (FIRST.lower(), brand.second), (SECOND, brand.first)):
            with pytest.raises(Problem) as caught:
                await answer(key, by=by, caller=caller)
            assert caught.value.kind is Kind.SECOND_PERSON_REQUIRED
    async with brand.database.read() as tx:
        kept = await find_proposal(tx, key)

    assert kept is not None
    assert kept.state is State.PROPOSED


async def test_two_persons_at_the_operators_command_are_two(installation: Room) -> None:
    key = (await installation.propose()).key
    with pytest.raises(Problem) as caught:
        await installation.approve(key, by=FIRST)
    approved = await installation.approve(key, by=SECOND)

    assert caught.value.kind is Kind.SECOND_PERSON_REQUIRED
    assert approved.state is State.APPROVED


async def test_the_operator_may_be_the_second_person_of_a_brand(brand: Room) -> None:
    key = (await brand.propose()).key
    with pytest.raises(Problem):
        await replace(brand, second=None).approve(key, by=FIRST)

    assert (await replace(brand, second=None).approve(key)).state is State.APPROVED


@pytest.mark.parametrize("first", list(Outcome))
@pytest.mark.parametrize("second", list(Outcome))
async def test_an_edition_is_answered_once(brand: Room, first: Outcome, second: Outcome) -> None:
    key = (await brand.propose()).key
    answers = {Outcome.APPROVED: brand.approve, Outcome.REJECTED: brand.reject}
    await answers[first](key)
    with pytest.raises(Problem) as caught:
        await answers[second](key)

    assert caught.value.kind is Kind.RULE_SET_SETTLED


async def test_an_answer_that_was_given_meanwhile_is_the_answer(brand: Room) -> None:
    proposal = await brand.propose()
    approved = await brand.approve(proposal.key)
    (*_, entry) = await brand.trail()
    assert approved.answered is not None
    new = replace(entry, id=EntryId(new_uuid()))
    with pytest.raises(Problem) as caught:
        async with brand.database.transaction() as tx:
            await store.add_outcome(tx, proposal.key, Outcome.REJECTED, approved.answered, reason="x", entry=new)

    assert caught.value.kind is Kind.RULE_SET_SETTLED
    assert len(await brand.trail()) == 2


async def test_only_the_newest_edition_can_be_approved(brand: Room) -> None:
    older, newer = await brand.propose(), await brand.propose()
    with pytest.raises(Problem) as caught:
        await brand.approve(older.key)

    assert caught.value.kind is Kind.RULE_SET_SUPERSEDED
    assert (await brand.reject(older.key)).state is State.REJECTED
    assert (await brand.approve(newer.key)).state is State.APPROVED


async def test_a_newer_edition_supersedes_the_older_one(brand: Room) -> None:
    first, second = await brand.approved(), await brand.approved(at=NOON + HOUR)
    await brand.propose()
    async with brand.database.read() as tx:
        editions = await find_editions(tx, brand.owner_id, "spring")

    assert [one.state for one in editions] == [State.PROPOSED, State.APPROVED, State.SUPERSEDED]
    assert [one.key for one in editions[1:]] == [second.key, first.key]


async def test_a_campaign_that_freezes_changes_stops_the_approval_of_a_brands_rules(brand: Room, agency: Room) -> None:
    key = (await brand.propose()).key
    with pytest.raises(Problem) as caught:
        await brand.approve(key, frozen_by="two-sessions@3")

    assert caught.value.kind is Kind.RULES_FROZEN
    assert [fault.params for fault in caught.value.faults] == [{"by": "two-sessions@3"}]
    assert (await brand.reject(key)).state is State.REJECTED
    campaign = await agency.propose()
    assert (await agency.approve(campaign.key, frozen_by="two-sessions@3")).state is State.APPROVED


async def test_others_rules_and_those_that_are_not_there_are_not_found(database: Database, brand: Room) -> None:
    other = await a_brand(database, "他家快递")
    theirs = (await other.propose()).key
    missing = RuleSetKey(owner_id=brand.owner_id, name="spring", edition=1)
    for answer in (brand.approve, brand.reject):
        for key in (theirs, missing):
            with pytest.raises(Problem) as caught:
                await answer(key)
            assert caught.value.kind is Kind.NOT_FOUND


async def test_answering_has_a_permission_of_its_own(brand: Room, agency: Room) -> None:
    wanted = ((brand, Permission.ENTERPRISE_RULE_APPROVE), (agency, Permission.REGULATOR_CAMPAIGN_APPROVE))
    for room, permission in wanted:
        key = (await room.propose()).key
        assert room.second is not None
        without = Caller(client=replace(room.second.client, permissions=room.second.client.permissions - {permission}))
        for answer in (room.approve, room.reject):
            with pytest.raises(Problem) as caught:
                await answer(key, caller=without)
            assert caught.value.kind is Kind.NOT_PERMITTED


async def test_a_client_of_a_part_of_the_jurisdiction_ends_no_campaign(agency: Room) -> None:
    key = (await agency.propose()).key
    with pytest.raises(Problem) as caught:
        await agency.approve(key, caller=a_client(Audience.REGULATOR, agency.owner_id, jurisdiction="1101"))

    assert caught.value.kind is Kind.NOT_PERMITTED


async def test_editions_are_listed_by_where_they_stand(brand: Room, agency: Room) -> None:
    await agency.approved()
    await brand.propose(name="pending")
    await brand.approved(name="upcoming", starts_at=NOON + HOUR)
    await brand.approved(name="over", starts_at=NOON - HOUR, ends_at=NOON)
    await brand.approved(name="active")
    await brand.approved(name="active", ends_at=NOON + HOUR)
    await brand.approved(name="closed")
    await brand.approved(name="closed", starts_at=NOON - HOUR, ends_at=NOON)

    async def listed(found: Found, owner_id: UUID | None) -> list[str]:
        async with brand.database.read() as tx:
            return [one.rule_set.version for one in await find_proposals(tx, owner_id, found=found, at=NOON)]

    assert await listed(Found.ACTIVE, brand.owner_id) == ["active@2"]
    assert await listed(Found.UPCOMING, brand.owner_id) == ["upcoming@1"]
    assert len(await listed(Found.ALL, brand.owner_id)) == 7
    assert await listed(Found.ACTIVE, None) == ["spring@1", "active@2"]


async def test_a_list_goes_on_after_the_last_of_the_page(brand: Room) -> None:
    made = [await brand.propose() for _ in range(3)]
    async with brand.database.read() as tx:
        first = await find_proposals(tx, brand.owner_id, at=NOON, limit=2)
        second = await find_proposals(tx, brand.owner_id, at=NOON, after=first[-1].id, limit=2)

    assert [one.id for one in (*first, *second)] == [one.id for one in made]
