"""A rehearsal finds exactly what the decision would have been with the campaign, and nothing else."""

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acceptance_api.acceptance import Ground, Outcome, Rehearser, VersionUnknown, Weight
from acceptance_api.acceptance.facts import Facts
from acceptance_api.acceptance.model import Decision, Destination, Reach, SenderKind, Transport
from acceptance_api.acceptance.policy import RULES, Asked, decide, passage_of
from acceptance_api.acceptance.rehearsal_findings import Findings, Tally, findings_from_json
from acceptance_api.acceptance.rehearsal_policy import CAMPAIGN_RULES, Added, Difference, PastDecision
from acceptance_api.acceptance.rows import objection_json
from acceptance_api.acceptance.standing_rules import rules_of
from acceptance_api.campaigns import applies, history, parse_campaign
from acceptance_api.rulesets import Layer, RuleSet
from tests.acceptance.layered import BRAND_VALUES, EVERYTHING, LAYERS, campaign, rule_set
from tests.acceptance.test_replaying import as_stored, some_facts, some_sets
from tests.campaigns.drawing import UNHURRIED, contents
from tests.support.builders import TODAY, facts, verification

TO_BEIJING = Destination(country="CN", division="110105")
TO_SHANGHAI = Destination(country="CN", division="310101")
TO_HANGZHOU = Destination(country="CN", division="330102")
TO_JINHUA = Destination(country="CN", division="330702")


def draft(content: dict[str, Any] = EVERYTHING, *, edition: int = 1, **frame: Any) -> RuleSet:  # noqa: ANN401 - fields
    """A campaign that nobody has approved."""
    one = rule_set(Layer.CAMPAIGN, "campaign", content, name="draft", edition=edition)
    return replace(one, approved_at=None, **frame)


def past_of(given: Facts, was: Decision, *, destination: Destination = TO_BEIJING) -> PastDecision:
    """A decision as a database gives it back."""
    going = given.destination or destination
    return PastDecision(
        origin=given.origin,
        country=going.country,
        division=going.division,
        transport=given.transport.value,
        outcome=was.outcome,
        facts=json.loads(json.dumps(as_stored(given))),
        rules=dict(was.rules),
        objections=json.loads(json.dumps([objection_json(one) for one in was.objections])),
    )


def decided(given: Facts, sets: Sequence[RuleSet] = ()) -> Decision:
    """The decision under these sets."""
    return decide(given, rules_of(sets, day=given.on))


def new_in(now: Decision, was: Decision) -> set[Added]:
    """The grounds that only the second decision has."""
    new = set(now.objections) - set(was.objections)
    return {Added(one.ground, one.weight, one.about) for one in new}


def tried(given: Facts, sets: Sequence[RuleSet] = (), one: RuleSet | None = None) -> Difference | None:
    """What a draft makes of a parcel that was decided under these sets."""
    return Rehearser(one or draft(), sets).difference(past_of(given, decided(given, sets)))


DRAFTS = {
    "everything, into Beijing": EVERYTHING,
    "everything, everywhere": EVERYTHING | {"applies_to": {}},
    "goods": campaign({"kind": "item_ban", "goods": ["R", "P04-10"], "on": ["acceptance"]}, applies_to={}),
    "by air": campaign({"kind": "unknown_substance_ban"}, {"kind": "recipient_id"}, applies_to={"transport": ["air"]}),
    **{one.name: dict(one.content) for one in history()},
}
"""Campaigns of every make, with all that were observed."""


WORDS_ONLY = {"universiade-2023", "two-sessions-2025"}
"""Those of which nothing is known but what outlets were asked for in words."""


@pytest.mark.parametrize("name", list(DRAFTS))
def test_a_rehearsal_finds_what_the_decisions_with_and_without_the_draft_differ_in(name: str) -> None:
    chance, one = random.Random(7), draft(DRAFTS[name])  # noqa: S311 - made-up parcels, not secrets
    rehearser, seen = Rehearser(one, LAYERS), Tally()
    for _ in range(400):
        # Mostly parcels that nothing speaks against: what is refused anyway is only counted.
        given = (
            replace(harmless(chance), unidentified=chance.random() < 0.2)
            if chance.random() < 0.8
            else some_facts(chance)
        )
        if given.destination is None:
            given = replace(given, destination=TO_BEIJING)
        sets = some_sets(chance)
        was, now = decided(given, sets), decided(given, [*sets, one])
        difference = rehearser.difference(past_of(given, was))
        seen.count(difference)
        if was.outcome is Outcome.REFUSED:
            assert difference is None or (difference.after, difference.added) == (Outcome.REFUSED, ())
        elif difference is None:
            assert now.objections == was.objections
        else:
            assert set(difference.added) == new_in(now, was)
            assert (difference.before, difference.after) == (was.outcome, now.outcome)

    assert bool(seen.concerned) is (name not in WORDS_ONLY)


