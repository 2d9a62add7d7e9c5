"""The decision: which facts lead to which outcome, on which grounds, under which articles."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acceptance_api.acceptance.facts import Facts, GoodsFact, MarkState, facts_from_json
from acceptance_api.acceptance.grounds import Ground, Weight
from acceptance_api.acceptance.model import Destination, Outcome, Reach, SenderKind, SenderRefusal, Transport
from acceptance_api.acceptance.policy import (
    RULES,
    Asked,
    Rule,
    decide,
    identity_is_required,
    measures_of,
    reach_of,
    screening_is_required,
)
from acceptance_api.acceptance.rules import Rules, rules_on
from acceptance_api.demo.world import BEIJING_CHAOYANG
from acceptance_api.goods import judge
from acceptance_api.identity import Failing
from acceptance_api.inspection import InspectionStatus, Objection
from acceptance_api.kernel.problems import Kind
from acceptance_api.screening import ScreeningVerdict
from tests.support.builders import TODAY, facts, inspection, verification

ACCEPTED, HELD, REFUSED = Outcome.ACCEPTED, Outcome.HELD, Outcome.REFUSED
PERSON, AGREEMENT = SenderKind.PERSON, SenderKind.AGREEMENT
RULES_TODAY = rules_on(TODAY)
GUANGDONG = "440305"


def goods(code: str, quantity: str = "1", *documents: str) -> GoodsFact:
    return GoodsFact(code=code, quantity=quantity, documents=documents)


def prohibited() -> str:
    return next(one.code for one in RULES_TODAY.catalogue.goods if one.verdict == "ban")


ACCEPTANCES = [
    pytest.param(facts(), id="everything in order"),
    pytest.param(facts(contents_kind="letter", verification=None, inspection=None), id="a letter needs neither check"),
    pytest.param(
        facts(sender_kind=AGREEMENT, agreement_in_force=True, verification=None), id="an agreement stands for identity"
    ),
    pytest.param(facts(sender_kind=SenderKind.ORGANISATION), id="an organisation's agent was verified"),
    pytest.param(
        facts(contents_kind="letter", inspection=inspection(mark=MarkState.MISSING)), id="a letter needs no mark"
    ),
    pytest.param(facts(screenings=("suspect", "clear")), id="the last pass is clear"),
    pytest.param(facts(reach=Reach.INTER_PROVINCE, screenings=("clear",)), id="screened where it must be"),
    pytest.param(facts(reach=Reach.INTRA_PROVINCE), id="within the province as needed only"),
    pytest.param(facts(goods=(goods("R-01", "400"),)), id="tobacco up to the limit"),
    pytest.param(facts(goods=(goods("R-10", "1", "ccc_mark"),)), id="a condition met"),
    pytest.param(
        facts(goods=(goods("R-06", "60", "un38_3_report"), goods("R-06", "99"))), id="a limit by piece is not summed"
    ),
    pytest.param(
        facts(origin=GUANGDONG, goods=(goods("R-04"),)), id="a rule of Beijing does not bind an outlet elsewhere"
    ),
    pytest.param(facts(goods=(goods("R-15"),)), id="no air, by ground"),
    pytest.param(facts(goods=(goods("no-such-code"),)), id="a code that this edition no longer knows"),
    pytest.param(facts(weight_g=50_000, sides_mm=(1_500, 1_000, 500)), id="as large as a parcel may be"),
    pytest.param(facts(weight_g=None, sides_mm=None), id="not measured"),
]


@pytest.mark.parametrize("in_order", ACCEPTANCES)
def test_a_parcel_against_which_nothing_speaks_is_accepted(in_order: Facts) -> None:
    decision = decide(in_order, RULES_TODAY)

    assert (decision.outcome, decision.objections) == (ACCEPTED, ())


OBJECTIONS = [
    pytest.param(facts(verification=None), REFUSED, [Ground.SENDER_NOT_VERIFIED], id="no verification"),
    pytest.param(
        facts(sender_kind=SenderKind.ORGANISATION, verification=None),
        REFUSED,
        [Ground.SENDER_NOT_VERIFIED],
        id="an organisation's agent is verified too",
    ),
    pytest.param(
        facts(verification=verification(status="failed")),
        REFUSED,
        [Ground.SENDER_NOT_VERIFIED],
        id="failed, nobody knows why",
    ),
    pytest.param(
        facts(verification=verification(is_fresh=False)), REFUSED, [Ground.VERIFICATION_EXPIRED], id="no longer fresh"
    ),
    pytest.param(
        facts(verification=verification(status="failed", failings=("person_mismatch",))),
        REFUSED,
        [Ground.PERSON_MISMATCH],
        id="another person",
    ),
    pytest.param(
        facts(verification=verification(status="failed", failings=("document_expired",))),
        REFUSED,
        [Ground.DOCUMENT_EXPIRED],
        id="document expired",
    ),
    pytest.param(
        facts(verification=verification(status="failed", failings=("authority_mismatch",))),
        REFUSED,
        [Ground.IDENTITY_MISMATCH],
        id="the authority says no",
    ),
    pytest.param(
        facts(verification=verification(status="unconfirmed")),
        HELD,
        [Ground.IDENTITY_UNCONFIRMED],
        id="the authority cannot say",
    ),
    pytest.param(
        facts(verification=verification(name_agrees=False)), REFUSED, [Ground.NAME_MISMATCH], id="another name"
    ),
    pytest.param(
        facts(sender_refusal=SenderRefusal.REGISTRATION, verification=None),
        REFUSED,
        [Ground.REGISTRATION_REFUSED, Ground.SENDER_NOT_VERIFIED],
        id="will not be registered",
    ),
    pytest.param(
        facts(sender_refusal=SenderRefusal.OPENING, inspection=None),
        REFUSED,
        [Ground.OPENING_REFUSED, Ground.NOT_INSPECTED],
        id="will not open",
    ),
    pytest.param(
        facts(contents_kind="letter", sender_refusal=SenderRefusal.OPENING),
        REFUSED,
        [Ground.OPENING_REFUSED],
        id="will not open a letter when asked",
    ),
    pytest.param(
        facts(sender_kind=AGREEMENT, agreement_in_force=False),
        REFUSED,
        [Ground.AGREEMENT_NOT_IN_FORCE],
        id="agreement lapsed",
    ),
    pytest.param(
        facts(sender_kind=AGREEMENT, agreement_in_force=None),
        REFUSED,
        [Ground.AGREEMENT_NOT_IN_FORCE],
        id="no agreement named",
    ),
    pytest.param(
        facts(sender_kind=AGREEMENT, agreement_in_force=True, inspection=None),
        REFUSED,
        [Ground.NOT_INSPECTED],
        id="an agreement does not stand for inspection",
    ),
    pytest.param(facts(inspection=None), REFUSED, [Ground.NOT_INSPECTED], id="not inspected"),
    pytest.param(
        facts(inspection=inspection(same_waybill=False)),
        REFUSED,
        [Ground.INSPECTION_OF_ANOTHER_WAYBILL],
        id="another parcel's inspection",
    ),
    pytest.param(
        facts(inspection=inspection(same_contents=False)), REFUSED, [Ground.DECLARATION_MISMATCH], id="other contents"
    ),
    pytest.param(
        facts(inspection=inspection(status="incomplete", mark=MarkState.MISSING)),
        HELD,
        [Ground.INSPECTION_INCOMPLETE],
        id="checklist incomplete: the missing mark is no second ground",
    ),
    pytest.param(
        facts(inspection=inspection(status="failed", failed=("no_hazard",))),
        REFUSED,
        [Ground.INSPECTION_FAILED],
        id="an item failed",
    ),
    pytest.param(
        facts(inspection=inspection(status="failed")), REFUSED, [Ground.INSPECTION_FAILED], id="failed, no reason kept"
    ),
    pytest.param(
        facts(inspection=inspection(status="failed", failed=("no_hazard",), objections=("not_opened",))),
        REFUSED,
        [Ground.NOT_OPENED, Ground.INSPECTION_FAILED],
        id="an item failed and more",
    ),
    pytest.param(
        facts(inspection=inspection(status="failed", objections=("opening_refused",))),
        REFUSED,
        [Ground.OPENING_REFUSED],
        id="opening refused",
    ),
    pytest.param(
        facts(inspection=inspection(status="failed", objections=("declaration_mismatch",))),
        REFUSED,
        [Ground.DECLARATION_MISMATCH],
        id="something else was seen",
    ),
    pytest.param(
        facts(inspection=inspection(status="failed", objections=("unidentifiable_substance",))),
        REFUSED,
        [Ground.UNIDENTIFIABLE_SUBSTANCE],
        id="a powder nobody knows",
    ),
    pytest.param(
        facts(contents_kind="letter", inspection=inspection(status="failed", failed=("no_hazard",))),
        REFUSED,
        [Ground.INSPECTION_FAILED],
        id="who inspects a letter is bound by it",
    ),
    pytest.param(facts(inspection=inspection(mark=MarkState.MISSING)), HELD, [Ground.MARK_MISSING], id="no mark"),
    pytest.param(
        facts(inspection=inspection(mark=MarkState.USED)), REFUSED, [Ground.MARK_ALREADY_USED], id="another's mark"
    ),
    pytest.param(facts(goods=(goods(prohibited()),)), REFUSED, [Ground.PROHIBITED_GOODS], id="prohibited"),
    pytest.param(facts(goods=(goods("R-01", "401"),)), REFUSED, [Ground.RESTRICTED_OVER_LIMIT], id="over the limit"),
    pytest.param(
        facts(goods=(goods("R-01", "200"), goods("R-01", "201"))),
        REFUSED,
        [Ground.RESTRICTED_OVER_LIMIT],
        id="over the limit in two lines",
    ),
    pytest.param(
        facts(goods=(goods("R-06", "60", "un38_3_report"), goods("R-06", "101"))),
        REFUSED,
        [Ground.RESTRICTED_OVER_LIMIT],
        id="one piece over the limit",
    ),
    pytest.param(facts(goods=(goods("R-10"),)), HELD, [Ground.CONDITION_UNMET], id="a document is missing"),
    pytest.param(
        facts(origin="110105", goods=(goods("R-04"),)), HELD, [Ground.CONDITION_UNMET], id="bound by its own city"
    ),
    pytest.param(
        facts(goods=(goods("R-15"),), transport=Transport.AIR, screenings=("clear",)),
        REFUSED,
        [Ground.GOODS_NOT_BY_AIR],
        id="not by air",
    ),
    pytest.param(facts(reach=Reach.INTER_PROVINCE), HELD, [Ground.NOT_SCREENED], id="the machine is down"),
    pytest.param(facts(transport=Transport.AIR), HELD, [Ground.NOT_SCREENED], id="air freight in the city"),
    pytest.param(facts(transport=Transport.HIGH_SPEED_RAIL), HELD, [Ground.NOT_SCREENED], id="by high-speed rail"),
    pytest.param(
        facts(contents_kind="letter", reach=Reach.INTERNATIONAL),
        HELD,
        [Ground.NOT_SCREENED],
        id="letters are screened too",
    ),
    pytest.param(
        facts(sender_kind=AGREEMENT, agreement_in_force=True, reach=Reach.HONG_KONG_MACAU_TAIWAN),
        HELD,
        [Ground.NOT_SCREENED],
        id="agreement customers are screened too",
    ),
    pytest.param(
        facts(screenings=("clear", "suspect")), HELD, [Ground.SCREENING_SUSPECT], id="the last pass is suspect"
    ),
    pytest.param(
        facts(screenings=("prohibited", "clear")),
        REFUSED,
        [Ground.SCREENING_PROHIBITED],
        id="contraband once seen stays seen",
    ),
    pytest.param(facts(weight_g=50_001), REFUSED, [Ground.TOO_LARGE_OR_HEAVY], id="too heavy"),
    pytest.param(facts(sides_mm=(1_501, 1, 1)), REFUSED, [Ground.TOO_LARGE_OR_HEAVY], id="too long"),
    pytest.param(facts(sides_mm=(1_500, 1_500, 1)), REFUSED, [Ground.TOO_LARGE_OR_HEAVY], id="too large in all"),
    pytest.param(
        facts(reach=Reach.INTER_PROVINCE, verification=None, weight_g=50_001),
        REFUSED,
        [Ground.SENDER_NOT_VERIFIED, Ground.NOT_SCREENED, Ground.TOO_LARGE_OR_HEAVY],
        id="every ground is named, the strictest decides",
    ),
]


@pytest.mark.parametrize(("wanting", "outcome", "grounds"), OBJECTIONS)
def test_a_parcel_is_refused_or_held_on_every_ground_there_is(
    wanting: Facts, outcome: Outcome, grounds: list[Ground]
) -> None:
    decision = decide(wanting, RULES_TODAY)

    assert (decision.outcome, [objection.ground for objection in decision.objections]) == (outcome, grounds)


def grounds_of(given: object) -> list[Ground]:
    assert isinstance(given, Facts)
    return [objection.ground for objection in decide(given, RULES_TODAY).objections]


def test_grounds_that_mean_the_same_would_be_one_so_none_do() -> None:
    assert list(Ground.__members__.values()) == list(Ground)
    assert list(Kind.__members__.values()) == list(Kind)


def test_each_ground_is_found_by_its_public_code() -> None:
    assert [Ground.of(ground.code) for ground in Ground] == list(Ground)
    assert Ground.NOT_SCREENED.code == "not_screened"


@pytest.mark.parametrize("failing", Failing, ids=str)
def test_each_failing_of_a_verification_is_a_ground(failing: Failing) -> None:
    assert len(grounds_of(facts(verification=verification(status="failed", failings=(failing.value,))))) == 1


@pytest.mark.parametrize("objection", Objection, ids=str)
def test_each_objection_of_an_inspection_is_a_ground(objection: Objection) -> None:
    assert len(grounds_of(facts(inspection=inspection(status="failed", objections=(objection.value,))))) == 1


@pytest.mark.parametrize("status", [one for one in InspectionStatus if one is not InspectionStatus.PASSED], ids=str)
def test_no_inspection_but_a_passed_one_lets_a_parcel_through(status: InspectionStatus) -> None:
    assert grounds_of(facts(inspection=inspection(status=status.value)))


@pytest.mark.parametrize("verdict", [one for one in ScreeningVerdict if one is not ScreeningVerdict.CLEAR], ids=str)
def test_no_verdict_but_a_clear_one_lets_a_parcel_through(verdict: ScreeningVerdict) -> None:
    assert grounds_of(facts(screenings=(verdict.value,)))


@pytest.mark.parametrize("refusal", SenderRefusal, ids=str)
def test_whatever_the_sender_refuses_is_a_ground(refusal: SenderRefusal) -> None:
    assert grounds_of(facts(sender_refusal=refusal))


def test_whatever_the_catalogue_objects_to_is_a_ground() -> None:
    for one in RULES_TODAY.catalogue.goods:
        judgement = judge(
            RULES_TODAY.catalogue, one.code, quantity=1_000, documents=frozenset(), division=BEIJING_CHAOYANG
        )
        assert judgement is not None
        assert bool(grounds_of(facts(goods=(goods(one.code, "1000"),)))) is not judgement.satisfied, one.code


def test_an_objection_about_goods_names_them_and_stands_once() -> None:
    code = prohibited()

    (objection,) = decide(facts(goods=(goods(code), goods(code, "2"))), RULES_TODAY).objections

    assert (objection.ground, objection.about) == (Ground.PROHIBITED_GOODS, code)


def test_two_kinds_of_prohibited_goods_are_two_objections() -> None:
    first, second, *_ = (one.code for one in RULES_TODAY.catalogue.goods if one.verdict == "ban")

    decision = decide(facts(goods=(goods(first), goods(second))), RULES_TODAY)

    assert [objection.about for objection in decision.objections] == [first, second]


@pytest.mark.parametrize(
    ("weight", "outcome"), [(Weight.HOLD, HELD), (Weight.REFUSE, REFUSED)], ids=["as in law unsaid", "tightened"]
)
def test_what_follows_when_the_authority_cannot_answer_is_a_policy_value(weight: Weight, outcome: Outcome) -> None:
    rules = replace(RULES_TODAY, values=replace(RULES_TODAY.values, identity_unconfirmed=weight))

    decision = decide(facts(verification=verification(status="unconfirmed")), rules)

    assert (decision.outcome, decision.objections[0].weight) == (outcome, weight)


# --- the law ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanting", "old", "new"),
    [
        pytest.param(facts(verification=None), "22", "23", id="identity"),
        pytest.param(facts(inspection=None), "31", "32", id="inspection"),
        pytest.param(facts(inspection=inspection(mark=MarkState.MISSING)), "31", "32", id="mark"),
        pytest.param(facts(sender_kind=AGREEMENT, agreement_in_force=False), "31", "32", id="agreement"),
        pytest.param(facts(reach=Reach.INTERNATIONAL), "32", "33", id="screening"),
        pytest.param(facts(goods=(goods("P04-10"),)), "33", "34", id="goods"),
    ],
)
def test_a_ground_is_cited_as_numbered_on_the_day(wanting: Facts, old: str, new: str) -> None:
    cited = [cited_on(wanting, day) for day in (date(2025, 5, 31), date(2025, 6, 1))]

    assert cited == [("快递暂行条例", "2019-03-02", old), ("快递暂行条例", "2025-06-01", new)]


def test_tobacco_over_its_limit_is_cited_from_the_act_on_tobacco() -> None:
    act, _, article = cited_on(facts(goods=(goods("R-01", "401"),)), TODAY)

    assert (act, article) == ("烟草专卖法", "22")


def cited_on(given: Facts, day: date) -> tuple[str, str, str]:
    (objection,) = decide(replace(given, on=day), rules_on(day)).objections
    return objection.citation.act, objection.citation.version, objection.citation.article


def test_a_decision_says_which_rules_were_asked() -> None:
    assert decide(facts(), RULES_TODAY).rules == {
        "statutory": "2025-06-01",
        "catalogue": "2016-12-19",
        "checklist": "2025-06-01",
        "signals": RULES_TODAY.versions["signals"],
        "screening": RULES_TODAY.screening.version,
        "agreements": RULES_TODAY.agreements.version,
    }
    assert "checklist" not in decide(facts(inspection=None), RULES_TODAY).rules


# --- exemptions -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sender_kind", SenderKind, ids=str)
@pytest.mark.parametrize("contents_kind", ["letter", "general"])
def test_only_letters_and_agreement_customers_need_no_identity_check(
    sender_kind: SenderKind, contents_kind: str
) -> None:
    exempt = contents_kind == "letter" or sender_kind is AGREEMENT

    assert identity_is_required(facts(sender_kind=sender_kind, contents_kind=contents_kind)) is not exempt


@pytest.mark.parametrize("sender_kind", SenderKind, ids=str)
@pytest.mark.parametrize("contents_kind", ["letter", "general"])
@pytest.mark.parametrize("reach", Reach, ids=str)
@pytest.mark.parametrize("transport", Transport, ids=str)
def test_screening_follows_reach_and_transport_and_exempts_nobody(
    sender_kind: SenderKind, contents_kind: str, reach: Reach, transport: Transport
) -> None:
    given = facts(sender_kind=sender_kind, contents_kind=contents_kind, reach=reach, transport=transport)
    free = reach in {Reach.SAME_CITY, Reach.INTRA_PROVINCE} and transport is Transport.GROUND

    assert screening_is_required(given, RULES_TODAY) is not free


# --- reach ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("origin", "country", "division", "reach"),
    [
        pytest.param("440305", "CN", "440306", Reach.SAME_CITY, id="districts of one city"),
        pytest.param("440305", "CN", "440106", Reach.INTRA_PROVINCE, id="cities of one province"),
        pytest.param("440305", "CN", "110105", Reach.INTER_PROVINCE, id="two provinces"),
        pytest.param("110101", "CN", "110118", Reach.SAME_CITY, id="a municipality is one city"),
        pytest.param("500101", "CN", "500229", Reach.SAME_CITY, id="its counties too"),
        pytest.param("110101", "CN", None, Reach.INTER_PROVINCE, id="unknown division: the stricter"),
        pytest.param("110101", "CN", "710000", Reach.HONG_KONG_MACAU_TAIWAN, id="Taiwan by code"),
        pytest.param("110101", "CN", "810000", Reach.HONG_KONG_MACAU_TAIWAN, id="Hong Kong by code"),
        pytest.param("110101", "CN", "830000", Reach.HONG_KONG_MACAU_TAIWAN, id="Taiwan by the code of permits"),
        pytest.param("110101", "MO", None, Reach.HONG_KONG_MACAU_TAIWAN, id="Macao by country"),
        pytest.param("110101", "FR", None, Reach.INTERNATIONAL, id="abroad"),
    ],
)
def test_reach_follows_from_outlet_and_destination(
    origin: str, country: str, division: str | None, reach: Reach
) -> None:
    assert reach_of(origin, Destination(country=country, division=division)) is reach


# --- properties -------------------------------------------------------------------------------------------------------

_VERIFICATIONS = st.none() | st.builds(
    verification,
    status=st.sampled_from(["passed", "unconfirmed", "failed"]),
    failings=st.lists(st.sampled_from([one.value for one in Failing]), unique=True, max_size=3).map(tuple),
    is_fresh=st.booleans(),
    name_agrees=st.booleans(),
)
_INSPECTIONS = st.none() | st.builds(
    inspection,
    status=st.sampled_from([one.value for one in InspectionStatus]),
    failed=st.lists(st.just("an item"), max_size=1).map(tuple),
    objections=st.lists(st.sampled_from([one.value for one in Objection]), unique=True, max_size=4).map(tuple),
    same_waybill=st.booleans(),
    same_contents=st.booleans(),
    mark=st.sampled_from(MarkState),
)
_GOODS = st.builds(
    GoodsFact,
    code=st.sampled_from([one.code for one in RULES_TODAY.catalogue.goods]),
    quantity=st.integers(1, 1_000).map(str),
    documents=st.lists(st.sampled_from(["ccc_mark", "safety_data", "un38_3_report"]), max_size=3).map(tuple),
)
ANY_FACTS = st.builds(
    facts,
    on=st.dates(date(2018, 5, 1), date(2030, 1, 1)),
    origin=st.sampled_from(["110105", "440305"]),
    sender_kind=st.sampled_from(SenderKind),
    contents_kind=st.sampled_from(["letter", "general"]),
    transport=st.sampled_from(Transport),
    reach=st.sampled_from(Reach),
    goods=st.lists(_GOODS, max_size=4).map(tuple),
    weight_g=st.none() | st.integers(1, 60_000),
    sides_mm=st.none() | st.tuples(*[st.integers(1, 1_600)] * 3),
    sender_refusal=st.none() | st.sampled_from(SenderRefusal),
    verification=_VERIFICATIONS,
    agreement_in_force=st.none() | st.booleans(),
    inspection=_INSPECTIONS,
    screenings=st.lists(st.sampled_from([one.value for one in ScreeningVerdict]), max_size=3).map(tuple),
)
_SEVERITY = [ACCEPTED, HELD, REFUSED]
WORSE: dict[str, Callable[[Facts], Facts]] = {
    "a refusal": lambda given: replace(given, sender_refusal=SenderRefusal.OPENING),
    "overweight": lambda given: replace(given, weight_g=50_001),
    "a contraband pass": lambda given: replace(given, screenings=(*given.screenings, "prohibited")),
    "contraband declared": lambda given: replace(given, goods=(*given.goods, goods(prohibited()))),
}


@given(ANY_FACTS)
def test_the_strictest_ground_decides(given: Facts) -> None:
    decision = decide(given, rules_on(given.on))

    weights = {objection.weight for objection in decision.objections}
    expected = REFUSED if Weight.REFUSE in weights else HELD if weights else ACCEPTED
    assert decision.outcome is expected


@pytest.mark.parametrize("worse", WORSE)
@given(given=ANY_FACTS)
def test_one_more_objection_never_makes_the_outcome_milder(given: Facts, worse: str) -> None:
    rules = rules_on(given.on)
    before = decide(given, rules)

    after = decide(WORSE[worse](given), rules)

    assert _SEVERITY.index(after.outcome) >= _SEVERITY.index(before.outcome)
    assert after.outcome is REFUSED


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@given(given=ANY_FACTS)
def test_every_rule_is_always_asked(rule: Rule, given: Facts) -> None:
    rules = rules_on(given.on)
    all_grounds = {(objection.ground, objection.about) for objection in decide(given, rules).objections}

    assert {held[:2] for held in rule(given, Asked(rules, measures_of(given, rules)))} <= all_grounds


@given(ANY_FACTS)
def test_what_was_stored_leads_to_the_same_decision_again(given: Facts) -> None:
    stored = json.loads(json.dumps(given.as_json()))

    again = facts_from_json(stored)

    assert again == given
    assert decide(again, rules_on(again.on)) == decide(given, rules_on(given.on))


@given(ANY_FACTS)
def test_a_tighter_rule_set_never_makes_the_outcome_milder(given: Facts) -> None:
    rules = rules_on(given.on)

    before, after = decide(given, rules), decide(given, tightened(rules))

    assert _SEVERITY.index(after.outcome) >= _SEVERITY.index(before.outcome)


def tightened(rules: Rules) -> Rules:
    values = replace(
        rules.values,
        screened_reaches=frozenset(Reach),
        identity_unconfirmed=Weight.REFUSE,
        weight_g_max=1_000,
    )
    return replace(rules, values=values)
