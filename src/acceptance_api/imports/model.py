"""The words of imports (批量补录): a file of acceptances that an enterprise loads late, and how far it has come."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from acceptance_api.acceptance.model import DecideParcel
from acceptance_api.kernel.ids import ClerkId, ClientId, EnterpriseId, OutletId
from acceptance_api.kernel.problems import Fault

ImportId = NewType("ImportId", UUID)
ImportKey = tuple[EnterpriseId, ImportId]
"""What names one import; its first half is the distribution key."""
RunId = NewType("RunId", UUID)


class ImportState(StrEnum):
    """How far an import has come."""

    RECEIVING = "receiving"
    """Its lines are still coming in; nobody is told of it."""
    ABANDONED = "abandoned"
    """It did not come in whole and is about to be forgotten; nobody is told of it either."""
    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Ending(StrEnum):
    """What became of one line."""

    ACCEPTED = "accepted"
    HELD = "held"
    REFUSED = "refused"
    REPEATED = "repeated"
    """Its record was there before: nothing was done twice."""
    FAULTY = "faulty"


class Failure(StrEnum):
    """Why an import could not be brought to its end."""

    CLIENT_REVOKED = "client_revoked"
    """Who loaded it may not do so any more."""
    SEALED_DATA_DAMAGED = "sealed_data_damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many lines came in, and what became of those that were processed. Blank lines are none."""

    received: int = 0
    accepted: int = 0
    held: int = 0
    refused: int = 0
    repeated: int = 0
    faulty: int = 0

    @property
    def processed(self) -> int:
        """How many lines nothing more is to be done with."""
        return self.accepted + self.held + self.refused + self.repeated + self.faulty

    @property
    def progress(self) -> float:
        """The processed part of the lines, 0 to 1, rounded down."""
        return self.processed * 10_000 // self.received / 10_000 if self.received else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One file. `runs` counts how often a worker took it up; a run is what one audit entry tells of."""

    enterprise_id: EnterpriseId
    id: ImportId
    client_id: ClientId
    request_id: str
    state: ImportState
    tally: Tally
    runs: int
    received_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    failure: Failure | None = None

    @property
    def key(self) -> ImportKey:
        """What names this import among those of every enterprise."""
        return self.enterprise_id, self.id


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file by its number, counted from 1 and blank ones too. Holds plaintext, so it shows none."""

    number: int
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FaultyLine:
    """A line of which nothing was recorded: where it is wrong and why, never a value of it."""

    number: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LateParcel:
    """What one line says: a parcel that was presented at a counter of the enterprise, and is recorded only now.

    `occurred_at` is the time of the counter's device, `sequence` counts what the device decided.
    """

    outlet_id: OutletId
    clerk_id: ClerkId
    occurred_at: datetime
    sequence: int
    request: DecideParcel


ReadLine = Callable[[str], LateParcel | tuple[Fault, ...]]
"""Reads the text of a line, or says what is wrong with it. The wire form is the edge's: it is handed in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineResult:
    """What became of a line."""

    number: int
    ending: Ending
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Some lines, sealed together."""

    enterprise_id: EnterpriseId
    import_id: ImportId
    number: int
    id: UUID
    lines: int
    lines_sealed: bytes = field(repr=False)
    seal_key_id: int
