"""Rules under layers, for tests: a brand that asks for more, a campaign that asks for everything it can."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from acceptance_api.acceptance.rules import Rules
from acceptance_api.acceptance.standing_rules import rules_of
from acceptance_api.rulesets import INSTALLATION, Layer, RuleSet

BRAND = UUID("01937f5e-7a00-7000-8000-00000000b001")
AGENCY = UUID("01937f5e-7a00-7000-8000-00000000a001")
EVER = datetime(2000, 1, 1, tzinfo=UTC)
SAID = {"source": "a test", "verified": False}


def rule_set(layer: Layer, kind: str, content: Mapping[str, Any], *, name: str = "", edition: int = 1) -> RuleSet:
    """An approved set that is always in force."""
    owner = {Layer.STATUTORY: INSTALLATION, Layer.BRAND: BRAND, Layer.CAMPAIGN: AGENCY}[layer]
    return RuleSet(
        layer=layer,
        owner_id=owner,
        kind=kind,
        name=name or f"{layer.value}-{kind}",
        edition=edition,
        starts_at=EVER,
        ends_at=None,
        content=content,
        digest=b"",
        approved_at=EVER,
    )


BRAND_GOODS = rule_set(
    Layer.BRAND,
    "goods",
    {
        "rules": [
            {"about": "R-01", "max_per_sender_per_day": "600", **SAID},
            {"about": "R-15", "not_by": ["high_speed_rail"], **SAID},
            {"about": "R-10", "not_to": ["65"], **SAID},
        ]
    },
)
BRAND_VALUES = rule_set(Layer.BRAND, "acceptance", {"parcel": {"weight_g_max": 20_000, **SAID}})
BRAND_SIGNALS = rule_set(
    Layer.BRAND, "signals", {"rules": [{"signal": "staff_is_sender", "response": "second_clerk", **SAID}]}
)


def campaign(*overlays: Mapping[str, Any], **frame: object) -> dict[str, Any]:
    """The document of a campaign about parcels to Beijing that come from elsewhere."""
    return {
        "name_zh": "演练",
        "name_en": "A drill",
        "period": {"starts": SAID, "ends": SAID},
        "issuing_documents": [],
        "rings": {"CORE": {"divisions": ["11"], **SAID}},
        "applies_to": {"destination": ["CORE"]},
        "overlays": [{**SAID, **overlay} for overlay in overlays],
        **frame,
    }


EVERYTHING = campaign(
    {"kind": "item_ban", "goods": ["R-10"], "on": ["acceptance", "delivery"]},
    {"kind": "screen_100"},
    {"kind": "screen_mark_per_parcel"},
    {"kind": "rescreen_at_destination"},
    {"kind": "no_mark_return"},
    {"kind": "id_required_even_if_agreement"},
    {"kind": "recipient_id"},
    {"kind": "unknown_substance_ban"},
    {"kind": "agreement_sampling_ratio", "ratio": "0.5"},
)
CAMPAIGN = rule_set(Layer.CAMPAIGN, "campaign", EVERYTHING, name="drill")
LAYERS = (BRAND_GOODS, BRAND_VALUES, BRAND_SIGNALS, CAMPAIGN)


def layered_on(day: date) -> Rules:
    """The shipped rules of a day under all of these layers."""
    return rules_of(LAYERS, day=day)
