"""The words of rule sets: dated editions of rules as data, proposed by one person and answered by another."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from acceptance_api.kernel.ids import ClientId

INSTALLATION: Final = UUID(int=0)
"""The owner of statutory sets: nobody's enterprise and nobody's agency."""

Parse = Callable[[Mapping[str, Any]], object]
"""Reads the typed document of one kind; a room that owns a kind offers one.

Raises:
    Problem: INVALID, with JSON pointers into the document.
"""


class Layer(StrEnum):
    """Who asks. A later layer can only tighten what the earlier ones ask."""

    STATUTORY = "statutory"
    """What the law asks of everybody; comes in by the operator's command."""
    BRAND = "brand"
    """What an enterprise asks of its own outlets."""
    CAMPAIGN = "campaign"
    """What an agency asks for a time (重点管控), within its jurisdiction."""


class Outcome(StrEnum):
    """What the second person said."""

    APPROVED = "approved"
    REJECTED = "rejected"


class State(StrEnum):
    """Where an edition stands."""

    PROPOSED = "proposed"
    """Nobody has answered yet."""
    APPROVED = "approved"
    """It is the newest approved edition of its name; it binds within its window."""
    SUPERSEDED = "superseded"
    """It was approved, and a newer edition has been approved since."""
    REJECTED = "rejected"


class Found(StrEnum):
    """Which editions are looked for."""

    ALL = "all"
    ACTIVE = "active"
    """In force at the moment."""
    UPCOMING = "upcoming"
    """Approved, and beginning later."""


@dataclass(frozen=True, slots=True, kw_only=True, weakref_slot=True)
class RuleSet:
    """One edition of a rule set. It is never edited: a new edition supersedes it from that one's approval on.

    `owner_id` is the installation for statutory sets, the enterprise for a brand's, the agency for a campaign.
    `ends_at` is exclusive. `jurisdiction` is the agency's prefix of GB/T 2260 codes: "" for the whole country, and for
    sets that are no campaign.
    """

    layer: Layer
    owner_id: UUID
    kind: str
    name: str
    edition: int
    starts_at: datetime
    ends_at: datetime | None
    content: Mapping[str, Any] = field(repr=False, hash=False)
    digest: bytes = field(repr=False)
    jurisdiction: str = ""
    approved_at: datetime | None = None

    @property
    def version(self) -> str:
        """What a decision records."""
        return f"{self.name}@{self.edition}"

    def covers(self, at: datetime) -> bool:
        """Whether the window holds this moment."""
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSetKey:
    """Which edition."""

    owner_id: UUID
    name: str
    edition: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who did it: the client, none for the operator's own command, and the staff number or officer code it named."""

    client_id: ClientId | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An edition as it was proposed, and what became of it."""

    id: UUID
    rule_set: RuleSet
    proposed: Signature
    outcome: Outcome | None = None
    answered: Signature | None = None
    reason: str | None = None
    newest_approved: int | None = None
    """The newest approved edition of this name."""

    @property
    def key(self) -> RuleSetKey:
        """Which edition it is."""
        return RuleSetKey(owner_id=self.rule_set.owner_id, name=self.rule_set.name, edition=self.rule_set.edition)

    @property
    def state(self) -> State:
        """Where it stands."""
        if self.outcome is None:
            return State.PROPOSED
        if self.outcome is Outcome.REJECTED:
            return State.REJECTED
        return State.APPROVED if self.newest_approved == self.rule_set.edition else State.SUPERSEDED

    def is_in_force(self, at: datetime) -> bool:
        """Whether it binds at a moment that is not before its approval."""
        return self.state is State.APPROVED and self.rule_set.covers(at)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeRuleSet:
    """An edition somebody proposes; its number is given by the service. `by` is a code, not a person's name."""

    layer: Layer
    owner_id: UUID
    kind: str
    name: str
    starts_at: datetime
    ends_at: datetime | None
    content: Mapping[str, Any] = field(repr=False)
    by: str
