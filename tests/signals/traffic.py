"""Seeded synthetic traffic at counters: honest senders in all their variety, and dishonest ones.

Every parcel carries what the counter would have seen around it. The shares of kinds are assumptions, said in
`HONEST` and `DISHONEST`; what is measured with them is how the rules behave, not how people do.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from acceptance_api.signals import Seen, Signal
from tests.signals.places import LOCATED, NEIGHBOURS, Place, country, minutes_by_honest_means

WINDOW_MINUTES = 10
_OPENS_AT = 8 * 60
_RUSH_MINUTES = 40


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel at a counter: what was seen, whose kind of day it belongs to, and which day."""

    kind: str
    day: int
    seen: Seen


@dataclass(slots=True)
class Document:
    """A document during one day: where and when it was last used, and with which telephones."""

    world: "World"
    staff: str = "none"
    names_refused: int = 0
    parcels: int = 0
    phones: set[int] = field(default_factory=set)
    last: tuple[Place, float] | None = None

    def send(
        self,
        place: Place,
        at: float,
        *,
        phone: int = 0,
        same_phone: bool = False,
        seconds: float | None = None,
        photos_reused: int = 0,
        accepted: int | None = None,
    ) -> Seen:
        """Hand over a parcel at a minute of the day; say what is seen of it."""
        self.parcels += 1
        self.phones.add(phone)
        items = 1 + min(9, int(self.world.random.expovariate(0.9)))
        last, last_at = self.last or (None, at)
        seen = Seen(
            staff=self.staff,
            parcels_today=self.parcels,
            distinct_phones=len(self.phones),
            distinct_names_refused=self.names_refused,
            same_outlet=None if last is None else last.number == place.number,
            minutes_since_last=None if last is None else int(at - last_at),
            outlet_division=place.division,
            last_outlet_division=last.division if last else None,
            outlet_location=place.location,
            last_outlet_location=last.location if last else None,
            same_phone=same_phone,
            accepted_in_last_minutes=self.world.accepted_at(place, at) if accepted is None else accepted,
            minutes_to_closing=round(place.closes_at - at),
            inspection_seconds=int(self.world.inspection_seconds(items) if seconds is None else seconds),
            items_declared=items,
            photos_reused=photos_reused,
        )
        self.last = place, at
        return seen


class World:
    """A country, and chance."""

    def __init__(self, random: Random, *, located: float = LOCATED) -> None:
        """Lay out the outlets; say of which share somebody registered where they are."""
        self.random = random
        self.cities = country(random, located=located)
        self.places = [place for places in self.cities.values() for place in places]

    def place(self, division: str | None = None) -> Place:
        """An outlet, of a city or of any."""
        return self.random.choice(self.cities[division] if division else self.places)

    def minute(self, place: Place) -> float:
        """When people come: all day, and many shortly before closing."""
        if self.random.random() < 0.15:
            return place.closes_at - abs(self.random.gauss(0, _RUSH_MINUTES / 2))
        return self.random.uniform(_OPENS_AT, place.closes_at)

    def accepted_at(self, place: Place, at: float) -> int:
        """How many parcels the outlet accepted in the window before; three times as many when it is about to close."""
        is_rush = place.closes_at - at < _RUSH_MINUTES
        return poisson(self.random, place.parcels_a_minute * WINDOW_MINUTES * (3 if is_rush else 1))

    def inspection_seconds(self, items: int) -> float:
        """How long an honest inspection takes; now and then there is hardly anything to look at."""
        if self.random.random() < 0.003:
            return self.random.uniform(4, 12)
        return (14 + 6 * items) * math.exp(self.random.gauss(0, 0.45))


def poisson(random: Random, mean: float) -> int:
    """A Poisson number; by its normal limit when it is large."""
    if mean > 30:
        return max(0, round(random.gauss(mean, math.sqrt(mean))))
    limit, product, count = math.exp(-mean), random.random(), 0
    while product > limit:
        product *= random.random()
        count += 1
    return count


def _visit(world: World, sender: Document, place: Place, at: float, count: int, **given: bool) -> Iterator[Seen]:
    for _ in range(count):
        yield sender.send(place, at, **given)
        at += world.random.uniform(1, 3)


def _mistyped(world: World) -> Document:
    """A sender whose name the clerk may get wrong once, and very rarely twice."""
    chance = world.random.random()
    return Document(world, names_refused=2 if chance < 0.0004 else 1 if chance < 0.02 else 0)


