"""The rules in force at a moment for one enterprise: those shipped, its own rule sets, the campaigns."""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID
from weakref import WeakKeyDictionary

from acceptance_api import signals
from acceptance_api.acceptance.layers import AcceptanceLayer, parse_layer, tightened
from acceptance_api.acceptance.rules import CampaignInForce, Rules, rules_on
from acceptance_api.campaigns import Campaign, goods_layer, parse_campaign
from acceptance_api.goods import GoodsLayer, layered
from acceptance_api.goods import parse_layer as parse_goods_layer
from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.ids import EnterpriseId
from acceptance_api.rulesets import Layer, RuleSet, Shelf, in_force, newest_approved

_ENTERPRISES_MAX: Final = 2_000
_MOMENTS_MAX: Final = 64
Typed = AcceptanceLayer | GoodsLayer | Campaign | signals.Values
PARSERS: Final[Mapping[str, Callable[[Mapping[str, Any]], Typed]]] = {
    "acceptance": parse_layer,
    "goods": parse_goods_layer,
    "signals": signals.parse_values,
    "campaign": parse_campaign,
}
"""Who reads the typed documents of each kind of rule set."""
_typed: WeakKeyDictionary[RuleSet, Typed] = WeakKeyDictionary()
_named: WeakKeyDictionary[RuleSet, GoodsLayer] = WeakKeyDictionary()


class RuleDesk:
    """Where use cases get the rules: put together anew only when something was approved, or begins or ends."""

    def __init__(self, shelf: Shelf) -> None:
        """Take the rule sets from this shelf."""
        self._shelf = shelf
        self._standing: OrderedDict[EnterpriseId, StandingRules] = OrderedDict()

    async def rules(self, enterprise_id: EnterpriseId, *, at: datetime, presented_at: datetime) -> Rules:
        """What binds a parcel of this enterprise that was presented then, as far as it is known now.

        Raises:
            Problem: DATABASE_UNAVAILABLE or OVERLOADED.
        """
        sets = await self._shelf.of(enterprise_id, at=at)
        standing = self._standing.get(enterprise_id)
        if standing is None or standing.sets is not sets:
            standing = self._standing[enterprise_id] = StandingRules(sets)
        self._standing.move_to_end(enterprise_id)
        if len(self._standing) > _ENTERPRISES_MAX:
            self._standing.popitem(last=False)
        return standing.at(presented_at)


class StandingRules:
    """The rules that these approved sets make, at any moment."""

    def __init__(self, sets: tuple[RuleSet, ...]) -> None:
        """Nothing is put together yet."""
        self.sets: Final = sets
        instants = {moment for one in sets for moment in (one.starts_at, one.ends_at, one.approved_at) if moment}
        self._turning_points = sorted(instants)
        self._made: OrderedDict[tuple[int, date], Rules] = OrderedDict()

    def at(self, moment: datetime) -> Rules:
        """What binds a parcel that is presented at this moment."""
        day = legal_day(moment)
        if not self.sets:
            return rules_on(day)
        key = bisect_right(self._turning_points, moment), day
        made = self._made.get(key)
        if made is None:
            binding, coming = in_force(self.sets, at=moment), announced(self.sets, at=moment)
            made = self._made[key] = rules_under(binding, rules_on(day), announced=coming)
            if len(self._made) > _MOMENTS_MAX:
                self._made.popitem(last=False)
        return made


def rules_of(sets: Iterable[RuleSet], *, day: date) -> Rules:
    """The rules shipped for a legal day under these sets. A set can only tighten, whatever its layer."""
    return rules_under(sets, rules_on(day))


def rules_under(sets: Iterable[RuleSet], shipped: Rules, *, announced: Iterable[RuleSet] = ()) -> Rules:
    """These shipped rules under some sets.

    Announced campaigns ask for nothing yet, but the goods they name are known: a parcel that is accepted before a
    campaign begins may be scanned within it.
    """
    layers, coming = tuple(sets), tuple(announced)
    if not (layers or coming):
        return shipped
    asked = [typed(one) for one in layers]
    pairs = tuple(zip(layers, asked, strict=True))
    goods = [(one.version, document) for one, document in pairs if isinstance(document, GoodsLayer)]
    naming = dict.fromkeys((*(one for one in layers if one.layer is Layer.CAMPAIGN), *coming))
    named = [(one.version, names) for one in naming if (names := _named_goods(one)).goods]
    versions = {key_of(one): str(one.edition) for one in layers if one.layer is not Layer.CAMPAIGN}
    return replace(
        shipped,
        values=tightened(shipped.values, [one for one in asked if isinstance(one, AcceptanceLayer)]),
        catalogue=layered(shipped.catalogue.edition, [*goods, *named]) if goods or named else shipped.catalogue,
        signals=signals.combine(shipped.signals, *(one for one in asked if isinstance(one, signals.Values))),
        campaigns=_campaigns(layers, asked),
        versions=dict(shipped.versions) | versions,
    )


def announced(sets: Iterable[RuleSet], *, at: datetime) -> tuple[RuleSet, ...]:
    """The campaigns that are approved and not over: those in force, and those that begin later."""
    campaigns = (one for one in sets if one.layer is Layer.CAMPAIGN)
    return tuple(one for one in newest_approved(campaigns, at=at) if one.ends_at is None or at < one.ends_at)


def key_of(one: RuleSet) -> str:
    """Under which a decision records the set's edition."""
    return f"{one.layer.value}:{one.owner_id}/{one.name}"


def keys_in(versions: Mapping[str, str]) -> tuple[tuple[UUID, str, int], ...]:
    """Owner, name and edition of the rule sets that a decision names."""
    named = []
    for key, edition in versions.items():
        layer, colon, rest = key.partition(":")
        owner, slash, name = rest.partition("/")
        if colon and slash and layer in set(Layer):
            named.append((UUID(owner), name, int(edition)))
    return tuple(named)


def typed(one: RuleSet) -> Typed:
    """The set's document, read once.

    Raises:
        Problem: INVALID, when this release cannot read what an earlier one has approved.
    """
    known = _typed.get(one)
    if known is None:
        known = _typed[one] = PARSERS[one.kind](one.content)
    return known


def _campaigns(layers: Sequence[RuleSet], asked: Sequence[Typed]) -> tuple[CampaignInForce, ...]:
    return tuple(
        CampaignInForce(
            owner_id=one.owner_id, name=one.name, edition=one.edition, jurisdiction=one.jurisdiction, campaign=document
        )
        for one, document in zip(layers, asked, strict=True)
        if isinstance(document, Campaign)
    )


def _named_goods(one: RuleSet) -> GoodsLayer:
    """The goods that a campaign names, without its bans: those depend on the parcel's way and are measures."""
    known = _named.get(one)
    if known is None:
        campaign = typed(one)
        content = goods_layer(campaign)["goods"] if isinstance(campaign, Campaign) else []
        known = _named[one] = parse_goods_layer({"goods": content}) if content else GoodsLayer()
    return known
