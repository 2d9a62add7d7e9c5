"""A decision is made while somebody waits, and a million are made in a rehearsal: it has to be quick."""

import timeit

import pytest

from acceptance_api.acceptance.facts import Facts, GoodsFact
from acceptance_api.acceptance.model import Destination, Reach
from acceptance_api.acceptance.policy import decide
from acceptance_api.acceptance.rules import Rules, rules_on
from acceptance_api.signals import Seen
from tests.acceptance.layered import layered_on
from tests.support.builders import TODAY, facts

MICROSECONDS_MAX = 100
_CALLS, _TRIES = 500, 7
_SEEN = Seen(
    staff="none", parcels_today=2, distinct_phones=1, same_phone=False, inspection_seconds=90, items_declared=3
)
PARCELS = [
    pytest.param(facts(), id="nothing speaks against it"),
    pytest.param(
        facts(
            origin="440305",
            destination=Destination(country="CN", division="110105"),
            reach=Reach.INTER_PROVINCE,
            goods=tuple(GoodsFact(code=code, quantity="700") for code in ("R-01", "R-10", "R-15")),
            seen=_SEEN,
            verification=None,
        ),
        id="much speaks against it",
    ),
]


@pytest.mark.parametrize("rules", [rules_on(TODAY), layered_on(TODAY)], ids=["the law", "brand and campaign too"])
@pytest.mark.parametrize("given", PARCELS)
def test_a_decision_with_every_rule_asked_takes_less_than_a_hundred_microseconds(given: Facts, rules: Rules) -> None:
    decide(given, rules)

    seconds = min(timeit.repeat(lambda: decide(given, rules), number=_CALLS, repeat=_TRIES)) / _CALLS

    assert seconds * 1e6 < MICROSECONDS_MAX
