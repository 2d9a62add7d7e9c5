"""Reading answers off a connection: the status line and the length, nothing else."""

from typing import NamedTuple

_END = b"\r\n\r\n"
_LENGTH = b"content-length:"
_EMPTY = frozenset({204, 304})


class MalformedAnswer(Exception):  # noqa: N818 - it says what happened
    """An answer without a length: the loader reads no chunks."""


class Answer(NamedTuple):
    """Where an answer ends in the bytes received so far, and what it says."""

    status: int
    body_at: int
    end: int


def read_answer(data: bytes) -> Answer | None:
    """The first answer in the bytes, None while it is incomplete.

    Raises:
        MalformedAnswer: it does not say how long it is.
    """
    head_end = data.find(_END)
    if head_end < 0:
        return None
    status = int(data[9:12])
    body_at = head_end + len(_END)
    end = body_at + (0 if status in _EMPTY else _length(data[:head_end]))
    return Answer(status, body_at, end) if len(data) >= end else None


def _length(head: bytes) -> int:
    lowered = head.lower()
    at = lowered.find(_LENGTH)
    if at < 0:
        raise MalformedAnswer(head[:200])
    until = lowered.find(b"\r\n", at)
    return int(lowered[at + len(_LENGTH) : until if until >= 0 else len(lowered)])
