"""Layers over the catalogue: the strictest wins, nothing is taken away, and everything says where it comes from."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acceptance_api.goods import (
    Document,
    Goods,
    GoodsLayer,
    GoodsRule,
    Judgement,
    LayeredCatalogue,
    MatchKind,
    Obstacle,
    Place,
    Reason,
    Verdict,
    edition_on,
    judge,
    layered,
)
from acceptance_api.law import Citation, Duty

EDITION = edition_on(date(2026, 1, 1))
ALL_PAPERS = frozenset(Document)
BEIJING, SHANGHAI = "110105", "310101"
LAYERS = tuple[str, GoodsLayer]


def rule(about: str = "*", **said: object) -> GoodsRule:
    return GoodsRule(about=about, source="test", verified=True, **said)  # type: ignore[arg-type] # as in GoodsRule


def goods(code: str = "B-01", name: str = "无人机", *, verdict: Verdict = Verdict.OK, **said: object) -> Goods:
    values: dict[str, object] = {
        "class_code": code.partition("-")[0],
        "name_en": f"{name} in English",
        "synonyms": (),
        "unit": "piece",
        "max_per_item": None,
        "required_documents": frozenset(),
        "only_in": frozenset(),
        "limit_per_piece": False,
        "not_by_air": False,
        "disposal": None,
        "duty": Duty.GOODS_RULES,
        "verified": True,
        "source": "test",
    }
    return Goods(code=code, name_zh=name, verdict=verdict, **values | said)  # type: ignore[arg-type] # as in Goods


def layer(*rules: GoodsRule, goods: Iterable[Goods] = ()) -> GoodsLayer:
    return GoodsLayer(goods=tuple(goods), rules=rules)


def judged(catalogue: LayeredCatalogue, code: str, **changes: object) -> Judgement:
    asked: dict[str, object] = {"quantity": 1, "documents": ALL_PAPERS}
    judgement = judge(catalogue, code, **asked | changes)  # type: ignore[arg-type] # as in judge
    assert judgement is not None
    return judgement


def told(judgement: Judgement) -> list[tuple[str, str | None]]:
    return [(obstacle.reason.value, obstacle.layer) for obstacle in judgement.obstacles]


@pytest.mark.parametrize(
    ("said", "asked", "obstacles"),
    [
        pytest.param({}, {}, [], id="a rule that says nothing"),
        pytest.param({"verdict": Verdict.BAN}, {}, [("prohibited", "b@1")], id="a ban"),
        pytest.param({"max_per_item": Decimal(2)}, {"quantity": 2}, [], id="just within a limit"),
        pytest.param({"max_per_item": Decimal(2)}, {"quantity": 3}, [("over_limit", "b@1")], id="over a limit"),
        pytest.param({"max_per_item": Decimal(2), "unit": "kg"}, {"quantity": 3}, [], id="a limit in another unit"),
        pytest.param(
            {"max_per_sender_per_day": Decimal(5)},
            {"quantity": 2, "sent_today": Decimal(3)},
            [],
            id="just the day's limit",
        ),
        pytest.param(
            {"max_per_sender_per_day": Decimal(5)},
            {"quantity": 2, "sent_today": Decimal("3.001")},
            [("over_daily_limit", "b@1")],
            id="more than the day's limit",
        ),
        pytest.param(
            {"max_per_sender_per_day": Decimal(5)},
            {"quantity": 2, "in_all": 6},
            [("over_daily_limit", "b@1")],
            id="the day counts the whole parcel, not the largest piece",
        ),
        pytest.param(
            {"required_documents": frozenset({Document.SAFETY_DATA})},
            {"documents": frozenset()},
            [("documents_missing", "b@1")],
            id="a document",
        ),
        pytest.param({"not_by": frozenset({"air"})}, {"transport": "air"}, [("not_by_transport", "b@1")], id="by air"),
        pytest.param({"not_by": frozenset({"air"})}, {"transport": "ground"}, [], id="on the ground"),
        pytest.param({"not_by": frozenset({"air"})}, {}, [], id="nobody asked how"),
        pytest.param(
            {"not_to": frozenset({"11"})},
            {"destination": Place("CN", BEIJING)},
            [("not_to_destination", "b@1")],
            id="to a place in a province",
        ),
        pytest.param(
            {"not_to": frozenset({"11"})}, {"destination": Place("CN", SHANGHAI)}, [], id="to another province"
        ),
        pytest.param({"not_to": frozenset({"11"})}, {}, [], id="nobody asked where"),
        pytest.param(
            {"only_in": frozenset({"31"}), "verdict": Verdict.BAN}, {"division": BEIJING}, [], id="not from here"
        ),
        pytest.param(
            {"only_in": frozenset({"11"}), "verdict": Verdict.BAN},
            {"division": BEIJING},
            [("prohibited", "b@1")],
            id="from here",
        ),
        pytest.param(
            {"only_in": frozenset({"31"}), "verdict": Verdict.BAN}, {}, [("prohibited", "b@1")], id="from wherever"
        ),
    ],
)
def test_a_layers_rule_about_everyday_goods(
    said: dict[str, object], asked: dict[str, object], obstacles: list[tuple[str, str | None]]
) -> None:
    for about in ("G-01", "G", "*"):
        judgement = judged(layered(EDITION, [("b@1", layer(rule(about, **said)))]), "G-01", **asked)
        assert told(judgement) == obstacles
        assert judgement.satisfied is (not obstacles)


def test_every_obstacle_is_told_the_gravest_first_with_the_layer_it_comes_from() -> None:
    brand = layer(rule("R-01", max_per_item=Decimal(200), not_by=frozenset({"air"})))
    campaign = layer(rule("R", verdict=Verdict.BAN), rule("*", required_documents=frozenset({Document.SAFETY_DATA})))
    catalogue = layered(EDITION, [("b@2", brand), ("c@1", campaign)])

    judgement = judged(catalogue, "R-01", quantity=500, documents=frozenset(), transport="air")

    assert (judgement.verdict, judgement.reason) == (Verdict.BAN, Reason.PROHIBITED)
    assert told(judgement) == [
        ("prohibited", "c@1"),
        ("over_limit", None),
        ("over_limit", "b@2"),
        ("documents_missing", "c@1"),
        ("not_by_transport", "b@2"),
    ]


def test_an_obstacle_carries_the_article_that_its_layer_names() -> None:
    cites = Citation(act="示例通告", version="2026-01-01", article="3")
    judgement = judged(layered(EDITION, [("c@1", layer(rule(verdict=Verdict.BAN, cites=cites)))]), "G-01")

    assert judgement.obstacles == (Obstacle(Reason.PROHIBITED, "c@1", cites),)


def test_the_combined_rule_is_the_strictest_of_every_component() -> None:
    brand = layer(
        rule("R-06", max_per_item=Decimal(60), unit="Wh", not_to=frozenset({"65"}), not_by=frozenset({"air"}))
    )
    campaign = layer(
        rule("R-06", max_per_item=Decimal(80), max_per_sender_per_day=Decimal(300), not_to=frozenset({"US"})),
        rule("*", required_documents=frozenset({Document.PURCHASE_INVOICE}), not_by=frozenset({"high_speed_rail"})),
        rule("G", verdict=Verdict.BAN),
    )
    combined = layered(EDITION, [("b@1", brand), ("c@1", campaign), ("d@1", layer(rule("G")))]).rule("R-06")

    assert combined is not None
    assert (combined.verdict, combined.layers) == (Verdict.LIMIT, ("b@1", "c@1"))
    assert (combined.max_per_item, combined.max_per_sender_per_day) == (Decimal(60), Decimal(300))
    assert combined.required_documents == {Document.UN38_3_REPORT, Document.PURCHASE_INVOICE}
    assert combined.not_by == {"air", "high_speed_rail"}
    assert combined.not_to == {"65", "US"}
    assert not combined.verified


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        pytest.param({"max_per_item": Decimal(1)}, Verdict.LIMIT, id="a figure limits"),
        pytest.param({"max_per_sender_per_day": Decimal(1)}, Verdict.LIMIT, id="a figure by the day too"),
        pytest.param({"max_per_item": Decimal(1), "unit": "kg"}, Verdict.OK, id="a figure that does not count here"),
        pytest.param(
            {"required_documents": frozenset({Document.CCC_MARK})}, Verdict.CONDITION, id="a document conditions"
        ),
        pytest.param({"not_by": frozenset({"air"})}, Verdict.OK, id="a transport does neither"),
        pytest.param({"verdict": Verdict.BAN}, Verdict.BAN, id="a ban"),
    ],
)
def test_the_verdict_follows_from_what_is_asked(said: dict[str, object], verdict: Verdict) -> None:
    catalogue = layered(EDITION, [("b@1", layer(rule("G-01", **said)))])

    assert judged(catalogue, "G-01", quantity=0).verdict is verdict


def test_a_local_rule_of_the_catalogue_does_not_excuse_from_a_layers() -> None:
    catalogue = layered(EDITION, [("b@1", layer(rule("R", verdict=Verdict.BAN)))])

    assert told(judged(catalogue, "R-05", division=SHANGHAI)) == [("prohibited", "b@1")]
    assert told(judged(catalogue, "R-05", division=BEIJING)) == [("prohibited", None), ("prohibited", "b@1")]
    assert judged(layered(EDITION, ()), "R-05", division=SHANGHAI).reason is Reason.NOT_BOUND_HERE
    combined = catalogue.rule("R-05", division=SHANGHAI)
    assert combined is not None
    assert combined.layers == ("b@1",)


@pytest.mark.parametrize(
    ("destination", "entry", "reached"),
    [
        pytest.param(Place("CN", "110105"), "11", True, id="in the province"),
        pytest.param(Place("CN", "110105"), "110105", True, id="the place itself"),
        pytest.param(Place("CN", "110105"), "110101", False, id="another place"),
        pytest.param(Place("CN", "110000"), "110105", True, id="somewhere in the province"),
        pytest.param(Place("CN", "130100"), "1302", False, id="another city"),
        pytest.param(Place("CN", None), "11", True, id="somewhere in China"),
        pytest.param(Place("CN", None), "HK", False, id="but not beyond the border"),
        pytest.param(Place("US", None), "11", False, id="abroad"),
        pytest.param(Place("US", None), "US", True, id="a country"),
        pytest.param(Place("CN", "110105"), "CN", True, id="the whole country"),
        pytest.param(Place("HK", None), "81", True, id="Hong Kong as a division"),
        pytest.param(Place("CN", "810000"), "HK", True, id="Hong Kong as a country"),
        pytest.param(Place("CN", "830000"), "TW", True, id="Taiwan's other code"),
        pytest.param(Place("TW", None), "71", True, id="Taiwan as a division"),
    ],
)
def test_a_destination_that_is_known_roughly_may_be_anywhere_in_it(
    destination: Place, entry: str, *, reached: bool
) -> None:
    catalogue = layered(EDITION, [("b@1", layer(rule("G-01", not_to=frozenset({entry}))))])

    assert judged(catalogue, "G-01", destination=destination).satisfied is not reached


# --- goods of layers --------------------------------------------------------------------------------------------------


def test_a_layers_goods_are_found_like_those_of_the_catalogue() -> None:
    drone = goods(synonyms=("航拍机",), verdict=Verdict.BAN)
    catalogue = layered(EDITION, [("b@1", layer(goods=[drone]))])

    assert catalogue.find("B-01") == drone
    assert [catalogue.find_named(name) for name in ("无人机", "航拍机", " 无人 机")] == [drone] * 3
    searches = {
        "无人机": MatchKind.NAME,
        "wurenji": MatchKind.PINYIN,
        "WRJ": MatchKind.INITIALS,
        "无人几": MatchKind.HOMOPHONE,
    }
    for text, kind in searches.items():
        assert (drone, kind) in [(match.goods, match.kind) for match in catalogue.search(text)]
    assert told(judged(catalogue, "B-01")) == [("prohibited", "b@1")]
    assert (EDITION.find("B-01"), EDITION.find_named("无人机")) == (None, None)
    assert catalogue.goods == (*EDITION.goods, drone)


def test_what_an_edition_finds_comes_before_a_layers_goods_of_the_same_kind_of_match_never_after_worse_ones() -> None:
    catalogue = layered(EDITION, [("b@1", layer(goods=[goods(name="打火机油")]))])
    kinds = [match.kind for match in catalogue.search("打火机", limit=100)]

    assert kinds == sorted(kinds)
    assert {match.goods.code for match in catalogue.search("打火机", limit=100)} >= {"P04-10", "B-01"}
    assert len(catalogue.search("打火机", limit=1)) == 1


def test_a_layer_without_goods_searches_as_the_catalogue_does() -> None:
    assert layered(EDITION, [("b@1", layer(rule()))]).search("打火") == EDITION.search("打火")


def test_an_old_name_for_new_goods_hides_nothing() -> None:
    lighter = goods(name="打火机")
    catalogue = layered(EDITION, [("b@1", layer(goods=[lighter]))])

    assert [one.code for one in catalogue.find_all_named("打火机")] == ["P04-10", "B-01"]
    assert told(judged(catalogue, "B-01")) == [("prohibited", None)]


def test_new_goods_that_bear_the_name_of_known_ones_bind_them_too() -> None:
    clothes = EDITION.find("G-01")
    assert clothes is not None
    banned = goods(name=clothes.name_zh, verdict=Verdict.BAN)
    catalogue = layered(EDITION, [("b@1", layer(rule("B-01", not_by=frozenset({"air"})), goods=[banned]))])

    assert told(judged(catalogue, "G-01", transport="air")) == [("prohibited", "b@1"), ("not_by_transport", "b@1")]


def test_two_layers_that_bring_one_thing_bind_it_both() -> None:
    layers = [
        ("b@1", layer(goods=[goods("B-01", max_per_item=Decimal(1))])),
        ("c@1", layer(rule("C-01", verdict=Verdict.BAN), goods=[goods("C-01")])),
        ("d@1", layer(rule("B-01", not_by=frozenset({"air"})), goods=[goods("B-01", "飞行器")])),
    ]
    catalogue = layered(EDITION, layers)

    for code in ("B-01", "C-01"):
        obstacles = told(judged(catalogue, code, quantity=2, transport="air"))
        assert obstacles == [("prohibited", "c@1"), ("over_limit", "b@1"), ("not_by_transport", "d@1")]
    found = catalogue.find("B-01")
    assert found is not None
    assert (found.name_zh, "飞行器" in found.synonyms) == ("无人机", True)


def test_a_layer_cannot_take_a_limit_away_by_counting_otherwise() -> None:
    by_weight = layer(
        rule("B-01", max_per_item=Decimal(3), unit="kg"), goods=[goods(unit="kg", max_per_item=Decimal(2))]
    )
    by_piece = layer(goods=[goods(unit="piece", class_code="A")])
    catalogue = layered(EDITION, [("b@1", by_weight), ("a@1", by_piece)])

    assert told(judged(catalogue, "B-01", quantity=4)) == [("over_limit", "b@1")]


def test_a_limit_by_the_piece_is_one_only_if_every_layer_means_it_so() -> None:
    layers = [("b@1", layer(goods=[goods(limit_per_piece=True)])), ("c@1", layer(goods=[goods()]))]
    by_piece, both = (layered(EDITION, some).find("B-01") for some in (layers[:1], layers))

    assert by_piece is not None
    assert both is not None
    assert (by_piece.limit_per_piece, both.limit_per_piece) == (True, False)


def test_a_code_of_the_catalogue_is_not_taken_over() -> None:
    catalogue = layered(EDITION, [("b@1", layer(goods=[goods("P04-10", "玩具")]))])

    assert catalogue.find("P04-10") == EDITION.find("P04-10")
    assert told(judged(catalogue, "P04-10")) == [("prohibited", None)]


def test_an_unknown_code_has_no_rule() -> None:
    catalogue = layered(EDITION, [("b@1", layer(rule(verdict=Verdict.BAN)))])

    assert (catalogue.find("X-99"), catalogue.rule("X-99"), catalogue.find_named("没有这种东西")) == (None, None, None)
    assert judge(catalogue, "X-99", quantity=1, documents=ALL_PAPERS) is None


def test_without_layers_the_catalogue_is_the_edition() -> None:
    catalogue = layered(EDITION, ())

    assert (catalogue.version, catalogue.layers, catalogue.classes) == (EDITION.version, (), EDITION.classes)
    for one in EDITION.goods:
        assert judged(catalogue, one.code) == judge(EDITION, one.code, quantity=1, documents=ALL_PAPERS)


# --- properties -------------------------------------------------------------------------------------------------------

CODES = ("P04-10", "R-01", "R-05", "R-06", "R-07", "G-01", "B-01", "B-02")
FIGURES = st.none() | st.integers(1, 500).map(Decimal)
PLACES = st.frozensets(st.sampled_from(["11", "1101", "31", "310101", "US", "HK"]), max_size=2)
PAPERS = st.frozensets(st.sampled_from(sorted(Document)), max_size=2)
ONLY_IN = st.frozensets(st.sampled_from(["11", "31"]), max_size=1)
RULES = st.builds(
    rule,
    st.sampled_from([*CODES, "P04", "R", "G", "B", "*"]),
    verdict=st.none() | st.sampled_from([Verdict.BAN, Verdict.LIMIT, Verdict.CONDITION]),
    max_per_item=FIGURES,
    max_per_sender_per_day=FIGURES,
    unit=st.sampled_from([None, "piece", "Wh", "kg"]),
    required_documents=PAPERS,
    not_by=st.frozensets(st.sampled_from(["air", "ground", "high_speed_rail"]), max_size=2),
    not_to=PLACES,
    only_in=ONLY_IN,
)
GOODS = st.builds(
    goods,
    st.sampled_from(["B-01", "B-02", "G-01"]),
    st.sampled_from(["无人机", "飞行器", "打火机", "衣服", "烟叶"]),
    verdict=st.sampled_from(Verdict),
    class_code=st.sampled_from(["B", "R", "G"]),
    unit=st.sampled_from(["piece", "Wh"]),
    max_per_item=FIGURES,
    max_per_sender_per_day=FIGURES,
    required_documents=PAPERS,
    only_in=ONLY_IN,
    limit_per_piece=st.booleans(),
    not_by_air=st.booleans(),
)
LAYER = st.tuples(
    st.sampled_from(["b@1", "b@2", "c@1", "d@1"]),
    st.builds(GoodsLayer, goods=st.lists(GOODS, max_size=2).map(tuple), rules=st.lists(RULES, max_size=3).map(tuple)),
)
PARCEL = st.fixed_dictionaries(
    {
        "quantity": st.integers(0, 600).map(Decimal),
        "documents": PAPERS,
        "division": st.sampled_from([None, BEIJING, SHANGHAI]),
        "transport": st.sampled_from([None, "air", "ground"]),
        "destination": st.sampled_from([None, Place("CN", BEIJING), Place("CN", None), Place("US"), Place("HK")]),
        "sent_today": st.integers(0, 600).map(Decimal),
        "in_all": st.none() | st.integers(0, 900).map(Decimal),
    }
)


def obstacles_of(layers: Iterable[LAYERS], parcel: dict[str, object]) -> dict[str, frozenset[Obstacle]]:
    catalogue = layered(EDITION, layers)
    found = {}
    for code in CODES:
        judgement = judge(catalogue, code, **parcel)  # type: ignore[arg-type] # as in judge
        if judgement is not None:
            assert judgement.satisfied is (not judgement.obstacles)
            found[code] = frozenset(judgement.obstacles)
    return found


@settings(max_examples=200, deadline=None)
@given(layers=st.lists(LAYER, max_size=3), added=LAYER, parcel=PARCEL)
def test_a_layer_never_removes_an_obstacle(layers: list[LAYERS], added: LAYERS, parcel: dict[str, object]) -> None:
    before, after = obstacles_of(layers, parcel), obstacles_of([*layers, added], parcel)

    assert before.keys() <= after.keys()
    assert [code for code in before if not before[code] <= after[code]] == []


@settings(max_examples=200, deadline=None)
@given(layers=st.lists(LAYER, max_size=3), added=LAYER, parcel=PARCEL)
def test_a_layer_never_hides_what_a_name_stands_for(
    layers: list[LAYERS], added: LAYERS, parcel: dict[str, object]
) -> None:
    def by_name(given_layers: list[LAYERS]) -> dict[str, set[str]]:
        catalogue = layered(EDITION, given_layers)
        return {name: {one.code for one in catalogue.find_all_named(name)} for name in ("无人机", "打火机", "烟叶")}

    before, after = by_name(layers), by_name([*layers, added])
    assert [name for name in before if not before[name] <= after[name]] == []
    assert parcel


@settings(max_examples=200, deadline=None)
@given(layers=st.lists(LAYER, max_size=4), parcel=PARCEL, data=st.data())
def test_the_order_of_layers_does_not_matter(
    layers: list[LAYERS], parcel: dict[str, object], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(layers))
    one, other = layered(EDITION, layers), layered(EDITION, shuffled)

    assert obstacles_of(layers, parcel) == obstacles_of(shuffled, parcel)
    assert [one.rule(code) for code in CODES] == [other.rule(code) for code in CODES]
    assert one.goods == other.goods


@settings(max_examples=200, deadline=None)
@given(layers=st.lists(LAYER, max_size=3), parcel=PARCEL)
def test_combining_a_layer_twice_changes_nothing(layers: list[LAYERS], parcel: dict[str, object]) -> None:
    once, twice = layered(EDITION, layers), layered(EDITION, [*layers, *layers])

    assert obstacles_of(layers, parcel) == obstacles_of([*layers, *layers], parcel)
    assert [once.rule(code) for code in CODES] == [twice.rule(code) for code in CODES]


@settings(max_examples=200, deadline=None)
@given(layers=st.lists(LAYER, max_size=3), parcel=PARCEL)
def test_a_parcel_passes_where_the_combined_rule_says_so(layers: list[LAYERS], parcel: dict[str, object]) -> None:
    """The combined rule, held against a parcel by itself, objects just where some layer does."""
    catalogue = layered(EDITION, layers)
    for code in CODES:
        judgement = judge(catalogue, code, **parcel)  # type: ignore[arg-type] # as in judge
        combined = catalogue.rule(code, division=parcel["division"])  # type: ignore[arg-type] # drawn as such
        if judgement is None or combined is None:
            continue
        reasons = {obstacle.reason for obstacle in judgement.obstacles}
        in_all = parcel["quantity"] if parcel["in_all"] is None else parcel["in_all"]
        assert (Reason.PROHIBITED in reasons) is (combined.verdict is Verdict.BAN)
        assert (Reason.OVER_LIMIT in reasons) is _over(combined.max_per_item, parcel["quantity"])
        assert (Reason.OVER_DAILY_LIMIT in reasons) is _over(
            combined.max_per_sender_per_day,
            parcel["sent_today"] + in_all,  # type: ignore[operator] # decimals
        )
        assert (Reason.DOCUMENTS_MISSING in reasons) is (not combined.required_documents <= parcel["documents"])  # type: ignore[operator] # sets
        assert (Reason.NOT_BY_TRANSPORT in reasons) is (parcel["transport"] in combined.not_by)


def _over(limit: Decimal | None, amount: object) -> bool:
    return limit is not None and isinstance(amount, Decimal) and amount > limit
