"""Random histories of a pass end where the table says, and everything the table forbids is refused."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from sqlalchemy import String, Uuid

from acceptance_api.kernel.express import Question
from acceptance_api.kernel.ids import new_uuid
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.screening import (
    PassFact,
    PassHistory,
    PassState,
    Screening,
    ScreeningVerdict,
    intercept_screening,
    passes_part,
    read_screening,
)
from acceptance_api.screening.model import CheckConclusion, FlagConclusion, LookConclusion, Step
from acceptance_api.screening.policy import TRANSITIONS, entered, fact_of
from tests.screening.staff import KNIFE, Staff
from tests.support.builders import NOON, new_waybill

ASKED = Question(
    {"outlet_id": Uuid(), "waybill": String()}, lambda asked: (passes_part(asked["outlet_id"], asked["waybill"]),)
)
HISTORIES, STEPS_MAX = 60, 8
VERDICTS = [*ScreeningVerdict, ScreeningVerdict.SUSPECT]


@dataclass
class Expected:
    """A pass as the table alone would have it."""

    screening: Screening
    state: PassState
    open_flags: list[int] = field(default_factory=list)

    def after(self, *steps: Step) -> PassState | None:
        """Where the steps lead; None when one is forbidden."""
        state: PassState | None = self.state
        for step in steps:
            state = TRANSITIONS.get((state, step)) if state else None
        return state

    def cleared(self, *steps: Step) -> PassState | None:
        """Where steps lead that end in a clear pass, which is labelled when no flag is open."""
        return self.after(*steps, *([] if self.open_flags else [Step.LABEL]))


async def played(staff: Staff, expected: Expected, act: str, chance: random.Random) -> None:
    """Do one thing with a pass; it is done or refused as the table says."""
    screening_id, left = expected.screening.id, expected.open_flags
    doing: Callable[[], Awaitable[PassHistory]]
    match act:
        case "look, clear":
            doing, state = lambda: staff.look(screening_id), expected.cleared(Step.LOOK_AGAIN, Step.FIND_CLEAR)
        case "look, open":
            doing = lambda: staff.look(screening_id, LookConclusion.OPEN_CHECK)  # noqa: E731 - beside its twins
            state = expected.after(Step.LOOK_AGAIN, Step.ASK_TO_OPEN)
        case "open, clear":
            doing = lambda: staff.open(screening_id)  # noqa: E731 - the same
            # Without a look there is no open check, whatever else leads to a clear pass.
            state = expected.cleared(Step.FIND_CLEAR) if expected.state is PassState.OPEN_CHECK else None
        case "open, prohibited":
            doing = lambda: staff.open(screening_id, CheckConclusion.PROHIBITED)  # noqa: E731 - the same
            state = expected.after(Step.FIND_PROHIBITED) if expected.state is PassState.OPEN_CHECK else None
        case "intercept":
            doing = lambda: intercepted(staff, expected.screening)  # noqa: E731 - the same
            again = expected.state is PassState.INTERCEPTED
            state = PassState.INTERCEPTED if again else expected.after(Step.INTERCEPT)
        case "write off":
            of = expected.screening
            doing = lambda: staff.write_off(of.label_serial, of.waybill)  # noqa: E731 - the same
            state = expected.after(Step.WRITE_OFF)
        case _:
            flag, conclusion = chance.randrange(2), chance.choice(list(FlagConclusion))
            doing = lambda: staff.close(screening_id, flag, conclusion)  # noqa: E731 - the same
            state = closed(expected, flag, conclusion)
            left = [one for one in left if one != flag]
    if state is None:
        with pytest.raises(Problem) as caught:
            await doing()
        assert caught.value.kind in {Kind.STEP_NOT_DUE, Kind.REFERENCE_UNKNOWN}, act
        return
    history = await doing()
    expected.state, expected.open_flags = state, left
    assert history.screening.state is state, act


def closed(expected: Expected, flag: int, conclusion: FlagConclusion) -> PassState | None:
    """Where closing a flag leads."""
    if flag not in expected.open_flags:
        return None
    if expected.state is not PassState.CLEAR:
        return expected.state
    if conclusion is FlagConclusion.CONFIRMED:
        return expected.after(Step.CONFIRM_FLAG)
    return expected.state if len(expected.open_flags) > 1 else expected.after(Step.LABEL)


async def intercepted(staff: Staff, screening: Screening) -> PassHistory:
    async with staff.shop.database.transaction() as tx:
        return await intercept_screening(tx, staff.first, screening.id, case_id=new_uuid(), at=NOON)


ACTS = (
    "look, clear",
    "look, open",
    "open, clear",
    "open, prohibited",
    "intercept",
    "write off",
    *["close a flag"] * 4,
)


@pytest.mark.parametrize("seed", range(3))
async def test_random_histories_follow_the_table(staff: Staff, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a history, not a secret
    taken = set()
    for _ in range(HISTORIES):
        waybill, verdict, flags = new_waybill(), chance.choice(VERDICTS), chance.choice([0, 1, 2, 2])
        screening = await staff.screen(waybill, verdict, flags=(KNIFE,) * flags)
        expected = Expected(screening, entered(verdict, flags=flags), list(range(flags)))
        assert screening.state is expected.state
        for _ in range(chance.randint(1, STEPS_MAX)):
            await played(staff, expected, chance.choice(ACTS), chance)

        history = await read_screening(staff.shop.screening, staff.first, screening.id)
        taken |= {one.step for one in history.steps}
        assert [one.number for one in history.steps] == list(range(1, len(history.steps) + 1))
        assert (history.screening.state, history.screening.flags_open) == (expected.state, len(expected.open_flags))
        assert history.screening.flags_open == flags - len(history.closings)
        codes = tuple(code.value for code in screening.reservations)
        fact = fact_of(expected.state, codes, flags_open=len(expected.open_flags))
        answer: tuple[tuple[PassFact, ...]] = await staff.shop.reader.ask(ASKED, staff.first.outlet_id, waybill)
        assert answer == ((fact,),)

    assert taken == set(Step) - {Step.SCAN, Step.FIND_SUSPECT}, "which are taken by recording"
