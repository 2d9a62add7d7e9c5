"""A decision can be replayed from the facts it stored and the rules it names, whatever has been approved since."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from acceptance_api.acceptance import Ground, Outcome, VersionUnknown, replay
from acceptance_api.acceptance.facts import Facts, GoodsFact, MarkState, facts_from_json
from acceptance_api.acceptance.model import Decision, Destination, Reach, SenderKind, SenderRefusal, Transport
from acceptance_api.acceptance.policy import decide
from acceptance_api.acceptance.replaying import replayed
from acceptance_api.acceptance.rows import objection_from_json, objection_json
from acceptance_api.acceptance.standing_rules import rules_of
from acceptance_api.identity import Failing
from acceptance_api.rulesets import Layer, RuleSet
from acceptance_api.signals import Seen
from tests.acceptance.layered import (
    BRAND_GOODS,
    BRAND_SIGNALS,
    BRAND_VALUES,
    CAMPAIGN,
    EVERYTHING,
    LAYERS,
    SAID,
    rule_set,
)
from tests.support.builders import Shop, facts, inspection, verification

DECISIONS = 10_000
LATER = (
    rule_set(
        Layer.BRAND, "goods", {"rules": [{"about": "*", "verdict": "ban", **SAID}]}, name="brand-goods", edition=2
    ),
    rule_set(Layer.CAMPAIGN, "campaign", EVERYTHING | {"applies_to": {}}, name="drill", edition=2),
)
"""Approved after the decisions: everything would be refused by them."""


def test_ten_thousand_random_decisions_are_the_same_when_they_are_replayed() -> None:
    chance = random.Random(20_261_125)  # noqa: S311 - made-up parcels, not secrets
    everything = (*LAYERS, *LATER)
    outcomes = set()

    for _ in range(DECISIONS):
        given, sets = some_facts(chance), some_sets(chance)
        was = decide(given, rules_of(sets, day=given.on))
        outcomes.add(was.outcome)

        assert replayed(facts_from_json(as_stored(given)), was, everything) == was

    assert outcomes == set(Outcome)


def as_stored(given: Facts) -> dict[str, Any]:
    """Facts as a database gives them back: tuples are lists."""
    stored = given.as_json()
    return {name: list(value) if isinstance(value, tuple) else value for name, value in stored.items()}


def some_sets(chance: random.Random) -> Sequence[RuleSet]:
    return [one for one in (BRAND_GOODS, BRAND_VALUES, BRAND_SIGNALS, CAMPAIGN) if chance.random() < 0.6]


def some_facts(chance: random.Random) -> Facts:
    def maybe(likely: float) -> bool:
        return chance.random() < likely

    codes = ("R-01", "R-06", "R-10", "R-15", "P04-10", "no-such")
    reach = chance.choice(list(Reach))
    return facts(
        on=date(2018, 5, 1) + timedelta(days=chance.randrange(4_000)),
        origin=chance.choice(["110105", "440305", "310101"]),
        sender_kind=chance.choice(list(SenderKind)),
        contents_kind=chance.choice(["general", "general", "letter"]),
        transport=chance.choice(list(Transport)),
        reach=reach,
        goods=tuple(
            GoodsFact(code=chance.choice(codes), quantity=str(chance.randrange(1, 700)), documents=("ccc_mark",))
            for _ in range(chance.randrange(3))
        ),
        weight_g=chance.choice([None, 500, 25_000, 60_000]),
        sender_refusal=chance.choice(list(SenderRefusal)) if maybe(0.05) else None,
        verification=verification(
            status=chance.choice(["passed", "passed", "unconfirmed"]),
            failings=tuple(one.value for one in Failing if maybe(0.05)),
            is_fresh=maybe(0.9),
            name_agrees=maybe(0.9),
        )
        if maybe(0.9)
        else None,
        agreement_in_force=chance.choice([None, True, False]),
        inspection=inspection(mark=chance.choice(list(MarkState)), opened=maybe(0.9)) if maybe(0.9) else None,
        screenings=tuple(
            chance.choice(["clear", "clear", "suspect", "prohibited"]) for _ in range(chance.randrange(3))
        ),
        destination=chance.choice([None, Destination(country="CN", division="110105"), Destination(country="US")]),
        addressee=verification() if maybe(0.5) else None,
        sampled=chance.choice([None, True, False]),
        sent_today={"R-01": "300"} if maybe(0.3) else {},
        unidentified=maybe(0.1),
        is_labelled=maybe(0.8),
        flags_open=int(maybe(0.1)),
        intercepted=chance.choice([None, None, None, "open", "examine"]),
        seen=chance.choice([Seen(), Seen(staff="self"), Seen(staff="other"), Seen(same_phone=True, parcels_today=40)]),
        confirmed_by_second=maybe(0.3),
    )


def test_a_decision_of_before_layers_were_recorded_is_replayed_too() -> None:
    given = facts(reach=Reach.INTER_PROVINCE)
    was = decide(given, rules_of((), day=given.on))
    old = replace(was, rules={name: was.rules[name] for name in ("statutory", "catalogue", "checklist")})

    again = replayed(facts_from_json(as_stored(given)), old, ())

    assert (again.outcome, again.objections) == (was.outcome, was.objections)


@pytest.mark.parametrize("missing", ["statutory", "catalogue", "signals", "brand"])
def test_an_edition_that_is_not_known_is_told_and_not_replaced_by_another(missing: str) -> None:
    given = facts()
    was = decide(given, rules_of([BRAND_VALUES], day=given.on))
    key = next(name for name in was.rules if name.startswith(missing))
    changed = replace(was, rules={**was.rules, key: "99" if missing == "brand" else "1999-01-01"})

    with pytest.raises(VersionUnknown):
        replayed(given, changed, LAYERS)


def test_a_decision_that_would_be_another_today_shows_what_differs() -> None:
    given = facts(verification=None)
    was = decide(given, rules_of((), day=given.on))
    forged = Decision(outcome=Outcome.ACCEPTED, objections=(), rules=was.rules)

    again = replayed(given, forged, ())

    assert (again.outcome, [one.ground for one in again.objections]) == (Outcome.REFUSED, [Ground.SENDER_NOT_VERIFIED])


async def test_a_recorded_acceptance_is_replayed(shop: Shop) -> None:
    accepted = await shop.decide(await shop.ready())

    result = replay(accepted, ())

    assert (result.differences, result.now.outcome) == ((), Outcome.ACCEPTED)


def test_who_asks_is_stored_with_an_objection() -> None:
    given = facts(goods=(GoodsFact(code="R-01", quantity="400"),), sent_today={"R-01": "300"})
    (objection,) = decide(given, rules_of([BRAND_GOODS], day=given.on)).objections

    assert objection_from_json(objection_json(objection)) == objection
    assert objection.by == "brand-goods@1"
