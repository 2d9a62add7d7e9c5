"""Rehearsing a campaign (推演): what a draft would have made of a parcel that was decided without it. Pure.

Facts and versions are stored with each decision, so the draft is simply added to the rules that the decision names. A
campaign can only tighten: what was refused stays refused, what was held is held or refused.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from acceptance_api.acceptance.facts import Facts, facts_from_json
from acceptance_api.acceptance.grounds import Ground, Weight
from acceptance_api.acceptance.model import Decision, Destination, Outcome, Transport
from acceptance_api.acceptance.policy import (
    Asked,
    Rule,
    addressee_is_verified,
    goods_may_travel,
    parcel_bears_a_label,
    parcel_was_screened,
    passage_of,
    sender_is_verified,
    substances_are_known,
)
from acceptance_api.acceptance.replaying import rules_named
from acceptance_api.acceptance.rules import Rules
from acceptance_api.acceptance.standing_rules import key_of, keys_in, rules_of
from acceptance_api.campaigns import Measures
from acceptance_api.goods import catalogue_editions
from acceptance_api.rulesets import RuleSet

_RULES_MAX: Final = 2_000
_WAYS_MAX: Final = 100_000
"""So many are remembered: of rules that decisions name there are few, of ways from one place to another many."""
_CHINA: Final = "CN"


class PastDecision(NamedTuple):
    """What a counter decided, as it is stored. Its way is the record's: facts of early days hold no destination."""

    origin: str
    country: str
    division: str | None
    transport: str
    outcome: Outcome
    facts: Mapping[str, Any]
    rules: Mapping[str, str]
    objections: Sequence[Mapping[str, Any]]


class Demand(NamedTuple):
    """What a campaign asks on a way: at the counter, and at the last outlet before delivery."""

    measures: Measures
    speaking: tuple[Rule, ...]
    """The rules in which it speaks at the counter."""
    screens_again: bool
    returns: bool


