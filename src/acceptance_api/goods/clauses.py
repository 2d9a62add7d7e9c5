"""What is said of goods, by whom: the catalogue's own rule is one clause, each rule of a layer another. Pure."""

from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from acceptance_api.goods.model import CombinedRule, Document, Goods, GoodsRule, Judgement, Reason, Verdict
from acceptance_api.law import Citation

AIR: Final = "air"
STRICTNESS: Final = (Verdict.OK, Verdict.CONDITION, Verdict.LIMIT, Verdict.BAN)
"""The later, the stricter."""
_REASON: Final = {
    Verdict.OK: Reason.ALLOWED,
    Verdict.CONDITION: Reason.CONDITIONS_MET,
    Verdict.LIMIT: Reason.WITHIN_LIMIT,
    Verdict.BAN: Reason.PROHIBITED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One rule as it binds one kind of goods; `layer` is the version of who says so, None for the catalogue."""

    layer: str | None
    is_ban: bool
    verdict: Verdict
    max_per_item: Decimal | None
    max_per_sender_per_day: Decimal | None
    required_documents: frozenset[Document]
    not_by: frozenset[str]
    not_to: frozenset[str]
    only_in: frozenset[str]
    cites: Citation | None
    verified: bool

    def binds(self, division: str | None) -> bool:
        """Whether it binds an outlet of this division; without one every clause does."""
        return division is None or not self.only_in or any(division.startswith(prefix) for prefix in self.only_in)

    @property
    def is_silent(self) -> bool:
        """Whether it asks for nothing."""
        return self.verdict is Verdict.OK and not self.not_by and not self.not_to


@dataclass(frozen=True, slots=True, kw_only=True)
class RuledGoods:
    """Goods with everything that is said of them, weighed once."""

    goods: Goods
    clauses: tuple[Clause, ...]
    asking: tuple[Clause, ...] = field(init=False)
    """The clauses that ask for something."""
    is_local: bool = field(init=False)
    """Whether some clause binds outlets of some divisions only."""
    satisfied: Judgement = field(init=False)
    """The judgement when nothing speaks against the goods and every clause binds."""
    _everywhere: CombinedRule = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Weigh the clauses."""
        verdict = strictest(self.clauses)
        judgement = Judgement(verdict=verdict, goods=self.goods, satisfied=True, reason=_REASON[verdict])
        object.__setattr__(self, "asking", tuple(clause for clause in self.clauses if not clause.is_silent))
        object.__setattr__(self, "is_local", any(clause.only_in for clause in self.clauses))
        object.__setattr__(self, "satisfied", judgement)
        object.__setattr__(self, "_everywhere", combined(self.clauses))

    def rule(self, division: str | None = None) -> CombinedRule:
        """The strictest of every component, of the clauses that bind outlets of this division."""
        if division is None or not self.is_local:
            return self._everywhere
        return combined([clause for clause in self.clauses if clause.binds(division)])


def combined(clauses: Collection[Clause]) -> CombinedRule:
    """The strictest of every component."""
    return CombinedRule(
        verdict=strictest(clauses),
        max_per_item=least(clause.max_per_item for clause in clauses),
        max_per_sender_per_day=least(clause.max_per_sender_per_day for clause in clauses),
        required_documents=frozenset[Document]().union(*(clause.required_documents for clause in clauses)),
        not_by=frozenset[str]().union(*(clause.not_by for clause in clauses)),
        not_to=frozenset[str]().union(*(clause.not_to for clause in clauses)),
        layers=tuple(sorted({clause.layer for clause in clauses if clause.layer and not clause.is_silent})),
        verified=all(clause.verified for clause in clauses),
    )


def own_clause(goods: Goods, *, layer: str | None) -> Clause:
    """What the goods' own row says of them."""
    not_by = frozenset({AIR}) if goods.not_by_air else frozenset[str]()
    has_figure = goods.max_per_item is not None or goods.max_per_sender_per_day is not None
    return Clause(
        layer=layer,
        is_ban=goods.verdict is Verdict.BAN,
        verdict=_stricter(goods.verdict, _weight(has_figure=has_figure, has_documents=bool(goods.required_documents))),
        max_per_item=goods.max_per_item,
        max_per_sender_per_day=goods.max_per_sender_per_day,
        required_documents=goods.required_documents,
        not_by=not_by,
        not_to=frozenset(),
        only_in=goods.only_in,
        cites=None,
        verified=goods.verified,
    )


def clause_of(rule: GoodsRule, *, units: Container[str], layer: str) -> Clause:
    """What a layer's rule says of goods counted in these units; figures in another unit do not bind them."""
    is_counted = rule.unit is None or rule.unit in units
    is_ban = rule.verdict is Verdict.BAN
    has_figure = is_counted and not (rule.max_per_item is None and rule.max_per_sender_per_day is None)
    weight = _weight(has_figure=has_figure, has_documents=bool(rule.required_documents))
    return Clause(
        layer=layer,
        is_ban=is_ban,
        verdict=Verdict.BAN if is_ban else weight,
        max_per_item=rule.max_per_item if is_counted else None,
        max_per_sender_per_day=rule.max_per_sender_per_day if is_counted else None,
        required_documents=rule.required_documents,
        not_by=rule.not_by,
        not_to=rule.not_to,
        only_in=rule.only_in,
        cites=rule.cites,
        verified=rule.verified,
    )


def strictest(clauses: Iterable[Clause]) -> Verdict:
    """The strictest verdict: BAN, LIMIT, CONDITION, OK."""
    return max((clause.verdict for clause in clauses), key=STRICTNESS.index, default=Verdict.OK)


def least(figures: Iterable[Decimal | None]) -> Decimal | None:
    """The least figure there is."""
    return min((figure for figure in figures if figure is not None), default=None)


def _weight(*, has_figure: bool, has_documents: bool) -> Verdict:
    """What figures and documents amount to: a figure limits, a document is a condition."""
    if has_figure:
        return Verdict.LIMIT
    return Verdict.CONDITION if has_documents else Verdict.OK


def _stricter(one: Verdict, other: Verdict) -> Verdict:
    return max(one, other, key=STRICTNESS.index)
