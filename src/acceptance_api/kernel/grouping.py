"""Work that arrives together is done together: many callers share one round trip, each gets an answer of its own.

Nobody waits for company: whoever comes while nothing is under way starts at once, and those who come meanwhile are the
next group. So groups grow with the load by themselves, without a timer.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from acceptance_api.kernel.problems import Kind, Problem

_I = TypeVar("_I")
_A = TypeVar("_A")
Work = Callable[[Sequence[_I]], Awaitable[Sequence[_A | Exception]]]
"""Does a group's work: an answer or an exception for each item, in their order."""
_NOTHING: frozenset[Hashable] = frozenset()


@dataclass(frozen=True, slots=True)
class _Waiting(Generic[_I, _A]):
    item: _I
    claims: frozenset[Hashable]
    answer: "asyncio.Future[_A]" = field(compare=False)


class Grouping(Generic[_I, _A]):
    """Forms the groups and hands them to `work`, at most `lanes` groups at once.

    At most `waiting_max` callers wait; one more is turned away. Belongs to one event loop.
    """

    def __init__(self, work: Work[_I, _A], *, together_max: int, waiting_max: int, lanes: int) -> None:
        """Nothing is under way."""
        self._work = work
        self._together_max = together_max
        self._waiting_max = waiting_max
        self._idle_lanes = lanes
        self._waiting: deque[_Waiting[_I, _A]] = deque()
        self._claimed: set[Hashable] = set()
        self._under_way: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    async def submit(self, item: _I, claims: frozenset[Hashable] = _NOTHING) -> _A:
        """Have it done; the answer, or the exception, that its group's work has for it.

        `claims` name what nobody else may be working on at the same time: who claims the same is done later. A caller
        who goes away cancels nothing: its item is done with the others.

        Raises:
            Problem: OVERLOADED, when too many wait already; nothing was done.
        """
        if len(self._waiting) >= self._waiting_max:
            raise Problem(Kind.OVERLOADED)
        answer: asyncio.Future[_A] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(item, claims, answer))
        self._start_lane()
        return await answer

    async def drain(self) -> None:
        """Wait until nobody waits any more."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    def _start_lane(self) -> None:
        if self._idle_lanes and self._waiting:
            self._idle_lanes -= 1
            lane = asyncio.create_task(self._run_lane())
            self._under_way.add(lane)
            lane.add_done_callback(self._under_way.discard)

    async def _run_lane(self) -> None:
        try:
            # Who waits for what another lane is working on is taken up by that lane when it is done.
            while group := self._next_group():
                await self._do(group)
        finally:
            self._idle_lanes += 1

    def _next_group(self) -> list[_Waiting[_I, _A]]:
        group: list[_Waiting[_I, _A]] = []
        passed_over: list[_Waiting[_I, _A]] = []
        while self._waiting and len(group) < self._together_max:
            one = self._waiting.popleft()
            if self._claimed.isdisjoint(one.claims):
                self._claimed |= one.claims
                group.append(one)
            else:
                passed_over.append(one)
        self._waiting.extendleft(reversed(passed_over))
        return group

    async def _do(self, group: Sequence[_Waiting[_I, _A]]) -> None:
        try:
            answers = await self._work([one.item for one in group])
        except Exception as error:  # noqa: BLE001 - whatever it is, each caller is told
            answers = [error] * len(group)
        finally:
            for one in group:
                self._claimed -= one.claims
        for one, answer in zip(group, answers, strict=True):
            if one.answer.done():  # its caller went away
                continue
            if isinstance(answer, Exception):
                one.answer.set_exception(answer)
            else:
                one.answer.set_result(answer)
