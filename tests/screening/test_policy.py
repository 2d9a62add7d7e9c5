"""The table of what may follow what, and what is to be said of a pass."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acceptance_api.kernel.clock import start_of
from acceptance_api.kernel.ids import ClerkId, EnterpriseId, MachineId, OutletId, ScreeningId, new_uuid
from acceptance_api.screening import PassReservation, PassState, Screening, ScreeningVerdict, diagram, label_text
from acceptance_api.screening.editions import editions, screening_values_on
from acceptance_api.screening.model import LabelKind, ReservationWeight, SignOn, Step
from acceptance_api.screening.policy import (
    TRANSITIONS,
    effective,
    entered,
    fact_of,
    is_in_time,
    is_on_shift,
    open_minutes,
    reservations_of,
    two_persons_close,
    walked,
)
from acceptance_api.sites import MachineTerms, ScreenerTerms
from tests.support.builders import NOON, TODAY

VALUES = screening_values_on(TODAY)
OPERATOR, OTHER = ClerkId(new_uuid()), ClerkId(new_uuid())
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)

ALLOWED = {
    "queued scan scanned",
    "scanned find_clear clear",
    "scanned find_suspect suspect",
    "scanned find_prohibited prohibited",
    "clear label labelled",
    "clear confirm_flag suspect",
    "labelled write_off clear",
    "suspect look_again second_look",
    "second_look find_clear clear",
    "second_look ask_to_open open_check",
    "open_check find_clear clear",
    "open_check find_prohibited prohibited",
    "prohibited intercept intercepted",
}


def screening(**changes: object) -> Screening:
    made = Screening(
        id=ScreeningId(new_uuid()),
        enterprise_id=EnterpriseId(new_uuid()),
        outlet_id=OutletId(new_uuid()),
        waybill="EX000000000001",
        pass_number=1,
        machine_id=MachineId(new_uuid()),
        operator_id=OPERATOR,
        verdict=ScreeningVerdict.CLEAR,
        label_serial="20261123120000-XR-0001-0001-1",
        state=PassState.LABELLED,
        recorded_at=NOON,
        fingerprint=b"",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("state", PassState)
@pytest.mark.parametrize("step", Step)
def test_each_step_is_allowed_where_the_truth_table_says_so_and_nowhere_else(state: PassState, step: Step) -> None:
    found = walked(state, [step])
    expected = [row for row in ALLOWED if row.startswith(f"{state.value} {step.value} ")]

    if expected:
        assert found is not None
        assert f"{state.value} {step.value} {found[-1][1].value}" == expected[0]
    else:
        assert found is None


@given(st.lists(st.sampled_from(Step), max_size=12))
def test_a_walk_goes_as_far_as_the_table_leads(steps: list[Step]) -> None:
    state, expected = PassState.QUEUED, []
    for step in steps:
        if (state, step) not in TRANSITIONS:
            assert walked(PassState.QUEUED, steps) is None
            return
        state = TRANSITIONS[state, step]
        expected.append((step, state))

    assert walked(PassState.QUEUED, steps) == tuple(expected)


def test_every_state_and_every_transition_can_be_reached() -> None:
    reached = {PassState.QUEUED}
    taken: set[tuple[PassState, Step]] = set()
    while new := {edge for edge in TRANSITIONS if edge[0] in reached} - taken:
        taken |= new
        reached |= {TRANSITIONS[edge] for edge in new}

    assert reached == set(PassState)
    assert taken == set(TRANSITIONS)
    assert {step for _, step in taken} == set(Step)


def test_nothing_leads_out_of_an_interception_and_no_prohibited_parcel_is_cleared() -> None:
    after_prohibited: set[PassState] = set()
    new = {PassState.PROHIBITED}
    while new:
        after_prohibited |= new
        new = {to for (source, _), to in TRANSITIONS.items() if source in after_prohibited} - after_prohibited

    assert after_prohibited == {PassState.PROHIBITED, PassState.INTERCEPTED}


def test_no_suspect_pass_is_cleared_without_a_second_look() -> None:
    ways_out = [edge for edge in TRANSITIONS if edge[0] is PassState.SUSPECT]

    assert ways_out == [(PassState.SUSPECT, Step.LOOK_AGAIN)]


@pytest.mark.parametrize(
    ("verdict", "flags", "state"),
    [
        pytest.param(ScreeningVerdict.CLEAR, 0, PassState.LABELLED, id="clear: labelled at once"),
        pytest.param(ScreeningVerdict.CLEAR, 1, PassState.CLEAR, id="clear, flagged: no label yet"),
        pytest.param(ScreeningVerdict.SUSPECT, 0, PassState.SUSPECT, id="suspect"),
        pytest.param(ScreeningVerdict.SUSPECT, 2, PassState.SUSPECT, id="suspect and flagged"),
        pytest.param(ScreeningVerdict.PROHIBITED, 0, PassState.PROHIBITED, id="prohibited at once"),
    ],
)
def test_a_recorded_pass_enters_where_its_verdict_leads(
    verdict: ScreeningVerdict, flags: int, state: PassState
) -> None:
    assert entered(verdict, flags=flags) is state
    assert effective(state) is verdict


def test_what_nobody_has_cleared_is_suspect() -> None:
    assert {state: effective(state).value for state in PassState} == {
        PassState.QUEUED: "suspect",
        PassState.SCANNED: "suspect",
        PassState.CLEAR: "clear",
        PassState.LABELLED: "clear",
        PassState.SUSPECT: "suspect",
        PassState.SECOND_LOOK: "suspect",
        PassState.OPEN_CHECK: "suspect",
        PassState.PROHIBITED: "prohibited",
        PassState.INTERCEPTED: "prohibited",
    }


def test_an_open_flag_is_a_reservation_for_as_long_as_it_is_open() -> None:
    open_one = fact_of(PassState.CLEAR, ["papers_unknown"], flags_open=1)
    closed = fact_of(PassState.LABELLED, ["papers_unknown"], flags_open=0)

    assert (open_one.reservations, open_one.labelled) == (("papers_unknown", "flag_open"), False)
    assert (closed.reservations, closed.labelled) == (("papers_unknown",), True)


GOOD_MACHINE = MachineTerms(valid_to=TODAY, calibration_due_on=TODAY)
GOOD_SCREENER = ScreenerTerms(valid_to=TODAY, background_checked_on=TODAY)


@pytest.mark.parametrize(
    ("machine", "screener", "kept", "codes"),
    [
        pytest.param(GOOD_MACHINE, GOOD_SCREENER, True, [], id="last days are included"),
        pytest.param(None, None, False, ["papers_unknown"], id="nothing was ever filed"),
        pytest.param(None, GOOD_SCREENER, True, ["machine_papers_missing"], id="a machine without papers"),
        pytest.param(GOOD_MACHINE, None, True, ["operator_papers_missing"], id="a screener without papers"),
        pytest.param(
            MachineTerms(valid_to=YESTERDAY, calibration_due_on=TODAY),
            GOOD_SCREENER,
            True,
            ["machine_certificate_lapsed"],
            id="certificate",
        ),
        pytest.param(
            MachineTerms(valid_to=TODAY, calibration_due_on=YESTERDAY),
            GOOD_SCREENER,
            True,
            ["machine_calibration_overdue"],
            id="calibration",
        ),
        pytest.param(
            GOOD_MACHINE,
            ScreenerTerms(valid_to=YESTERDAY, background_checked_on=None),
            True,
            ["operator_training_lapsed", "operator_not_vetted"],
            id="training and background",
        ),
    ],
)
def test_papers_speak_against_a_pass(
    machine: MachineTerms | None,
    screener: ScreenerTerms | None,
    kept: bool,  # noqa: FBT001 - a column of the table
    codes: list[str],
) -> None:
    found = reservations_of(machine, screener, papers_are_kept=kept, at=NOON)

    assert [one.value for one in found] == codes


def test_a_shift_counts_at_its_machine_and_for_so_long() -> None:
    machine, other = MachineId(new_uuid()), MachineId(new_uuid())
    on = SignOn(machine_id=machine, at=NOON)
    end = NOON + VALUES.shift_max

    assert is_on_shift(on, machine, VALUES, at=end)
    assert not is_on_shift(on, machine, VALUES, at=end + timedelta(microseconds=1))
    assert not is_on_shift(on, other, VALUES, at=NOON)
    assert not is_on_shift(None, machine, VALUES, at=NOON)


@pytest.mark.parametrize("in_twos", [False, True], ids=["one may", "in twos"])
@pytest.mark.parametrize("alone", [False, True], ids=["the operator not alone", "the operator alone too"])
@pytest.mark.parametrize("closer", [OPERATOR, OTHER], ids=["the operator", "another"])
def test_who_needs_a_second_person_to_close_a_flag(closer: ClerkId, alone: bool, in_twos: bool) -> None:  # noqa: FBT001 - columns
    values = replace(VALUES, flag_two_persons=in_twos, operator_may_close_alone=alone)

    needed = two_persons_close(screening(), closer, values)

    assert needed is (in_twos or (closer is OPERATOR and not alone))


def test_a_flag_is_closed_in_time_until_the_last_instant() -> None:
    last = NOON + VALUES.flag_close_within

    assert is_in_time(screening(), VALUES, at=last)
    assert not is_in_time(screening(), VALUES, at=last + timedelta(microseconds=1))


def test_the_label_says_whose_it_is() -> None:
    agreement = screening(label_kind=LabelKind.AGREEMENT)

    assert label_text("示例快递", screening()) == "示例快递 20261123120000-XR-0001-0001-1"
    assert label_text("示例快递", agreement) == "示例快递 2026-11-23 12:00:00 协议客户"
    assert label_text("示例快递", screening(state=PassState.CLEAR)) is None


@pytest.mark.parametrize(
    ("since", "until", "minutes"),
    [
        pytest.param(start_of(TODAY), start_of(TOMORROW), 720, id="a day"),
        pytest.param(start_of(TODAY), start_of(TODAY + timedelta(days=92)), 92 * 720, id="a quarter"),
        pytest.param(start_of(TODAY), NOON, 240, id="until noon"),
        pytest.param(NOON, NOON + timedelta(minutes=1), 1, id="a minute"),
        pytest.param(NOON, NOON, 0, id="nothing"),
        pytest.param(NOON, NOON - timedelta(days=1), 0, id="backwards"),
        pytest.param(start_of(TODAY), start_of(TODAY) + timedelta(hours=8), 0, id="before it opens"),
        pytest.param(start_of(TODAY) + timedelta(hours=20), start_of(TOMORROW), 0, id="after it closed"),
    ],
)
def test_a_machine_is_expected_to_be_on_while_the_outlet_is_open(
    since: datetime, until: datetime, minutes: int
) -> None:
    assert open_minutes(VALUES, since=since, until=until) == minutes


def test_every_reservation_has_a_weight_in_every_edition_and_nothing_unknown_weighs() -> None:
    for edition in editions():
        assert set(edition.weights) == set(PassReservation)
        assert edition.weights[PassReservation.PAPERS_UNKNOWN] is ReservationWeight.NONE


def test_before_the_first_edition_the_first_is_in_force() -> None:
    assert screening_values_on(date(2000, 1, 1)) == editions()[0]


def test_the_longest_list_of_reservations_fits_its_column() -> None:
    worst = reservations_of(
        MachineTerms(valid_to=YESTERDAY, calibration_due_on=YESTERDAY),
        ScreenerTerms(valid_to=YESTERDAY, background_checked_on=None),
        papers_are_kept=True,
        at=NOON,
    )
    stored = "+".join([*worst, PassReservation.OPERATOR_NOT_ON_SHIFT])

    assert len(stored) <= 200
    assert all(":" not in code and "," not in code and "+" not in code for code in PassReservation)


def test_the_diagram_has_an_edge_for_each_transition() -> None:
    lines = diagram().splitlines()

    assert lines[:2] == ["stateDiagram-v2", "    [*] --> queued"]
    assert len([line for line in lines if ": " in line]) == len(TRANSITIONS)
    assert "    suspect --> second_look: look_again" in lines
    assert lines[-1] == "    intercepted --> [*]"
