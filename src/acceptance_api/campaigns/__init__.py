"""Campaigns (重点管控): temporary tightening of the rules. Pure: `parse_campaign`, `measures`; it has no tables."""

from acceptance_api.campaigns.contents import as_content
from acceptance_api.campaigns.goods_rules import goods_layer, goods_rules
from acceptance_api.campaigns.history import ObservedCampaign, history
from acceptance_api.campaigns.model import Campaign, IssuingDocument, NewGoods, Period, Ring, Stated
from acceptance_api.campaigns.outlook import AHEAD, Prospect, binding_campaigns, campaign_of, find_prospects
from acceptance_api.campaigns.overlays import (
    OUTLET_OBLIGATIONS,
    AgreementSamplingRatio,
    ItemBan,
    OutletDuty,
    Overlay,
    OverlayKind,
)
from acceptance_api.campaigns.parsing import parse_campaign
from acceptance_api.campaigns.places import unknown_divisions
from acceptance_api.campaigns.policy import (
    NOTHING,
    BindingBan,
    BindingDuty,
    Measures,
    applies,
    freezes,
    measures,
    overlays_concerning,
)
from acceptance_api.campaigns.scope import Bounds, Passage, Scope
from acceptance_api.campaigns.wording import Wording, worded

__all__ = [
    "AHEAD",
    "NOTHING",
    "OUTLET_OBLIGATIONS",
    "AgreementSamplingRatio",
    "BindingBan",
    "BindingDuty",
    "Bounds",
    "Campaign",
    "IssuingDocument",
    "ItemBan",
    "Measures",
    "NewGoods",
    "ObservedCampaign",
    "OutletDuty",
    "Overlay",
    "OverlayKind",
    "Passage",
    "Period",
    "Prospect",
    "Ring",
    "Scope",
    "Stated",
    "Wording",
    "applies",
    "as_content",
    "binding_campaigns",
    "campaign_of",
    "find_prospects",
    "freezes",
    "goods_layer",
    "goods_rules",
    "history",
    "measures",
    "overlays_concerning",
    "parse_campaign",
    "unknown_divisions",
    "worded",
]
