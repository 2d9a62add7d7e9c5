"""JSON as RFC 8259 and I-JSON (RFC 7493) have it; what parsers disagree about is refused before one is asked."""

import json
import re
from collections.abc import Sequence
from typing import NoReturn

from acceptance_api.kernel.problems import Kind, Problem

_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_HALF_PAIR = re.compile(r"[\ud800-\udfff]")


def require_strict(body: bytes, *, depth_max: int) -> None:
    """Refuse what is not UTF-8, nested too deep, names a member twice, or holds NaN or half a surrogate pair.

    Raises:
        Problem: MALFORMED_JSON.
    """
    if not body:
        return
    _require_depth(body, depth_max)
    try:
        text = body.decode()
        json.loads(text, object_pairs_hook=_require_unique, parse_constant=_refuse)
        if "\\u" in text:
            _require_whole_characters(text)
    except (ValueError, RecursionError):
        # From None: the parser's error holds the whole body.
        raise Problem(Kind.MALFORMED_JSON) from None


def _require_depth(body: bytes, depth_max: int) -> None:
    """Take away the innermost brackets, level by level, before a parser recurses into them."""
    if body.count(b"[") + body.count(b"{") <= depth_max:
        return  # so few cannot be nested deeper
    brackets = _STRING.sub(b"", body).translate(None, _NO_BRACKETS)
    for _ in range(depth_max):
        if not brackets:
            return
        brackets = brackets.replace(b"[]", b"").replace(b"{}", b"")
    if brackets:
        raise Problem(Kind.MALFORMED_JSON)


def _require_unique(members: Sequence[tuple[str, object]]) -> dict[str, object]:
    """Two members of one name: a proxy may have read the other one."""
    made = dict(members)
    if len(made) != len(members):
        raise ValueError
    return made


def _refuse(_constant: str) -> NoReturn:
    raise ValueError


def _require_whole_characters(text: str) -> None:
    """Written out again, a pair of escapes has become one character and half a pair has not."""
    if _HALF_PAIR.search(json.dumps(json.loads(text), ensure_ascii=False)):
        raise ValueError
