"""The rule sets in force on a day: dated editions of policy values, each with its source and whether it is verified."""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from acceptance_api.acceptance.grounds import Weight
from acceptance_api.acceptance.model import Reach, Transport
from acceptance_api.goods import Edition, edition_on


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """One dated edition of the statutory values."""

    version: str
    valid_from: date
    screened_reaches: frozenset[Reach]
    screened_transports: frozenset[Transport]
    identity_unconfirmed: Weight
    weight_g_max: int
    side_mm_max: int
    sum_mm_max: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Everything in force on a day."""

    statutory: RuleSet
    catalogue: Edition

    @property
    def versions(self) -> dict[str, str]:
        """The version of each set, as a decision records it."""
        return {"statutory": self.statutory.version, "catalogue": self.catalogue.version}


def rules_on(day: date) -> Rules:
    """The rule sets in force on a legal day; before the first edition, the first edition."""
    editions = _editions()
    in_force = [edition for edition in editions if edition.valid_from <= day] or [editions[0]]
    return Rules(statutory=in_force[-1], catalogue=edition_on(day))


@cache
def _editions() -> tuple[RuleSet, ...]:
    folder = resources.files("acceptance_api.acceptance") / "rulesets"
    documents = [json.loads(file.read_text("utf-8")) for file in folder.iterdir() if file.name.endswith(".json")]
    return tuple(sorted((_rule_set(document) for document in documents), key=lambda edition: edition.valid_from))


def _rule_set(document: dict[str, Any]) -> RuleSet:
    coverage = document["screening_required"]
    return RuleSet(
        version=document["version"],
        valid_from=date.fromisoformat(document["valid_from"]),
        screened_reaches=frozenset(Reach(row["reach"]) for row in coverage if "reach" in row),
        screened_transports=frozenset(Transport(row["transport"]) for row in coverage if "transport" in row),
        identity_unconfirmed=Weight(document["identity_unconfirmed"]["weight"]),
        weight_g_max=document["parcel"]["weight_g_max"],
        side_mm_max=document["parcel"]["side_mm_max"],
        sum_mm_max=document["parcel"]["sum_mm_max"],
    )
