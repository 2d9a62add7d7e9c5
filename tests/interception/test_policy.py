"""The transition table: what may follow what, what each step needs, and what holds in every history."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acceptance_api.goods import Disposal
from acceptance_api.interception.disposals import disposals_on
from acceptance_api.interception.drawing import asked_always, diagram
from acceptance_api.interception.model import (
    Body,
    Instruction,
    Move,
    Person,
    PersonKind,
    Standing,
    State,
    StepKind,
)
from acceptance_api.interception.policy import (
    IN_HAND,
    NEVER_RETURNED,
    OUTCOMES,
    TRANSITIONS,
    Obstacle,
    Transition,
    advance,
    find_transition,
    kinds_from,
    same_person,
    weigh,
)
from acceptance_api.kernel.ids import ClerkId, new_uuid
from tests.interception.conftest import BYSTANDER, COLLEAGUE, OFFICER, SENDER
from tests.support.builders import NOON, TODAY

EDITION = disposals_on(TODAY)
FINDER = Person(kind=PersonKind.CLERK, clerk_id=ClerkId(new_uuid()))
OTHER_CLERK = Person(kind=PersonKind.CLERK, clerk_id=ClerkId(new_uuid()))
MINUTE = timedelta(minutes=1)
EVIDENCE = "ab" * 32
NEEDED: dict[StepKind, dict[str, Any]] = {
    StepKind.ISOLATE: {"is_evacuated": True},
    StepKind.REPORT: {"body": Body.PUBLIC_SECURITY, "reference": "R-1"},
    StepKind.INSTRUCT: {"body": Body.PUBLIC_SECURITY, "reference": "I-1", "instruction": Instruction.HAND_OVER},
    StepKind.HAND_OVER: {"holder": OFFICER},
    StepKind.RETURN: {"holder": SENDER},
    StepKind.DESTROY: {"actor": OFFICER, "holder": OFFICER, "witness": BYSTANDER},
    StepKind.TRANSFER: {"holder": OTHER_CLERK},
    StepKind.RECLASSIFY: {"disposal": Disposal.D7},
}


def standing(
    state: State = State.SUSPECTED,
    *disposals: Disposal,
    instruction: Instruction | None = None,
    is_untold: bool = False,
) -> Standing:
    """A case in a state, in the hands of the clerk who found the goods."""
    return Standing(
        state=state,
        number=1,
        disposals=frozenset(disposals or {Disposal.D6}),
        holder=FINDER,
        holder_since=1,
        last_at=NOON,
        instruction=instruction,
        is_untold=is_untold,
    )


def move(kind: StepKind, **changes: Any) -> Move:  # noqa: ANN401 - parts of a move
    """A step with everything it needs."""
    given: dict[str, Any] = (
        {"actor": FINDER, "at": NOON + MINUTE, "evidence": EVIDENCE} | NEEDED.get(kind, {}) | changes
    )
    return Move(kind=kind, **given)


def against(given: Standing, wanted: Move) -> list[Obstacle]:
    """What speaks against a step."""
    return list(weigh(given, wanted, EDITION.ruling_of(given.disposals), now=NOON + timedelta(days=1)))


def instructed_to(one: Transition) -> Instruction | None:
    """The instruction that a transition waits for."""
    return Instruction(one.kind.value) if one.kind.value in set(Instruction) else None


# --- the table --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("one", TRANSITIONS, ids=lambda one: f"{one.kind} from {one.source} to {one.target}")
def test_every_transition_can_be_taken(one: Transition) -> None:
    before = standing(one.source, instruction=instructed_to(one))

    assert against(before, move(one.kind)) == []
    assert advance(before, move(one.kind)).state is one.target


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        pytest.param(state, kind, id=f"{kind} from {state}")
        for state, kind in product(State, StepKind)
        if not any((one.source, one.kind) == (state, kind) for one in TRANSITIONS)
    ],
)
def test_every_other_step_is_refused(state: State, kind: StepKind) -> None:
    before = standing(state, instruction=Instruction.RETURN)

    assert against(before, move(kind)) == [Obstacle.NOT_FROM_HERE]
    with pytest.raises(LookupError):
        advance(before, move(kind))


def test_every_state_is_reached_and_only_closed_ends() -> None:
    reached, before = {State.SUSPECTED}, 0
    while len(reached) > before:
        before = len(reached)
        reached |= {one.target for one in TRANSITIONS if one.source in reached}

    assert reached == set(State)
    assert [state for state in State if not kinds_from(state)] == [State.CLOSED]
    assert len({(one.source, one.kind) for one in TRANSITIONS}) == len(TRANSITIONS)


@pytest.mark.parametrize("disposal", Disposal)
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_each_class_of_goods_reaches_the_outcomes_it_may(disposal: Disposal, outcome: State) -> None:
    kind = next(one.kind for one in TRANSITIONS if one.target is outcome and one.source is State.INSTRUCTED)
    before = standing(State.INSTRUCTED, disposal, instruction=Instruction(kind.value))

    refused = against(before, move(kind))

    never = {Disposal.D1, Disposal.D2, Disposal.D3, Disposal.D4, Disposal.D5, Disposal.D9, Disposal.D10}
    assert refused == ([Obstacle.NEVER_RETURNED] if outcome is State.RETURNED and disposal in never else [])


# --- what each step needs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "wanted", "found"),
    [
        pytest.param(standing(), move(StepKind.ISOLATE, actor=None), Obstacle.ACTOR_MISSING, id="by nobody"),
        pytest.param(
            standing(), move(StepKind.ISOLATE, actor=BYSTANDER), Obstacle.ACTOR_OF_THE_WRONG_KIND, id="by a bystander"
        ),
        pytest.param(standing(), move(StepKind.ISOLATE, evidence=None), Obstacle.EVIDENCE_MISSING, id="no evidence"),
        pytest.param(
            standing(), move(StepKind.ISOLATE, at=NOON - MINUTE), Obstacle.BEFORE_THE_LAST, id="before the last step"
        ),
        pytest.param(
            standing(), move(StepKind.ISOLATE, at=NOON + timedelta(days=2)), Obstacle.IN_THE_FUTURE, id="to come"
        ),
        pytest.param(
            standing(State.SUSPECTED, Disposal.D3),
            move(StepKind.ISOLATE, is_evacuated=False),
            Obstacle.EVACUATION_NOT_STATED,
            id="explosives, people still there",
        ),
        pytest.param(
            standing(State.SUSPECTED, Disposal.D4),
            move(StepKind.ISOLATE, is_evacuated=False),
            Obstacle.EVACUATION_NOT_STATED,
            id="poison, people still there",
        ),
        pytest.param(
            standing(State.SUSPECTED, Disposal.D4, Disposal.D6),
            move(StepKind.ISOLATE, is_evacuated=False),
            Obstacle.EVACUATION_NOT_STATED,
            id="taken for poison once",
        ),
        pytest.param(
            standing(State.ISOLATED), move(StepKind.REPORT, body=None), Obstacle.BODY_MISSING, id="told nobody"
        ),
        pytest.param(
            standing(State.ISOLATED),
            move(StepKind.REPORT, reference=None),
            Obstacle.REFERENCE_MISSING,
            id="told without a receipt",
        ),
        pytest.param(
            standing(State.REPORTED),
            move(StepKind.INSTRUCT, instruction=None),
            Obstacle.INSTRUCTION_MISSING,
            id="instructed to nothing",
        ),
        pytest.param(
            standing(State.REPORTED, Disposal.D2),
            move(StepKind.INSTRUCT, instruction=Instruction.RETURN),
            Obstacle.NEVER_RETURNED,
            id="instructed to return drugs",
        ),
        pytest.param(
            standing(State.INSTRUCTED, Disposal.D2, Disposal.D6, instruction=Instruction.RETURN),
            move(StepKind.RETURN),
            Obstacle.NEVER_RETURNED,
            id="returned, as they were drugs once",
        ),
        pytest.param(
            standing(State.INSTRUCTED, instruction=Instruction.DESTROY),
            move(StepKind.RELEASE),
            Obstacle.NOT_AS_INSTRUCTED,
            id="released though to be destroyed",
        ),
        pytest.param(
            standing(State.INSTRUCTED, instruction=Instruction.HAND_OVER),
            move(StepKind.HAND_OVER, holder=None),
            Obstacle.HOLDER_MISSING,
            id="handed over to nobody",
        ),
        pytest.param(
            standing(State.INSTRUCTED, instruction=Instruction.HAND_OVER),
            move(StepKind.HAND_OVER, holder=OTHER_CLERK),
            Obstacle.HOLDER_NOT_AN_OFFICER,
            id="handed over to a clerk",
        ),
        pytest.param(
            standing(State.INSTRUCTED, instruction=Instruction.HAND_OVER),
            move(StepKind.HAND_OVER, holder=SENDER),
            Obstacle.HOLDER_IS_THE_SENDER,
            id="handed over to the sender",
        ),
        pytest.param(
            standing(State.INSTRUCTED, instruction=Instruction.RETURN),
            move(StepKind.RETURN, holder=BYSTANDER),
            Obstacle.HOLDER_NOT_THE_SENDER,
            id="returned to somebody else",
        ),
        pytest.param(
            standing(State.INSTRUCTED, instruction=Instruction.DESTROY),
            move(StepKind.DESTROY, witness=None),
            Obstacle.WITNESS_MISSING,
            id="destroyed alone",
        ),
        pytest.param(
            standing(State.INSTRUCTED, instruction=Instruction.DESTROY),
            move(StepKind.DESTROY, witness=replace(OFFICER, certificate_number=" 示例警证０００００１ ")),
            Obstacle.WITNESS_IS_THE_ACTOR,
            id="seen by who did it, spelled otherwise",
        ),
        pytest.param(
            standing(State.INSTRUCTED, Disposal.D1, instruction=Instruction.DESTROY),
            move(StepKind.DESTROY, actor=FINDER, holder=None),
            Obstacle.OFFICERS_ONLY,
            id="a weapon destroyed by a clerk",
        ),
        pytest.param(
            standing(State.RELEASED, is_untold=True), move(StepKind.CLOSE), Obstacle.NOT_ALL_TOLD, id="not all told"
        ),
        pytest.param(standing(), move(StepKind.TRANSFER, holder=None), Obstacle.HOLDER_MISSING, id="given to nobody"),
        pytest.param(
            standing(),
            move(StepKind.TRANSFER, holder=OFFICER, actor=OTHER_CLERK),
            Obstacle.NOT_THEIRS_TO_GIVE,
            id="given by who had it not",
        ),
        pytest.param(standing(), move(StepKind.RECLASSIFY, disposal=None), Obstacle.CLASS_MISSING, id="of no class"),
        pytest.param(
            standing(State.ISOLATED, Disposal.D1, Disposal.D6),
            move(StepKind.RECLASSIFY, disposal=Disposal.D1),
            Obstacle.SAME_CLASS,
            id="of a class it was of",
        ),
    ],
)
def test_a_step_that_lacks_something_is_refused(before: Standing, wanted: Move, found: Obstacle) -> None:
    assert found in against(before, wanted)


def test_every_obstacle_is_met_above() -> None:
    table = test_a_step_that_lacks_something_is_refused.pytestmark[0].args[1]  # type: ignore[attr-defined] # pytest's own
    met = {one.values[2] for one in table} | {Obstacle.NOT_FROM_HERE}

    assert met == set(Obstacle)


def test_a_destruction_may_be_seen_by_a_colleague_of_the_officer() -> None:
    before = standing(State.INSTRUCTED, Disposal.D1, instruction=Instruction.DESTROY)

    assert against(before, move(StepKind.DESTROY, witness=COLLEAGUE)) == []


def test_an_officer_who_takes_over_from_another_is_named_anew() -> None:
    held = replace(standing(State.ISOLATED), holder=Person(kind=PersonKind.OFFICER, body=Body.PUBLIC_SECURITY))
    after = advance(held, move(StepKind.TRANSFER, holder=COLLEAGUE, actor=COLLEAGUE))

    assert (after.holder, after.holder_since) == (COLLEAGUE, 2)


# --- every history ----------------------------------------------------------------------------------------------------

PERSONS = st.sampled_from([FINDER, OTHER_CLERK, OFFICER, COLLEAGUE, BYSTANDER, SENDER])
ANYTHING = {
    "actor": st.none() | PERSONS,
    "evidence": st.none() | st.just(EVIDENCE),
    "holder": st.none() | PERSONS,
    "witness": st.none() | PERSONS,
    "body": st.none() | st.sampled_from(Body),
    "reference": st.none() | st.just("R-1"),
    "instruction": st.none() | st.sampled_from(Instruction),
    "is_evacuated": st.booleans(),
    "disposal": st.none() | st.sampled_from(Disposal),
}
ONWARD = (StepKind.ISOLATE, StepKind.REPORT, StepKind.INSTRUCT, *map(StepKind, Instruction), StepKind.CLOSE)


@st.composite
def sensible(draw: st.DrawFn, now: Standing, *, hoped: tuple[Instruction, ...]) -> Move:
    """A step that has what it needs, taken by who has the goods; most often one that leads on."""
    known = kinds_from(now.state) or tuple(StepKind)
    onward = [kind for kind in known if kind in ONWARD and kind.value not in set(Instruction)]
    instructed = [StepKind(now.instruction.value)] if now.state is State.INSTRUCTED and now.instruction else []
    doubts = [StepKind.RECLASSIFY] * 4 if hoped and instructed else []
    kind = draw(st.sampled_from([*known, *onward * 4, *instructed * 8, *doubts]))
    given: dict[str, Any] = {"actor": now.holder if now.holder.kind is not PersonKind.SENDER else FINDER}
    if kind is StepKind.INSTRUCT:
        given["instruction"] = draw(st.sampled_from([*Instruction, *hoped * 8]))
    if kind is StepKind.RECLASSIFY:
        given["disposal"] = draw(st.sampled_from(Disposal))
    if kind is StepKind.TRANSFER:
        given["holder"] = draw(st.sampled_from([FINDER, OTHER_CLERK, OFFICER, COLLEAGUE]))
    return move(kind, **given)


@st.composite
def histories(draw: st.DrawFn, *, hoped: tuple[Instruction, ...] = ()) -> list[tuple[Standing, Move, Standing]]:
    """A case on which somebody tries all sorts of things, sensible ones more often; what was possible, was done.

    Bodies say most often what is `hoped` for.
    """
    now = standing(State.SUSPECTED, draw(st.sampled_from(Disposal)))
    done = []
    for minute in range(draw(st.integers(8, 16))):
        at = NOON + minute * MINUTE
        if draw(st.integers(0, 9)) > 1:
            wanted = replace(draw(sensible(now, hoped=hoped)), at=at)
        else:
            given = {name: draw(values) for name, values in ANYTHING.items()}
            wanted = move(draw(st.sampled_from(StepKind)), at=at, **given)
        if not against(now, wanted):
            after = advance(now, wanted)
            done.append((now, wanted, after))
            now = after
    return done


def closings_over(history: list[tuple[Standing, Move, Standing]]) -> Iterator[State]:
    """Every state that a history was in."""
    for _, _, after in history:
        yield after.state


@settings(max_examples=400)
@given(histories(hoped=(Instruction.RETURN,)))
def test_what_was_dangerous_or_criminal_once_is_never_returned(
    history: list[tuple[Standing, Move, Standing]],
) -> None:
    if State.RETURNED in closings_over(history):
        ever = history[-1][2].disposals
        assert not ever & NEVER_RETURNED


@given(histories())
def test_a_change_of_class_only_tightens(history: list[tuple[Standing, Move, Standing]]) -> None:
    for before, _, after in history:
        assert before.disposals <= after.disposals
        old, new = EDITION.ruling_of(before.disposals), EDITION.ruling_of(after.disposals)
        for name in ("evacuates", "destroyed_by_officers_only", "cascades"):
            assert getattr(old, name) <= getattr(new, name)


@given(histories())
def test_the_chain_of_custody_has_no_gap(history: list[tuple[Standing, Move, Standing]]) -> None:
    for before, taken, after in history:
        assert after.number == before.number + 1
        assert after.last_at >= before.last_at
        assert taken.actor is not None
        assert taken.evidence
        if after.holder_since == after.number:
            assert after.holder == taken.holder
            assert same_person(taken.actor, before.holder) or same_person(taken.actor, after.holder)
        else:
            assert (after.holder, after.holder_since) == (before.holder, before.holder_since)


@given(histories())
def test_goods_leave_only_as_a_body_said_and_a_destruction_is_seen(
    history: list[tuple[Standing, Move, Standing]],
) -> None:
    for before, taken, after in history:
        one = find_transition(before.state, taken.kind)
        assert one is not None
        assert one.target is after.state
        if after.state in OUTCOMES and before.state in IN_HAND:
            assert before.instruction is not None
            assert before.instruction.value == taken.kind.value
        if taken.kind is StepKind.DESTROY:
            assert taken.witness is not None
            assert taken.actor is not None
            assert not same_person(taken.witness, taken.actor)


@given(histories(), st.sampled_from(Disposal), st.sampled_from(TRANSITIONS))
def test_a_further_class_takes_no_obstacle_away(
    history: list[tuple[Standing, Move, Standing]], further: Disposal, one: Transition
) -> None:
    now = history[-1][2] if history else standing()
    for wanted in (move(one.kind), move(one.kind, is_evacuated=False), move(one.kind, actor=FINDER, witness=FINDER)):
        tighter = replace(now, disposals=now.disposals | {further})

        assert set(against(now, wanted)) <= set(against(tighter, wanted))


# --- the picture ------------------------------------------------------------------------------------------------------


def test_the_diagram_is_drawn_from_the_table() -> None:
    lines = diagram().splitlines()

    assert lines[:2] == ["stateDiagram-v2", "    [*] --> suspected: open"]
    assert len(lines) == len(TRANSITIONS) + 3
    assert "    instructed --> returned: return [never returned; as instructed; to the sender]" in lines
    assert not any(line.startswith("    closed --> ") and "[*]" not in line for line in lines)
    assert "with evidence" in asked_always()
