"""The decision under layers: what brands, campaigns and signals ask for beyond the law, each told with who asks."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acceptance_api.acceptance.facts import Facts, GoodsFact
from acceptance_api.acceptance.grounds import Ground, Weight
from acceptance_api.acceptance.model import Destination, Outcome, Reach, SenderKind, Transport
from acceptance_api.acceptance.policy import decide
from acceptance_api.acceptance.rules import rules_on
from acceptance_api.acceptance.standing_rules import rules_of
from acceptance_api.law import Duty
from acceptance_api.rulesets import Layer, RuleSet
from acceptance_api.screening import ReservationWeight
from acceptance_api.signals import Seen
from tests.acceptance.layered import CAMPAIGN, LAYERS, SAID, campaign, layered_on, rule_set
from tests.acceptance.test_policy import ANY_FACTS
from tests.acceptance.test_policy import OBJECTIONS as OF_THE_LAW
from tests.support.builders import TODAY, facts, inspection, verification

ACCEPTED, HELD, REFUSED = Outcome.ACCEPTED, Outcome.HELD, Outcome.REFUSED
GUANGDONG, BEIJING = "440305", Destination(country="CN", division="110105")
XINJIANG = Destination(country="CN", division="650102")


def goods(code: str, quantity: str = "1", *documents: str) -> GoodsFact:
    return GoodsFact(code=code, quantity=quantity, documents=documents)


def to_beijing(**changes: Any) -> Facts:  # noqa: ANN401 - any fact
    """A parcel to Beijing to which the campaign has nothing to object."""
    given: dict[str, Any] = {
        "origin": GUANGDONG,
        "reach": Reach.INTER_PROVINCE,
        "destination": BEIJING,
        "screenings": ("clear",),
        "addressee": verification(),
    }
    return facts(**given | changes)


OBJECTIONS = [
    pytest.param(to_beijing(addressee=None), HELD, [(Ground.ADDRESSEE_NOT_VERIFIED, None, "drill@1")], id="addressee"),
    pytest.param(
        to_beijing(addressee=verification(name_agrees=False)),
        HELD,
        [(Ground.ADDRESSEE_NOT_VERIFIED, None, "drill@1")],
        id="another addressee",
    ),
    pytest.param(
        to_beijing(sender_kind=SenderKind.AGREEMENT, agreement_in_force=True, verification=None, sampled=False),
        REFUSED,
        [(Ground.SENDER_NOT_VERIFIED, None, "drill@1")],
        id="agreement customers show their document too",
    ),
    pytest.param(
        to_beijing(screenings=()),
        HELD,
        [
            (Ground.NOT_SCREENED, None, None),
            (Ground.NOT_SCREENED, None, "drill@1"),
            (Ground.SCREENING_MARK_MISSING, None, "drill@1"),
        ],
        id="the law and the campaign ask for screening",
    ),
    pytest.param(
        to_beijing(is_labelled=False), HELD, [(Ground.SCREENING_MARK_MISSING, None, "drill@1")], id="no label"
    ),
    pytest.param(
        to_beijing(unidentified=True),
        REFUSED,
        [(Ground.UNIDENTIFIABLE_SUBSTANCE, None, "drill@1")],
        id="unknown substance, whatever the proof",
    ),
    pytest.param(
        to_beijing(goods=(goods("R-10", "1", "ccc_mark"),)),
        REFUSED,
        [(Ground.GOODS_FORBIDDEN_BY_CAMPAIGN, "R-10", "drill@1")],
        id="forbidden by the campaign",
    ),
    pytest.param(
        facts(goods=(goods("R-01", "400"),), sent_today={"R-01": "201"}),
        REFUSED,
        [(Ground.RESTRICTED_OVER_DAILY_LIMIT, "R-01", "brand-goods@1")],
        id="too much in a day",
    ),
    pytest.param(
        facts(goods=(goods("R-15"),), transport=Transport.HIGH_SPEED_RAIL, screenings=("clear",)),
        REFUSED,
        [(Ground.GOODS_NOT_BY_TRANSPORT, "R-15", "brand-goods@1")],
        id="not by this transport",
    ),
    pytest.param(
        facts(
            goods=(goods("R-10", "1", "ccc_mark"),),
            destination=XINJIANG,
            reach=Reach.INTER_PROVINCE,
            screenings=("clear",),
        ),
        REFUSED,
        [(Ground.GOODS_NOT_TO_DESTINATION, "R-10", "brand-goods@1")],
        id="not to this destination",
    ),
    pytest.param(
        facts(weight_g=20_001), REFUSED, [(Ground.TOO_LARGE_OR_HEAVY, None, None)], id="heavier than the brand"
    ),
    pytest.param(
        facts(
            sender_kind=SenderKind.AGREEMENT,
            agreement_in_force=True,
            verification=None,
            sampled=True,
            inspection=inspection(opened=False),
        ),
        HELD,
        [(Ground.AGREEMENT_SAMPLE_NOT_OPENED, None, None)],
        id="a sample that nobody opened",
    ),
    pytest.param(facts(flags_open=1), HELD, [(Ground.SCREENING_FLAG_OPEN, None, None)], id="a flag nobody closed"),
    pytest.param(facts(intercepted="open"), HELD, [(Ground.INTERCEPTED, None, None)], id="intercepted"),
    pytest.param(
        facts(intercepted="examine"),
        HELD,
        [(Ground.SENDER_UNDER_EXAMINATION, None, None)],
        id="another of the sender was",
    ),
    pytest.param(
        facts(seen=Seen(staff="self")),
        REFUSED,
        [(Ground.SIGNAL_REFUSED, "clerk_is_sender", None)],
        id="the clerk sends",
    ),
    pytest.param(
        facts(seen=Seen(staff="other")),
        HELD,
        [(Ground.SECOND_CLERK_REQUIRED, "staff_is_sender", None)],
        id="a colleague sends",
    ),
]
IN_ORDER = [
    pytest.param(to_beijing(), id="everything the campaign asks for"),
    pytest.param(
        to_beijing(sender_kind=SenderKind.AGREEMENT, agreement_in_force=True, sampled=True), id="an agreement's sample"
    ),
    pytest.param(to_beijing(contents_kind="letter", verification=None, inspection=None), id="a letter stays exempt"),
    pytest.param(
        facts(
            sender_kind=SenderKind.AGREEMENT,
            agreement_in_force=True,
            verification=None,
            sampled=False,
            inspection=inspection(opened=False),
        ),
        id="not chosen, so not opened",
    ),
    pytest.param(facts(goods=(goods("R-01", "400"),), sent_today={"R-01": "200"}), id="just the limit of the day"),
    pytest.param(facts(seen=Seen(staff="other"), confirmed_by_second=True), id="a second clerk answers for it"),
    pytest.param(facts(seen=Seen(same_phone=True)), id="a warning is no objection"),
]


@pytest.mark.parametrize(("wanting", "outcome", "expected"), OBJECTIONS)
def test_what_a_layer_asks_for_is_an_objection_that_says_who_asks(
    wanting: Facts, outcome: Outcome, expected: Sequence[tuple[Ground, str | None, str | None]]
) -> None:
    decision = decide(wanting, layered_on(TODAY))

    assert [(one.ground, one.about, one.by) for one in decision.objections] == list(expected)
    assert decision.outcome is outcome


@pytest.mark.parametrize("in_order", IN_ORDER)
def test_who_does_what_the_layers_ask_is_accepted(in_order: Facts) -> None:
    decision = decide(in_order, layered_on(TODAY))

    assert (decision.outcome, decision.objections) == (ACCEPTED, ())


def test_a_parcel_that_is_not_opened_needs_an_agreement() -> None:
    decision = decide(facts(inspection=inspection(opened=False)), rules_on(TODAY))

    assert [one.ground for one in decision.objections] == [Ground.NOT_OPENED]


@pytest.mark.parametrize(
    ("reservation", "weight", "ground"),
    [
        ("operator_training_lapsed", "hold", Ground.SCREENING_RESERVED),
        ("operator_training_lapsed", "refuse", Ground.SCREENING_NOT_VALID),
    ],
)
def test_a_reservation_weighs_what_the_policy_says(reservation: str, weight: str, ground: Ground) -> None:
    rules = rules_on(TODAY)
    weights = {one: type(known)(weight) for one, known in rules.screening.weights.items()}
    rules = replace(rules, screening=replace(rules.screening, weights=weights))

    decision = decide(facts(screenings=("clear",), reservations=(reservation,)), rules)

    assert [(one.ground, one.about) for one in decision.objections] == [(ground, reservation)]


def reached(day: date) -> dict[Ground, str]:
    """Every ground that some vector reaches under the rules of a day, with the version of the act it cites."""
    rules = layered_on(day)
    heavy = dict.fromkeys(rules.screening.weights, ReservationWeight.REFUSE)
    light = dict.fromkeys(rules.screening.weights, ReservationWeight.HOLD)
    reserved = facts(on=day, screenings=("clear",), reservations=("operator_training_lapsed",))
    vectors = [param.values[0] for param in (*OBJECTIONS, *OF_THE_LAW)]
    decisions = [
        *(decide(replace(given, on=day), rules) for given in vectors if isinstance(given, Facts)),
        *(decide(reserved, replace(rules, screening=replace(rules.screening, weights=one))) for one in (heavy, light)),
    ]
    return {one.ground: one.citation.version for decision in decisions for one in decision.objections}


def test_every_ground_can_be_reached() -> None:
    assert reached(TODAY).keys() == set(Ground)


@pytest.mark.parametrize("day", [date(2018, 5, 1), date(2025, 5, 31), date(2025, 6, 1), TODAY], ids=str)
def test_every_ground_can_be_cited_on_any_day(day: date) -> None:
    found = reached(day)

    assert found.keys() == set(Ground)
    assert max(found.values()) <= day.isoformat()


def test_a_campaign_that_asks_nothing_of_a_parcel_is_not_named() -> None:
    versions = decide(facts(destination=XINJIANG, reach=Reach.INTER_PROVINCE, screenings=("clear",)), layered_on(TODAY))

    assert not any(key.startswith("campaign:") for key in versions.rules)
    assert any(key.startswith("brand:") for key in versions.rules)


def test_a_campaign_that_asks_something_is_named_with_its_edition() -> None:
    rules = decide(to_beijing(), layered_on(TODAY)).rules

    assert {key.rpartition("/")[2]: edition for key, edition in rules.items() if key.startswith("campaign:")} == {
        "drill": "1"
    }


def test_an_agency_asks_within_its_jurisdiction_only() -> None:
    of_shanghai = replace(CAMPAIGN, jurisdiction="31")

    decision = decide(to_beijing(addressee=None), rules_of([of_shanghai], day=TODAY))

    assert decision.outcome is ACCEPTED


def test_warnings_are_told_with_the_decision() -> None:
    decision = decide(facts(seen=Seen(same_phone=True)), rules_on(TODAY))

    assert [(one.signal.value, one.response.value) for one in decision.noticed] == [
        ("sender_phone_is_addressee_phone", "warn")
    ]


# --- a layer can only tighten -----------------------------------------------------------------------------------------

_CODES = st.sampled_from([one.code for one in rules_on(TODAY).catalogue.goods] + ["P03", "*"])
_GOODS_RULES = st.fixed_dictionaries(
    {"about": _CODES, "source": st.just("a test"), "verified": st.just(value=False)},
    optional={
        "verdict": st.just("ban"),
        "max_per_item": st.integers(1, 500).map(str),
        "max_per_sender_per_day": st.integers(1, 500).map(str),
        "required_documents": st.just(["safety_data"]),
        "not_by": st.lists(st.sampled_from(["air", "ground"]), min_size=1, unique=True),
        "not_to": st.lists(st.sampled_from(["11", "65", "US"]), min_size=1, unique=True),
    },
).filter(lambda rule: len(rule) > len(SAID) + 1)
_KINDS = ("screen_100", "screen_mark_per_parcel", "recipient_id", "unknown_substance_ban")
_OVERLAYS: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {"kind": "item_ban", "goods": ["R-10", "P05"], "on": ["acceptance"]},
        *({"kind": kind} for kind in _KINDS),
        {"kind": "id_required_even_if_agreement"},
    ]
)
_SETS = st.one_of(
    st.lists(_GOODS_RULES, min_size=1, max_size=4).map(lambda rules: rule_set(Layer.BRAND, "goods", {"rules": rules})),
    st.integers(1, 50_000).map(
        lambda grams: rule_set(Layer.BRAND, "acceptance", {"parcel": {"weight_g_max": grams, **SAID}})
    ),
    st.sampled_from(["warn", "second_clerk", "refuse"]).map(
        lambda response: rule_set(
            Layer.BRAND, "signals", {"rules": [{"signal": "staff_is_sender", "response": response, **SAID}]}
        )
    ),
    st.lists(_OVERLAYS, min_size=1, max_size=3, unique_by=lambda one: str(one["kind"])).map(
        lambda overlays: rule_set(Layer.CAMPAIGN, "campaign", campaign(*overlays), name="drill")
    ),
)
_ANY_FACTS = st.builds(
    replace,
    ANY_FACTS,
    destination=st.sampled_from([None, BEIJING, XINJIANG, Destination(country="US")]),
    addressee=st.sampled_from([None, verification()]),
    sampled=st.sampled_from([None, True, False]),
    unidentified=st.booleans(),
    is_labelled=st.booleans(),
    seen=st.sampled_from([Seen(), Seen(staff="other"), Seen(staff="self"), Seen(same_phone=True)]),
    confirmed_by_second=st.booleans(),
)
_SEVERITY = [ACCEPTED, HELD, REFUSED]


@settings(max_examples=300)
@given(given=_ANY_FACTS, sets=st.lists(_SETS, max_size=4), one_more=_SETS)
def test_one_more_layer_never_makes_the_outcome_milder_nor_silences_an_objection(
    given: Facts, sets: list[RuleSet], one_more: RuleSet
) -> None:
    named = [replace(one, name=f"{one.name}-{i}") for i, one in enumerate([*sets, one_more])]

    before, after = (decide(given, rules_of(some, day=given.on)) for some in (named[:-1], named))

    assert _SEVERITY.index(after.outcome) >= _SEVERITY.index(before.outcome)
    said = {(one.ground, one.about) for one in after.objections}
    heavier = {(Ground.SECOND_CLERK_REQUIRED, about) for ground, about in said if ground is Ground.SIGNAL_REFUSED}
    assert {(one.ground, one.about) for one in before.objections} <= said | heavier


@given(given=_ANY_FACTS, sets=st.permutations(LAYERS))
def test_the_order_of_layers_does_not_matter(given: Facts, sets: Sequence[RuleSet]) -> None:
    one, other = (decide(given, rules_of(some, day=given.on)) for some in (LAYERS, sets))

    assert (one.outcome, set(one.objections)) == (other.outcome, set(other.objections))


def test_goods_of_an_act_that_is_not_known_for_the_day_are_cited_all_the_same() -> None:
    wild = next(one for one in rules_on(TODAY).catalogue.goods if one.duty is Duty.WILDLIFE)
    forbidden = rule_set(Layer.BRAND, "goods", {"rules": [{"about": wild.code, "verdict": "ban", **SAID}]})
    day = date(2018, 5, 1)

    decision = decide(facts(on=day, goods=(goods(wild.code),)), rules_of([forbidden], day=day))

    assert Ground.PROHIBITED_GOODS in {one.ground for one in decision.objections}


def test_a_heavier_weight_of_the_brand_counts() -> None:
    said = {"identity_unconfirmed": {"weight": "refuse", **SAID}}
    rules = rules_of([rule_set(Layer.BRAND, "acceptance", said)], day=date(2026, 3, 5))

    (objection,) = decide(facts(verification=verification(status="unconfirmed")), rules).objections

    assert objection.weight is Weight.REFUSE
