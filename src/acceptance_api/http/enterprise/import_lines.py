"""A line of an import on the wire: read by the same strict rules and models as a counter's own request."""

import json
from typing import Annotated, Any
from uuid import UUID

from fastapi.exceptions import RequestValidationError
from pydantic import Field, ValidationError

from acceptance_api.http.counter.acceptance_wire import AcceptanceIn, content_fingerprint, parcel_of
from acceptance_api.http.pointers import faults_of
from acceptance_api.http.strict_json import require_strict
from acceptance_api.http.wire import In, Instant
from acceptance_api.imports import LateParcel, ReadLine
from acceptance_api.kernel.ids import ClerkId, OutletId
from acceptance_api.kernel.problems import Fault, Problem

FAULTS_MAX = 20
"""Of one line no more is said."""
Sequence = Annotated[int, Field(strict=True, ge=1, le=2**53 - 1, description="Counts what the device decided.")]


class LineIn(In):
    """A parcel that was presented at a counter and is recorded late."""

    outlet_id: UUID
    clerk_id: UUID = Field(description="Who was at the counter; may have left the outlet since.")
    occurred_at: Instant = Field(description="When the parcel stood on the counter: whose rules decide.")
    sequence: Sequence
    acceptance: AcceptanceIn


def line_schema() -> dict[str, Any]:
    """The JSON schema of a line, without references: OpenAPI 3.1 has no place for the schema of one line of many."""
    schema = LineIn.model_json_schema()
    inlined: dict[str, Any] = _inlined(schema, schema.pop("$defs"))
    return inlined


def line_reader(fingerprint_key: bytes, *, depth_max: int) -> ReadLine:
    """What reads the text of a line, with this installation's key and limit of nesting.

    The fingerprint is that of the counter's own request: a parcel that the counter sent itself, or that an earlier
    file told of, however it was spelled, is known.
    """

    def read_line(text: str) -> LateParcel | tuple[Fault, ...]:
        try:
            require_strict(text.encode(), depth_max=depth_max)
        except Problem as problem:
            return (Fault("", problem.kind.code),)
        said = json.loads(text)
        try:
            line = LineIn.model_validate(said, from_attributes=True)  # as the framework does: it names some faults
        except ValidationError as error:
            return _faults(error, said)
        return LateParcel(
            outlet_id=OutletId(line.outlet_id),
            clerk_id=ClerkId(line.clerk_id),
            occurred_at=line.occurred_at,
            sequence=line.sequence,
            request=parcel_of(
                line.acceptance,
                fingerprint=content_fingerprint(fingerprint_key, ClerkId(line.clerk_id), line.acceptance),
            ),
        )

    return read_line


def _inlined(part: Any, definitions: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(part, list):
        return [_inlined(one, definitions) for one in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        return _inlined(definitions[part["$ref"].rpartition("/")[2]], definitions)
    return {name: _inlined(one, definitions) for name, one in part.items() if name != "discriminator"}


def _faults(error: ValidationError, said: Any) -> tuple[Fault, ...]:  # noqa: ANN401 - JSON
    """As the framework would say them of a body."""
    errors = [{**one, "loc": ("body", *one["loc"])} for one in error.errors(include_url=False)]
    _, faults = faults_of(RequestValidationError(errors, body=said))
    return faults[:FAULTS_MAX]
