"""The rules in force at a moment: windows to the second, the newest approved edition, whose rules bind whom."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acceptance_api.acceptance import (
    PARSERS,
    Acceptance,
    DecideParcel,
    Ground,
    OfflineParcel,
    Outcome,
    RuleDesk,
    Transport,
    receive_parcels,
    rules_on,
)
from acceptance_api.acceptance.standing_rules import StandingRules, announced, key_of, keys_in, rules_of
from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.problems import Problem
from acceptance_api.rulesets import (
    Layer,
    ProposeRuleSet,
    RuleSet,
    Shelf,
    in_force,
    propose_rule_set,
    reject_rule_set,
)
from tests.acceptance.layered import EVER, SAID, campaign, rule_set
from tests.acceptance.places import an_agency, another_enterprise, another_outlet, bind
from tests.support.builders import ANOTHER_PROVINCE, NOON, Shop

ACCEPTED, HELD, REFUSED = Outcome.ACCEPTED, Outcome.HELD, Outcome.REFUSED
MICROSECOND, SECOND, HOUR, DAY = timedelta(microseconds=1), timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
SCREEN = campaign({"kind": "screen_100"})
"""Every parcel to Beijing is screened; the shop stands there."""
MARK = campaign({"kind": "screen_mark_per_parcel"})


def lighter(weight_g_max: int) -> dict[str, Any]:
    return {"parcel": {"weight_g_max": weight_g_max, **SAID}}


def told(acceptance: Acceptance) -> list[tuple[Ground, str | None]]:
    """Why, and by which set."""
    return [(objection.ground, objection.by) for objection in acceptance.decision.objections]


async def order(shop: Shop, content: Mapping[str, Any], **frame: Any) -> None:  # noqa: ANN401 - as in bind
    """A campaign of the world's agency, of the whole country."""
    await bind(shop, Layer.CAMPAIGN, "campaign", content, name="drill", **frame)


async def decide(shop: Shop, *, at: datetime, **changes: Any) -> Acceptance:  # noqa: ANN401 - parts of a parcel
    request = replace(await shop.ready(), verification_id=(await shop.verify(at=at)).id, **changes)
    return await shop.decide(request, at=at)


# --- windows ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "is_bound"),
    [
        pytest.param(NOON - SECOND, False, id="the second before"),
        pytest.param(NOON - MICROSECOND, False, id="the last instant before"),
        pytest.param(NOON, True, id="the first instant"),
        pytest.param(NOON + HOUR - MICROSECOND, True, id="the last instant"),
        pytest.param(NOON + HOUR, False, id="its end is exclusive"),
    ],
)
async def test_a_campaign_binds_within_its_window_to_the_instant(shop: Shop, at: datetime, *, is_bound: bool) -> None:
    await order(shop, SCREEN, starts_at=NOON, ends_at=NOON + HOUR)

    decided = await decide(shop, at=at)

    assert told(decided) == ([(Ground.NOT_SCREENED, "drill@1")] if is_bound else [])


async def test_a_window_is_asked_anew_though_the_rules_were_put_together_before(shop: Shop) -> None:
    """One desk, which keeps what it has put together."""
    await order(shop, SCREEN, starts_at=NOON, ends_at=NOON + HOUR)
    desk, enterprise_id = shop.deciding.rules, shop.caller.enterprise_id

    found = [
        [one.version for one in (await desk.rules(enterprise_id, at=at, presented_at=at)).campaigns]
        for at in (NOON - SECOND, NOON, NOON + SECOND, NOON + HOUR - SECOND, NOON + HOUR, NOON + DAY, NOON)
    ]

    assert found == [[], ["drill@1"], ["drill@1"], ["drill@1"], [], [], ["drill@1"]]


# --- editions ---------------------------------------------------------------------------------------------------------


async def test_a_newer_edition_takes_the_place_of_the_older_from_its_approval_on(shop: Shop) -> None:
    await order(shop, SCREEN, at=NOON - DAY)
    await order(shop, MARK, at=NOON)

    before, after = [await decide(shop, at=at) for at in (NOON - SECOND, NOON)]

    assert told(before) == [(Ground.NOT_SCREENED, "drill@1")]
    assert told(after) == [(Ground.SCREENING_MARK_MISSING, "drill@2")]


async def test_a_campaign_with_an_open_end_is_ended_by_an_edition_that_is_over(shop: Shop) -> None:
    await order(shop, SCREEN, at=NOON - DAY)
    await order(shop, SCREEN, ends_at=NOON - HOUR, at=NOON)

    before, after = [await decide(shop, at=at) for at in (NOON - SECOND, NOON)]

    assert (told(before), told(after)) == ([(Ground.NOT_SCREENED, "drill@1")], [])


