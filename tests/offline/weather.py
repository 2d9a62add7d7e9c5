"""What one seed holds: how many devices, how bad their links, clocks and disks, and when nothing works at all."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from tests.offline.link import Badness
from tests.offline.timeline import SKEW_MAX

EPOCHS = (datetime(2025, 5, 25, tzinfo=UTC), datetime(2025, 6, 3, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC))
"""The first begins before the second statutory set is in force, and ends after: an item is decided by its own day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """The circumstances of one device."""

    parcels: int
    day: timedelta
    """Over what time the parcels come in."""
    outage: timedelta
    """For how long, from some point of the day, nothing gets through."""
    outage_from: timedelta
    skew: timedelta
    steps: tuple[tuple[timedelta, timedelta], ...]
    """When the clock is set, and by how much."""
    cuts: tuple[timedelta, ...]
    """When the power fails."""
    writing_cut: float
    """The chance that it fails while an item is being written."""
    badness: Badness
    patience: timedelta
    """How long an answer is waited for before the next batch goes out."""
    sync_interval: timedelta
    """How long it waits at most between two attempts: longer where nothing has gone through for long."""
    batch_max: int
    gzip: float
    shuffle: float
    invalid: float
    contested: float
    """The chance that a parcel bears a waybill that was used before."""


def starts_at(seed: int) -> datetime:
    """When a seed's story begins: the first thing that is drawn from it."""
    return begin(Random(seed))  # noqa: S311 - a simulation has to be repeatable


def begin(rng: Random) -> datetime:
    """When a story begins."""
    return rng.choice(EPOCHS) + _some(rng, timedelta(days=9))


def weather(rng: Random) -> Weather:
    """The circumstances of one device."""
    day = timedelta(hours=rng.choice([1, 8, 30, 100]))
    outage_max = rng.choice(
        [timedelta(0), timedelta(hours=2), timedelta(hours=9), timedelta(days=3), timedelta(days=45)]
    )
    whole = day + outage_max
    return Weather(
        parcels=rng.randint(1, 9),
        day=day,
        outage=_some(rng, outage_max),
        outage_from=_some(rng, day),
        skew=_either_way(rng, rng.choice([timedelta(0), timedelta(minutes=4), SKEW_MAX])),
        steps=tuple((_some(rng, whole), _either_way(rng, SKEW_MAX)) for _ in range(rng.choice([0, 0, 0, 1, 2]))),
        cuts=tuple(_some(rng, whole) for _ in range(rng.choice([0, 0, 1, 3]))),
        writing_cut=rng.choice([0.0, 0.0, 0.2]),
        badness=Badness(
            loss=rng.choice([0.0, 0.2, 0.6]),
            repetition=rng.choice([0.0, 0.3]),
            delay_max=rng.choice([timedelta(milliseconds=300), timedelta(seconds=90)]),
            stall=rng.choice([0.0, 0.0, 0.1]),
        ),
        patience=rng.choice([timedelta(seconds=5), timedelta(seconds=30)]),
        sync_interval=max(whole / 40, timedelta(minutes=5)),
        batch_max=rng.choice([1, 3, 50]),
        gzip=rng.choice([0.0, 0.5]),
        shuffle=rng.choice([0.0, 0.5]),
        invalid=rng.choice([0.0, 0.0, 0.1]),
        contested=rng.choice([0.0, 0.3]),
    )


def _some(rng: Random, most: timedelta) -> timedelta:
    return timedelta(milliseconds=rng.randint(0, int(most.total_seconds() * 1000)))


def _either_way(rng: Random, most: timedelta) -> timedelta:
    return _some(rng, most) * rng.choice([-1, 1])
