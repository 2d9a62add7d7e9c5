"""Who arrives together is served together: each gets an answer of its own, and nobody waits for company."""

import asyncio
from collections.abc import Sequence

import pytest

from acceptance_api.kernel.grouping import Grouping
from acceptance_api.kernel.problems import Kind, Problem


class Counter:
    """Work that can be held up, and remembers its groups."""

    def __init__(self, *, held: bool = False) -> None:
        self.groups: list[list[int]] = []
        self.let = asyncio.Event()
        self.most_at_once = self.at_once = 0
        if not held:
            self.let.set()

    async def __call__(self, items: Sequence[int]) -> Sequence[int | Exception]:
        self.groups.append(list(items))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await self.let.wait()
        self.at_once -= 1
        return [ValueError(item) if item < 0 else item * 10 for item in items]


def grouping(work: Counter, *, together: int = 8, waiting: int = 100, lanes: int = 1) -> Grouping[int, int]:
    return Grouping(work, together_max=together, waiting_max=waiting, lanes=lanes)


async def test_who_is_alone_is_served_at_once() -> None:
    work = Counter()

    assert await grouping(work).submit(1) == 10
    assert work.groups == [[1]]


async def test_who_comes_meanwhile_is_the_next_group() -> None:
    work = Counter(held=True)
    group = grouping(work)
    waiting = [asyncio.create_task(group.submit(i)) for i in range(1)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting += [asyncio.create_task(group.submit(i)) for i in range(1, 6)]
    await asyncio.sleep(0)
    work.let.set()

    assert await asyncio.gather(*waiting) == [0, 10, 20, 30, 40, 50]
    assert work.groups == [[0], [1, 2, 3, 4, 5]]


async def test_a_group_is_no_larger_than_it_may_be() -> None:
    work = Counter()
    group = grouping(work, together=3)

    assert await asyncio.gather(*(group.submit(i) for i in range(7))) == [i * 10 for i in range(7)]
    assert [len(items) for items in work.groups] == [3, 3, 1]


async def test_no_more_groups_are_under_way_than_there_are_lanes() -> None:
    work = Counter(held=True)
    group = grouping(work, together=1, lanes=2)
    waiting = [asyncio.create_task(group.submit(i)) for i in range(5)]
    await asyncio.sleep(0.01)
    work.let.set()
    await asyncio.gather(*waiting)

    assert (work.most_at_once, len(work.groups)) == (2, 5)


async def test_one_items_failure_is_its_own() -> None:
    group = grouping(Counter())

    answers = await asyncio.gather(*(group.submit(i) for i in (1, -2, 3)), return_exceptions=True)

    assert [answers[0], answers[2]] == [10, 30]
    assert isinstance(answers[1], ValueError)


async def test_work_that_fails_altogether_fails_each_and_the_next_group_is_served() -> None:
    async def work(items: Sequence[int]) -> Sequence[int | Exception]:
        if 1 in items:
            raise OSError
        return items

    group: Grouping[int, int] = Grouping(work, together_max=8, waiting_max=8, lanes=1)
    answers = await asyncio.gather(group.submit(1), group.submit(2), return_exceptions=True)

    assert [type(answer) for answer in answers] == [OSError, OSError]
    assert await group.submit(3) == 3


async def test_who_claims_the_same_is_done_later_and_nobody_behind_waits_for_it() -> None:
    work = Counter(held=True)
    group = grouping(work, lanes=2)
    claims = [frozenset({"a"}), frozenset({"a", "b"}), frozenset({"c"}), frozenset({"b"})]
    waiting = [asyncio.create_task(group.submit(i, claim)) for i, claim in enumerate(claims)]
    await asyncio.sleep(0.01)
    work.let.set()
    await asyncio.gather(*waiting)

    assert work.groups == [[0, 2, 3], [1]]


async def test_one_more_than_may_wait_is_turned_away_and_nothing_of_it_is_done() -> None:
    work = Counter(held=True)
    group = grouping(work, together=1, waiting=2)
    waiting = [asyncio.create_task(group.submit(0))]
    await asyncio.sleep(0.01)
    waiting += [asyncio.create_task(group.submit(i)) for i in (1, 2)]
    await asyncio.sleep(0.01)

    with pytest.raises(Problem) as refused:
        await group.submit(3)
    work.let.set()
    await asyncio.gather(*waiting)

    assert refused.value.kind is Kind.OVERLOADED
    assert work.groups == [[0], [1], [2]]


async def test_who_goes_away_cancels_nothing() -> None:
    work = Counter(held=True)
    group = grouping(work)
    first = asyncio.create_task(group.submit(0))
    await asyncio.sleep(0.01)
    gone, stays = (asyncio.create_task(group.submit(i)) for i in (1, 2))
    await asyncio.sleep(0.01)
    gone.cancel()
    first.cancel()
    work.let.set()

    assert await stays == 20
    assert work.groups == [[0], [1, 2]]


async def test_draining_waits_for_all_that_wait() -> None:
    work = Counter(held=True)
    group = grouping(work, together=1)
    waiting = [asyncio.create_task(group.submit(i)) for i in range(3)]
    await asyncio.sleep(0.01)
    draining = asyncio.create_task(group.drain())
    await asyncio.sleep(0.01)
    assert not draining.done()
    work.let.set()
    await draining

    assert all(one.done() for one in waiting)
