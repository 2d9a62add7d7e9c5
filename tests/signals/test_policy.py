"""Which signals a parcel shows, in a table; and that a layer can only tighten, whatever it says."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acceptance_api.signals import (
    FIGURES,
    Noticed,
    Response,
    Seen,
    Signal,
    Values,
    combine,
    heaviest,
    judge_signals,
    noticed_from_json,
    reason_of,
    seen_from_json,
    shipped_on,
)
from acceptance_api.signals.model import Rule
from acceptance_api.signals.travel import kilometres_between, level_between

_, SHIPPED = shipped_on(date(2026, 11, 23))
BEIJING, SHANGHAI = (39.9042, 116.4074), (31.2304, 121.4737)
NEXT_DOOR = (39.9045, 116.4080)
S = Signal
ORDINARY = Seen(
    staff="none",
    parcels_today=1,
    distinct_phones=1,
    distinct_names_refused=0,
    same_outlet=True,
    minutes_since_last=0,
    outlet_division="110105",
    last_outlet_division="110105",
    outlet_location=BEIJING,
    last_outlet_location=BEIJING,
    same_phone=False,
    accepted_in_last_minutes=3,
    minutes_to_closing=5,
    inspection_seconds=40,
    items_declared=2,
    photos_reused=0,
)
NEAR = replace(ORDINARY, same_outlet=False, outlet_location=None)
FAR = replace(ORDINARY, same_outlet=False, last_outlet_location=SHANGHAI)


@pytest.mark.parametrize(
    ("seen", "signals"),
    [
        pytest.param(Seen(), [], id="nothing is known"),
        pytest.param(ORDINARY, [], id="an ordinary parcel"),
        pytest.param(replace(ORDINARY, staff="self"), [S.CLERK_IS_SENDER], id="the clerk's own document"),
        pytest.param(replace(ORDINARY, staff="other"), [S.STAFF_IS_SENDER], id="a colleague's document"),
        pytest.param(replace(ORDINARY, staff=None), [], id="nobody looked whose document it is"),
        pytest.param(replace(ORDINARY, distinct_phones=4), [], id="four telephones"),
        pytest.param(replace(ORDINARY, distinct_phones=5), [S.ONE_ID_MANY_PHONES], id="five telephones"),
        pytest.param(replace(ORDINARY, distinct_names_refused=1), [], id="a name mistyped"),
        pytest.param(replace(ORDINARY, distinct_names_refused=2), [S.ONE_ID_MANY_NAMES], id="two other names"),
        pytest.param(replace(ORDINARY, parcels_today=39), [], id="a small shop's day"),
        pytest.param(replace(ORDINARY, parcels_today=40), [S.TOO_MANY_A_DAY], id="forty parcels"),
        pytest.param(replace(ORDINARY, same_phone=True), [S.SENDER_PHONE_IS_ADDRESSEE_PHONE], id="one telephone"),
        pytest.param(replace(ORDINARY, same_phone=None), [], id="telephones not compared"),
        pytest.param(replace(ORDINARY, photos_reused=1), [S.PHOTO_REUSED], id="a photo that came back"),
        pytest.param(replace(ORDINARY, inspection_seconds=7), [], id="seven seconds for two items"),
        pytest.param(replace(ORDINARY, inspection_seconds=6), [S.INSPECTION_TOO_SHORT], id="six seconds for two"),
        pytest.param(replace(ORDINARY, inspection_seconds=6, items_declared=None), [], id="six for who knows what"),
        pytest.param(
            replace(ORDINARY, inspection_seconds=0, items_declared=0), [S.INSPECTION_TOO_SHORT], id="no time at all"
        ),
        pytest.param(replace(ORDINARY, accepted_in_last_minutes=60), [S.BURST_BEFORE_CLOSING], id="sixty at closing"),
        pytest.param(
            replace(ORDINARY, accepted_in_last_minutes=60, minutes_to_closing=-20),
            [S.BURST_BEFORE_CLOSING],
            id="sixty after closing",
        ),
        pytest.param(
            replace(ORDINARY, accepted_in_last_minutes=60, minutes_to_closing=31), [], id="sixty in the day's rush"
        ),
        pytest.param(
            replace(ORDINARY, accepted_in_last_minutes=60, minutes_to_closing=None), [], id="nobody said when it closes"
        ),
        pytest.param(replace(NEAR, minutes_since_last=4), [S.IMPOSSIBLE_TRAVEL], id="across the city in four minutes"),
        pytest.param(replace(NEAR, minutes_since_last=5), [], id="across the city in five"),
        pytest.param(replace(NEAR, same_outlet=True), [], id="the same outlet is no journey"),
        pytest.param(replace(NEAR, same_outlet=None), [], id="nobody knows whether it is the same"),
        pytest.param(replace(NEAR, minutes_since_last=None), [], id="nobody knows since when"),
        pytest.param(replace(NEAR, minutes_since_last=-1), [], id="a clock that went back"),
        pytest.param(replace(NEAR, last_outlet_division=None), [], id="nobody knows from where"),
        pytest.param(
            replace(NEAR, outlet_division="440305", last_outlet_division="440105", minutes_since_last=19),
            [S.IMPOSSIBLE_TRAVEL],
            id="to another city of the province in nineteen",
        ),
        pytest.param(
            replace(NEAR, last_outlet_division="310101", minutes_since_last=29),
            [S.IMPOSSIBLE_TRAVEL],
            id="to another province in twenty-nine",
        ),
        pytest.param(
            replace(NEAR, last_outlet_division="310101", minutes_since_last=30), [], id="in thirty, for all one knows"
        ),
        pytest.param(replace(FAR, minutes_since_last=127), [S.IMPOSSIBLE_TRAVEL], id="a thousand kilometres, too fast"),
        pytest.param(replace(FAR, minutes_since_last=128), [], id="a thousand kilometres"),
        pytest.param(
            replace(FAR, last_outlet_location=NEXT_DOOR, last_outlet_division="130105", minutes_since_last=0),
            [],
            id="coordinates know better than divisions: next door",
        ),
        pytest.param(
            replace(ORDINARY, staff="self", photos_reused=2, parcels_today=99),
            [S.CLERK_IS_SENDER, S.TOO_MANY_A_DAY, S.PHOTO_REUSED],
            id="several at once, in their order",
        ),
    ],
)
def test_judge_signals(seen: Seen, signals: list[Signal]) -> None:
    assert [one.signal for one in judge_signals(seen, SHIPPED)] == signals


def test_only_the_clerk_as_sender_is_refused_by_itself() -> None:
    refusing = {signal for signal, rule in SHIPPED.rules.items() if rule.response is Response.REFUSE}

    assert refusing == {Signal.CLERK_IS_SENDER}
    assert all(rule.is_complete and not rule.verified for rule in SHIPPED.rules.values())
    assert SHIPPED.rules.keys() == set(Signal) == FIGURES.keys()


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("440305", "440304", "same_city"),
        ("440305", "440105", "same_province"),
        ("110105", "110228", "same_city"),
        ("110105", "130105", "other_province"),
    ],
    ids=["one city", "one province", "a municipality is one city", "two provinces"],
)
def test_level_between(one: str, other: str, level: str) -> None:
    assert level_between(one, other) == level_between(other, one) == level


def test_the_distance_of_two_cities_is_known() -> None:
    assert kilometres_between(BEIJING, SHANGHAI) == pytest.approx(1_067, abs=5)
    assert kilometres_between(BEIJING, BEIJING) == 0


SHOWING = replace(
    FAR,
    distinct_phones=9,
    distinct_names_refused=3,
    minutes_since_last=1,
    parcels_today=70,
    same_phone=True,
    accepted_in_last_minutes=80,
    inspection_seconds=1,
    photos_reused=1,
)
ALL_NOTICED = tuple(
    {
        (one.signal, frozenset(one.params)): one
        for seen in (
            replace(SHOWING, staff="self"),
            replace(SHOWING, staff="other"),
            replace(SHOWING, outlet_location=None, last_outlet_division="310101"),
        )
        for one in judge_signals(seen, SHIPPED)
    }.values()
)


@pytest.mark.parametrize("noticed", ALL_NOTICED, ids=lambda one: f"{one.signal}-{len(one.params)}")
def test_every_reason_is_one_sentence_with_its_numbers(noticed: Noticed) -> None:
    numbers = [str(value) for value in noticed.params.values() if isinstance(value, int)]
    zh, en = reason_of(noticed, language="zh-CN"), reason_of(noticed, language="en")

    assert all(number in zh and number in en for number in numbers)
    assert en.isascii()
    assert not zh.isascii()
    assert not {"{", "}"} & set(zh + en)


def test_every_signal_has_a_reason() -> None:
    assert {one.signal for one in ALL_NOTICED} == set(Signal)


counts = st.none() | st.integers(0, 200)
divisions = st.none() | st.sampled_from(["110105", "110228", "310101", "440305", "440105"])
locations = st.none() | st.tuples(st.floats(20, 50), st.floats(75, 130))
seens = st.builds(
    Seen,
    staff=st.none() | st.sampled_from(["none", "self", "other"]),
    parcels_today=counts,
    distinct_phones=counts,
    distinct_names_refused=counts,
    same_outlet=st.none() | st.booleans(),
    minutes_since_last=counts,
    outlet_division=divisions,
    last_outlet_division=divisions,
    outlet_location=locations,
    last_outlet_location=locations,
    same_phone=st.none() | st.booleans(),
    accepted_in_last_minutes=counts,
    minutes_to_closing=st.none() | st.integers(-120, 300),
    inspection_seconds=counts,
    items_declared=st.none() | st.integers(0, 50),
    photos_reused=counts,
)


@st.composite
def rules(draw: Any, signal: Signal) -> Rule:  # noqa: ANN401 - hypothesis has no public type for it
    names = draw(st.sets(st.sampled_from(sorted(FIGURES[signal])))) if FIGURES[signal] else set()
    return Rule(
        signal=signal,
        response=draw(st.none() | st.sampled_from(list(Response))),
        figures={name: draw(st.integers(0, 300)) for name in names},
        source="a layer",
        verified=draw(st.booleans()),
    )


layers = st.sets(st.sampled_from(list(Signal))).flatmap(
    lambda signals: st.fixed_dictionaries({signal: rules(signal) for signal in signals}).map(Values)
)


@given(seen=seens, above=st.lists(layers, max_size=3))
def test_layers_only_tighten(seen: Seen, above: list[Values]) -> None:
    before = {one.signal: one.response.weight for one in judge_signals(seen, SHIPPED)}
    after = {one.signal: one.response.weight for one in judge_signals(seen, combine(SHIPPED, *above))}

    assert before.keys() <= after.keys()
    assert all(after[signal] >= weight for signal, weight in before.items())


@given(one=layers, other=layers)
def test_the_order_of_layers_does_not_matter(one: Values, other: Values) -> None:
    def told(values: Values) -> dict[Signal, tuple[Response | None, dict[str, int]]]:
        return {signal: (rule.response, dict(rule.figures)) for signal, rule in values.rules.items()}

    assert told(combine(SHIPPED, one, other)) == told(combine(SHIPPED, other, one))
    assert told(combine(SHIPPED, one, one)) == told(combine(SHIPPED, one))


@given(seen=seens)
def test_what_was_seen_and_noticed_survives_json(seen: Seen) -> None:
    assert seen_from_json(seen.as_json()) == seen
    noticed = judge_signals(seen, SHIPPED)
    assert tuple(noticed_from_json(one.as_json()) for one in noticed) == noticed


def test_what_an_older_release_does_not_know_is_passed_over() -> None:
    assert seen_from_json({"parcels_today": 3, "something_new": 1}) == Seen(parcels_today=3)


def test_the_heaviest_response_stands_for_all() -> None:
    warn = Noticed(signal=S.TOO_MANY_A_DAY, response=Response.WARN)
    refuse = Noticed(signal=S.CLERK_IS_SENDER, response=Response.REFUSE)

    assert heaviest(()) is None
    assert heaviest((warn, refuse)) is Response.REFUSE


def test_a_rule_without_all_its_figures_is_silent() -> None:
    half = Rule(signal=S.TOO_MANY_A_DAY, response=Response.WARN, figures={}, source="half", verified=False)

    assert judge_signals(Seen(parcels_today=1_000), Values({S.TOO_MANY_A_DAY: half})) == ()
    assert SHIPPED.figure(S.BURST_BEFORE_CLOSING, "window_minutes") == 10
    assert Values().figure(S.BURST_BEFORE_CLOSING, "window_minutes") is None
