"""The catalogue of prohibited, restricted and everyday goods, in dated editions: `edition_on`, `judge`."""

from acceptance_api.goods.editions import Edition, edition_on, editions
from acceptance_api.goods.model import (
    Disposal,
    Document,
    Goods,
    GoodsClass,
    Judgement,
    Match,
    MatchKind,
    Reason,
    Verdict,
)
from acceptance_api.goods.policy import judge

__all__ = [
    "Disposal",
    "Document",
    "Edition",
    "Goods",
    "GoodsClass",
    "Judgement",
    "Match",
    "MatchKind",
    "Reason",
    "Verdict",
    "edition_on",
    "editions",
    "judge",
]
