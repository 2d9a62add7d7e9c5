"""From bytes to lines and chunks: however the bytes come, the lines are the same, and none is kept that is too long."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from acceptance_api.imports.model import FaultyLine, Line
from acceptance_api.imports.splitting import (
    CHUNK_CHARACTERS,
    CHUNK_LINES_MAX,
    Collector,
    LineSplitter,
    packed,
    unpacked,
)

MAX = 12


def split(*pieces: bytes) -> list[tuple[int, str]]:
    """The lines of a stream, and the codes of those that are none."""
    splitter = LineSplitter(line_bytes_max=MAX)
    found = [line for piece in pieces for line in splitter.feed(piece)]
    return [
        (one.number, one.text if isinstance(one, Line) else f"!{one.faults[0].code}")
        for one in (*found, *splitter.finish())
    ]


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        pytest.param(b"", [], id="nothing"),
        pytest.param(b"a\nb\n", [(1, "a"), (2, "b")], id="two lines"),
        pytest.param(b"a\nb", [(1, "a"), (2, "b")], id="the last one without an end"),
        pytest.param(b"a\r\nb\r\n", [(1, "a"), (2, "b")], id="ends of CR LF"),
        pytest.param(b"\n \n\ta\n\r\n", [(3, "\ta")], id="blank lines are counted, not kept"),
        pytest.param(b"a" * MAX + b"\n" + b"b" * (MAX + 1) + b"\nc", [(1, "a" * MAX), (2, "!line_too_long"), (3, "c")],
                     id="one byte too long"),
        pytest.param(b"\xff\xfe\na", [(1, "!not_utf8"), (2, "a")], id="no UTF-8"),
        pytest.param("\ud800".encode("utf-8", "surrogatepass"), [(1, "!not_utf8")], id="half a surrogate pair"),
        pytest.param("a\u2028b\x0bc".encode(), [(1, "a\u2028b\x0bc")], id="only LF ends a line"),
    ],
)  # fmt: skip
def test_lines(content: bytes, lines: list[tuple[int, str]]) -> None:
    assert split(content) == lines


@given(content=some.binary(max_size=60), sizes=some.lists(some.integers(1, 7), min_size=1, max_size=9))
def test_it_does_not_matter_how_the_bytes_come(content: bytes, sizes: list[int]) -> None:
    pieces, at = [], 0
    for i in range(len(content)):
        pieces.append(content[at : at + sizes[i % len(sizes)]])
        at += sizes[i % len(sizes)]

    assert split(*pieces) == split(content)


def test_a_line_without_end_is_not_kept_in_memory() -> None:
    splitter = LineSplitter(line_bytes_max=MAX)
    for _ in range(1_000):
        assert list(splitter.feed(b"x" * 1_000)) == []

    assert sum(map(len, splitter._parts)) <= MAX
    assert [line.number for line in splitter.finish()] == [1]


@given(texts=some.lists(some.text(some.characters(exclude_characters="\n", codec="utf-8"), min_size=1), min_size=1))
def test_a_chunk_holds_its_lines_as_they_were(texts: list[str]) -> None:
    lines = [Line(number * 7, text) for number, text in enumerate(texts, start=1)]

    assert unpacked(packed(lines)) == lines


def test_a_chunk_is_full_by_lines_or_by_characters() -> None:
    many = [FaultyLine(number, ()) if number % 2 else Line(number, "x") for number in range(1, CHUNK_LINES_MAX + 1)]
    long = [Line(1, "x" * (CHUNK_CHARACTERS - 1)), Line(2, "x")]

    assert [is_full(many[:-1]), is_full(many)] == [False, True]
    assert [is_full(long[:-1]), is_full(long)] == [False, True]


def is_full(lines: list[Line | FaultyLine] | list[Line]) -> bool:
    """Whether so many lines make a chunk."""
    collected = Collector()
    for line in lines:
        collected.add(line)
    return collected.is_full


def test_a_line_shows_nothing_of_itself() -> None:
    assert "张三" not in repr(Line(1, "张三"))
