"""An edition is proposed: numbered by the service, read by its parser, kept as it came, in the trail."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from acceptance_api.access import Audience, Caller, Permission
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.ids import EntryId, new_uuid
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.rulesets import (
    CONTENT_BYTES_MAX,
    INSTALLATION,
    Layer,
    Proposal,
    State,
    digest_of,
    find_proposal,
    store,
)
from tests.rulesets.conftest import CONTENT, FIRST, HOUR, NOON, Room, a_brand, a_client, an_agency


async def test_editions_are_numbered_by_the_service(brand: Room) -> None:
    first, second = await brand.propose(), await brand.propose()
    other = await brand.propose(name="autumn")

    assert [one.rule_set.version for one in (first, second, other)] == ["spring@1", "spring@2", "autumn@1"]


async def test_names_of_different_owners_do_not_meet(database: Database, brand: Room) -> None:
    other = await a_brand(database, "他家快递")

    assert [(await room.propose()).rule_set.edition for room in (brand, other)] == [1, 1]


async def test_an_edition_is_kept_as_it_was_proposed(brand: Room) -> None:
    proposal = await brand.propose(ends_at=NOON + HOUR)
    async with brand.database.read() as tx:
        kept = await find_proposal(tx, proposal.key)

    assert kept == proposal
    assert kept.rule_set.content == CONTENT
    assert (kept.state, kept.rule_set.approved_at, kept.proposed.by) == (State.PROPOSED, None, FIRST)
    assert digest_of(kept.rule_set) == proposal.rule_set.digest


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"content": CONTENT | {"note": "x"}}, id="content"),
        pytest.param({"starts_at": NOON + timedelta(microseconds=1)}, id="beginning"),
        pytest.param({"ends_at": NOON + HOUR}, id="end"),
        pytest.param({"name": "autumn"}, id="name"),
        pytest.param({"kind": "signals"}, id="kind"),
        pytest.param({"layer": Layer.STATUTORY}, id="layer"),
        pytest.param({"owner_id": INSTALLATION}, id="owner"),
    ],
)
def test_the_digest_is_of_all_that_is_stated(changes: dict[str, Any]) -> None:
    room = Room(database=None, layer=Layer.BRAND, owner_id=UUID(int=1), first=None, second=None, kind="goods")  # type: ignore[arg-type] # nothing is written

    assert digest_of(room.asking(**changes)) != digest_of(room.asking())
    assert digest_of(room.asking(by="somebody else")) == digest_of(room.asking())


async def test_a_proposal_is_in_its_owners_trail(brand: Room) -> None:
    proposal = await brand.propose()
    (entry,) = await brand.trail()

    assert (entry.action.value, entry.subject_id) == ("rule_set.proposed", proposal.id)
    assert brand.first is not None
    assert entry.actor.client_id == brand.first.client.id
    assert entry.detail == {
        "layer": "brand",
        "kind": "goods",
        "version": "spring@1",
        "digest": proposal.rule_set.digest.hex(),
        "by": FIRST,
    }


async def test_a_campaigns_jurisdiction_is_that_of_its_agency(agency: Room, brand: Room) -> None:
    assert (await agency.propose()).rule_set.jurisdiction == "11"
    assert (await brand.propose()).rule_set.jurisdiction == ""


async def test_the_operator_proposes_statutory_sets(installation: Room) -> None:
    proposal = await installation.propose()

    assert (proposal.rule_set.layer, proposal.proposed.client_id) == (Layer.STATUTORY, None)
    assert [entry.actor.client_id for entry in await installation.trail()] == [None]


async def test_the_operator_may_propose_for_a_brand_and_an_agency(brand: Room, agency: Room) -> None:
    for room in (brand, agency):
        assert (await replace(room, first=None).propose()).proposed.client_id is None


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        pytest.param({"name": "Spring"}, "/name", "not_a_slug", id="capitals in a name"),
        pytest.param({"name": "s"}, "/name", "not_a_slug", id="a name of one letter"),
        pytest.param({"name": "s" * 64}, "/name", "not_a_slug", id="a long name"),
        pytest.param({"name": "spring\n"}, "/name", "not_a_slug", id="a newline after a name"),
        pytest.param({"kind": "campaign"}, "/kind", "not_of_this_layer", id="a brand's campaign"),
        pytest.param({"kind": "weather"}, "/kind", "not_of_this_layer", id="an unknown kind"),
        pytest.param({"ends_at": NOON}, "/ends_at", "not_after_starts_at", id="a window of nothing"),
        pytest.param({"content": {"note": float("inf")}}, "/content", "not_json", id="no number of JSON"),
        pytest.param({"content": {"note": "\ud800"}}, "/content", "not_json", id="half a surrogate pair"),
        pytest.param({"content": {"note": "字" * (CONTENT_BYTES_MAX // 3)}}, "/content", "too_large", id="too large"),
        pytest.param(
            {"content": {"fault": "/rules/3/about"}}, "/content/rules/3/about", "wrong", id="a parser's fault"
        ),
        pytest.param({"content": {"fault": ""}}, "/content", "wrong", id="a parser's fault about all of it"),
        pytest.param(
            {"content": {"fault": "/张三"}}, "/content", "wrong", id="no name of a member that may be a value"
        ),
        pytest.param(
            {"content": {"fault": "/rules/1/X y"}}, "/content/rules/1", "wrong", id="nor at the end of a pointer"
        ),
    ],
)
async def test_what_is_wrong_is_pointed_at(brand: Room, changes: dict[str, Any], pointer: str, code: str) -> None:
    with pytest.raises(Problem) as caught:
        await brand.propose(**changes)

    assert caught.value.kind is Kind.INVALID
    assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [(pointer, code)]
    assert await brand.trail() == ()


async def test_content_may_be_just_as_large_as_is_allowed(brand: Room) -> None:
    size = CONTENT_BYTES_MAX - len('{"note":""}')

    assert (await brand.propose(content={"note": "x" * size})).rule_set.edition == 1


async def test_an_edition_is_of_the_kind_of_the_earlier_ones(brand: Room) -> None:
    await brand.propose(kind="goods")
    with pytest.raises(Problem) as caught:
        await brand.propose(kind="signals")

    assert [fault.pointer for fault in caught.value.faults] == ["/kind"]


@pytest.mark.parametrize("layer", [Layer.STATUTORY, Layer.CAMPAIGN])
async def test_an_enterprise_proposes_nothing_but_its_own_brands_rules(brand: Room, layer: Layer) -> None:
    with pytest.raises(Problem) as caught:
        await brand.propose(layer=layer)

    assert caught.value.kind is Kind.NOT_PERMITTED


@pytest.mark.parametrize("layer", [Layer.STATUTORY, Layer.BRAND])
async def test_an_agency_proposes_nothing_but_campaigns(agency: Room, layer: Layer) -> None:
    with pytest.raises(Problem) as caught:
        await agency.propose(layer=layer)

    assert caught.value.kind is Kind.NOT_PERMITTED


async def test_others_rules_are_not_there(database: Database, brand: Room, agency: Room) -> None:
    for room, other in ((brand, await a_brand(database)), (agency, await an_agency(database))):
        with pytest.raises(Problem) as caught:
            await room.propose(owner_id=other.owner_id)
        assert caught.value.kind is Kind.NOT_FOUND


async def test_a_counter_proposes_nothing(brand: Room) -> None:
    client = replace(a_client(Audience.ENTERPRISE, brand.owner_id).client, audience=Audience.COUNTER)
    with pytest.raises(Problem) as caught:
        await brand.propose(caller=Caller(client=client))

    assert caught.value.kind is Kind.NOT_PERMITTED


async def test_proposing_has_a_permission_of_its_own(brand: Room, agency: Room) -> None:
    wanted = {brand: Permission.ENTERPRISE_RULE_PROPOSE, agency: Permission.REGULATOR_CAMPAIGN_PROPOSE}
    for room, permission in wanted.items():
        assert room.first is not None
        client = replace(room.first.client, permissions=room.first.client.permissions - {permission})
        with pytest.raises(Problem) as caught:
            await room.propose(caller=Caller(client=client))
        assert caught.value.kind is Kind.NOT_PERMITTED


async def test_a_client_of_a_part_of_the_jurisdiction_does_not_speak_for_its_agency(agency: Room) -> None:
    with pytest.raises(Problem) as caught:
        await agency.propose(caller=a_client(Audience.REGULATOR, agency.owner_id, jurisdiction="1101"))

    assert caught.value.kind is Kind.NOT_PERMITTED


@pytest.mark.parametrize("layer", list(Layer))
async def test_an_owner_that_is_not_there_is_told_to_the_operator(installation: Room, layer: Layer) -> None:
    kind = "campaign" if layer is Layer.CAMPAIGN else "goods"
    with pytest.raises(Problem) as caught:
        await installation.propose(layer=layer, owner_id=UUID(int=7), kind=kind)

    assert caught.value.kind is Kind.REFERENCE_UNKNOWN


async def test_two_proposals_at_once_get_different_numbers_or_one_is_told(brand: Room) -> None:
    answers = await asyncio.gather(*(brand.propose() for _ in range(4)), return_exceptions=True)

    editions = [one.rule_set.edition for one in answers if isinstance(one, Proposal)]
    problems = [one.kind for one in answers if isinstance(one, Problem)]
    assert sorted(editions) == list(range(1, len(editions) + 1))
    assert set(problems) <= {Kind.CHANGED_MEANWHILE}
    assert len(editions) + len(problems) == 4
    assert len(await brand.trail()) == len(editions)


async def test_a_number_that_was_given_meanwhile_is_a_conflict(brand: Room) -> None:
    proposal = await brand.propose()
    (entry,) = await brand.trail()
    with pytest.raises(Problem) as caught:
        async with brand.database.transaction() as tx:
            await store.add_proposal(tx, replace(proposal, id=new_uuid()), entry=replace(entry, id=EntryId(new_uuid())))

    assert caught.value.kind is Kind.CHANGED_MEANWHILE
    assert await brand.trail() == (entry,)