def one_visit(world: World) -> Iterator[Seen]:
    """Somebody with a parcel or a few."""
    place = world.place()
    count = world.random.choice((1, 1, 1, 1, 2, 3))
    yield from _visit(world, _mistyped(world), place, world.minute(place), count)


def family(world: World) -> Iterator[Seen]:
    """One document for everybody, each with a telephone."""
    place, sender = world.place(), _mistyped(world)
    phones = world.random.choice((1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6))
    at = world.random.uniform(_OPENS_AT, place.closes_at - 60)
    for _ in range(world.random.randint(2, 7)):
        yield sender.send(place, at, phone=world.random.randrange(phones))
        at += world.random.expovariate(1 / 20) + 1


def small_shop(world: World) -> Iterator[Seen]:
    """About twenty a day without an agreement; one in a hundred photographs the lot once."""
    place, sender = world.place(), Document(world)
    count = poisson(world.random, 18 * math.exp(world.random.gauss(0, 0.35)))
    one_photo = world.random.random() < 0.01
    times = sorted(world.random.uniform(_OPENS_AT, place.closes_at) for _ in range(count))
    for i, at in enumerate(times):
        yield sender.send(place, at, phone=world.random.randrange(2), photos_reused=int(one_photo and i > 0))


def _journey(world: World, one: Place, other: Place) -> Iterator[Seen]:
    sender = _mistyped(world)
    at = world.random.uniform(_OPENS_AT, _OPENS_AT + 4 * 60)
    yield from _visit(world, sender, one, at, world.random.randint(1, 2))
    there = at + 3 + minutes_by_honest_means(one, other, world.random)
    yield from _visit(world, sender, other, there, world.random.randint(1, 2))


def traveller(world: World) -> Iterator[Seen]:
    """Sends in one city in the morning, in another when the train or the plane has come in."""
    yield from _journey(world, world.place(), world.place())


def across_town(world: World) -> Iterator[Seen]:
    """Two errands in one city."""
    one = world.place()
    yield from _journey(world, one, world.place(one.division))


def over_the_border(world: World) -> Iterator[Seen]:
    """Lives in one province and works in the next, twenty minutes away."""
    here, there = world.random.choice(NEIGHBOURS)
    yield from _journey(world, world.place(here), world.place(there))


def moving(world: World) -> Iterator[Seen]:
    """Students and movers send to themselves."""
    place = world.place()
    count = world.random.randint(1, 10)
    yield from _visit(world, _mistyped(world), place, world.minute(place), count, same_phone=True)


def clerk_privately(world: World) -> Iterator[Seen]:
    """A member of staff sends something; a colleague serves, or nobody else is there."""
    place = world.place()
    sender = Document(world, staff="self" if world.random.random() < 0.15 else "other")
    yield from _visit(world, sender, place, world.minute(place), world.random.randint(1, 2))


def own_card(world: World) -> Iterator[Seen]:
    """The clerk's own card for a sender who has none with him."""
    place = world.place()
    yield from _visit(world, Document(world, staff="self"), place, world.minute(place), 1)


def colleagues_card(world: World) -> Iterator[Seen]:
    """A colleague's card, lent for the day."""
    place, sender = world.place(), Document(world, staff="other")
    for _ in range(world.random.randint(1, 6)):
        yield sender.send(place, world.minute(place), phone=world.random.randrange(10**6))


def ring(world: World) -> Iterator[Seen]:
    """One bought document for a ring's parcels: a new telephone for most, at some outlets of a city."""
    home = world.place()
    outlets = [world.place(home.division) for _ in range(world.random.randint(1, 4))]
    sender, at = Document(world), float(_OPENS_AT)
    for _ in range(world.random.randint(10, 60)):
        at += world.random.expovariate(1 / 10)
        yield sender.send(world.random.choice(outlets), at, phone=world.random.randrange(10**6))


def copied_document(world: World) -> Iterator[Seen]:
    """Two people with one number, each in a city of his own, at any hours of one day."""
    sender, one, other = Document(world), world.place(), world.place()
    while other.division == one.division:
        other = world.place()
    for place, at in sorted(((one, world.minute(one)), (other, world.minute(other))), key=lambda visit: visit[1]):
        yield sender.send(place, at)


def names_tried(world: World) -> Iterator[Seen]:
    """A card that is not his: names are tried until one passes."""
    place, sender = world.place(), Document(world, names_refused=world.random.randint(1, 5))
    yield from _visit(world, sender, place, world.minute(place), world.random.randint(1, 3))


