"""Which campaigns an outlet has to do with, now and soon."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from weakref import WeakKeyDictionary

from acceptance_api.access import is_within
from acceptance_api.campaigns.model import Campaign
from acceptance_api.campaigns.overlays import Overlay
from acceptance_api.campaigns.parsing import parse_campaign
from acceptance_api.campaigns.policy import overlays_concerning
from acceptance_api.campaigns.scope import Bounds
from acceptance_api.rulesets import Layer, RuleSet, in_force

AHEAD: Final = timedelta(days=14)
"""How far an outlet can look ahead, so that it can prepare."""

_READ: Final[WeakKeyDictionary[RuleSet, Campaign]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """A campaign that an outlet has to do with, and those of its overlays that concern it."""

    rule_set: RuleSet
    campaign: Campaign
    overlays: tuple[tuple[Bounds | None, Overlay], ...]
    is_in_force: bool


def campaign_of(rule_set: RuleSet) -> Campaign:
    """The campaign that an approved edition carries. Editions never change, so each is read once.

    Raises:
        Problem: INVALID; approved editions were read before they were proposed.
    """
    campaign = _READ.get(rule_set)
    if campaign is None:
        campaign = _READ[rule_set] = parse_campaign(rule_set.content)
    return campaign


def binding_campaigns(sets: Iterable[RuleSet], *, division: str, at: datetime) -> tuple[tuple[str, Campaign], ...]:
    """The campaigns in force for an outlet of this division, each with its version, as `measures` takes them.

    An agency binds the outlets of its jurisdiction: at the counter that of the origin, at a scan that of the scan.
    """
    return tuple((one.version, campaign_of(one)) for one in in_force(sets, at=at) if _is_campaign_within(one, division))


def find_prospects(sets: Iterable[RuleSet], *, division: str, at: datetime) -> tuple[Prospect, ...]:
    """What concerns an outlet of this division at a moment and until `AHEAD` of it, by the beginnings."""
    mine = [
        one
        for one in sets
        if _is_campaign_within(one, division) and one.approved_at is not None and one.approved_at <= at
    ]
    beginnings = {one.starts_at for one in mine if at < one.starts_at <= at + AHEAD}
    found: dict[RuleSet, Prospect] = {}
    for moment in (at, *sorted(beginnings)):
        for one in in_force(mine, at=moment):
            if one not in found and (overlays := overlays_concerning(campaign_of(one), division)):
                found[one] = Prospect(
                    rule_set=one, campaign=campaign_of(one), overlays=overlays, is_in_force=moment == at
                )
    return tuple(sorted(found.values(), key=lambda prospect: (prospect.rule_set.starts_at, prospect.rule_set.version)))


def _is_campaign_within(one: RuleSet, division: str) -> bool:
    return one.layer is Layer.CAMPAIGN and is_within(division, one.jurisdiction)
