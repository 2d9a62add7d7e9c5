"""JSON that parsers disagree about is refused before any of them is asked."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acceptance_api.http.strict_json import require_strict
from acceptance_api.kernel.problems import Kind, Problem

_TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _TEXT,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(_TEXT, inner, max_size=5),
    max_leaves=20,
)


@given(document=DOCUMENTS, is_ascii=st.booleans())
def test_whatever_is_json_passes(document: object, *, is_ascii: bool) -> None:
    require_strict(json.dumps(document, ensure_ascii=is_ascii).encode(), depth_max=100)


@pytest.mark.parametrize("depth", [1, 4, 5, 50])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_the_depth_is_bounded(opening: str, closing: str, depth: int) -> None:
    body = f"{opening * depth}1{closing * depth}".encode()

    assert _is_refused(body, depth_max=4) is (depth > 4)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": "[[[[[["}',
        b'{"a": "\\"[[[[["}',
        b'["\\\\", ["]"]]',
        b"[[],[],{},[[]],[],{}]",
        b"",
        b"1",
        b'"\\ud83d\\ude00"',
    ],
)
def test_what_only_looks_deep_or_broken_passes(body: bytes) -> None:
    require_strict(body, depth_max=4)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":1,"a":1}',
        b'[{"a":{"b":1,"b":2}}]',
        b"NaN",
        b'"\\ud800"',
        b'{"\\udc00":1}',
        b"\xff",
        b"{",
        b"]",
        b'"',
        b" ",
    ],
)
def test_what_parsers_disagree_about_is_refused(body: bytes) -> None:
    assert _is_refused(body, depth_max=4)


def _is_refused(body: bytes, *, depth_max: int) -> bool:
    problem = _problem(body, depth_max=depth_max)
    # The parser's own error holds the body.
    assert problem is None or (problem.kind, problem.__cause__) == (Kind.MALFORMED_JSON, None)
    return problem is not None


def _problem(body: bytes, *, depth_max: int) -> Problem | None:
    try:
        require_strict(body, depth_max=depth_max)
    except Problem as problem:
        return problem
    return None
