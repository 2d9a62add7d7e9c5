"""The rule sets in force on a day: dated editions of policy values, each with its source and whether it is verified."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib import resources
from typing import Any
from uuid import UUID

from acceptance_api import signals
from acceptance_api.acceptance.grounds import Weight
from acceptance_api.acceptance.model import Reach, Transport
from acceptance_api.agreements import AgreementValues, values_on
from acceptance_api.campaigns import NOTHING, Campaign, Measures, Passage, measures
from acceptance_api.goods import Edition, LayeredCatalogue, edition_on, layered
from acceptance_api.screening import ScreeningValues, screening_values_on


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptanceValues:
    """One dated edition of the statutory values, or what the layers above it have made of it."""

    version: str
    valid_from: date
    screened_reaches: frozenset[Reach]
    screened_transports: frozenset[Transport]
    identity_unconfirmed: Weight
    weight_g_max: int
    side_mm_max: int
    sum_mm_max: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignInForce:
    """A campaign, where its agency may ask for something, and which edition of its rule set it is."""

    owner_id: UUID
    name: str
    edition: int
    jurisdiction: str
    campaign: Campaign

    @property
    def version(self) -> str:
        """What is told of it."""
        return f"{self.name}@{self.edition}"

    @property
    def key(self) -> str:
        """Under which a decision records its edition."""
        return f"campaign:{self.owner_id}/{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rules:
    """Everything in force at a moment for one enterprise."""

    statutory: AcceptanceValues
    """The edition of the statutory values by itself."""
    values: AcceptanceValues
    """The same under the layers of the brand."""
    catalogue: LayeredCatalogue
    signals: signals.Values
    screening: ScreeningValues
    agreements: AgreementValues
    campaigns: tuple[CampaignInForce, ...] = ()
    versions: Mapping[str, str]
    """The version of each set but the campaigns, as a decision records it."""

    def measures(self, passage: Passage, *, at_division: str) -> Measures:
        """What the campaigns of the agencies that supervise a place ask there of a parcel on this way."""
        if not self.campaigns:
            return NOTHING
        binding = [(one.version, one.campaign) for one in self.campaigns if at_division.startswith(one.jurisdiction)]
        return measures(binding, passage)

    def asking(self, asked: Measures) -> dict[str, str]:
        """The campaigns that ask for any of this, as a decision records them."""
        names = _asking(asked)
        return {one.key: str(one.edition) for one in self.campaigns if one.version in names}


def _asking(asked: Measures) -> frozenset[str]:
    """The versions of the campaigns that ask for any of these measures."""
    return frozenset(
        (
            *asked.screening_required_by,
            *asked.mark_per_parcel_by,
            *asked.rescreen_at_destination_by,
            *asked.return_without_mark_by,
            *asked.identity_even_if_agreement_by,
            *asked.addressee_identity_by,
            *asked.unknown_substances_refused_by,
            *asked.sampling_ratio_by,
            *(binding.version for binding in asked.item_bans),
        )
    )


@lru_cache(maxsize=512)
def rules_on(day: date) -> Rules:
    """The rule sets shipped for a legal day; before the first edition, the first edition."""
    statutory, edition = statutory_on(day), edition_on(day)
    version, values = signals.shipped_on(day)
    screening, agreements = screening_values_on(day), values_on(day)
    return Rules(
        statutory=statutory,
        values=statutory,
        catalogue=catalogue_of(edition),
        signals=values,
        screening=screening,
        agreements=agreements,
        versions={
            "statutory": statutory.version,
            "catalogue": edition.version,
            "signals": version,
            "screening": screening.version,
            "agreements": agreements.version,
        },
    )


def statutory_on(day: date) -> AcceptanceValues:
    """The statutory values in force on a legal day; before the first edition, the first edition."""
    editions = statutory_editions()
    return next((one for one in reversed(editions) if one.valid_from <= day), editions[0])


@cache
def catalogue_of(edition: Edition) -> LayeredCatalogue:
    """An edition of the catalogue without any layer."""
    return layered(edition, ())


@cache
def statutory_editions() -> tuple[AcceptanceValues, ...]:
    """Every edition of the statutory values, oldest first."""
    folder = resources.files("acceptance_api.acceptance") / "rulesets"
    documents = [json.loads(file.read_text("utf-8")) for file in folder.iterdir() if file.name.endswith(".json")]
    return tuple(sorted((_values(document) for document in documents), key=lambda edition: edition.valid_from))


def _values(document: dict[str, Any]) -> AcceptanceValues:
    coverage = document["screening_required"]
    return AcceptanceValues(
        version=document["version"],
        valid_from=date.fromisoformat(document["valid_from"]),
        screened_reaches=frozenset(Reach(row["reach"]) for row in coverage if "reach" in row),
        screened_transports=frozenset(Transport(row["transport"]) for row in coverage if "transport" in row),
        identity_unconfirmed=Weight(document["identity_unconfirmed"]["weight"]),
        weight_g_max=document["parcel"]["weight_g_max"],
        side_mm_max=document["parcel"]["side_mm_max"],
        sum_mm_max=document["parcel"]["sum_mm_max"],
    )
