"""The rules on rule sets: which bind at a moment, what may be proposed, who may answer. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.rulesets.digests import canonical
from acceptance_api.rulesets.model import Layer, Proposal, ProposeRuleSet, RuleSet, Signature

CONTENT_BYTES_MAX: Final = 262_144
KINDS: Final[Mapping[Layer, frozenset[str]]] = {
    Layer.STATUTORY: frozenset({"acceptance", "goods", "signals"}),
    Layer.BRAND: frozenset({"acceptance", "goods", "signals"}),
    Layer.CAMPAIGN: frozenset({"campaign"}),
}
"""Which typed documents a layer may consist of."""

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{1,62}\Z")
_STEP: Final = re.compile(r"(?:[a-z][a-z_]{0,39}[0-9]?|[0-9]{1,6})\Z")
"""A step of a pointer that may be repeated: a field of a form or a place in a list; else it may be a value."""
_FAULTS_MAX: Final = 50
_ORDER: Final = tuple(Layer)


def in_force(sets: Iterable[RuleSet], *, at: datetime) -> tuple[RuleSet, ...]:
    """What binds at a moment: of each owner and name the newest edition approved by then, if its window holds it.

    The newest edition supersedes the older ones even where its own window is closed: so a campaign that has an open end
    is ended. For a moment in the past it is the edition that was approved then. The order of `sets` does not matter.
    """
    return ordered(one for one in newest_approved(sets, at=at) if one.covers(at))


def newest_approved(sets: Iterable[RuleSet], *, at: datetime) -> tuple[RuleSet, ...]:
    """Of each owner and name the newest edition approved by then, whatever its window."""
    newest: dict[tuple[UUID, str], RuleSet] = {}
    for one in sets:
        if one.approved_at is None or at < one.approved_at:
            continue
        known = newest.get((one.owner_id, one.name))
        if known is None or known.edition < one.edition:
            newest[one.owner_id, one.name] = one
    return tuple(newest.values())


def ordered(sets: Iterable[RuleSet]) -> tuple[RuleSet, ...]:
    """From the statutory layer up, then by owner, name and edition."""
    return tuple(sorted(sets, key=lambda one: (_ORDER.index(one.layer), one.owner_id, one.name, one.edition)))


def faults_of(request: ProposeRuleSet) -> tuple[Fault, ...]:
    """What is wrong with a proposal, apart from what its content says."""
    return tuple(_faults_of(request))


def _faults_of(request: ProposeRuleSet) -> Iterator[Fault]:
    if not _NAME.match(request.name):
        yield Fault("/name", "not_a_slug")
    if request.kind not in KINDS[request.layer]:
        yield Fault("/kind", "not_of_this_layer")
    if request.ends_at is not None and request.ends_at <= request.starts_at:
        yield Fault("/ends_at", "not_after_starts_at")
    try:
        size = len(canonical(request.content))
    except ValueError:
        yield Fault("/content", "not_json")
    else:
        if size > CONTENT_BYTES_MAX:
            yield Fault("/content", "too_large", {"bytes_max": CONTENT_BYTES_MAX})


def faults_of_content(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """A parser's faults, seen from the proposal; no pointer repeats what may be a value (an unknown member's name)."""
    return tuple(Fault(_pointer(one.pointer), one.code, one.params) for one in tuple(faults)[:_FAULTS_MAX])


def _pointer(pointer: str) -> str:
    steps = ["/content"]
    for step in pointer.split("/")[1:]:
        if not _STEP.match(step):
            break
        steps.append(step)
    return "/".join(steps)


def require_second_person(proposal: Proposal, second: Signature) -> None:
    """Whoever answers is another named person, at another client; the operator's command is no client.

    Raises:
        Problem: SECOND_PERSON_REQUIRED.
    """
    first = proposal.proposed
    is_same_client = first.client_id is not None and first.client_id == second.client_id
    faults = [Fault("/by", "same_person")] if first.by.casefold() == second.by.casefold() else []
    if is_same_client or faults:
        raise Problem(Kind.SECOND_PERSON_REQUIRED, *faults)
