"""What a rehearsal finds: sums of parcels by ground, outlet and day, counted piece by piece and added up."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, Final
from uuid import UUID

from acceptance_api.acceptance.model import Outcome
from acceptance_api.acceptance.rehearsal_policy import Difference

OUTLETS_MAX: Final = 200
"""Of so many outlets it is told by itself what they would have had to do; the others are summed."""


@dataclass(slots=True, kw_only=True)
class Tally:
    """Sums of parcels. Of those that the draft concerns some were refused or held before, or would now be."""

    seen: int = 0
    concerned: int = 0
    refused_before: int = 0
    held_before: int = 0
    """Held when they were presented; the draft would hold them for something more."""
    would_hold: int = 0
    """Accepted when they were presented."""
    would_refuse: int = 0
    """Accepted or held when they were presented."""
    screened_again: int = 0
    returned: int = 0

    @property
    def affected(self) -> int:
        """How many would not have been accepted, or not even held."""
        return self.would_hold + self.would_refuse

    def count(self, difference: Difference | None) -> None:
        """Count one parcel."""
        self.seen += 1
        if difference is None:
            return
        self.concerned += 1
        before, after = difference.before, difference.after
        if before is Outcome.REFUSED:
            self.refused_before += 1
        elif after is Outcome.REFUSED:
            self.would_refuse += 1
        elif difference.added:
            self.would_hold += before is Outcome.ACCEPTED
            self.held_before += before is Outcome.HELD
        self.screened_again += difference.is_screened_again
        self.returned += difference.is_returned

    def add(self, other: "Tally") -> None:
        """Count what another has counted."""
        for name in COUNTED:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def as_json(self) -> dict[str, int]:
        """The sums by name."""
        return {name: getattr(self, name) for name in COUNTED}


COUNTED: Final = tuple(one.name for one in fields(Tally))


@dataclass(slots=True, kw_only=True)
class OutletFindings:
    """What one outlet would have had to do."""

    outlet_id: UUID
    division: str
    tally: Tally

    @property
    def rank(self) -> tuple[int, int, int, int]:
        """The outlet with the most to do is told first; of equal ones the one that came first."""
        return -self.tally.affected, -self.tally.concerned, -self.tally.seen, self.outlet_id.int


@dataclass(slots=True, kw_only=True)
class Findings:
    """The sums so far.

    An outlet is counted in one go: it may be summed with the others as soon as another one is begun.
    """

    totals: Tally = field(default_factory=Tally)
    grounds: Counter[str] = field(default_factory=Counter)
    """Parcels by the code of the ground that the draft adds; one parcel may have several."""
    outlets: dict[UUID, OutletFindings] = field(default_factory=dict)
    other_outlets: int = 0
    others: Tally = field(default_factory=Tally)
    days: dict[date, Tally] = field(default_factory=dict)
    """By the legal day on which the parcel was recorded."""

    def count(self, outlet_id: UUID, division: str, day: date, differences: Iterable[Difference | None]) -> None:
        """Count what became of an outlet's parcels of one day."""
        tally = Tally()
        for one in differences:
            tally.count(one)
            if one is not None and one.added:
                self.grounds.update({added.ground.code for added in one.added})
        self.totals.add(tally)
        self.days.setdefault(day, Tally()).add(tally)
        self._outlet(outlet_id, division).tally.add(tally)

    def merge(self, other: "Findings") -> None:
        """Count what was found at other outlets."""
        self.totals.add(other.totals)
        self.grounds.update(other.grounds)
        for day, tally in other.days.items():
            self.days.setdefault(day, Tally()).add(tally)
        for one in other.outlets.values():
            self._outlet(one.outlet_id, one.division).tally.add(one.tally)
        self.other_outlets += other.other_outlets
        self.others.add(other.others)

    def ranked(self) -> tuple[OutletFindings, ...]:
        """The outlets told by themselves, those with the most to do first."""
        return tuple(sorted(self.outlets.values(), key=lambda one: one.rank))

    def close(self) -> None:
        """End the counting: no outlet is begun any more."""
        self._sum_up(OUTLETS_MAX)

    def _outlet(self, outlet_id: UUID, division: str) -> OutletFindings:
        known = self.outlets.get(outlet_id)
        if known is None:
            self._sum_up(OUTLETS_MAX)
            known = self.outlets[outlet_id] = OutletFindings(outlet_id=outlet_id, division=division, tally=Tally())
        return known

    def _sum_up(self, keep: int) -> None:
        """Sum the outlets with the least to do. The most of some are the most of all, in whatever parts they come."""
        for one in self.ranked()[keep:] if len(self.outlets) > keep else ():
            del self.outlets[one.outlet_id]
            self.other_outlets += 1
            self.others.add(one.tally)

    def as_json(self) -> dict[str, Any]:
        """The sums as plain JSON values."""
        return {
            "totals": self.totals.as_json(),
            "grounds": dict(self.grounds.most_common()),
            "outlets": [
                {"outlet_id": str(one.outlet_id), "division": one.division, **one.tally.as_json()}
                for one in self.ranked()
            ],
            "other_outlets": {"outlets": self.other_outlets, **self.others.as_json()},
            "days": {day.isoformat(): tally.as_json() for day, tally in sorted(self.days.items())},
        }


def findings_from_json(stored: Mapping[str, Any] | None) -> Findings:
    """The sums from their JSON; nothing found yet when there is none."""
    if stored is None:
        return Findings()
    outlets = [
        OutletFindings(outlet_id=UUID(one["outlet_id"]), division=one["division"], tally=_tally(one))
        for one in stored["outlets"]
    ]
    return Findings(
        totals=_tally(stored["totals"]),
        grounds=Counter(stored["grounds"]),
        outlets={one.outlet_id: one for one in outlets},
        other_outlets=stored["other_outlets"]["outlets"],
        others=_tally(stored["other_outlets"]),
        days={date.fromisoformat(day): _tally(one) for day, one in stored["days"].items()},
    )


def _tally(stored: Mapping[str, int]) -> Tally:
    return Tally(**{name: stored[name] for name in COUNTED})
