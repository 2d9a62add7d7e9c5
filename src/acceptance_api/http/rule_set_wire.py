"""Rule sets on the wire, to enterprises and regulators alike."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query
from pydantic import Field, StringConstraints

from acceptance_api.http.pages import Page
from acceptance_api.http.wire import Code, In, Instant, Line, Out
from acceptance_api.rulesets import Found, Proposal, Signature

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,62}$")]
"""2 to 63 small letters, digits and hyphens."""
By = Annotated[Code, Field(description="Staff number or officer code of the person who does this; never a name.")]
Name = Annotated[Slug, Path(description="The set's name.")]
EditionNumber = Annotated[int, Path(ge=1, le=1_000_000, description="The edition of this name.")]
Which = Annotated[
    Found, Query(alias="state", description="Every edition, those in force now, or those approved that begin later.")
]
StartsAt = Annotated[Instant, Field(examples=["2026-06-01T00:00:00+08:00"])]
EndsAt = Annotated[
    Instant | None, Field(description="Exclusive; none: until a newer edition.", examples=["2027-01-01T00:00:00+08:00"])
]


class ApprovalIn(In):
    """Who approves: another person than the proposer, at another client."""

    by: By


class RejectionIn(In):
    """Who rejects, and why; the reason never names a person."""

    by: By
    reason: Line


class SignatureOut(Out):
    """Who did it, and when; no client means the operator's own command."""

    client_id: UUID | None
    by: str
    at: datetime


class EditionOut(Out):
    """An edition of a rule set and where it stands: `state` is proposed, approved, superseded or rejected."""

    kind: str
    name: str
    edition: int
    version: str
    state: str
    in_force: bool
    starts_at: datetime
    ends_at: datetime | None
    jurisdiction: str
    digest: str
    proposed: SignatureOut
    answered: SignatureOut | None
    reason: str | None


class RuleSetOut(EditionOut):
    """An edition with what it says."""

    content: dict[str, Any]


class EditionPage(Page[EditionOut]):
    """A page of editions."""


class EditionsOut(Out):
    """The editions of one name, the newest first; the last 100."""

    name: str
    data: list[EditionOut]


def edition_out(one: Proposal, *, at: datetime) -> EditionOut:
    """An edition without its content."""
    return EditionOut(**_fields(one, at=at))


def rule_set_out(one: Proposal, *, at: datetime) -> RuleSetOut:
    """An edition with its content."""
    return RuleSetOut(**_fields(one, at=at), content=dict(one.rule_set.content))


def _fields(one: Proposal, *, at: datetime) -> dict[str, Any]:
    rule_set = one.rule_set
    return {
        "kind": rule_set.kind,
        "name": rule_set.name,
        "edition": rule_set.edition,
        "version": rule_set.version,
        "state": one.state.value,
        "in_force": one.is_in_force(at),
        "starts_at": rule_set.starts_at,
        "ends_at": rule_set.ends_at,
        "jurisdiction": rule_set.jurisdiction,
        "digest": rule_set.digest.hex(),
        "proposed": _signature(one.proposed),
        "answered": _signature(one.answered) if one.answered else None,
        "reason": one.reason,
    }


def _signature(signature: Signature) -> SignatureOut:
    return SignatureOut(client_id=signature.client_id, by=signature.by, at=signature.at)
