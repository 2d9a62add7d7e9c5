"""Typed documents: JSON that somebody loads, read into a model that knows its form."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationError

from acceptance_api.kernel.problems import Fault, Kind, Problem

_D = TypeVar("_D", bound="Document")


class Document(BaseModel):
    """A typed document, or an object in one: nothing it does not know, nothing that has to be guessed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(Document):
    """An object that states a rule: where it stands, and whether somebody has read it there."""

    source: str = Field(min_length=1, max_length=400)
    verified: StrictBool
    cites: dict[str, str] | None = None
    """Act, version and article, where an act is meant."""


def read_document(form: type[_D], content: Mapping[str, Any]) -> _D:
    """The document.

    Raises:
        Problem: INVALID, with a JSON pointer into the document for everything that is wrong, never a value.
    """
    try:
        return form.model_validate(content)
    except ValidationError as error:
        raise Problem(Kind.INVALID, *(_fault(one) for one in error.errors(include_url=False))) from None


def _fault(error: Any) -> Fault:  # noqa: ANN401 - pydantic's own dictionary
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in error["loc"])
    return Fault("".join(f"/{step}" for step in steps), str(error["type"]))