async def test_a_set_that_began_before_it_was_approved_binds_from_its_approval_on(shop: Shop) -> None:
    await order(shop, SCREEN, starts_at=NOON - DAY, at=NOON)

    before, after = [await decide(shop, at=at) for at in (NOON - SECOND, NOON)]

    assert (told(before), told(after)) == ([], [(Ground.NOT_SCREENED, "drill@1")])


@pytest.mark.parametrize("answer", ["rejected", None])
async def test_what_was_rejected_or_not_answered_binds_nobody(shop: Shop, answer: str | None) -> None:
    request = ProposeRuleSet(
        layer=Layer.CAMPAIGN,
        owner_id=shop.world.agency_id,
        kind="campaign",
        name="drill",
        starts_at=EVER,
        ends_at=None,
        content=SCREEN,
        by="S-001",
    )
    async with shop.database.transaction() as tx:
        proposal = await propose_rule_set(tx, None, request, parsers=PARSERS, at=EVER)
        if answer:
            await reject_rule_set(tx, None, proposal.key, by="S-002", reason="示例理由", at=EVER)

    assert told(await decide(shop, at=NOON)) == []


# --- whom it binds ----------------------------------------------------------------------------------------------------


async def test_a_brands_rules_bind_its_own_outlets_and_nobody_elses(shop: Shop) -> None:
    other, outlet = await another_enterprise(shop), await another_outlet(shop, "110108")
    await bind(shop, Layer.BRAND, "acceptance", lighter(20_000), name="weights")

    own, others = [await decide(one, at=NOON, weight_g=20_001) for one in (shop, other)]
    second = await decide(outlet, at=NOON + HOUR, weight_g=20_001)

    assert told(own) == told(second) == [(Ground.TOO_LARGE_OR_HEAVY, None)]
    assert told(others) == []
    assert own.decision.rules[f"brand:{shop.world.enterprise_id}/weights"] == "1"
    assert not any(key.startswith("brand:") for key in others.decision.rules)


async def test_a_statutory_set_binds_every_enterprise(shop: Shop) -> None:
    other = await another_enterprise(shop)
    await bind(shop, Layer.STATUTORY, "acceptance", lighter(30_000), name="weights")

    decided = [await decide(one, at=NOON, weight_g=30_001) for one in (shop, other)]

    assert [one.decision.outcome for one in decided] == [REFUSED, REFUSED]
    assert {one.decision.rules[f"statutory:{UUID(int=0)}/weights"] for one in decided} == {"1"}


@pytest.mark.parametrize(
    ("jurisdiction", "is_bound"),
    [
        pytest.param("", True, id="of the whole country"),
        pytest.param("11", True, id="of the outlet's province"),
        pytest.param("110105", True, id="of the outlet's county"),
        pytest.param("110108", False, id="of the county the parcel goes to"),
        pytest.param("31", False, id="of another province"),
    ],
)
async def test_an_agency_binds_the_outlets_within_its_jurisdiction(
    shop: Shop, jurisdiction: str, *, is_bound: bool
) -> None:
    owner_id = await an_agency(shop, jurisdiction)
    await order(shop, SCREEN, owner_id=owner_id)

    decided = await decide(shop, at=NOON)

    assert told(decided) == ([(Ground.NOT_SCREENED, "drill@1")] if is_bound else [])
    assert (f"campaign:{owner_id}/drill" in decided.decision.rules) is is_bound


async def test_a_campaign_that_asks_nothing_of_a_parcel_is_not_named_in_its_decision(shop: Shop) -> None:
    await order(shop, SCREEN)
    inspection = await shop.inspect()
    await shop.screen(inspection.waybill)

    far = await decide(
        shop, at=NOON, destination=ANOTHER_PROVINCE, waybill=inspection.waybill, inspection_id=inspection.id
    )

    assert far.decision.outcome is ACCEPTED
    assert not any(key.startswith("campaign:") for key in far.decision.rules)


async def test_whoever_asks_for_less_than_the_law_changes_nothing(shop: Shop) -> None:
    await bind(shop, Layer.BRAND, "acceptance", lighter(90_000), name="weights")

    heavy, over = [await decide(shop, at=NOON, weight_g=weight_g) for weight_g in (50_000, 50_001)]

    assert (heavy.decision.outcome, over.decision.outcome) == (ACCEPTED, REFUSED)


