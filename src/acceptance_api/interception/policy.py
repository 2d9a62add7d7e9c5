"""The rules of a case: one table of transitions with their guards, and what each step makes of a case. Pure.

`weigh` says what speaks against a step, `advance` what the case is after it. Five things hold in every history
(domain dossier, section 6.2): goods that ever were of a class in `NEVER_RETURNED` are never returned; nothing is
released, returned or destroyed but as a body instructed; a destruction has a witness; a report has a receipt; and
whoever has the goods in hand is known from the first step to the last.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, unique
from typing import Final

from acceptance_api.goods.model import Disposal
from acceptance_api.interception.model import (
    Instruction,
    Move,
    Person,
    PersonKind,
    Ruling,
    Standing,
    State,
    Step,
    StepKind,
)
from acceptance_api.kernel.problems import Fault
from acceptance_api.kernel.spelling import normal_document_number, normal_name

NEVER_RETURNED: Final = frozenset(
    {Disposal.D1, Disposal.D2, Disposal.D3, Disposal.D4, Disposal.D5, Disposal.D9, Disposal.D10}
)
"""Dangerous or criminal: the sender does not get them back, whatever anybody says or calls them later."""
OUTCOMES: Final = (State.HANDED_OVER, State.RETURNED, State.DESTROYED, State.RELEASED)
IN_HAND: Final = (State.SUSPECTED, State.ISOLATED, State.REPORTED, State.INSTRUCTED)
"""While the outlet still has to do with the goods."""


@unique
class Obstacle(Enum):
    """Why a step cannot be taken: where in the request, a code, and whether the case stands in the way."""

    NOT_FROM_HERE = ("/kind", "not_from_this_state", True)
    NEVER_RETURNED = ("/kind", "never_returned", True)
    NOT_AS_INSTRUCTED = ("/kind", "not_as_instructed", True)
    NOT_ALL_TOLD = ("/kind", "not_all_told", True)
    NOT_THEIRS_TO_GIVE = ("/holder", "neither_gave_nor_took", True)
    SAME_CLASS = ("/goods_code", "of_this_class_already", True)
    BEFORE_THE_LAST = ("/happened_at", "before_the_last_step", True)
    IN_THE_FUTURE = ("/happened_at", "in_the_future", False)
    ACTOR_MISSING = ("/actor", "required", False)
    ACTOR_OF_THE_WRONG_KIND = ("/actor", "neither_clerk_nor_officer", False)
    OFFICERS_ONLY = ("/actor", "officers_only", False)
    EVIDENCE_MISSING = ("/evidence", "required", False)
    EVACUATION_NOT_STATED = ("/is_evacuated", "required", False)
    BODY_MISSING = ("/body", "required", False)
    REFERENCE_MISSING = ("/reference", "required", False)
    INSTRUCTION_MISSING = ("/instruction", "required", False)
    CLASS_MISSING = ("/goods_code", "required", False)
    HOLDER_MISSING = ("/holder", "required", False)
    HOLDER_NOT_AN_OFFICER = ("/holder", "not_an_officer", False)
    HOLDER_NOT_THE_SENDER = ("/holder", "not_the_sender", False)
    HOLDER_IS_THE_SENDER = ("/holder", "not_to_the_sender", False)
    WITNESS_MISSING = ("/witness", "required", False)
    WITNESS_IS_THE_ACTOR = ("/witness", "not_another_person", False)

    def __init__(self, pointer: str, code: str, is_of_the_case: bool) -> None:  # noqa: FBT001 - a column of the table
        """Name the columns."""
        self.fault = Fault(pointer, code)
        self.is_of_the_case = is_of_the_case


Guard = Callable[[Standing, Move, Ruling], Obstacle | None]
"""Asks one thing of a step; its name says what, in the diagram too."""


def acted_on_by_somebody(_: Standing, move: Move, _ruling: Ruling) -> Obstacle | None:
    """A clerk or an officer did it."""
    if move.actor is None:
        return Obstacle.ACTOR_MISSING
    of_kind = move.actor.kind in {PersonKind.CLERK, PersonKind.OFFICER}
    return None if of_kind else Obstacle.ACTOR_OF_THE_WRONG_KIND


def with_evidence(_: Standing, move: Move, _ruling: Ruling) -> Obstacle | None:
    """A photo or document shows it."""
    return None if move.evidence else Obstacle.EVIDENCE_MISSING


def after_the_last(standing: Standing, move: Move, _ruling: Ruling) -> Obstacle | None:
    """Steps follow each other in time."""
    return Obstacle.BEFORE_THE_LAST if move.at < standing.last_at else None


def by_who_gave_or_took(standing: Standing, move: Move, _ruling: Ruling) -> Obstacle | None:
    """When the goods change hands, one of the two says so."""
    if move.holder is None or move.actor is None or _stays_with(move.holder, standing.holder):
        return None
    is_party = same_person(move.actor, standing.holder) or same_person(move.actor, move.holder)
    return None if is_party else Obstacle.NOT_THEIRS_TO_GIVE


def not_to_the_sender(_: Standing, move: Move, _ruling: Ruling) -> Obstacle | None:
    """Only a return gives the goods to the sender."""
    is_sender = move.holder is not None and move.holder.kind is PersonKind.SENDER
    return Obstacle.HOLDER_IS_THE_SENDER if is_sender and move.kind is not StepKind.RETURN else None


ALWAYS: Final[tuple[Guard, ...]] = (
    acted_on_by_somebody,
    with_evidence,
    after_the_last,
    by_who_gave_or_took,
    not_to_the_sender,
)
"""Asked of every step."""


def people_are_out_where_it_may_explode_or_poison(_: Standing, move: Move, ruling: Ruling) -> Obstacle | None:
    """D3 and D4: evacuate, then isolate."""
    return Obstacle.EVACUATION_NOT_STATED if ruling.evacuates and not move.is_evacuated else None


def a_body_is_named(_: Standing, move: Move, _ruling: Ruling) -> Obstacle | None:
    """Told to, or instructed by, a body."""
    return None if move.body else Obstacle.BODY_MISSING


def with_its_receipt(_: Standing, move: Move, _ruling: Ruling) -> Obstacle | None:
    """The body's receipt, or the number of its paper."""
    return None if move.reference else Obstacle.REFERENCE_MISSING


