"""The file of prebuilt requests that the loader sends: bytes ready for the socket, so that sending costs little CPU."""

import mmap
import struct
from collections import deque
from collections.abc import Iterable
from enum import IntEnum
from pathlib import Path

_HEAD = struct.Struct("<IB")
_REMEMBERED = 50


class Kind(IntEnum):
    """What an answer to a request must be."""

    GOOD = 0
    """Done now: the status and the marks that the load names."""
    REPEAT = 1
    """A good request that was answered before, with the same key: answered again with 200 or 201.

    Its bytes are chosen when it is sent: only then is it known what was answered.
    """
    INVALID = 2
    """A body that must be turned away: any 4xx."""


Request = tuple[Kind, bytes]


def write_requests(path: Path, requests: Iterable[Request]) -> int:
    """Write requests in the order in which they are to be sent; how many there are."""
    count = 0
    with path.open("wb") as file:
        for kind, content in requests:
            file.write(_HEAD.pack(len(content), kind) + content)
            count += 1
    return count


class Requests:
    """The requests of a file, handed out one after another; a repeat is of something that was answered a while ago."""

    def __init__(self, path: Path) -> None:
        """Map the file into memory, and read each page of it once before the load begins."""
        with path.open("rb") as file:
            self._content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._at = 0
        self._answered: deque[bytes] = deque(maxlen=_REMEMBERED)
        self.taken = 0
        for page in range(0, len(self._content), mmap.PAGESIZE):
            self._content[page]

    def take(self) -> Request | None:
        """The next request; None when all have been handed out."""
        while self._at < len(self._content):
            length, number = _HEAD.unpack_from(self._content, self._at)
            begin = self._at + _HEAD.size
            self._at = begin + length
            self.taken += 1
            kind = Kind(number)
            if kind is not Kind.REPEAT:
                return kind, self._content[begin : self._at]
            if self._answered:
                return kind, self._answered[0]
        return None

    def note_answered(self, content: bytes) -> None:
        """Remember a good request that was answered well."""
        self._answered.append(content)


def http_request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """One HTTP/1.1 request as it goes over the wire; the connection is kept alive."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body or method != "GET":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
