"""The stub of a disk: what was flushed is there after a cut, of the rest a beginning, and half a line never counts."""

from random import Random

from tests.offline.disk import Disk


def lines_of(disk: Disk) -> list[int]:
    return [line["n"] for line in disk.lines()]


def test_what_was_flushed_survives_every_cut() -> None:
    for seed in range(50):
        disk = Disk()
        disk.append({"n": 1})
        disk.flush()
        disk.append({"n": 2})
        disk.cut(Random(seed))  # noqa: S311 - a simulation has to be repeatable
        disk.mend()

        assert lines_of(disk)[0] == 1


def test_of_what_was_not_flushed_any_beginning_may_be_there_and_nothing_else() -> None:
    kept = set()
    for seed in range(300):
        disk = Disk()
        for n in (1, 2, 3):
            disk.append({"n": n})
        disk.cut(Random(seed))  # noqa: S311 - the same
        disk.mend()
        kept.add(tuple(lines_of(disk)))

    assert kept == {(), (1,), (1, 2), (1, 2, 3)}


def test_a_torn_line_does_not_spoil_the_next_one() -> None:
    for seed in range(50):
        disk = Disk()
        disk.append({"n": 1})
        disk.cut(Random(seed))  # noqa: S311 - the same
        torn = disk.mend()
        disk.append({"n": 2})
        disk.flush()

        assert lines_of(disk)[-1] == 2
        assert torn == 0 or lines_of(disk) == [2]


def test_the_process_that_wrote_a_line_reads_it_before_it_is_safe() -> None:
    disk = Disk()
    disk.append({"n": 1})

    assert lines_of(disk) == [1]
