"""Reading values: those shipped with the release, and rule sets of the kind `signals` that a brand or agency loads."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Final

from pydantic import Field

from acceptance_api.kernel import typed_documents
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.kernel.typed_documents import Document, read_document
from acceptance_api.signals.model import FIGURES, Response, Rule, Signal, Values

KIND: Final = "signals"
"""The kind of the rule sets that this room reads."""
_FOLDER: Final = files("acceptance_api.signals") / "values"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalEdition:
    """The values that a release ships from a day on."""

    version: str
    valid_from: date
    values: Values


class _Rule(typed_documents.Rule):
    signal: Signal
    response: Response | None = None
    figures: dict[str, Annotated[int, Field(strict=True, ge=0, le=100_000)]] = Field(default_factory=dict)


class _Content(Document):
    note: str | None = Field(None, max_length=400)
    rules: list[_Rule] = Field(min_length=1, max_length=len(Signal))


def parse_values(content: Mapping[str, Any]) -> Values:
    """The rules of a rule set; one that only tightens names what it tightens and nothing else.

    Raises:
        Problem: INVALID, with a JSON pointer for everything that is wrong.
    """
    read = read_document(_Content, content)
    if faults := [fault for i, rule in enumerate(read.rules) for fault in _faults(i, rule)] + _twice(read.rules):
        raise Problem(Kind.INVALID, *faults)
    return Values({rule.signal: _rule(rule) for rule in read.rules})


def shipped_on(day: date) -> tuple[str, Values]:
    """The version and the values shipped for a legal day; before the first edition, the first edition."""
    edition = signal_edition_on(day)
    return edition.version, edition.values


def signal_edition_on(day: date) -> SignalEdition:
    """The edition shipped for a legal day; before the first edition, the first edition."""
    in_force = [edition for edition in _editions() if edition.valid_from <= day] or [_editions()[0]]
    return in_force[-1]


def shipped(version: str) -> Values:
    """The values of a shipped edition.

    Raises:
        LookupError: this release has no such edition.
    """
    for edition in _editions():
        if edition.version == version:
            return edition.values
    raise LookupError(version)


@cache
def _editions() -> tuple[SignalEdition, ...]:
    documents = [json.loads(file.read_text("utf-8")) for file in _FOLDER.iterdir() if file.name.endswith(".json")]
    editions = [
        SignalEdition(
            version=one["version"],
            valid_from=date.fromisoformat(one["valid_from"]),
            values=parse_values(one["content"]),
        )
        for one in documents
    ]
    return tuple(sorted(editions, key=lambda edition: edition.valid_from))


def _faults(index: int, rule: _Rule) -> list[Fault]:
    pointer, known = f"/rules/{index}", FIGURES[rule.signal]
    faults = [Fault(f"{pointer}/figures/{name}", "unknown_figure") for name in rule.figures if name not in known]
    if rule.response is None and not rule.figures:
        faults.append(Fault(pointer, "says_nothing"))
    return faults


def _twice(rules: list[_Rule]) -> list[Fault]:
    counted = Counter(rule.signal for rule in rules)
    return [Fault(f"/rules/{i}/signal", "stated_twice") for i, rule in enumerate(rules) if counted[rule.signal] > 1]


def _rule(rule: _Rule) -> Rule:
    return Rule(
        signal=rule.signal,
        response=rule.response,
        figures=dict(rule.figures),
        source=rule.source,
        verified=rule.verified,
    )
