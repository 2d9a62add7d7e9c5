"""Goods layers as documents: read whole, or refused with a pointer at everything that is wrong."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from acceptance_api.goods import Document, Verdict, edition_on, judge, layered, parse_layer, parse_new_layer
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.law import Citation, Duty

EDITION = edition_on(date(2026, 1, 1))
SAID = {"source": "内部手册 3", "verified": True}
ROW = {"code": "B-01", "class_code": "B", "name_zh": "无人机", "name_en": "Drone", "verdict": "ok"} | SAID
RULE = {"about": "P03", "verdict": "ban"} | SAID
WHOLE: dict[str, Any] = {
    "note": "示例",
    "goods": [
        ROW
        | {
            "synonyms": ["航拍机"],
            "verdict": "limit",
            "unit": "kg",
            "max_per_item": "1.5",
            "max_per_sender_per_day": 3,
            "required_documents": ["safety_data"],
            "only_in": ["110000"],
            "not_by": ["air"],
            "not_to": ["650000", "US"],
            "duty": "goods_rules",
        }
    ],
    "rules": [
        RULE,
        {
            "about": "*",
            "max_per_item": "2",
            "unit": "kg",
            "not_to": ["110105"],
            "cites": {"act": "示例通告", "version": "2026-01-01", "article": "3"},
        }
        | SAID,
    ],
}


def test_a_layer_is_read_whole() -> None:
    layer = parse_new_layer(WHOLE)
    (drone,) = layer.goods
    transport, ban, everything = layer.rules

    assert (drone.code, drone.verdict, drone.unit, drone.duty) == ("B-01", Verdict.LIMIT, "kg", Duty.GOODS_RULES)
    assert (drone.max_per_item, drone.max_per_sender_per_day) == (Decimal("1.5"), Decimal(3))
    assert (drone.only_in, drone.required_documents) == (frozenset({"11"}), frozenset({Document.SAFETY_DATA}))
    assert (transport.about, transport.not_by, transport.not_to, transport.only_in) == (
        "B-01",
        frozenset({"air"}),
        frozenset({"65", "US"}),
        frozenset({"11"}),
    )
    assert (ban.about, ban.verdict) == ("P03", Verdict.BAN)
    assert everything.cites == Citation(act="示例通告", version="2026-01-01", article="3")
    assert (everything.not_to, everything.unit) == (frozenset({"110105"}), "kg")
    assert parse_layer(WHOLE) == layer


def test_a_layer_that_was_read_can_be_judged_by() -> None:
    judgement = judge(
        layered(EDITION, [("b@1", parse_layer(WHOLE))]),
        "B-01",
        quantity=Decimal("1.501"),
        documents=frozenset(),
        transport="air",
    )

    assert judgement is not None
    assert [obstacle.reason.value for obstacle in judgement.obstacles] == [
        "over_limit",
        "documents_missing",
        "not_by_transport",
    ]


@pytest.mark.parametrize(
    ("content", "pointers"),
    [
        pytest.param({"unknown": 1}, ["/unknown"], id="an unknown member"),
        pytest.param({"goods": [{}]}, ["/goods/0/code", "/goods/0/source"], id="an empty row"),
        pytest.param({"goods": [ROW | {"code": "C-01"}]}, ["/goods/0/code"], id="a code of another class"),
        pytest.param({"goods": [ROW | {"code": "b-01"}]}, ["/goods/0/code"], id="a code in small letters"),
        pytest.param({"goods": [ROW, ROW]}, ["/goods/1/code"], id="a code twice"),
        pytest.param({"goods": [ROW | {"verdict": "limit"}]}, ["/goods/0/verdict"], id="a limit of nothing"),
        pytest.param({"goods": [ROW | {"verdict": "condition"}]}, ["/goods/0/verdict"], id="a condition of nothing"),
        pytest.param({"goods": [ROW | {"name_zh": "无人机\n"}]}, ["/goods/0/name_zh"], id="a newline in a name"),
        pytest.param({"goods": [ROW | {"name_zh": " "}]}, ["/goods/0/name_zh"], id="a blank name"),
        pytest.param({"rules": [RULE | {"about": ""}]}, ["/rules/0/about"], id="about nothing"),
        pytest.param({"rules": [{"about": "P03"} | SAID]}, ["/rules/0"], id="a rule that asks for nothing"),
        pytest.param({"rules": [RULE | {"verdict": "ok"}]}, ["/rules/0/verdict"], id="a rule that would allow"),
        pytest.param({"rules": [RULE | {"unit": "kg"}]}, ["/rules/0/unit"], id="a unit of no figure"),
        pytest.param({"rules": [RULE | {"max_per_item": 0}]}, ["/rules/0/max_per_item"], id="a limit of none"),
        pytest.param(
            {"rules": [RULE | {"max_per_item": "1e3"}]}, ["/rules/0/max_per_item"], id="a figure in another form"
        ),
        pytest.param({"rules": [RULE | {"max_per_item": True}]}, ["/rules/0/max_per_item"], id="a truth for a figure"),
        pytest.param({"rules": [RULE | {"not_by": ["ship"]}]}, ["/rules/0/not_by/0"], id="an unknown transport"),
        pytest.param({"rules": [RULE | {"not_to": ["123"]}]}, ["/rules/0/not_to/0"], id="half a division"),
        pytest.param(
            {"rules": [RULE | {"required_documents": ["x"]}]}, ["/rules/0/required_documents/0"], id="a document"
        ),
        pytest.param(
            {"rules": [RULE | {"cites": {"act": "x"}}]},
            ["/rules/0/cites/version", "/rules/0/cites/article"],
            id="half a citation",
        ),
        pytest.param(
            {"rules": [{"about": "P03", "verdict": "ban"}]}, ["/rules/0/source", "/rules/0/verified"], id="no source"
        ),
    ],
)
def test_every_fault_is_pointed_at(content: dict[str, Any], pointers: list[str]) -> None:
    with pytest.raises(Problem) as caught:
        parse_layer(content)

    assert caught.value.kind is Kind.INVALID
    assert set(pointers) <= {fault.pointer for fault in caught.value.faults}


@pytest.mark.parametrize(
    ("content", "pointer", "code"),
    [
        pytest.param({}, "", "asks_for_nothing", id="nothing"),
        pytest.param(
            {"goods": [ROW | {"code": "P04-10", "class_code": "P04"}]},
            "/goods/0/code",
            "already_in_the_catalogue",
            id="a code of the catalogue",
        ),
        pytest.param(
            {"rules": [RULE | {"about": "P99"}]}, "/rules/0/about", "not_in_the_catalogue", id="no such class"
        ),
        pytest.param(
            {"rules": [RULE | {"about": "B-01"}]}, "/rules/0/about", "not_in_the_catalogue", id="no such code"
        ),
        pytest.param(
            {"rules": [RULE | {"about": "R-06", "max_per_item": 1, "unit": "kg"}]},
            "/rules/0/unit",
            "not_that_of_the_goods",
            id="watt-hours in kilograms",
        ),
        pytest.param({"rules": [RULE | {"max_per_item": 1}]}, "/rules/0/unit", "required", id="one of what"),
    ],
)
def test_what_is_proposed_must_be_about_something(content: dict[str, Any], pointer: str, code: str) -> None:
    with pytest.raises(Problem) as caught:
        parse_new_layer(content)

    assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [(pointer, code)]
    assert parse_layer(content) is not None, "what was approved once is read whatever the catalogue has become"


@pytest.mark.parametrize("about", ["P03", "P04-10", "*", "B-01", "B"])
def test_a_rule_may_be_about_the_catalogue_or_the_documents_own_goods(about: str) -> None:
    assert parse_new_layer({"goods": [ROW], "rules": [RULE | {"about": about}]}).rules[0].about == about
