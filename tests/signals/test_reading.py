"""Reading rule sets of the kind `signals`: what is wrong is pointed at, what is right is what it says."""

from datetime import date
from typing import Any

import pytest

from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.signals import Response, Signal, parse_values, shipped_on

RULE: dict[str, Any] = {
    "signal": "too_many_a_day",
    "response": "second_clerk",
    "figures": {"at_least": 15},
    "source": "a brand's own rule",
    "verified": True,
}


def test_a_rule_is_what_it_says() -> None:
    values = parse_values({"rules": [RULE, {**RULE, "signal": "clerk_is_sender", "figures": {}}]})
    rule = values.rules[Signal.TOO_MANY_A_DAY]

    assert (rule.response, rule.figures, rule.source, rule.verified) == (
        Response.SECOND_CLERK,
        {"at_least": 15},
        "a brand's own rule",
        True,
    )
    assert values.figure(Signal.TOO_MANY_A_DAY, "at_least") == 15


def test_a_rule_may_tighten_the_response_alone_or_a_figure_alone() -> None:
    response, figure = {**RULE}, {**RULE}
    del response["figures"], figure["response"]

    assert parse_values({"rules": [response]}).rules[Signal.TOO_MANY_A_DAY].figures == {}
    assert parse_values({"rules": [figure]}).rules[Signal.TOO_MANY_A_DAY].response is None


@pytest.mark.parametrize(
    ("content", "pointers"),
    [
        pytest.param({}, {"/rules"}, id="no rules"),
        pytest.param({"rules": []}, {"/rules"}, id="an empty list"),
        pytest.param({"rules": [{**RULE, "signal": "smell"}]}, {"/rules/0/signal"}, id="an unknown signal"),
        pytest.param({"rules": [{**RULE, "response": "arrest"}]}, {"/rules/0/response"}, id="an unknown response"),
        pytest.param(
            {"rules": [{**RULE, "figures": {"at_most": 3}}]}, {"/rules/0/figures/at_most"}, id="an unknown figure"
        ),
        pytest.param(
            {"rules": [{**RULE, "figures": {"at_least": -1}}]}, {"/rules/0/figures/at_least"}, id="below nothing"
        ),
        pytest.param(
            {"rules": [{**RULE, "figures": {"at_least": "9"}}]}, {"/rules/0/figures/at_least"}, id="text for a number"
        ),
        pytest.param({"rules": [RULE, RULE]}, {"/rules/0/signal", "/rules/1/signal"}, id="stated twice"),
        pytest.param(
            {"rules": [{"signal": "photo_reused", "source": "x", "verified": False}]}, {"/rules/0"}, id="says nothing"
        ),
        pytest.param(
            {"rules": [{"signal": "photo_reused", "response": "warn"}]},
            {"/rules/0/source", "/rules/0/verified"},
            id="no source",
        ),
        pytest.param({"rules": [RULE], "off": True}, {"/off"}, id="a field nobody knows"),
    ],
)
def test_what_is_wrong_is_pointed_at(content: dict[str, Any], pointers: set[str]) -> None:
    with pytest.raises(Problem) as caught:
        parse_values(content)

    assert caught.value.kind is Kind.INVALID
    assert {fault.pointer for fault in caught.value.faults} == pointers


def test_the_shipped_values_go_back_to_the_first_day() -> None:
    assert shipped_on(date(2016, 1, 1)) == shipped_on(date(2018, 5, 1))
    assert shipped_on(date(2026, 1, 1))[0] == "2018-05-01"
