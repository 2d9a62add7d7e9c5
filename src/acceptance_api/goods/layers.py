"""Goods layers as documents: what a brand or a campaign adds to the catalogue, in JSON."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from acceptance_api.goods.editions import editions
from acceptance_api.goods.layering import EVERYTHING
from acceptance_api.goods.model import Disposal, Goods, GoodsLayer, GoodsRule, Verdict
from acceptance_api.goods.model import Document as Paper
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.kernel.typed_documents import Document, read_document
from acceptance_api.law import Citation, Duty

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_FIGURE: Final = re.compile(r"[0-9]{1,7}(\.[0-9]{1,3})?\Z")


def _told(value: str) -> str:
    if _CONTROL.search(value) or not value.strip():
        raise ValueError("text")
    return value


def _figure(value: object) -> object:
    if isinstance(value, bool) or (isinstance(value, str) and not _FIGURE.match(value)):
        raise ValueError("figure")
    return value


def _prefix(code: str) -> str:
    """A code of GB/T 2260 that ends in zeros stands for all that begins with what is before them."""
    while len(code) > 2 and code.endswith("00"):  # noqa: PLR2004 - a province has two digits
        code = code[:-2]
    return code


_Line = Annotated[str, StringConstraints(min_length=1, max_length=120), AfterValidator(_told)]
_Code = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{0,7}(-[A-Z0-9]{1,8}){1,3}$")]
_Class = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{0,7}$")]
_About = Annotated[str, StringConstraints(pattern=r"^(\*|[A-Z][A-Z0-9]{0,7}(-[A-Z0-9]{1,8}){0,3})$")]
_Division = Annotated[str, StringConstraints(pattern=r"^([0-9]{2}){1,3}$"), AfterValidator(_prefix)]
_Place = Annotated[str, StringConstraints(pattern=r"^(([0-9]{2}){1,3}|[A-Z]{2})$"), AfterValidator(_prefix)]
_Unit = Annotated[str, StringConstraints(min_length=1, max_length=20), AfterValidator(_told)]
_Figure = Annotated[
    Decimal, BeforeValidator(_figure), Field(gt=0, le=Decimal(1_000_000), decimal_places=3, allow_inf_nan=False)
]
_Transport = Literal["ground", "air", "high_speed_rail"]


class _Cites(Document):
    act: _Line
    version: _Line
    article: _Line


class _Components(Document):
    source: Annotated[str, StringConstraints(min_length=1, max_length=400), AfterValidator(_told)]
    verified: bool
    max_per_item: _Figure | None = None
    max_per_sender_per_day: _Figure | None = None
    required_documents: frozenset[Paper] = frozenset()
    not_by: frozenset[_Transport] = frozenset()
    not_to: frozenset[_Place] = frozenset()
    only_in: frozenset[_Division] = frozenset()

    @property
    def has_figure(self) -> bool:
        return self.max_per_item is not None or self.max_per_sender_per_day is not None


class _GoodsRow(_Components):
    code: _Code
    class_code: _Class
    name_zh: _Line
    name_en: _Line
    synonyms: tuple[_Line, ...] = Field((), max_length=50)
    verdict: Verdict
    unit: _Unit = "piece"
    limit_per_piece: bool = False
    not_by_air: bool = False
    disposal: Disposal | None = None
    duty: Duty = Duty.GOODS_RULES


class _RuleRow(_Components):
    about: _About
    verdict: Literal[Verdict.BAN, Verdict.LIMIT, Verdict.CONDITION] | None = None
    unit: _Unit | None = None
    cites: _Cites | None = None


class _Content(Document):
    note: Annotated[str, StringConstraints(max_length=2_000)] | None = None
    goods: tuple[_GoodsRow, ...] = Field((), max_length=1_000)
    rules: tuple[_RuleRow, ...] = Field((), max_length=2_000)


def parse_layer(content: Mapping[str, Any]) -> GoodsLayer:
    """The layer that a document describes; whether the catalogue knows what it is about is not asked.

    A code of GB/T 2260 that ends in zeros is the prefix before them: `110000` is all of Beijing.

    Raises:
        Problem: INVALID, with every fault.
    """
    return _read(content)[1]


def parse_new_layer(content: Mapping[str, Any]) -> GoodsLayer:
    """The same for a document that somebody proposes: a rule about nothing that is known would protect nobody.

    Raises:
        Problem: INVALID, with every fault.
    """
    document, layer = _read(content)
    if faults := tuple(_unknown(document)):
        raise Problem(Kind.INVALID, *faults)
    return layer


def _read(content: Mapping[str, Any]) -> tuple[_Content, GoodsLayer]:
    document = read_document(_Content, content)
    if faults := (*_faults_of_goods(document), *_faults_of_rules(document)):
        raise Problem(Kind.INVALID, *faults)
    own = tuple(rule for row in document.goods for rule in _rules_of(row))
    layer = GoodsLayer(goods=tuple(map(_goods, document.goods)), rules=(*own, *map(_rule, document.rules)))
    return document, layer


def _faults_of_goods(document: _Content) -> Iterator[Fault]:
    seen = set[str]()
    for i, row in enumerate(document.goods):
        if not row.code.startswith(f"{row.class_code}-"):
            yield Fault(f"/goods/{i}/code", "not_of_its_class")
        if row.code in seen:
            yield Fault(f"/goods/{i}/code", "twice")
        seen.add(row.code)
        yield from _faults_of_verdict(f"/goods/{i}", row.verdict, row)


def _faults_of_rules(document: _Content) -> Iterator[Fault]:
    for i, row in enumerate(document.rules):
        yield from _faults_of_verdict(f"/rules/{i}", row.verdict, row)
        if row.unit is not None and not row.has_figure:
            yield Fault(f"/rules/{i}/unit", "without_a_figure")
        if not (row.verdict or row.has_figure or row.required_documents or row.not_by or row.not_to):
            yield Fault(f"/rules/{i}", "asks_for_nothing")


def _faults_of_verdict(place: str, verdict: Verdict | None, row: _Components) -> Iterator[Fault]:
    """A limit without a figure and a condition without a document ask for nothing, whatever they are called."""
    if verdict is Verdict.LIMIT and not row.has_figure:
        yield Fault(f"{place}/verdict", "without_a_figure")
    if verdict is Verdict.CONDITION and not row.required_documents:
        yield Fault(f"{place}/verdict", "without_documents")


def _unknown(document: _Content) -> Iterator[Fault]:
    """What the catalogue's editions do not know, or know otherwise."""
    units = {one.code: one.unit for edition in editions() for one in edition.goods}
    classes = {one.code for edition in editions() for one in edition.classes}
    for i, row in enumerate(document.goods):
        if row.code in units:
            yield Fault(f"/goods/{i}/code", "already_in_the_catalogue")
    units |= {row.code: row.unit for row in document.goods}
    classes |= {row.class_code for row in document.goods} | {EVERYTHING}
    for i, rule in enumerate(document.rules):
        if rule.about not in units and rule.about not in classes:
            yield Fault(f"/rules/{i}/about", "not_in_the_catalogue")
        elif rule.about in classes and rule.has_figure and rule.unit is None:
            yield Fault(f"/rules/{i}/unit", "required")
        elif rule.unit is not None and units.get(rule.about, rule.unit) != rule.unit:
            yield Fault(f"/rules/{i}/unit", "not_that_of_the_goods")
    if not document.goods and not document.rules:
        yield Fault("", "asks_for_nothing")


