"""From bytes as they come to lines, and from lines to chunks and back. Pure, and never more than a chunk in memory."""

from collections.abc import Iterator

from acceptance_api.imports.model import FaultyLine, Line
from acceptance_api.kernel.problems import Fault

CHUNK_LINES_MAX = 200
CHUNK_CHARACTERS = 131_072
"""A chunk is full when it has so many lines or characters; one long line may make it larger."""


class LineSplitter:
    """Cuts a stream into lines. A line ends with LF or CR LF, the last one with the stream; blank ones are left out.

    A line that is too long is not kept while it comes in; it is a fault like one that is not UTF-8.
    """

    def __init__(self, *, line_bytes_max: int) -> None:
        """Begin before line 1."""
        self._bytes_max = line_bytes_max
        self._parts: list[bytes] = []
        self._bytes = 0
        self._number = 0

    def feed(self, piece: bytes) -> Iterator[Line | FaultyLine]:
        """The lines that end in this piece."""
        first, *others = piece.split(b"\n")
        self._keep(first)
        for part in others:
            yield from self._end()
            self._keep(part)

    def finish(self) -> Iterator[Line | FaultyLine]:
        """The line that ends with the stream, if there is one."""
        yield from self._end()

    def _keep(self, part: bytes) -> None:
        self._bytes += len(part)
        if self._bytes <= self._bytes_max:
            self._parts.append(part)
        else:
            self._parts.clear()

    def _end(self) -> Iterator[Line | FaultyLine]:
        content, length = b"".join(self._parts), self._bytes
        self._parts, self._bytes = [], 0
        self._number += 1
        if length > self._bytes_max:
            yield FaultyLine(self._number, (Fault("", "line_too_long", {"bytes_max": self._bytes_max}),))
        elif content.strip():
            yield _decoded(self._number, content.removesuffix(b"\r"))


class Collector:
    """Collects lines until they make a chunk."""

    def __init__(self) -> None:
        """Begin empty."""
        self.lines: list[Line] = []
        self.faulty: list[FaultyLine] = []
        self._characters = 0

    def add(self, line: Line | FaultyLine) -> None:
        """Add the next line."""
        if isinstance(line, FaultyLine):
            self.faulty.append(line)
            return
        self.lines.append(line)
        self._characters += len(line.text)

    def __len__(self) -> int:
        """How many lines it has."""
        return len(self.lines) + len(self.faulty)

    @property
    def is_full(self) -> bool:
        """Whether it is time to put the chunk away."""
        return len(self) >= CHUNK_LINES_MAX or self._characters >= CHUNK_CHARACTERS


def packed(lines: list[Line]) -> str:
    """Lines as the text of a chunk: each behind its number, apart by LF, which no line holds."""
    return "\n".join(f"{line.number} {line.text}" for line in lines)


def unpacked(text: str) -> list[Line]:
    """The lines of a chunk."""
    numbered = (line.partition(" ") for line in text.split("\n"))
    return [Line(int(number), content) for number, _, content in numbered]


def _decoded(number: int, content: bytes) -> Line | FaultyLine:
    try:
        return Line(number, content.decode())
    except UnicodeDecodeError:
        return FaultyLine(number, (Fault("", "not_utf8"),))
