"""Rounds: who is loaded when, and what makes one count for nothing."""

from dataclasses import dataclass, field

import pytest

from benchmarks.loading import Load
from benchmarks.rounds import Plan, Rounds, Row, growth_mb_per_100_000, reason, valid

LOAD = Load(connections=4, seconds=1)


def row(**changes: object) -> Row:
    return {
        "elapsed_s": 1.0,
        "good": 100,
        "accepted": 100,
        "stored": 100,
        "rate": 100.0,
        "p50_ms": 1.0,
        "p90_ms": 2.0,
        "p99_ms": 3.0,
        "surprises": {},
    } | changes


@dataclass
class Fake:
    """Somebody who notes when it was loaded, and with how much."""

    name: str
    log: list[tuple[str, str]]
    counts: list[int] = field(default_factory=list)
    prepared: list[int] = field(default_factory=list)

    async def prepare(self, count: int) -> None:
        self.log.append((self.name, "prepared"))
        self.prepared.append(count)

    async def measure(self, load: Load, *, count: int) -> Row:
        self.log.append((self.name, load.name))
        self.counts.append(count)
        return row()


async def test_everybody_is_loaded_in_turn_and_every_other_round_goes_the_other_way_about() -> None:
    log: list[tuple[str, str]] = []
    contestants = [Fake("a", log), Fake("b", log)]
    rounds = Rounds(plan=Plan(name="test", rounds=2, seconds=1), say=lambda _: None)

    rows = await rounds.run(contestants, [LOAD, Load(connections=16, seconds=1)])

    first = [("a", "4"), ("b", "4"), ("a", "16"), ("b", "16")]
    prepared = [("a", "prepared"), ("b", "prepared")]
    assert log == [*first, *prepared, *first, ("b", "4"), ("a", "4"), ("b", "16"), ("a", "16")]
    assert len(rows) == 8, "the warm-up is not kept"
    assert {(one["contestant"], one["load"], one["round"]) for one in rows} == {
        (name, load, number) for name in "ab" for load in ("4", "16") for number in (1, 2)
    }


async def test_a_load_is_given_more_than_it_used_the_last_time() -> None:
    fake = Fake("a", [])

    await Rounds(plan=Plan(name="test", rounds=1, seconds=1), say=lambda _: None).run([fake], [LOAD])

    assert fake.counts[-1] > 100
    assert fake.prepared == [fake.counts[-1]], "before the first round, and as much as the rounds may use"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({}, None, id="in order"),
        pytest.param({"surprises": {"good request: 500": 2}}, "2 x good request: 500", id="an unexpected answer"),
        pytest.param({"stored": 99}, "100 were answered accepted, 99 rows are there", id="a lost row"),
        pytest.param({"stored": 101}, "100 were answered accepted, 101 rows are there", id="a row too many"),
        pytest.param({"good": 0, "accepted": 0, "stored": 0}, "no answer was good", id="nothing"),
        pytest.param({"elapsed_s": 0.2}, "the requests were used up", id="too short"),
    ],
)
def test_reason(changes: dict[str, object], words: str | None) -> None:
    assert reason(row(**changes), LOAD) == words


def test_a_void_round_does_not_count() -> None:
    rows = [row(contestant="a", load="4", round=number, void=void) for number, void in ((1, None), (2, "lost"))]

    assert [one["round"] for one in valid(rows, "a", "4")] == [1]


def test_memory_is_judged_after_the_warm_up() -> None:
    """It takes 100 MB at first, then 3 MB for each 100,000."""
    warm = [{"accepted_so_far": n * 50_000, "rss_bytes": n * 50 * 2**20} for n in range(1, 3)]
    steady = [{"accepted_so_far": n * 50_000, "rss_bytes": (100 + 1.5 * n) * 2**20} for n in range(3, 11)]

    assert growth_mb_per_100_000([*warm, *steady]) == pytest.approx(3.0)
