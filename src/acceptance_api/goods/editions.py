"""Dated editions of the catalogue, read once from `editions/*.json`."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from importlib.resources import files
from typing import Final, NotRequired, TypedDict

from acceptance_api.goods.clauses import RuledGoods, own_clause
from acceptance_api.goods.model import Disposal, Document, Goods, GoodsClass, Match, Verdict
from acceptance_api.goods.searching import Index
from acceptance_api.goods.terms import folded
from acceptance_api.law import Duty

_FOLDER: Final = files("acceptance_api.goods") / "editions"


class _ClassRow(TypedDict):
    code: str
    name_zh: str
    name_en: str
    disposal: str | None
    disposal_verified: bool
    verified: bool
    source: str


class _GoodsRow(TypedDict):
    code: str
    class_code: str
    name_zh: str
    name_en: str
    synonyms: list[str]
    verdict: str
    unit: NotRequired[str]
    max_per_item: NotRequired[str]
    max_per_sender_per_day: NotRequired[str]
    required_documents: NotRequired[list[str]]
    only_in: NotRequired[list[str]]
    limit_per_piece: NotRequired[bool]
    not_by_air: NotRequired[bool]
    disposal: NotRequired[str]
    duty: str
    verified: bool
    source: str


class _Data(TypedDict):
    version: str
    valid_from: str
    source: str
    classes: list[_ClassRow]
    goods: list[_GoodsRow]


class Edition:
    """The catalogue as it stands from a day on; immutable."""

    def __init__(
        self, *, version: str, valid_from: date, classes: Iterable[GoodsClass], goods: Iterable[Goods]
    ) -> None:
        """Keep the goods by their codes; the search index is made when it is first asked."""
        self.version: Final = version
        self.valid_from: Final = valid_from
        self.classes: Final = tuple(classes)
        self.goods: Final = tuple(goods)
        self._by_code: Final = {one.code: one for one in self.goods}
        self._ruled: Final[dict[str, RuledGoods]] = {}

    def find(self, code: str) -> Goods | None:
        """The goods of this code, if this edition knows it."""
        return self._by_code.get(code)

    def find_named(self, name: str) -> Goods | None:
        """The goods of exactly this name or synonym, in any spelling: a look-up, not a search.

        A name comes before a synonym; of several goods with one synonym, the first by code.
        """
        return self._by_name.get(folded(name))

    def search(self, text: str, *, limit: int = 20) -> tuple[Match, ...]:
        """Goods by code, Chinese or English name, synonym, or pinyin in full or by initials; the best match first.

        What sounds alike or is misspelt comes last.
        """
        return self._index.search(text, limit=limit)

    def ruled(self, code: str) -> RuledGoods | None:
        """The goods of this code with what the catalogue says of them."""
        known = self._ruled.get(code)
        if known is None and (goods := self._by_code.get(code)) is not None:
            known = self._ruled[code] = RuledGoods(goods=goods, clauses=(own_clause(goods, layer=None),))
        return known

    @cached_property
    def _by_name(self) -> Mapping[str, Goods]:
        known: dict[str, Goods] = {}
        for one in self.goods:
            known.setdefault(folded(one.name_zh), one)
            known.setdefault(folded(one.name_en), one)
        for one in self.goods:
            for synonym in one.synonyms:
                known.setdefault(folded(synonym), one)
        return known

    @cached_property
    def _index(self) -> Index:
        return Index(self.goods)


def edition_on(day: date) -> Edition:
    """The edition in force on a legal day.

    Raises:
        LookupError: no edition is known for that day.
    """
    for edition in reversed(editions()):
        if edition.valid_from <= day:
            return edition
    raise LookupError(f"no edition of the goods catalogue is known for {day.isoformat()}")


@cache
def editions() -> tuple[Edition, ...]:
    """Every edition known, oldest first."""
    texts = (entry.read_text(encoding="utf-8") for entry in _FOLDER.iterdir() if entry.name.endswith(".json"))
    return tuple(sorted((_edition(json.loads(text)) for text in texts), key=lambda edition: edition.valid_from))


def _edition(data: _Data) -> Edition:
    classes = {row["code"]: _goods_class(row) for row in data["classes"]}
    return Edition(
        version=data["version"],
        valid_from=date.fromisoformat(data["valid_from"]),
        classes=classes.values(),
        goods=(_goods(row, classes) for row in data["goods"]),
    )


def _goods_class(row: _ClassRow) -> GoodsClass:
    disposal = row["disposal"]
    return GoodsClass(
        code=row["code"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        disposal=Disposal(disposal) if disposal is not None else None,
        disposal_verified=row["disposal_verified"],
        verified=row["verified"],
        source=row["source"],
    )


def _goods(row: _GoodsRow, classes: Mapping[str, GoodsClass]) -> Goods:
    return Goods(
        code=row["code"],
        class_code=row["class_code"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        synonyms=tuple(row["synonyms"]),
        verdict=Verdict(row["verdict"]),
        unit=row.get("unit", "piece"),
        max_per_item=_figure(row.get("max_per_item")),
        max_per_sender_per_day=_figure(row.get("max_per_sender_per_day")),
        required_documents=frozenset(map(Document, row.get("required_documents", []))),
        only_in=frozenset(row.get("only_in", [])),
        limit_per_piece=row.get("limit_per_piece", False),
        not_by_air=row.get("not_by_air", False),
        disposal=Disposal(row["disposal"]) if "disposal" in row else classes[row["class_code"]].disposal,
        duty=Duty(row["duty"]),
        verified=row["verified"],
        source=row["source"],
    )


def _figure(text: str | None) -> Decimal | None:
    return Decimal(text) if text is not None else None
