"""The catalogue under layers: what brands and campaigns add to it. A layer can only tighten. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import cached_property
from typing import Final

from acceptance_api.goods.clauses import Clause, RuledGoods, clause_of, own_clause
from acceptance_api.goods.editions import Edition
from acceptance_api.goods.model import CombinedRule, Goods, GoodsClass, GoodsLayer, GoodsRule, Match
from acceptance_api.goods.searching import Index, ranked
from acceptance_api.goods.terms import folded

EVERYTHING: Final = "*"


def layered(edition: Edition, layers: Iterable[tuple[str, GoodsLayer]]) -> "LayeredCatalogue":
    """The catalogue under these layers, each with its version. Neither order nor repetition of them matters."""
    return LayeredCatalogue(edition, layers)


class LayeredCatalogue:
    """An edition of the catalogue and the layers above it; immutable.

    Goods of a layer that bear the name of other goods are the same thing to a sender: the rules about either bind both.
    """

    def __init__(self, edition: Edition, layers: Iterable[tuple[str, GoodsLayer]]) -> None:
        """Sort out who says what; goods are weighed when they are first asked for."""
        unique = tuple(dict.fromkeys(layers))
        self.edition: Final = edition
        self.version: Final = edition.version
        self.layers: Final = tuple(sorted({version for version, _ in unique}))
        self._rows: Final = _rows(unique)
        self._rules: Final = _rules(unique)
        self._same: Final = self._namesakes()
        self._ruled: Final[dict[str, RuledGoods]] = {}

    @property
    def classes(self) -> tuple[GoodsClass, ...]:
        """The classes of the edition; layers have no classes of their own."""
        return self.edition.classes

    @cached_property
    def goods(self) -> tuple[Goods, ...]:
        """Every kind of goods, those of the edition first."""
        return (*self.edition.goods, *self._added.values())

    def find(self, code: str) -> Goods | None:
        """The goods of this code, if the edition or a layer knows it."""
        return self.edition.find(code) or self._added.get(code)

    def find_named(self, name: str) -> Goods | None:
        """The first of `find_all_named`."""
        found = self.find_all_named(name)
        return found[0] if found else None

    def find_all_named(self, name: str) -> tuple[Goods, ...]:
        """The goods of exactly this name or synonym, in any spelling: what the edition finds, then the layers' goods.

        A layer that gives an old name to new goods hides nothing: the old ones still come first.
        """
        spelling = folded(name)
        own = self.edition.find_named(name)
        return (*((own,) if own else ()), *self._added_by_name.get(spelling, ()))

    def search(self, text: str, *, limit: int = 20) -> tuple[Match, ...]:
        """As in the edition, with the goods of the layers among those it knows."""
        if not self._added:
            return self.edition.search(text, limit=limit)
        found = (*self.edition.search(text, limit=limit), *self._index.search(text, limit=limit))
        return ranked(found)[:limit]

    def rule(self, code: str, *, division: str | None = None) -> CombinedRule | None:
        """What all layers together ask of the goods of this code at an outlet of this division."""
        ruled = self.ruled(code)
        return ruled.rule(division) if ruled else None

    def ruled(self, code: str) -> RuledGoods | None:
        """The goods of this code with everything that is said of them."""
        known = self._ruled.get(code)
        if known is None and (goods := self.find(code)) is not None:
            known = self._ruled[code] = RuledGoods(goods=goods, clauses=self._clauses(goods))
        return known

    @cached_property
    def _added(self) -> Mapping[str, Goods]:
        added = {code: _identity(rows) for code, rows in sorted(self._rows.items())}
        return {code: goods for code, goods in added.items() if self.edition.find(code) is None}

    @cached_property
    def _added_by_name(self) -> Mapping[str, tuple[Goods, ...]]:
        known: defaultdict[str, dict[str, Goods]] = defaultdict(dict)
        for one in self._added.values():
            for word in (one.name_zh, one.name_en, *one.synonyms):
                known[folded(word)][one.code] = one
        return {word: tuple(found.values()) for word, found in known.items()}

    @cached_property
    def _index(self) -> Index:
        return Index(self._added.values())

    def _clauses(self, goods: Goods) -> tuple[Clause, ...]:
        """What is said of goods: of their code, under their name, of their class, of everything.

        Layers may bring goods of one code differently. Then they are counted in all those units and belong to all those
        classes: otherwise a layer could take a rule away by calling the goods something else.
        """
        own = self.edition.find(goods.code)
        brought = (own,) if own else tuple(row for _, row in self._rows[goods.code])
        units, classes = {row.unit for row in brought}, {row.class_code for row in brought}
        codes = sorted({goods.code, *self._same.get(goods.code, ())})
        clauses = []
        for code in codes:
            known = self.edition.find(code)
            said = (*(((None, known),) if known else ()), *self._rows.get(code, ()))
            clauses += [own_clause(_counted_in(units, row), layer=version) for version, row in said]
        for about in (*codes, *sorted(classes), EVERYTHING):
            clauses += [clause_of(rule, units=units, layer=version) for version, rule in self._rules.get(about, ())]
        return tuple(dict.fromkeys(clauses))

    def _namesakes(self) -> Mapping[str, frozenset[str]]:
        """Of each code, the other codes whose goods bear its name; at least one of the two is a layer's."""
        bearers: defaultdict[str, set[str]] = defaultdict(set)
        for code, rows in self._rows.items():
            for _, row in rows:
                for name in (row.name_zh, row.name_en):
                    bearers[folded(name)].add(code)
        if bearers:
            for one in self.edition.goods:
                for name in (one.name_zh, one.name_en):
                    if folded(name) in bearers:
                        bearers[folded(name)].add(one.code)
        same: defaultdict[str, set[str]] = defaultdict(set)
        for codes in bearers.values():
            for code in codes:
                same[code] |= codes - {code}
        return {code: frozenset(others) for code, others in same.items()}