def says_what_to_do(_: Standing, move: Move, _ruling: Ruling) -> Obstacle | None:
    """An instruction is one of four."""
    return None if move.instruction else Obstacle.INSTRUCTION_MISSING


def never_returned(standing: Standing, move: Move, _ruling: Ruling) -> Obstacle | None:
    """Neither done nor instructed for dangerous or criminal goods."""
    is_return = move.kind is StepKind.RETURN or move.instruction is Instruction.RETURN
    return Obstacle.NEVER_RETURNED if is_return and standing.disposals & NEVER_RETURNED else None


def as_instructed(standing: Standing, move: Move, _ruling: Ruling) -> Obstacle | None:
    """The last instruction says so."""
    instructed = standing.instruction is not None and standing.instruction.value == move.kind.value
    return None if instructed else Obstacle.NOT_AS_INSTRUCTED


def to_an_officer(_: Standing, move: Move, _ruling: Ruling) -> Obstacle | None:
    """Somebody with a certificate takes the goods."""
    if move.holder is None:
        return Obstacle.HOLDER_MISSING
    return None if move.holder.kind is PersonKind.OFFICER else Obstacle.HOLDER_NOT_AN_OFFICER


def to_the_sender(_: Standing, move: Move, _ruling: Ruling) -> Obstacle | None:
    """The sender takes the goods."""
    if move.holder is None:
        return Obstacle.HOLDER_MISSING
    return None if move.holder.kind is PersonKind.SENDER else Obstacle.HOLDER_NOT_THE_SENDER


def by_officers_where_it_is_evidence(_: Standing, move: Move, ruling: Ruling) -> Obstacle | None:
    """D1 to D4, D9, D10: no clerk destroys them."""
    is_officer = move.actor is not None and move.actor.kind is PersonKind.OFFICER
    return Obstacle.OFFICERS_ONLY if ruling.destroyed_by_officers_only and not is_officer else None


def another_person_saw_it(_: Standing, move: Move, _ruling: Ruling) -> Obstacle | None:
    """A witness who is not the one who does it."""
    if move.witness is None:
        return Obstacle.WITNESS_MISSING
    is_actor = move.actor is not None and same_person(move.witness, move.actor)
    return Obstacle.WITNESS_IS_THE_ACTOR if is_actor else None


def all_are_told(standing: Standing, _: Move, _ruling: Ruling) -> Obstacle | None:
    """No report is open."""
    return Obstacle.NOT_ALL_TOLD if standing.is_untold else None


def somebody_takes_the_goods(_: Standing, move: Move, _ruling: Ruling) -> Obstacle | None:
    """A transfer names the new holder."""
    return None if move.holder else Obstacle.HOLDER_MISSING


def of_another_class(standing: Standing, move: Move, _ruling: Ruling) -> Obstacle | None:
    """Not of a class the goods were of before: that would change nothing."""
    if move.disposal is None:
        return Obstacle.CLASS_MISSING
    return Obstacle.SAME_CLASS if move.disposal in standing.disposals else None


@dataclass(frozen=True, slots=True)
class Transition:
    """A step that may be taken in a state, the state after it, and what is asked of it besides `ALWAYS`."""

    kind: StepKind
    source: State
    target: State
    guards: tuple[Guard, ...] = ()


_TOLD = (a_body_is_named, with_its_receipt)
_INSTRUCTED = (a_body_is_named, with_its_receipt, says_what_to_do, never_returned)

