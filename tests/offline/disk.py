"""A device's disk: what was flushed survives a power cut; of the rest, as much as got there."""

import json
import zlib
from collections.abc import Iterator
from random import Random
from typing import Any

Line = dict[str, Any]


class Disk:
    """A journal of lines. A line that a cut tore is told by its checksum and does not count."""

    def __init__(self) -> None:
        """An empty disk."""
        self._durable = bytearray()
        self._written = bytearray()

    def append(self, line: Line) -> None:
        """Write a line; it is not safe before it is flushed."""
        text = json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode()
        self._written += b"%08x %b\n" % (zlib.crc32(text), text)

    def flush(self) -> None:
        """Make safe what was written."""
        self._durable += self._written
        self._written.clear()

    def cut(self, rng: Random) -> int:
        """The power fails: some of the bytes that were not flushed are there, the others are not; how many are lost."""
        kept = rng.randint(0, len(self._written))
        lost = len(self._written) - kept
        self._durable += self._written[:kept]
        self._written.clear()
        return lost

    def mend(self) -> int:
        """After a cut: take the torn line away, so that the next one begins a line; how many bytes that were."""
        whole = sum(len(text) + 1 for text in self._whole())
        torn = len(self._durable) - whole
        del self._durable[whole:]
        return torn

    def lines(self) -> Iterator[Line]:
        """Every whole line, oldest first; what is not flushed is still read by the process that wrote it."""
        for text in self._whole():
            yield json.loads(text[9:])

    def _whole(self) -> Iterator[bytes]:
        for text in bytes(self._durable + self._written).split(b"\n")[:-1]:
            checksum, _, content = text.partition(b" ")
            if checksum != b"%08x" % zlib.crc32(content):
                return
            yield text
