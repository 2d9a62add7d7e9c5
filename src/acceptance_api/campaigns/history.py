"""Campaigns that were observed, as data: for rehearsals, and as patterns for new ones."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final

from acceptance_api.campaigns.model import Campaign
from acceptance_api.campaigns.parsing import parse_campaign

_FOLDER: Final = files("acceptance_api.campaigns") / "history"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedCampaign:
    """A campaign with the frame of the rule set that would carry it; the end is exclusive, and open when unknown."""

    name: str
    starts_at: datetime
    ends_at: datetime | None
    content: Mapping[str, Any]
    campaign: Campaign


@cache
def history() -> tuple[ObservedCampaign, ...]:
    """Every observed campaign, oldest first."""
    texts = (entry.read_text(encoding="utf-8") for entry in _FOLDER.iterdir() if entry.name.endswith(".json"))
    return tuple(sorted((_observed(json.loads(text)) for text in texts), key=lambda one: (one.starts_at, one.name)))


def _observed(frame: Mapping[str, Any]) -> ObservedCampaign:
    return ObservedCampaign(
        name=frame["name"],
        starts_at=_instant(frame["starts_at"]),
        ends_at=_instant(frame["ends_at"]) if frame["ends_at"] else None,
        content=frame["content"],
        campaign=parse_campaign(frame["content"]),
    )


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
