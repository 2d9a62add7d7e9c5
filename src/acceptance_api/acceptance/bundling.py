"""The policy bundle: everything a counter needs to decide provisionally while it is offline. No person is in it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import product
from string import ascii_uppercase
from typing import Final, Protocol, TypeVar

from acceptance_api import law
from acceptance_api.acceptance.facts import Facts, GoodsFact
from acceptance_api.acceptance.grounds import Ground
from acceptance_api.acceptance.model import Destination, Reach, SenderKind, Transport
from acceptance_api.acceptance.policy import decide, identity_is_required, reach_of
from acceptance_api.acceptance.rules import AcceptanceValues, Rules, rules_on, statutory_on
from acceptance_api.acceptance.standing_outlets import outlet_of
from acceptance_api.acceptance.standing_rules import typed
from acceptance_api.access import Caller, Permission, require
from acceptance_api.agreements import AgreementValues, values_on
from acceptance_api.campaigns import Campaign, overlays_concerning
from acceptance_api.goods import Edition, Goods, edition_on
from acceptance_api.inspection import Checklist, ContentsKind, checklist_for
from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.database import Tx
from acceptance_api.law import Article, Duty, cite
from acceptance_api.rulesets import RuleSet, newest_approved
from acceptance_api.screening import ScreeningValues, screening_values_on
from acceptance_api.signals import SignalEdition, signal_edition_on

REQUIREMENTS: Final = (Duty.IDENTITY_CHECK, Duty.INSPECTION, Duty.INSPECTION_LETTERS, Duty.SCREENING)
"""The duties that a requirement cites; grounds, goods and checklists bring their own."""
_ANYWHERE: Final = "110105"
_TOO_MUCH: Final = "1000000"


class _Dated(Protocol):
    @property
    def valid_from(self) -> date: ...


_D = TypeVar("_D", bound=_Dated)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaches:
    """How far every destination is from one outlet. Of the division prefixes that fit a code, the longest counts."""

    countries: Mapping[str, Reach]
    other_countries: Reach
    divisions: Mapping[str, Reach]
    other_divisions: Reach


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rulebook:
    """What is in force everywhere on a legal day, and what is already known to come; each series oldest first.

    One for each day, compared by identity: it is large, and everybody who asks on that day shares it.
    """

    statutory: tuple[AcceptanceValues, ...]
    catalogues: tuple[Edition, ...]
    checklists: tuple[Checklist, ...]
    screening: tuple[ScreeningValues, ...]
    signals: tuple[SignalEdition, ...]
    agreements: tuple[AgreementValues, ...]
    articles: tuple[Article, ...]
    """Of the duties that grounds, requirements, goods and checklists cite."""
    identity_exemptions: tuple[tuple[SenderKind, ContentsKind], ...]
    """Whose identity need not be checked, for which contents."""
    inspection_exemptions: tuple[ContentsKind, ...]
    """What need not be inspected."""
    duties_of_own_acts: tuple[Duty, ...]
    """Grounds about goods of these duties cite the goods' duty, not the ground's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyBundle:
    """The rulebook, and what is true of one outlet only."""

    rulebook: Rulebook
    division: str
    reaches: Reaches
    sets: tuple[RuleSet, ...] = ()
    """What tightens the rules here, now and as soon as it is known: of the brand, and for a time of campaigns."""


async def state_policy(tx: Tx, caller: Caller, sets: Sequence[RuleSet], *, at: datetime) -> PolicyBundle:
    """The policy of the caller's outlet as of now, and as far ahead as it is known; `sets` are the approved rule sets.

    Raises:
        Problem: NOT_PERMITTED (also when the outlet is closed).
    """
    require(caller, Permission.COUNTER_REQUIREMENT_READ)
    outlet = await outlet_of(tx, caller)
    return PolicyBundle(
        rulebook=rulebook_on(legal_day(at)),
        division=outlet.division,
        reaches=reaches_from(outlet.division),
        sets=_concerning(outlet.division, sets, at=at),
    )


def _concerning(division: str, sets: Sequence[RuleSet], *, at: datetime) -> tuple[RuleSet, ...]:
    """The newest edition of each set that has not ended and has to do with an outlet of this division."""
    known = newest_approved(sets, at=at)
    return tuple(one for one in known if (one.ends_at is None or one.ends_at > at) and _concerns(one, division))


def _concerns(one: RuleSet, division: str) -> bool:
    document = typed(one)
    if not isinstance(document, Campaign):
        return True
    return division.startswith(one.jurisdiction) and bool(overlays_concerning(document, division))


