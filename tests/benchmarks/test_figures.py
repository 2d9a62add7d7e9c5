"""Rounds become figures."""

import math

import pytest

from benchmarks.figures import figure, quantile, ratios, shown


@pytest.mark.parametrize(
    ("share", "value"),
    [
        pytest.param(0.5, 5, id="half of ten values are at most the fifth"),
        pytest.param(0.9, 9, id="nine tenths"),
        pytest.param(0.99, 10, id="nothing is interpolated"),
        pytest.param(0.0, 1, id="the least"),
        pytest.param(1.0, 10, id="the most"),
    ],
)
def test_quantile(share: float, value: int) -> None:
    assert quantile(range(1, 11), share) == value


def test_nothing_has_no_quantile_and_no_figure() -> None:
    assert math.isnan(quantile([], 0.5))
    assert figure([]) is None
    assert figure([math.nan]) is None


def test_a_ratio_is_taken_within_each_round_that_both_have() -> None:
    found = ratios({1: 10.0, 2: 40.0, 3: 9.0}, {1: 5.0, 2: 10.0, 4: 1.0})

    assert found is not None
    assert (found.median, found.least, found.most, found.rounds) == (3.0, 2.0, 4.0, 2)


def test_a_round_without_a_rate_below_has_no_ratio() -> None:
    assert ratios({1: 10.0}, {1: 0.0}) is None


@pytest.mark.parametrize(
    ("values", "is_noisy"),
    [
        pytest.param([1.0, 2.0, 3.0], False, id="three times is still quiet"),
        pytest.param([1.0, 2.0, 3.1], True, id="more is noise"),
        pytest.param([0.0, 1.0], True, id="a round in which nothing happened"),
    ],
)
def test_rounds_too_far_apart_are_noise(values: list[float], is_noisy: bool) -> None:  # noqa: FBT001 - a column
    found = figure(values)

    assert found is not None
    assert found.is_noisy is is_noisy


@pytest.mark.parametrize(
    ("value", "text"), [(1234.5, "1,234"), (100.0, "100"), (12.34, "12.3"), (1.234, "1.23"), (math.nan, "-")]
)
def test_only_digits_that_matter_are_shown(value: float, text: str) -> None:
    assert shown(value) == text
