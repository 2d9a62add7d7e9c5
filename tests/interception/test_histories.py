"""Random histories on a real database: what is recorded is what the rules allow, and nothing else."""

from random import Random
from typing import Any

import pytest

from acceptance_api.goods import Disposal
from acceptance_api.interception import Body, CaseFile, Instruction, Person, PersonKind, State, StepKind
from acceptance_api.interception.classing import classed
from acceptance_api.interception.disposals import disposals_on
from acceptance_api.interception.model import Move
from acceptance_api.interception.obligations import next_due
from acceptance_api.interception.policy import IN_HAND, NEVER_RETURNED, OUTCOMES, kinds_from, standing_of, weigh
from acceptance_api.interception.store import find_file
from acceptance_api.kernel.problems import Kind, Problem
from tests.interception.conftest import BYSTANDER, COLLEAGUE, MINUTE, NEEDED, OFFICER, SENDER, Room
from tests.support.builders import TODAY

CLASSES = ("P02", "P03", "P16", "P17", "P19")
STEPS = 14
LIKELY, WITHOUT = 0.8, 0.15
EDITION = disposals_on(TODAY)


def a_step(random: Random, file: CaseFile, finder: Person) -> tuple[StepKind, dict[str, Any]]:
    """Some step, most often one that may follow, most often with what it needs."""
    known = kinds_from(file.interception.state)
    onward = [kind for kind in known if kind not in {StepKind.TRANSFER, StepKind.RECLASSIFY, StepKind.REPORT}]
    likely = [*known, *onward * 3] if known and random.random() < LIKELY else list(StepKind)
    kind = random.choice(likely)
    given: dict[str, Any] = dict(NEEDED.get(kind, {}))
    given["actor"] = OFFICER if file.steps[-1].holder.kind is PersonKind.OFFICER or random.random() < WITHOUT else None
    if kind is StepKind.INSTRUCT:
        given["instruction"] = random.choice(list(Instruction))
    if kind is StepKind.REPORT:
        given["body"] = random.choice([one.bodies[0] for one in file.obligations if one.told_at is None] or list(Body))
    if kind is StepKind.TRANSFER:
        given["holder"] = random.choice([OFFICER, COLLEAGUE, finder, BYSTANDER, SENDER])
    if kind is StepKind.RECLASSIFY:
        given["class_code"] = random.choice(CLASSES)
    if random.random() < WITHOUT:
        given.pop(random.choice(sorted(given)))
    return kind, given


def allowed(file: CaseFile, kind: StepKind, given: dict[str, Any], finder: Person, evidence: str) -> bool:
    """What the rules say of a step, without the database."""
    now = standing_of(file.steps, is_untold=next_due(file.obligations) is not None)
    code = given.get("class_code")
    if kind is StepKind.RECLASSIFY and code is None:
        return False
    at = file.steps[-1].recorded_at + MINUTE
    move = Move(
        kind=kind,
        actor=given.get("actor") or finder,
        at=at,
        evidence=evidence,
        disposal=classed(None, code, on=TODAY).disposal if code else None,
        **{name: value for name, value in given.items() if name not in {"actor", "class_code"}},
    )
    return kind is not StepKind.OPEN and not weigh(now, move, EDITION.ruling_of(now.disposals), now=at)


async def tried(room: Room, file: CaseFile, kind: StepKind, given: dict[str, Any]) -> CaseFile | Kind:
    """The case after a step, or what kind of problem spoke against it."""
    left_out: dict[str, Any] = dict.fromkeys(set(NEEDED.get(kind, {})) - set(given))
    try:
        return await room.step(file, kind, **left_out, **given)
    except Problem as problem:
        if problem.kind in {Kind.STEP_NOT_ALLOWED, Kind.INVALID}:
            return problem.kind
        raise


@pytest.mark.parametrize("seed", range(8))
async def test_a_history_holds_exactly_the_steps_that_were_allowed(room: Room, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a history, not a secret
    file = await room.open(random.choice(CLASSES))
    finder = file.steps[0].holder
    evidence = await room.photograph(file)
    taken = 1
    for _ in range(STEPS):
        kind, given = a_step(random, file, finder)
        may = allowed(file, kind, given, finder, evidence)
        ended = await tried(room, file, kind, given | {"evidence": evidence})
        assert isinstance(ended, CaseFile) is may, (kind, ended)
        if isinstance(ended, CaseFile):
            file, taken = ended, taken + 1
    async with room.shop.database.read() as tx:
        kept = await find_file(tx, file.interception.outlet_id, file.interception.id)

    assert kept == file
    assert len(file.steps) == taken
    assert_whole(file)


def assert_whole(file: CaseFile) -> None:
    """What holds of every recorded case."""
    ever: set[Disposal] = set()
    holder = None
    for before, step in zip([None, *file.steps], file.steps, strict=False):
        ever.add(step.disposal)
        assert step.number == (before.number + 1 if before else 1)
        assert step.evidence or before is None
        assert before is None or step.happened_at >= before.happened_at
        if step.holder_since == step.number:
            holder = step.holder
        assert step.holder == holder
        assert not (step.state is State.RETURNED and ever & NEVER_RETURNED)
        assert step.kind is not StepKind.DESTROY or step.witness is not None
        if before is not None and step.state in OUTCOMES and before.state in IN_HAND:
            assert before.instruction is not None or any(one.instruction for one in file.steps[: before.number])
    last = file.steps[-1]
    assert (file.interception.state, file.interception.steps) == (last.state, last.number)
    assert file.interception.is_never_returned is bool(ever & NEVER_RETURNED)
    assert file.interception.due_at == next_due(file.obligations)