def _goods(row: _GoodsRow) -> Goods:
    return Goods(
        code=row.code,
        class_code=row.class_code,
        name_zh=row.name_zh,
        name_en=row.name_en,
        synonyms=row.synonyms,
        verdict=row.verdict,
        unit=row.unit,
        max_per_item=row.max_per_item,
        max_per_sender_per_day=row.max_per_sender_per_day,
        required_documents=row.required_documents,
        only_in=row.only_in,
        limit_per_piece=row.limit_per_piece,
        not_by_air=row.not_by_air,
        disposal=row.disposal,
        duty=row.duty,
        verified=row.verified,
        source=row.source,
    )


def _rules_of(row: _GoodsRow) -> Iterator[GoodsRule]:
    """What a row of goods says that the goods themselves have no place for."""
    if row.not_by or row.not_to:
        yield GoodsRule(
            about=row.code,
            not_by=frozenset[str](row.not_by),
            not_to=row.not_to,
            only_in=row.only_in,
            source=row.source,
            verified=row.verified,
        )


def _rule(row: _RuleRow) -> GoodsRule:
    cites = row.cites
    return GoodsRule(
        about=row.about,
        verdict=row.verdict,
        max_per_item=row.max_per_item,
        max_per_sender_per_day=row.max_per_sender_per_day,
        unit=row.unit,
        required_documents=row.required_documents,
        not_by=frozenset[str](row.not_by),
        not_to=row.not_to,
        only_in=row.only_in,
        cites=Citation(act=cites.act, version=cites.version, article=cites.article) if cites else None,
        source=row.source,
        verified=row.verified,
    )
