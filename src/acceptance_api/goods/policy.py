"""The rules on goods: what, how much, with which documents, by which transport, to where."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final, Protocol

from acceptance_api.goods.clauses import Clause, RuledGoods, strictest
from acceptance_api.goods.model import Goods, Judgement, Obstacle, Reason, Verdict

_NOTHING: Final = Decimal(0)
_BEYOND: Final = {"HK": ("81",), "MO": ("82",), "TW": ("71", "83")}
"""Countries of ISO 3166-1 that GB/T 2260 knows as divisions, and the prefixes that stand for them."""
_ORDER: Final = tuple(Reason)


class Catalogue(Protocol):
    """Where goods are looked up: an edition, or one under layers."""

    def find(self, code: str) -> Goods | None:
        """The goods of this code, if there are any."""
        ...

    def ruled(self, code: str) -> RuledGoods | None:
        """The goods of this code with everything that is said of them."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where goods go: an ISO 3166-1 country, and within China a GB/T 2260 code, as far as it is known."""

    country: str
    division: str | None = None


def judge(  # noqa: PLR0913 - everything that goods can depend on
    catalogue: Catalogue,
    code: str,
    *,
    quantity: Decimal | int,
    documents: AbstractSet[str],
    division: str | None = None,
    transport: str | None = None,
    destination: Place | None = None,
    sent_today: Decimal = _NOTHING,
    in_all: Decimal | int | None = None,
) -> Judgement | None:
    """Judge a quantity of goods with the documents shown; every obstacle is named.

    The quantity is in the goods' unit: all of one parcel together, or the largest piece if the limit is per piece; then
    `in_all` is all of one parcel, which with `sent_today`, what the sender has sent of it before on this legal day, is
    held against the limit by the day.

    `division` is the GB/T 2260 code of the outlet; without it every local rule binds. Without `transport` or
    `destination` it is not asked how, or where, the goods travel. None means that the catalogue does not know the code:
    the caller decides what that means, for silence of the catalogue is not permission.
    """
    ruled = catalogue.ruled(code)
    if ruled is None:
        return None
    if ruled.is_local and division is not None:
        return _judged_at(ruled, division, quantity, documents, transport, destination, sent_today, in_all)
    if not ruled.asking:
        return ruled.satisfied
    obstacles = _obstacles(ruled.asking, quantity, documents, transport, destination, sent_today, in_all)
    return _judged(ruled.goods, ruled.satisfied.verdict, obstacles) if obstacles else ruled.satisfied


def _judged_at(
    ruled: RuledGoods,
    division: str,
    quantity: Decimal | int,
    documents: AbstractSet[str],
    transport: str | None,
    destination: Place | None,
    sent_today: Decimal,
    in_all: Decimal | int | None,
) -> Judgement:
    """The judgement where some clauses bind outlets of some divisions only."""
    clauses = [clause for clause in ruled.clauses if clause.binds(division)]
    if not clauses:
        return Judgement(verdict=Verdict.OK, goods=ruled.goods, satisfied=True, reason=Reason.NOT_BOUND_HERE)
    obstacles = _obstacles(clauses, quantity, documents, transport, destination, sent_today, in_all)
    return _judged(ruled.goods, strictest(clauses), obstacles)


def _judged(goods: Goods, verdict: Verdict, obstacles: list[Obstacle]) -> Judgement:
    if not obstacles:
        return Judgement(verdict=verdict, goods=goods, satisfied=True, reason=_SATISFIED[verdict])
    if len(obstacles) > 1:
        obstacles = sorted(dict.fromkeys(obstacles), key=_rank)
    return Judgement(
        verdict=verdict, goods=goods, satisfied=False, reason=obstacles[0].reason, obstacles=tuple(obstacles)
    )


_SATISFIED: Final = {
    Verdict.OK: Reason.ALLOWED,
    Verdict.LIMIT: Reason.WITHIN_LIMIT,
    Verdict.CONDITION: Reason.CONDITIONS_MET,
}


def _rank(obstacle: Obstacle) -> tuple[int, str, str]:
    """The gravest reason first; of one reason the catalogue itself, then the layers by their versions."""
    return _ORDER.index(obstacle.reason), obstacle.layer or "", repr(obstacle.cites)


def _obstacles(
    clauses: Iterable[Clause],
    quantity: Decimal | int,
    documents: AbstractSet[str],
    transport: str | None,
    destination: Place | None,
    sent_today: Decimal,
    in_all: Decimal | int | None,
) -> list[Obstacle]:
    found = []
    for clause in clauses:
        layer, cites = clause.layer, clause.cites
        if clause.is_ban:
            found.append(Obstacle(Reason.PROHIBITED, layer, cites))
        if clause.max_per_item is not None and quantity > clause.max_per_item:
            found.append(Obstacle(Reason.OVER_LIMIT, layer, cites))
        most = clause.max_per_sender_per_day
        if most is not None and sent_today + (quantity if in_all is None else in_all) > most:
            found.append(Obstacle(Reason.OVER_DAILY_LIMIT, layer, cites))
        if clause.required_documents and not clause.required_documents <= documents:
            found.append(Obstacle(Reason.DOCUMENTS_MISSING, layer, cites))
        if clause.not_by and transport in clause.not_by:
            found.append(Obstacle(Reason.NOT_BY_TRANSPORT, layer, cites))
        if clause.not_to and destination is not None and _is_among(destination, clause.not_to):
            found.append(Obstacle(Reason.NOT_TO_DESTINATION, layer, cites))
    return found


@lru_cache(maxsize=4_096)
def _is_among(destination: Place, entries: frozenset[str]) -> bool:
    """Whether a parcel to there may come into one of these divisions or countries."""
    return any(_may_lie_in(destination, entry) for entry in entries)


def _may_lie_in(destination: Place, entry: str) -> bool:
    """A place that is known roughly only may lie anywhere in what is known of it."""
    if entry.isalpha():
        return entry in set(_countries(destination))
    return any(known.startswith(entry) or entry.startswith(known) for known in _prefixes(destination))


def _countries(destination: Place) -> Iterator[str]:
    yield destination.country
    for country, prefixes in _BEYOND.items():
        if destination.division is not None and destination.division.startswith(prefixes):
            yield country


def _prefixes(destination: Place) -> tuple[str, ...]:
    """What is known of the place as a division: without the zeros that stand for "all of it"."""
    if destination.country != "CN" and destination.division is None:
        return _BEYOND.get(destination.country, ())
    known = destination.division or ""
    while known.endswith("00"):
        known = known[:-2]
    return (known,)
