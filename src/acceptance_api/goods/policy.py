"""The rules on goods: what, how much, with which documents."""

from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import Protocol

from acceptance_api.goods.model import Goods, Judgement, Reason, Verdict


class Catalogue(Protocol):
    """Where goods are looked up: an edition."""

    def find(self, code: str) -> Goods | None:
        """The goods of this code, if there are any."""
        ...


def judge(
    edition: Catalogue,
    code: str,
    *,
    quantity: Decimal | int,
    documents: AbstractSet[str],
    division: str | None = None,
) -> Judgement | None:
    """Judge a quantity of goods with the documents shown.

    The quantity is in the goods' unit: all of one parcel together, or the largest piece if the limit is per piece.

    `division` is the GB/T 2260 code of the outlet; without it every local rule binds. None means that the edition does
    not know the code: the caller decides what that means, for silence of the catalogue is not permission.
    """
    goods = edition.find(code)
    if goods is None:
        return None
    if division is not None and not goods.binds(division):
        return Judgement(verdict=Verdict.OK, goods=goods, satisfied=True, reason=Reason.NOT_BOUND_HERE)
    obstacle = _obstacle(goods, quantity, documents)
    reason = obstacle or _SATISFIED[goods.verdict]
    return Judgement(verdict=goods.verdict, goods=goods, satisfied=obstacle is None, reason=reason)


_SATISFIED = {
    Verdict.OK: Reason.ALLOWED,
    Verdict.LIMIT: Reason.WITHIN_LIMIT,
    Verdict.CONDITION: Reason.CONDITIONS_MET,
}


def _obstacle(goods: Goods, quantity: Decimal | int, documents: AbstractSet[str]) -> Reason | None:
    if goods.verdict is Verdict.BAN:
        return Reason.PROHIBITED
    if goods.max_per_item is not None and quantity > goods.max_per_item:
        return Reason.OVER_LIMIT
    if not goods.required_documents <= documents:
        return Reason.DOCUMENTS_MISSING
    return None
