"""The catalogue of prohibited, restricted and everyday goods, in dated editions: `edition_on`, `layered`, `judge`."""

from acceptance_api.goods.editions import Edition, edition_on
from acceptance_api.goods.editions import editions as catalogue_editions
from acceptance_api.goods.layering import LayeredCatalogue, layered
from acceptance_api.goods.layers import parse_layer, parse_new_layer
from acceptance_api.goods.model import (
    CombinedRule,
    Disposal,
    Document,
    Goods,
    GoodsClass,
    GoodsLayer,
    GoodsRule,
    Judgement,
    Match,
    MatchKind,
    Obstacle,
    Reason,
    Verdict,
)
from acceptance_api.goods.policy import Catalogue, Place, judge

__all__ = [
    "Catalogue",
    "CombinedRule",
    "Disposal",
    "Document",
    "Edition",
    "Goods",
    "GoodsClass",
    "GoodsLayer",
    "GoodsRule",
    "Judgement",
    "LayeredCatalogue",
    "Match",
    "MatchKind",
    "Obstacle",
    "Place",
    "Reason",
    "Verdict",
    "catalogue_editions",
    "edition_on",
    "judge",
    "layered",
    "parse_layer",
    "parse_new_layer",
]
