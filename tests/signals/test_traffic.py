"""docs/signals.md says what is so: its rules are the shipped ones, its bounds hold on a run of another seed."""

from itertools import islice

import pytest

from acceptance_api.signals import Response, Signal, shipped_on
from tests.signals import page
from tests.signals.measuring import detections, false_alarms
from tests.signals.page import DETECTED_MIN, FALSE_ALARMS_MAX, ON, PAGE
from tests.signals.traffic import DISHONEST, HONEST, dishonest_parcels, honest_parcels

_, VALUES = shipped_on(ON)
ANOTHER_SEED = 7


def test_the_page_tells_of_the_shipped_rules() -> None:
    assert page.rules_part(VALUES) in PAGE.read_text(encoding="utf-8")


def test_honest_senders_are_stopped_no_more_than_the_page_says() -> None:
    measured = false_alarms(honest_parcels(ANOTHER_SEED, 20_000), VALUES)

    assert {kind for kind, _, _ in HONEST} == measured.by_kind.keys()
    too_many = {signal: measured.rate(signal) for signal in Signal if measured.rate(signal) > FALSE_ALARMS_MAX[signal]}
    assert too_many == {}
    assert measured.rate_of(Response.REFUSE) <= FALSE_ALARMS_MAX[Signal.CLERK_IS_SENDER]


def test_dishonesty_shows_no_less_than_the_page_says() -> None:
    measured = detections(dishonest_parcels(ANOTHER_SEED, 150), VALUES)

    assert {kind for kind, _, _ in DISHONEST} == measured.keys() == DETECTED_MIN.keys()
    too_few = {kind: one.of_days for kind, one in measured.items() if one.of_days < DETECTED_MIN[kind]}
    assert too_few == {}


def test_every_signal_has_a_dishonesty_it_is_meant_for() -> None:
    assert {signal for _, _, signal in DISHONEST} == set(Signal) == FALSE_ALARMS_MAX.keys()


def test_one_seed_makes_one_traffic() -> None:
    one, again, other = (list(islice(honest_parcels(seed, 200), 200)) for seed in (1, 1, 2))

    assert one == again != other


@pytest.mark.long
def test_the_page_is_what_a_whole_run_makes() -> None:
    assert PAGE.read_text(encoding="utf-8") == page.measured_page()
