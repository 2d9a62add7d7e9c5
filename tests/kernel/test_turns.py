"""Taking turns: one at a time for each key, nobody blocks anybody for ever, and nothing is left behind."""

import asyncio
import random
from collections.abc import Hashable, Iterable
from contextlib import suppress

import pytest

from acceptance_api.kernel.turns import Turns

PATIENCE_S = 5


class Room:
    """Who is inside for each key, and the most that were there at once."""

    def __init__(self) -> None:
        self.turns = Turns()
        self.inside: dict[Hashable, int] = {}
        self.most: dict[Hashable, int] = {}
        self.order: list[str] = []

    async def stay(self, keys: Iterable[Hashable], name: str = "", *, moments: int = 2) -> None:
        """Wait for the turn, stay for some moments, go."""
        wanted = list(keys)
        async with self.turns.of(wanted):
            self.order.append(name)
            for key in set(wanted):
                self.inside[key] = self.inside.get(key, 0) + 1
                self.most[key] = max(self.most.get(key, 0), self.inside[key])
            for _ in range(moments):
                await asyncio.sleep(0)
            for key in set(wanted):
                self.inside[key] -= 1


async def moments(count: int = 3) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def test_there_is_one_holder_at_a_time_and_they_come_in_their_order() -> None:
    room = Room()

    await asyncio.gather(*(room.stay(["a"], str(i)) for i in range(20)))

    assert room.most == {"a": 1}
    assert room.order == [str(i) for i in range(20)]


async def test_who_wants_other_things_does_not_wait() -> None:
    turns = Turns()

    async with turns.of(["a"]), asyncio.timeout(PATIENCE_S), turns.of(["b"]):
        assert len(turns) == 2


async def test_who_wants_several_has_all_of_them_at_once() -> None:
    room = Room()
    async with room.turns.of(["a", "b", "c"]):
        waiting = [asyncio.create_task(room.stay([key], key)) for key in ("a", "b", "c")]
        await moments()
        assert room.order == []
    await asyncio.gather(*waiting)

    assert sorted(room.order) == ["a", "b", "c"]


async def test_two_who_name_the_same_things_in_another_order_do_not_block_each_other() -> None:
    room = Room()

    async with asyncio.timeout(PATIENCE_S):
        await asyncio.gather(*(room.stay(["a", "b"] if i % 2 else ["b", "a"], moments=3) for i in range(20)))

    assert room.most == {"a": 1, "b": 1}


@pytest.mark.parametrize("seed", range(5))
async def test_whoever_wants_whatever_all_get_their_turn_alone(seed: int) -> None:
    room, drawn = Room(), random.Random(seed)  # noqa: S311 - to try many orders
    keys: list[Hashable] = ["a", "b", ("amount", 1), ("amount", 2), 3]
    wanted = [drawn.sample(keys, drawn.randint(1, len(keys))) for _ in range(60)]

    async with asyncio.timeout(PATIENCE_S):
        await asyncio.gather(*(room.stay(some, moments=drawn.randint(0, 3)) for some in wanted))

    assert len(room.order) == 60
    assert set(room.most.values()) == {1}
    assert len(room.turns) == 0


async def test_a_thing_named_twice_is_taken_once() -> None:
    turns = Turns()

    async with asyncio.timeout(PATIENCE_S), turns.of(["a", "a"]):
        assert len(turns) == 1

    assert len(turns) == 0


async def test_nothing_wanted_is_had_at_once() -> None:
    turns = Turns()

    async with turns.of([]):
        assert len(turns) == 0


async def test_a_waiter_who_goes_away_leaves_no_trace_and_the_next_gets_the_turn() -> None:
    room = Room()
    async with room.turns.of(["a"]):
        gone, stays = (asyncio.create_task(room.stay(["a"], name)) for name in ("gone", "stays"))
        await moments()
        gone.cancel()
        with suppress(asyncio.CancelledError):
            await gone
        assert len(room.turns) == 1
    async with asyncio.timeout(PATIENCE_S):
        await stays

    assert room.order == ["stays"]
    assert len(room.turns) == 0


async def test_who_goes_away_with_a_part_of_what_it_wants_gives_that_back() -> None:
    room = Room()
    async with room.turns.of(["b"]):
        gone = asyncio.create_task(room.stay(["a", "b"], "gone"))
        await moments()
        assert len(room.turns) == 2
        gone.cancel()
        with suppress(asyncio.CancelledError):
            await gone
        async with asyncio.timeout(PATIENCE_S):
            await room.stay(["a"], "next")
        assert len(room.turns) == 1

    assert room.order == ["next"]
    assert len(room.turns) == 0


async def test_who_goes_away_at_the_very_moment_of_its_turn_does_not_keep_it() -> None:
    room = Room()
    async with room.turns.of(["a"]):
        gone, stays = (asyncio.create_task(room.stay(["a"], name)) for name in ("gone", "stays"))
        await moments()
    gone.cancel()  # its turn has come, and it has not run since
    async with asyncio.timeout(PATIENCE_S):
        await asyncio.gather(gone, stays, return_exceptions=True)

    assert gone.cancelled()
    assert room.order == ["stays"]
    assert len(room.turns) == 0


async def test_what_goes_wrong_in_a_turn_ends_it() -> None:
    room = Room()

    with pytest.raises(ValueError, match="wrong"):
        async with room.turns.of(["a", "b"]):
            raise ValueError("wrong")

    async with asyncio.timeout(PATIENCE_S):
        await room.stay(["b", "a"], "next")
    assert len(room.turns) == 0


async def test_keys_that_nobody_wants_any_more_take_no_memory() -> None:
    room = Room()

    for start in range(0, 3_000, 100):
        await asyncio.gather(*(room.stay([i, i + 1]) for i in range(start, start + 100)))

    assert len(room.turns) == 0