def bulk_without_agreement(world: World) -> Iterator[Seen]:
    """A bulk sender who avoids an agreement."""
    place, sender = world.place(), Document(world)
    count = world.random.randint(40, 200)
    for at in sorted(world.random.uniform(_OPENS_AT, place.closes_at) for _ in range(count)):
        yield sender.send(place, at)


def burner_telephone(world: World) -> Iterator[Seen]:
    """One throw-away telephone for both ends."""
    place = world.place()
    yield from _visit(world, Document(world), place, world.minute(place), world.random.randint(1, 3), same_phone=True)


def batch_at_closing(world: World) -> Iterator[Seen]:
    """A heap that is registered in the last minutes, uninspected, as if by many senders."""
    place = world.place()
    count, minutes = world.random.randint(30, 200), world.random.uniform(5, 20)
    for i in range(count):
        at = place.closes_at - minutes + minutes * i / count
        accepted = world.accepted_at(place, at) + min(i, round(count * min(1.0, WINDOW_MINUTES / minutes)))
        yield Document(world).send(place, at, seconds=world.random.uniform(0, 7), accepted=accepted)


def inspection_skipped(world: World) -> Iterator[Seen]:
    """The checklist is ticked and nothing is opened."""
    place = world.place()
    yield Document(world).send(place, world.minute(place), seconds=world.random.uniform(0, 10))


def stock_photo(world: World) -> Iterator[Seen]:
    """A photo of some other parcel."""
    place = world.place()
    yield Document(world).send(place, world.minute(place), photos_reused=world.random.randint(1, 2))


_Day = Callable[[World], Iterator[Seen]]
HONEST: Sequence[tuple[str, _Day, float]] = (
    ("one visit", one_visit, 70.0),
    ("family with one document", family, 9.0),
    ("small shop, twenty a day", small_shop, 2.5),
    ("traveller by train or plane", traveller, 4.0),
    ("two errands in one city", across_town, 8.0),
    ("commuter over a provincial border", over_the_border, 1.0),
    ("mover, sends to himself", moving, 5.0),
    ("clerk sends privately", clerk_privately, 0.5),
)
"""What a day is like, what makes it, and its share of days in percent."""
DISHONEST: Sequence[tuple[str, _Day, Signal]] = (
    ("clerk's own card for a sender without one", own_card, Signal.CLERK_IS_SENDER),
    ("colleague's card, lent", colleagues_card, Signal.STAFF_IS_SENDER),
    ("a ring's bought document", ring, Signal.ONE_ID_MANY_PHONES),
    ("names tried with somebody's card", names_tried, Signal.ONE_ID_MANY_NAMES),
    ("a number used in two cities", copied_document, Signal.IMPOSSIBLE_TRAVEL),
    ("bulk sender without an agreement", bulk_without_agreement, Signal.TOO_MANY_A_DAY),
    ("burner telephone for both ends", burner_telephone, Signal.SENDER_PHONE_IS_ADDRESSEE_PHONE),
    ("heap registered at closing", batch_at_closing, Signal.BURST_BEFORE_CLOSING),
    ("inspection skipped", inspection_skipped, Signal.INSPECTION_TOO_SHORT),
    ("stock photo", stock_photo, Signal.PHOTO_REUSED),
)
"""What a day is like, what makes it, and the signal that is meant for it."""


def honest_parcels(seed: int, count: int) -> Iterator[Parcel]:
    """At least so many parcels of honest senders, whole days of theirs."""
    random = Random(seed)  # noqa: S311 - synthetic traffic, not a secret
    world = World(random)
    kinds, weights = [one[:2] for one in HONEST], [one[2] for one in HONEST]
    day = made = 0
    while made < count:
        (kind, make), day = random.choices(kinds, weights)[0], day + 1
        for seen in make(world):
            made += 1
            yield Parcel(kind, day, seen)


def dishonest_parcels(seed: int, days: int) -> Iterator[Parcel]:
    """So many days of each kind of dishonesty."""
    world = World(Random(seed))  # noqa: S311 - synthetic traffic, not a secret
    for kind, make, _ in DISHONEST:
        for day in range(days):
            for seen in make(world):
                yield Parcel(kind, day, seen)


def travelling_copies(seed: int, days: int) -> Iterator[Parcel]:
    """So many days of a number used in two cities, where every outlet's coordinates are registered."""
    world = World(Random(seed), located=1.0)  # noqa: S311 - synthetic traffic, not a secret
    for day in range(days):
        for seen in copied_document(world):
            yield Parcel("a number used in two cities", day, seen)