def harmless(chance: random.Random) -> Facts:
    """A parcel that a counter accepts, or holds."""
    return facts(
        origin=chance.choice(["110105", "370402", "310101", "140105"]),
        destination=chance.choice([TO_BEIJING, TO_BEIJING, TO_SHANGHAI, TO_HANGZHOU, TO_JINHUA]),
        reach=chance.choice(list(Reach)),
        transport=chance.choice(list(Transport)),
        sender_kind=chance.choice([SenderKind.PERSON, SenderKind.AGREEMENT]),
        agreement_in_force=True,
        verification=chance.choice([verification(), None]),
        addressee=chance.choice([verification(), None]),
        screenings=chance.choice([(), ("clear",)]),
        is_labelled=chance.random() < 0.5,
    )


@UNHURRIED
@given(content=contents(), number=st.integers(0, 10_000))
def test_no_campaign_of_any_make_is_rehearsed_wrongly(content: dict[str, Any], number: int) -> None:
    chance, one = random.Random(number), draft(content)  # noqa: S311 - made-up parcels, not secrets
    rehearser = Rehearser(one, LAYERS)
    for _ in range(5):
        given, sets = harmless(chance), some_sets(chance)
        was, now = decided(given, sets), decided(given, [*sets, one])
        difference = rehearser.difference(past_of(given, was))
        if was.outcome is not Outcome.REFUSED:
            assert (set(difference.added) if difference else set()) == new_in(now, was)
            assert (difference.after if difference else was.outcome) == now.outcome


@UNHURRIED
@given(content=contents(), number=st.integers(0, 10_000))
def test_a_parcel_that_is_passed_over_is_one_the_campaign_does_not_bind(content: dict[str, Any], number: int) -> None:
    given = harmless(random.Random(number))  # noqa: S311 - a made-up parcel, not a secret
    assert given.destination is not None
    passage = passage_of(given.origin, given.destination, given.transport)
    found = tried(given, one=draft(content))

    if not applies(parse_campaign(content), passage):
        assert found is None or not found.added


def test_a_parcel_that_passes_through_is_found_where_the_draft_looks_at_transit() -> None:
    content = campaign({"kind": "screen_100"}, applies_to={"transit": ["13"]})
    through = facts(origin="110105", destination=TO_SHANGHAI, transit=("130100",))

    assert tried(through, one=draft(content)) is not None
    assert tried(replace(through, transit=("120000",)), one=draft(content)) is None


@pytest.mark.parametrize(
    ("destination", "jurisdiction", "again"),
    [
        pytest.param(TO_BEIJING, "", True, id="of the whole country"),
        pytest.param(TO_BEIJING, "11", True, id="where it goes"),
        pytest.param(TO_BEIJING, "31", False, id="where it comes from: its scans are not there"),
        pytest.param(TO_SHANGHAI, "", False, id="to elsewhere"),
        pytest.param(Destination(country="US"), "", False, id="abroad there is no outlet"),
    ],
)
def test_what_a_scan_at_the_destination_asks_is_asked_by_who_supervises_it(
    destination: Destination, jurisdiction: str, *, again: bool
) -> None:
    content = campaign({"kind": "rescreen_at_destination"}, {"kind": "no_mark_return"})
    found = tried(facts(origin="310101", destination=destination), one=draft(content, jurisdiction=jurisdiction))

    assert (found is not None and found.is_screened_again and found.is_returned) is again


@pytest.mark.parametrize(
    ("screenings", "is_labelled", "returned"),
    [
        pytest.param((), True, True, id="not screened when it was decided"),
        pytest.param(("clear",), False, True, id="screened without a label"),
        pytest.param(("clear",), True, False, id="labelled"),
    ],
)
def test_who_bears_a_label_is_not_returned(screenings: tuple[str, ...], *, is_labelled: bool, returned: bool) -> None:
    content = campaign({"kind": "no_mark_return"})
    given = facts(destination=TO_BEIJING, screenings=screenings, is_labelled=is_labelled)
    found = tried(given, one=draft(content))

    assert found is not None
    assert found.is_returned is returned


def test_a_parcel_that_would_be_refused_goes_nowhere() -> None:
    given = facts(destination=TO_BEIJING, unidentified=True)
    found = tried(given)

    assert found is not None
    assert (found.after, found.is_screened_again, found.is_returned) == (Outcome.REFUSED, False, False)


