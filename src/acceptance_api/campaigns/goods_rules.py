"""A campaign's bans of goods in the words of a layer of the goods catalogue, which knows no campaigns."""

from typing import Any

from acceptance_api.campaigns.model import Campaign, NewGoods
from acceptance_api.campaigns.overlays import ItemBan
from acceptance_api.campaigns.scope import Bounds


def goods_layer(campaign: Campaign) -> dict[str, list[dict[str, Any]]]:
    """The content of a goods layer: the goods a campaign introduces, and its bans as far as a layer can say them."""
    return {"goods": [_goods_row(one) for one in campaign.goods], "rules": goods_rules(campaign)}


def goods_rules(campaign: Campaign) -> list[dict[str, Any]]:
    """The bans on acceptance that a goods layer can say exactly: to a destination or by a transport or neither.

    A ban by transit, of inbound parcels only, or by destination and transport together is not among them: a layer would
    say too much or too little. `measures` knows every ban; it decides.
    """
    rules = []
    for group in campaign.groups:
        where = _said_by_a_layer(campaign.bounds, group.bounds or Bounds())
        bans = [one for one in group.overlays if isinstance(one, ItemBan) and one.on_acceptance]
        if where is not None:
            rules += [_rule(about, where, ban) for ban in bans for about in sorted(ban.goods)]
    return rules


def _said_by_a_layer(*both: Bounds) -> dict[str, Any] | None:
    """The members of a rule that bans within both bounds, or None when no rule says just that."""
    origins = [one.origin for one in both if one.origin]
    destinations = [one.destination for one in both if one.destination]
    transports = [one.transports for one in both if one.transports]
    if any(one.transit or one.inbound for one in both) or (destinations and transports):
        return None
    said: dict[str, Any] = {} if destinations or transports else {"verdict": "ban"}
    if origins:
        said["only_in"] = _within_all(origins)
    if destinations:
        said["not_to"] = _within_all(destinations)
    if transports:
        said["not_by"] = sorted(frozenset.intersection(*transports))
    return said if all(said.values()) else None


def _within_all(alternatives: list[tuple[str, ...]]) -> list[str]:
    """The prefixes of what lies within each of these: of two that overlap, the longer one."""
    first, *others = alternatives
    common = set(first)
    for other in others:
        common = {max(a, b, key=len) for a in common for b in other if a.startswith(b) or b.startswith(a)}
    return sorted(common)


def _rule(about: str, where: dict[str, Any], ban: ItemBan) -> dict[str, Any]:
    return {"about": about, **where, "source": ban.source, "verified": ban.verified}


def _goods_row(one: NewGoods) -> dict[str, Any]:
    return {
        "code": one.code,
        "class_code": one.class_code,
        "name_zh": one.name_zh,
        "name_en": one.name_en,
        "synonyms": list(one.synonyms),
        "verdict": "ok",
        "duty": "goods_rules",
        "verified": one.verified,
        "source": one.source,
    }
