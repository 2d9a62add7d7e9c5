"""Asking questions together."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from acceptance_api.kernel.express.lane import Lane, Unserved
from acceptance_api.kernel.express.questions import Question
from acceptance_api.kernel.grouping import Grouping
from acceptance_api.kernel.problems import Kind, Problem

_LANES = 2


class Reader:
    """Answers questions; who asks the same one at the same time shares a round trip."""

    def __init__(self, lane: Lane, *, together_max: int, waiting_max: int) -> None:
        """Ask over this lane, for at most `together_max` callers at once."""
        self._lane = lane
        self._together_max = together_max
        self._waiting_max = waiting_max
        self._groups: dict[Question, Grouping[tuple[Any, ...], tuple[Any, ...]]] = {}

    async def ask(self, question: Question, *asked: object) -> tuple[Any, ...]:
        """One record for each part of the question, None where there is none.

        Raises:
            Problem: DATABASE_UNAVAILABLE or OVERLOADED.
        """
        group = self._groups.get(question)
        if group is None:
            group = self._groups[question] = Grouping(
                partial(self._ask, question),
                together_max=self._together_max,
                waiting_max=self._waiting_max,
                lanes=_LANES,
            )
        return question.read(await group.submit(asked))

    async def _ask(self, question: Question, asked: Sequence[tuple[Any, ...]]) -> Sequence[tuple[Any, ...]]:
        try:
            return await self._lane.ask(question, asked)
        except Unserved:  # a connection that lay idle while the server was restarted
            try:
                return await self._lane.ask(question, asked)
            except Unserved as error:
                raise Problem(Kind.DATABASE_UNAVAILABLE) from error