@lru_cache(maxsize=4)
def rulebook_on(day: date) -> Rulebook:
    """What is in force on a legal day, and what comes later."""
    catalogues = _from(day, edition_on)
    checklists = tuple(one for kind in ContentsKind for one in _checklists(day, kind))
    return Rulebook(
        statutory=_from(day, statutory_on),
        catalogues=catalogues,
        checklists=checklists,
        screening=_from(day, screening_values_on),
        signals=_from(day, signal_edition_on),
        agreements=_from(day, values_on),
        articles=_articles(day, catalogues, checklists),
        identity_exemptions=_identity_exemptions(day),
        inspection_exemptions=tuple(kind for kind in ContentsKind if _presented(day, contents_kind=kind).is_letter),
        duties_of_own_acts=_duties_of_own_acts(day),
    )


@lru_cache(maxsize=4_096)
def reaches_from(origin: str) -> Reaches:
    """How far every destination is: the policy is asked about each country and prefix, so that there is one truth.

    Only in the outlet's own province does the city matter.
    """
    own, pairs = origin[:2], tuple(f"{number:02}" for number in range(100))
    countries = {
        code: reach_of(origin, Destination(country=code))
        for code in map("".join, product(ascii_uppercase, repeat=2))
        if code != "CN"
    }
    provinces = {pair: _reach_within_china(origin, pair) for pair in pairs if pair != own}
    cities = {own + pair: _reach_within_china(origin, own + pair) for pair in pairs}
    other_countries, other_divisions, other_cities = map(_usual, (countries, provinces, cities))
    return Reaches(
        countries=_unlike(countries, other_countries),
        other_countries=other_countries,
        divisions=_unlike(provinces, other_divisions) | {own: other_cities} | _unlike(cities, other_cities),
        other_divisions=other_divisions,
    )


def _from(day: date, in_force: Callable[[date], _D]) -> tuple[_D, ...]:
    """The edition in force on a day and every later one, oldest first: asked backwards from the end of time."""
    found = [in_force(date.max)]
    while found[-1].valid_from > day:
        earlier = in_force(found[-1].valid_from - timedelta(days=1))
        if earlier is found[-1]:  # before the first edition, the first edition
            break
        found.append(earlier)
    return tuple(reversed(found))


def _checklists(day: date, kind: ContentsKind) -> tuple[Checklist, ...]:
    return _from(day, lambda on: checklist_for(kind, on=on))


def _articles(day: date, catalogues: tuple[Edition, ...], checklists: tuple[Checklist, ...]) -> tuple[Article, ...]:
    duties = {
        *REQUIREMENTS,
        *(ground.value.duty for ground in Ground),
        *(goods.duty for catalogue in catalogues for goods in catalogue.goods),
        *(item.duty for checklist in checklists for item in checklist.items),
    }
    return tuple(one for one in law.articles() if one.duty in duties and (one.valid_to is None or one.valid_to >= day))


def _identity_exemptions(day: date) -> tuple[tuple[SenderKind, ContentsKind], ...]:
    return tuple(
        (sender_kind, contents_kind)
        for sender_kind, contents_kind in product(SenderKind, ContentsKind)
        if not identity_is_required(_presented(day, sender_kind=sender_kind, contents_kind=contents_kind))
    )


def _duties_of_own_acts(day: date) -> tuple[Duty, ...]:
    """Duties of goods whose grounds cite the goods' own act (tobacco, wildlife); the policy is asked of each kind."""
    rules = rules_on(day)
    return tuple(sorted({goods.duty for goods in rules.catalogue.goods if _cites_its_own(goods, day, rules)}))


def _cites_its_own(goods: Goods, day: date, rules: Rules) -> bool:
    """Whether some ground about far too much of these goods, flown without a paper, cites the goods' own duty."""
    origin = min(goods.only_in, default=_ANYWHERE).ljust(6, "0")
    facts = _presented(day, origin=origin, goods=(GoodsFact(code=goods.code, quantity=_TOO_MUCH),))
    own = cite(goods.duty, on=day)
    return any(
        objection.about == goods.code and objection.citation == own != cite(objection.ground.value.duty, on=day)
        for objection in decide(facts, rules).objections
    )


def _presented(
    day: date,
    *,
    origin: str = _ANYWHERE,
    sender_kind: SenderKind = SenderKind.PERSON,
    contents_kind: ContentsKind = ContentsKind.GENERAL,
    goods: tuple[GoodsFact, ...] = (),
) -> Facts:
    """A parcel nobody presented, for asking the rules."""
    return Facts(
        on=day,
        origin=origin,
        sender_kind=sender_kind,
        contents_kind=contents_kind.value,
        transport=Transport.AIR,
        reach=Reach.SAME_CITY,
        goods=goods,
    )


def _reach_within_china(origin: str, prefix: str) -> Reach:
    return reach_of(origin, Destination(country="CN", division=prefix.ljust(6, "0")))


def _usual(reaches: Mapping[str, Reach]) -> Reach:
    ((reach, _),) = Counter(reaches.values()).most_common(1)
    return reach


def _unlike(reaches: Mapping[str, Reach], usual: Reach) -> dict[str, Reach]:
    return {place: reach for place, reach in reaches.items() if reach is not usual}