class Added(NamedTuple):
    """A ground that a draft adds to a decision."""

    ground: Ground
    weight: Weight
    about: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a draft would have made of a decision: the grounds that it adds, and what becomes of the parcel later."""

    before: Outcome
    after: Outcome
    added: tuple[Added, ...] = ()
    """What the draft asks for, and no earlier edition of it did."""
    is_screened_again: bool = False
    is_returned: bool = False
    """It bore no label when it was decided; one that got none on its way would be sent back from its destination."""


CAMPAIGN_RULES: Final[Mapping[Rule, str]] = {
    sender_is_verified: "identity_even_if_agreement_by",
    addressee_is_verified: "addressee_identity_by",
    substances_are_known: "unknown_substances_refused_by",
    goods_may_travel: "item_bans",
    parcel_was_screened: "screening_required_by",
    parcel_bears_a_label: "mark_per_parcel_by",
}
"""The rules in which a campaign can speak, and the measure for which it does. In all others it says nothing."""


class Rehearser:
    """Tries one draft on past decisions, as if it had been in force at every moment.

    Remembers the rules that decisions name and the ways that parcels take, so one serves for many decisions.
    """

    def __init__(self, draft: RuleSet, sets: Iterable[RuleSet] = ()) -> None:
        """Take a draft of whatever state, and the rule sets that decisions may name.

        Raises:
            Problem: INVALID, when this release cannot read the draft.
        """
        self.draft: Final = draft
        # Only what the draft asks is looked up there: any edition of the other rules will do.
        self._own = rules_of([draft], day=catalogue_editions()[-1].valid_from)
        self._sets: dict[tuple[UUID, str, int], RuleSet] = {}
        self._rules: dict[tuple[frozenset[tuple[str, str]], date | None], Rules] = {}
        self._ways: dict[tuple[str, str, str | None, str, tuple[str, ...]], Demand | None] = {}
        campaign = self._own.campaigns[0].campaign
        bounds = (campaign.bounds, *(group.bounds for group in campaign.groups))
        self.looks_at_transit: Final = any(one is not None and one.transit for one in bounds)
        """Whether it depends on the divisions that a parcel passes through, which only its facts tell."""
        self.learn([*sets, draft])

    def learn(self, sets: Iterable[RuleSet]) -> None:
        """Know these rule sets from now on."""
        self._sets |= {(one.owner_id, one.name, one.edition): one for one in sets}

    def unknown(self, rules: Mapping[str, str]) -> frozenset[tuple[UUID, str, int]]:
        """Owner, name and edition of the rule sets among these that it does not know yet."""
        return frozenset(key for key in keys_in(rules) if key not in self._sets)

    def demand(
        self, origin: str, country: str, division: str | None, transport: str, transit: tuple[str, ...] = ()
    ) -> Demand | None:
        """What the draft asks of parcels on this way; None of those it does not concern."""
        way = origin, country, division, transport, transit
        try:
            return self._ways[way]
        except KeyError:
            if len(self._ways) >= _WAYS_MAX:
                self._ways.clear()
            known = self._ways[way] = self._looked_at(*way)
            return known

    def difference(self, past: PastDecision) -> Difference | None:
        """What the draft would have made of a decision; None when it does not concern the parcel.

        Raises:
            VersionUnknown: an edition that the decision names is not there.
        """
        transit = past.facts.get("transit", ()) if self.looks_at_transit else ()
        demand = self.demand(past.origin, past.country, past.division, past.transport, tuple(transit))
        if demand is None:
            return None
        if past.outcome is Outcome.REFUSED:
            return Difference(before=past.outcome, after=past.outcome)
        facts = _facts_of(past)
        added = self._added(facts, past, demand) if demand.speaking else ()
        after = _outcome(past.outcome, added)
        travels, bears_a_label = after is not Outcome.REFUSED, bool(facts.screenings) and facts.is_labelled
        return Difference(
            before=past.outcome,
            after=after,
            added=added,
            is_screened_again=demand.screens_again and travels,
            is_returned=demand.returns and travels and not bears_a_label,
        )

    def _looked_at(
        self, origin: str, country: str, division: str | None, transport: str, transit: tuple[str, ...]
    ) -> Demand | None:
        destination, by = Destination(country=country, division=division), Transport(transport)
        at_counter = self._own.measures(passage_of(origin, destination, by, transit), at_division=origin)
        screens_again = returns = False
        if country == _CHINA and division is not None:
            # A scan is judged by the campaigns of the agencies that supervise its own place.
            passage = passage_of(origin, destination, by, (*transit, division))
            at_the_end = self._own.measures(passage, at_division=division)
            screens_again = bool(at_the_end.rescreen_at_destination_by)
            returns = bool(at_the_end.return_without_mark_by)
        if not (screens_again or returns or self._own.asking(at_counter)):
            return None
        speaking = tuple(rule for rule, measure in CAMPAIGN_RULES.items() if getattr(at_counter, measure))
        return Demand(measures=at_counter, speaking=speaking, screens_again=screens_again, returns=returns)

    def _added(self, facts: Facts, past: PastDecision, demand: Demand) -> tuple[Added, ...]:
        """The grounds that only the draft brings; what an earlier edition of it asked for is nothing new."""
        name, version = f"{self.draft.name}@", self.draft.version
        rules = self._rules_with_draft(past.rules, facts.on)
        asked = Asked(rules, demand.measures)
        held = [one for rule in demand.speaking for one in rule(facts, asked) if one.by == version]
        if not held:
            return ()
        known = {(one["ground"], one["about"]) for one in past.objections if (one.get("by") or "").startswith(name)}
        new = {(one.ground, one.about): None for one in held if (one.ground.code, one.about) not in known}
        return tuple(Added(ground, weight_of(ground, rules), about) for ground, about in new)

    def _rules_with_draft(self, named: Mapping[str, str], on: date) -> Rules:
        """The rules a decision names and the draft, which stands in the place of an earlier edition of itself."""
        # Of before a kind of set was recorded, the rules are those shipped for the day.
        key = frozenset(named.items()), None if "screening" in named else on
        known = self._rules.get(key)
        if known is None:
            if len(self._rules) >= _RULES_MAX:
                self._rules.clear()
            versions = {**named, key_of(self.draft): str(self.draft.edition)}
            asked = Decision(outcome=Outcome.ACCEPTED, objections=(), rules=versions)
            known = self._rules[key] = rules_named(asked, self._sets.values(), on=on)
        return known


def weight_of(ground: Ground, rules: Rules) -> Weight:
    """What a ground does to the outcome under some rules."""
    return rules.values.identity_unconfirmed if ground is Ground.IDENTITY_UNCONFIRMED else ground.value.weight


def _facts_of(past: PastDecision) -> Facts:
    """The facts without what no campaign can ask about, which takes half of the time to read."""
    stored = dict(past.facts) | {"inspection": None, "sides_mm": None}
    stored.pop("seen", None)
    if "country" not in stored:
        stored |= {"country": past.country, "division": past.division}
    return facts_from_json(stored)


def _outcome(before: Outcome, added: Sequence[Added]) -> Outcome:
    if any(one.weight is Weight.REFUSE for one in added):
        return Outcome.REFUSED
    return Outcome.HELD if added else before
