"""From the framework's validation errors to faults: where (RFC 6901) and why (a code), never the value."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError

from acceptance_api.kernel.problems import Fault, Kind

FAULTS_MAX = 50
# A field name may be repeated when it looks like one; anything else could be a value in the wrong place.
_FIELD_NAME = re.compile(r"[a-z][a-z_]{0,39}[0-9]?\Z")
_OF_THE_TAG = frozenset({"union_tag_invalid", "union_tag_not_found"})
_SAFE_PARAMS = frozenset(
    {"min_length", "max_length", "ge", "gt", "le", "lt", "expected", "max_digits", "decimal_places"}
)
_HEADERS = {"idempotency-key": Kind.IDEMPOTENCY_KEY_MISSING, "clerk-id": Kind.CLERK_MISSING}


def faults_of(error: RequestValidationError) -> tuple[Kind, tuple[Fault, ...]]:
    """The kind of problem that a validation error amounts to, and its faults."""
    errors = error.errors()[:FAULTS_MAX]
    for one in errors:
        if one["type"] == "json_invalid":
            return Kind.MALFORMED_JSON, ()
        place = one["loc"]
        if place[0] == "header" and str(place[-1]).lower() in _HEADERS:
            return _HEADERS[str(place[-1]).lower()], (Fault(f"header:{place[-1]}", _code(one)),)
    return Kind.INVALID, tuple(_fault(one, error.body) for one in errors)


def _fault(one: Mapping[str, Any], body: object) -> Fault:
    source, *path = one["loc"]
    code = _code(one)
    if source != "body":
        return Fault(f"{source}:{path[-1] if path else ''}", code, _params(one))
    pointer = _pointer(path, body, code)
    if code in _OF_THE_TAG:
        # The schema names the member that tells the variants apart in quotation marks.
        pointer = f"{pointer}/{str(one['ctx']['discriminator']).strip(chr(39))}"
    return Fault(pointer, code, _params(one))


def _pointer(path: Sequence[str | int], body: object, code: str) -> str:
    """Follow the path through the body; steps the body does not have are the schema's own and are left out."""
    pointer, here = "", body
    for i, step in enumerate(path):
        is_last = i == len(path) - 1
        if isinstance(here, Mapping) and step in here:
            if not _is_field_name(step):
                return pointer
            pointer, here = f"{pointer}/{step}", here[step]
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            pointer, here = f"{pointer}/{step}", here[step]
        elif is_last and code == "missing" and _is_field_name(step):
            pointer = f"{pointer}/{step}"
    return pointer


def _is_field_name(step: object) -> bool:
    return isinstance(step, str) and _FIELD_NAME.match(step) is not None


def _code(one: Mapping[str, Any]) -> str:
    """A stable code: a validator's own word where it gave one, else the kind of error."""
    if one["type"] == "value_error":
        word = str(one.get("ctx", {}).get("error", ""))
        return word if _is_field_name(word) or word == "uuid7" else "invalid"
    kind: str = one["type"]
    return {"extra_forbidden": "unknown_field"}.get(kind, kind)


def _params(one: Mapping[str, Any]) -> dict[str, Any]:
    """Only limits that our own schema states."""
    context = one.get("ctx") or {}
    return {
        name: value for name, value in context.items() if name in _SAFE_PARAMS and isinstance(value, int | float | str)
    }
