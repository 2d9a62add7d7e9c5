"""What really happened in a simulation: the truth against which server and devices are checked, and its trace."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.offline.contract import Json, Record


@dataclass(slots=True, kw_only=True)
class Presented:
    """An item that a device wrote, as it truly was."""

    device: int
    item: Json
    occurred_at: datetime
    skew: timedelta
    """What the device's clock was off by."""
    is_valid: bool
    is_kept: bool = False
    """Whether it reached the disk: only then does it count."""

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.item["acceptance"]["id"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A batch that the server got to see: when it was sent, by which clock, and which of its items it took on."""

    device: int
    sent_at: datetime
    skew: timedelta
    at: datetime
    ids: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Story:
    """A whole simulation."""

    seed: int
    presented: list[Presented] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)
    settled: list[dict[str, int]] = field(default_factory=list)
    """For each device, what it believes is recorded."""
    parked: list[dict[str, tuple[int, str]]] = field(default_factory=list)
    pending: list[list[str]] = field(default_factory=list)
    """For each device, what was never answered."""
    told: list[Json] = field(default_factory=list)
    """Every acceptance that the server told of."""
    records: tuple[Record, ...] = ()
    unlike: list[str] = field(default_factory=list)
    """Answers that are not of the contract."""
    trace: list[str] = field(default_factory=list)

    def tell(self, at: datetime, what: str) -> None:
        """Write a line of the trace."""
        self.trace.append(f"{at.astimezone(UTC).isoformat(timespec='milliseconds').replace('+00:00', 'Z')} {what}")

    @property
    def digest(self) -> str:
        """The digest of the trace: two runs are the same if theirs are."""
        return hashlib.sha256("\n".join(self.trace).encode()).hexdigest()