async def test_layers_of_every_kind_bind_together(shop: Shop) -> None:
    await order(shop, SCREEN)
    await bind(shop, Layer.BRAND, "acceptance", lighter(20_000), name="weights")
    goods = {"rules": [{"about": "R-15", "not_by": ["high_speed_rail"], **SAID}]}
    await bind(shop, Layer.BRAND, "goods", goods, name="cosmetics")
    ready = await shop.ready()

    decided = await shop.decide(replace(ready, weight_g=20_001, transport=Transport.AIR))

    assert (Ground.NOT_SCREENED, "drill@1") in told(decided)
    assert (Ground.TOO_LARGE_OR_HEAVY, None) in told(decided)
    named = {name for _, name, _ in keys_in(decided.decision.rules)}
    assert named == {"drill", "weights", "cosmetics"}


# --- late parcels -----------------------------------------------------------------------------------------------------


async def received(shop: Shop, request: DecideParcel, *, occurred_at: datetime, at: datetime) -> Acceptance:
    one = OfflineParcel(caller=shop.caller, request=request, occurred_at=occurred_at, sequence=1)
    (outcome,) = await receive_parcels(shop.deciding, [one], sent_at=at, at=at, kept=30 * DAY)
    assert not isinstance(outcome, Problem), outcome
    return outcome[0]


@pytest.mark.parametrize(
    ("occurred_at", "told_of"),
    [
        pytest.param(NOON - 3 * HOUR - SECOND, [], id="before it was approved"),
        pytest.param(NOON - 3 * HOUR, [(Ground.NOT_SCREENED, "drill@1")], id="within its first edition"),
        pytest.param(NOON - 2 * HOUR, [(Ground.SCREENING_MARK_MISSING, "drill@2")], id="within its second edition"),
        pytest.param(NOON - HOUR, [], id="when it was over"),
    ],
)
async def test_a_late_parcel_is_decided_by_what_was_in_force_when_it_happened(
    shop: Shop, occurred_at: datetime, told_of: list[tuple[Ground, str | None]]
) -> None:
    await order(shop, SCREEN, starts_at=NOON - DAY, at=NOON - 3 * HOUR)
    await order(shop, MARK, ends_at=NOON - HOUR, at=NOON - 2 * HOUR)

    late = await received(shop, await shop.ready(), occurred_at=occurred_at, at=NOON)

    assert told(late) == told_of


# --- what is kept -----------------------------------------------------------------------------------------------------


def desk_of(shop: Shop) -> RuleDesk:
    return RuleDesk(Shelf(shop.database, lag_s=0))


async def test_the_rules_are_one_object_while_nothing_changes(shop: Shop) -> None:
    await order(shop, SCREEN, starts_at=NOON, ends_at=NOON + HOUR)
    desk, enterprise_id = desk_of(shop), shop.caller.enterprise_id

    async def at(moment: datetime) -> int:
        return id(await desk.rules(enterprise_id, at=moment, presented_at=moment))

    kept = [await desk.rules(enterprise_id, at=NOON, presented_at=NOON)]
    same = {await at(NOON + i * SECOND) for i in range(5)}
    assert same == {id(kept[0])}
    assert await at(NOON - SECOND) != id(kept[0])
    await bind(shop, Layer.BRAND, "acceptance", lighter(20_000), name="weights", at=NOON)
    later = NOON + 10 * SECOND
    kept.append(await desk.rules(enterprise_id, at=later, presented_at=later))
    assert kept[1] is not kept[0]
    assert kept[1].values.weight_g_max == 20_000
    assert await at(later + SECOND) == id(kept[1])


async def test_without_any_set_the_rules_are_those_shipped(shop: Shop) -> None:
    desk = desk_of(shop)

    found = await desk.rules(shop.caller.enterprise_id, at=NOON, presented_at=NOON)

    assert found is rules_on(legal_day(NOON))


async def test_a_desk_serves_many_enterprises_each_with_its_own(shop: Shop) -> None:
    other, desk = await another_enterprise(shop), desk_of(shop)
    await bind(shop, Layer.BRAND, "acceptance", lighter(20_000), name="weights")
    await bind(other, Layer.BRAND, "acceptance", lighter(10_000), name="weights")

    for _ in range(2):
        found = [
            (await desk.rules(one.caller.enterprise_id, at=NOON, presented_at=NOON)).values.weight_g_max
            for one in (shop, other)
        ]
        assert found == [20_000, 10_000]