TRANSITIONS: Final = (
    Transition(StepKind.ISOLATE, State.SUSPECTED, State.ISOLATED, (people_are_out_where_it_may_explode_or_poison,)),
    Transition(StepKind.REPORT, State.ISOLATED, State.REPORTED, _TOLD),
    Transition(StepKind.INSTRUCT, State.REPORTED, State.INSTRUCTED, _INSTRUCTED),
    Transition(StepKind.HAND_OVER, State.INSTRUCTED, State.HANDED_OVER, (as_instructed, to_an_officer)),
    Transition(StepKind.RETURN, State.INSTRUCTED, State.RETURNED, (never_returned, as_instructed, to_the_sender)),
    Transition(
        StepKind.DESTROY,
        State.INSTRUCTED,
        State.DESTROYED,
        (as_instructed, by_officers_where_it_is_evidence, another_person_saw_it),
    ),
    Transition(StepKind.RELEASE, State.INSTRUCTED, State.RELEASED, (as_instructed,)),
    *(Transition(StepKind.CLOSE, state, State.CLOSED, (all_are_told,)) for state in OUTCOMES),
    # Where the case stays: further bodies are told, a body changes its mind, the goods change hands or class.
    *(Transition(StepKind.REPORT, state, state, _TOLD) for state in (State.REPORTED, State.INSTRUCTED, *OUTCOMES)),
    Transition(StepKind.INSTRUCT, State.INSTRUCTED, State.INSTRUCTED, _INSTRUCTED),
    *(Transition(StepKind.TRANSFER, state, state, (somebody_takes_the_goods,)) for state in IN_HAND),
    *(Transition(StepKind.RECLASSIFY, state, state, (of_another_class,)) for state in IN_HAND),
)
"""Everything that can happen to a case after it was opened; the documentation draws its diagram from this."""

_BY_PLACE: Final = {(one.source, one.kind): one for one in TRANSITIONS}


def find_transition(state: State, kind: StepKind) -> Transition | None:
    """The row of the table for a step in a state."""
    return _BY_PLACE.get((state, kind))


def kinds_from(state: State) -> tuple[StepKind, ...]:
    """The steps that the table knows in a state, in its order."""
    return tuple(one.kind for one in TRANSITIONS if one.source is state)


def weigh(standing: Standing, move: Move, ruling: Ruling, *, now: datetime) -> tuple[Obstacle, ...]:
    """Everything that speaks against a step; nothing when it may be taken."""
    transition = find_transition(standing.state, move.kind)
    if transition is None:
        return (Obstacle.NOT_FROM_HERE,)
    found = [guard(standing, move, ruling) for guard in (*transition.guards, *ALWAYS)]
    future = [Obstacle.IN_THE_FUTURE] if move.at > now else []
    return (*(obstacle for obstacle in found if obstacle is not None), *future)


def advance(standing: Standing, move: Move) -> Standing:
    """The case after a step against which nothing speaks.

    Raises:
        LookupError: the table does not know the step in this state.
    """
    transition = _BY_PLACE[standing.state, move.kind]
    number = standing.number + 1
    is_moved = move.holder is not None and not _stays_with(move.holder, standing.holder)
    return Standing(
        state=transition.target,
        number=number,
        disposals=standing.disposals | ({move.disposal} if move.disposal else set()),
        holder=move.holder if move.holder and is_moved else standing.holder,
        holder_since=number if is_moved else standing.holder_since,
        last_at=move.at,
        instruction=move.instruction or standing.instruction,
        is_untold=standing.is_untold,
    )


def standing_of(steps: Sequence[Step], *, is_untold: bool) -> Standing:
    """Where a recorded case stands, by its steps alone."""
    last = steps[-1]
    return Standing(
        state=last.state,
        number=last.number,
        disposals=frozenset(step.disposal for step in steps),
        holder=last.holder,
        holder_since=last.holder_since,
        last_at=last.happened_at,
        instruction=next((step.instruction for step in reversed(steps) if step.instruction), None),
        is_untold=is_untold,
    )


def is_never_returned(disposals: Iterable[Disposal]) -> bool:
    """Whether goods that were ever of these classes are kept from the sender for good."""
    return not NEVER_RETURNED.isdisjoint(disposals)


def same_person(one: Person, other: Person) -> bool:
    """Whether two are, as far as can be told, one person.

    A stored officer's name is sealed, so another officer of the same body may pass for them. Whoever is compared with
    somebody of the same request is told apart by certificate or name.
    """
    if one.kind is not other.kind:
        return False
    if one.kind is PersonKind.CLERK:
        return one.clerk_id == other.clerk_id
    if one.kind is PersonKind.OFFICER:
        return one.body is other.body and _agree(
            one.certificate_number, other.certificate_number, normal_document_number
        )
    return _agree(one.name, other.name, normal_name)


def _stays_with(holder: Person, before: Person) -> bool:
    """Only a clerk is surely the same: an officer of the same body may be another, and is named anew."""
    return holder.kind is PersonKind.CLERK and same_person(holder, before)


def _agree(one: str | None, other: str | None, spelled: Callable[[str], str]) -> bool:
    return one is None or other is None or spelled(one) == spelled(other)
