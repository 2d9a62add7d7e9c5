"""The words of rehearsals (推演): a draft of a campaign tried on past traffic, and how far that has come."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple, NewType
from uuid import UUID

from acceptance_api.acceptance.rehearsal_findings import Findings
from acceptance_api.kernel.ids import AcceptanceId, AgencyId, ClientId, OutletId, RehearsalId

RehearsalKey = tuple[AgencyId, RehearsalId]
"""What names one rehearsal; its first half is the distribution key."""
RunId = NewType("RunId", UUID)
WINDOW_MAX: Final = timedelta(days=400)
"""A year and the weeks around it: this year's occasion is tried on that of the year before."""
UNFINISHED_MAX: Final = 16
"""So many rehearsals of one agency may wait or run at once."""


class RehearsalState(StrEnum):
    """How far a rehearsal has come."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"


class RehearsalFailure(StrEnum):
    """Why a rehearsal could not be brought to its end."""

    DRAFT_UNREADABLE = "draft_unreadable"
    """This release cannot read the campaign's document."""
    EDITION_UNKNOWN = "edition_unknown"
    """A decision names an edition of the rules that neither this release nor the database has, or none can read."""
    FACTS_UNREADABLE = "facts_unreadable"
    """The facts of a decision are not such as this release reads."""
    INTERNAL = "internal"
    """It failed again and again for a reason that nobody foresaw; the log says more."""


class Window(NamedTuple):
    """The half-open period whose parcels are looked at, by when they were recorded."""

    since: datetime
    until: datetime


class Place(NamedTuple):
    """Up to where decisions were looked at: the outlets before this one wholly, of this one those up to a record."""

    outlet_id: OutletId
    recorded_at: datetime | None = None
    acceptance_id: AcceptanceId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRehearsal:
    """What somebody asks to be tried, on which period."""

    id: RehearsalId
    name: str
    edition: int
    window: Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """An edition of a campaign tried on the decisions of a period, at the outlets of a jurisdiction.

    `total` is None until it was counted. Records that were corrected later count once, as they were presented.
    """

    agency_id: AgencyId
    id: RehearsalId
    name: str
    edition: int
    jurisdiction: str
    window: Window
    client_id: ClientId
    request_id: str
    requested_at: datetime
    state: RehearsalState = RehearsalState.QUEUED
    failure: RehearsalFailure | None = None
    total: int | None = None
    seen: int = 0
    place: Place | None = None
    findings: Findings | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None

    @property
    def key(self) -> RehearsalKey:
        """What names this rehearsal among those of every agency."""
        return self.agency_id, self.id

    @property
    def looked_at(self) -> Window:
        """The part of the window that was past when the rehearsal was asked for: parcels still come in."""
        return Window(self.window.since, min(self.window.until, self.requested_at))

    @property
    def version(self) -> str:
        """Which edition is tried."""
        return f"{self.name}@{self.edition}"

    @property
    def percent(self) -> float:
        """The part of the decisions that were looked at, 0 to 100, rounded down to a tenth."""
        if self.state is RehearsalState.FINISHED:
            return 100.0
        return min(self.seen * 1_000 // self.total, 999) / 10 if self.total else 0.0

    def asks_the_same(self, request: RequestRehearsal) -> bool:
        """Whether it is what this request asks for."""
        return (self.name, self.edition, self.window) == (request.name, request.edition, request.window)