async def test_who_approves_while_parcels_are_decided_is_heard_within_the_lag(shop: Shop) -> None:
    lag = timedelta(seconds=5)
    desk = RuleDesk(Shelf(shop.database, lag_s=lag.total_seconds()))
    enterprise_id = shop.caller.enterprise_id
    assert not (await desk.rules(enterprise_id, at=NOON, presented_at=NOON)).campaigns
    await order(shop, SCREEN)

    heard = await desk.rules(enterprise_id, at=NOON + lag + MICROSECOND, presented_at=NOON + lag + MICROSECOND)

    assert [one.version for one in heard.campaigns] == ["drill@1"]


def test_the_law_of_the_day_changes_under_sets_that_stand() -> None:
    """The articles of 快递暂行条例 were renumbered on 1 June 2025, while the brand's set was in force."""
    standing = StandingRules((rule_set(Layer.BRAND, "acceptance", lighter(20_000)),))

    found = [standing.at(datetime(2025, month, day, 4, tzinfo=UTC)) for month, day in ((5, 31), (6, 1))]

    assert [one.values.weight_g_max for one in found] == [20_000, 20_000]
    assert [one.statutory.version for one in found] == ["2018-05-01", "2025-06-01"]


# --- any history ------------------------------------------------------------------------------------------------------

HOURS = st.integers(0, 8).map(lambda hours: NOON + hours * HOUR)
DOCUMENTS = {
    Layer.BRAND: ("acceptance", lighter(20_000)),
    Layer.STATUTORY: ("acceptance", lighter(30_000)),
    Layer.CAMPAIGN: ("campaign", SCREEN),
}


@st.composite
def histories(draw: st.DrawFn) -> tuple[RuleSet, ...]:
    """Editions of a few names, approved at any time or not at all, with any windows."""
    names = st.tuples(st.sampled_from(list(DOCUMENTS)), st.sampled_from(["first", "second"]))
    sets: list[RuleSet] = []
    for layer, name in draw(st.lists(names, max_size=6)):
        kind, content = DOCUMENTS[layer]
        edition = 1 + sum(one.layer is layer and one.name == name for one in sets)
        starts_at, length, approved_at = draw(HOURS), draw(st.none() | st.integers(1, 8)), draw(st.none() | HOURS)
        sets.append(
            replace(
                rule_set(layer, kind, content, name=name, edition=edition),
                starts_at=starts_at,
                ends_at=starts_at + length * HOUR if length else None,
                approved_at=approved_at,
                digest=bytes([len(sets)]),
            )
        )
    return tuple(sets)


MOMENTS = st.tuples(HOURS, st.sampled_from([-SECOND, timedelta(0), SECOND, 30 * HOUR])).map(
    lambda pair: pair[0] + pair[1]
)


@given(histories(), st.lists(MOMENTS, min_size=1, max_size=12))
def test_what_is_kept_is_what_would_be_put_together_anew(sets: tuple[RuleSet, ...], moments: list[datetime]) -> None:
    standing = StandingRules(sets)

    for moment in moments:
        found, anew = standing.at(moment), rules_of(in_force(sets, at=moment), day=legal_day(moment))

        assert found.versions == anew.versions
        assert found.values == anew.values
        assert [one.key for one in found.campaigns] == [one.key for one in anew.campaigns]
        assert standing.at(moment) is found


@given(histories(), MOMENTS)
def test_what_is_announced_holds_every_campaign_in_force_and_none_that_is_over(
    sets: tuple[RuleSet, ...], moment: datetime
) -> None:
    coming = announced(sets, at=moment)

    binding = {one for one in in_force(sets, at=moment) if one.layer is Layer.CAMPAIGN}
    assert binding <= set(coming)
    assert all(one.layer is Layer.CAMPAIGN for one in coming)
    assert all(one.approved_at is not None and one.approved_at <= moment for one in coming)
    assert all(one.ends_at is None or moment < one.ends_at for one in coming)
    assert len({(one.owner_id, one.name) for one in coming}) == len(coming)


@given(histories())
def test_a_decisions_keys_lead_back_to_the_sets(sets: tuple[RuleSet, ...]) -> None:
    versions = {"statutory": "2025-06-01", "catalogue": "2016-12-19"} | {key_of(one): str(one.edition) for one in sets}

    found = set(keys_in(versions))

    newest: dict[tuple[UUID, str], int] = {}
    for one in sets:
        newest[one.owner_id, one.name] = one.edition
    assert found == {(owner, name, edition) for (owner, name), edition in newest.items()}