def _rows(layers: Iterable[tuple[str, GoodsLayer]]) -> Mapping[str, tuple[tuple[str, Goods], ...]]:
    """The goods that layers bring, by code, in an order of their own."""
    rows: defaultdict[str, set[tuple[str, Goods]]] = defaultdict(set)
    for version, layer in layers:
        for one in layer.goods:
            rows[one.code].add((version, one))
    return {code: tuple(sorted(found, key=_row_order)) for code, found in rows.items()}


def _row_order(row: tuple[str, Goods]) -> tuple[str, ...]:
    version, goods = row
    return version, goods.name_zh, goods.name_en, goods.class_code, goods.unit


def _rules(layers: Iterable[tuple[str, GoodsLayer]]) -> Mapping[str, tuple[tuple[str, GoodsRule], ...]]:
    rules: defaultdict[str, list[tuple[str, GoodsRule]]] = defaultdict(list)
    for version, layer in layers:
        for rule in layer.rules:
            rules[rule.about].append((version, rule))
    return {about: tuple(found) for about, found in rules.items()}


def _identity(rows: tuple[tuple[str, Goods], ...]) -> Goods:
    """What goods are called that several layers bring: by the first, and by the others' names as synonyms.

    Their limit is meant by the piece only if all mean it so: the whole parcel's quantity is never less than a piece's.
    """
    first, words = rows[0][1], dict[str, None]()
    for _, row in rows:
        words |= dict.fromkeys((*row.synonyms, row.name_zh, row.name_en))
    return replace(
        first,
        synonyms=tuple(word for word in words if word not in {first.name_zh, first.name_en}),
        limit_per_piece=all(row.limit_per_piece for _, row in rows),
    )


def _counted_in(units: AbstractSet[str], row: Goods) -> Goods:
    """A row, with its figures only if they are in one of these units."""
    return row if row.unit in units else replace(row, max_per_item=None, max_per_sender_per_day=None)