def test_what_an_earlier_edition_asked_for_is_nothing_new() -> None:
    given = facts(destination=TO_BEIJING)
    earlier = draft(campaign({"kind": "screen_100"}))
    found = tried(given, [earlier], draft(edition=2))

    assert found is not None
    assert {one.ground for one in found.added} == {Ground.SCREENING_MARK_MISSING, Ground.ADDRESSEE_NOT_VERIFIED}
    assert (found.before, found.after) == (Outcome.HELD, Outcome.HELD)


def test_an_edition_that_was_in_force_finds_nothing_where_it_was() -> None:
    found = tried(facts(destination=TO_BEIJING), [draft()], draft())

    assert found is not None
    assert found.added == ()


def test_without_a_stored_destination_the_records_is_taken() -> None:
    given = facts()
    was = decided(given)
    to_beijing = Rehearser(draft()).difference(past_of(given, was))
    elsewhere = Rehearser(draft()).difference(past_of(given, was, destination=TO_SHANGHAI))

    assert to_beijing is not None
    assert to_beijing.added
    assert elsewhere is None


def test_an_edition_that_is_not_known_is_asked_for_and_then_known() -> None:
    given = facts(destination=TO_BEIJING)
    past = past_of(given, decided(given, [BRAND_VALUES]))
    rehearser = Rehearser(draft())
    with pytest.raises(VersionUnknown):
        rehearser.difference(past)
    missing = rehearser.unknown(past.rules)
    rehearser.learn([BRAND_VALUES])

    assert missing == {(BRAND_VALUES.owner_id, BRAND_VALUES.name, 1)}
    assert rehearser.difference(past) is not None
    assert rehearser.unknown(past.rules) == frozenset()


def test_a_campaign_that_asks_nothing_of_parcels_concerns_none() -> None:
    content = campaign(
        {"kind": "freeze_config_changes"}, {"kind": "outlet_duty", "text_zh": "值守", "text_en": "Watch"}
    )

    assert tried(facts(destination=TO_BEIJING), one=draft(content)) is None


def test_in_the_other_rules_a_campaign_says_nothing() -> None:
    chance, one = random.Random(11), draft(EVERYTHING | {"applies_to": {}})  # noqa: S311 - made-up parcels, not secrets
    others = [rule for rule in RULES if rule not in CAMPAIGN_RULES]
    for _ in range(400):
        given = replace(some_facts(chance), destination=TO_BEIJING)
        rules = rules_of([one], day=given.on)
        passage = passage_of(given.origin, TO_BEIJING, given.transport)
        asked = Asked(rules, rules.measures(passage, at_division=given.origin))

        assert [held for rule in others for held in rule(given, asked) if held.by == one.version] == []
    assert set(CAMPAIGN_RULES) < set(RULES)


def test_each_parcel_is_counted_in_one_of_the_sums() -> None:
    objections = (
        Added(Ground.NOT_SCREENED, Weight.HOLD, None),
        Added(Ground.ADDRESSEE_NOT_VERIFIED, Weight.HOLD, None),
    )
    tally = Tally()
    for before, after, added in (
        (Outcome.REFUSED, Outcome.REFUSED, ()),
        (Outcome.ACCEPTED, Outcome.HELD, objections),
        (Outcome.HELD, Outcome.HELD, objections),
        (Outcome.ACCEPTED, Outcome.REFUSED, objections),
        (Outcome.HELD, Outcome.REFUSED, objections),
        (Outcome.ACCEPTED, Outcome.ACCEPTED, ()),
    ):
        tally.count(Difference(before=before, after=after, added=added))
    tally.count(None)

    assert tally.as_json() == {
        "seen": 7,
        "concerned": 6,
        "refused_before": 1,
        "held_before": 1,
        "would_hold": 1,
        "would_refuse": 2,
        "screened_again": 0,
        "returned": 0,
    }


def test_findings_in_parts_are_the_findings_of_the_whole() -> None:
    objections = (
        Added(Ground.NOT_SCREENED, Weight.HOLD, None),
        Added(Ground.ADDRESSEE_NOT_VERIFIED, Weight.HOLD, None),
    )
    held = Difference(before=Outcome.ACCEPTED, after=Outcome.HELD, added=objections)
    chance = random.Random(5)  # noqa: S311 - numbers, not secrets
    whole, parts = Findings(), [Findings() for _ in range(4)]
    for number in range(450):
        parcels = chance.randrange(1, 9)
        for findings in (whole, parts[number % 4]):
            findings.count(UUID(int=number), "110101", TODAY, [held] * parcels + [None])
    together = Findings()
    for part in parts:
        part.close()
        together.merge(findings_from_json(json.loads(json.dumps(part.as_json()))))
    for one in (whole, together):
        one.close()

    assert together.as_json() == whole.as_json()
    assert (len(whole.outlets), whole.other_outlets) == (200, 250)
