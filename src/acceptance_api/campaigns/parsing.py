"""Reading a campaign from its document: everything that is wrong is told at once."""

from collections.abc import Mapping
from typing import Any

from acceptance_api.campaigns.faults import Faults
from acceptance_api.campaigns.forms import CampaignForm, IssuingDocumentForm, NewGoodsForm, StatedForm
from acceptance_api.campaigns.model import Campaign, IssuingDocument, NewGoods, Period, Stated
from acceptance_api.campaigns.places import read_rings, read_scope
from acceptance_api.campaigns.reading_overlays import read_overlays


def parse_campaign(content: Mapping[str, Any]) -> Campaign:
    """The campaign that a document describes.

    Raises:
        Problem: INVALID, with a JSON pointer into the document for everything that is wrong.
    """
    faults = Faults()
    form = faults.read(CampaignForm, content, at="")
    raw = _mapped(content)
    # What the form does not look into is read even when the form is wrong: all is told at once.
    rings = read_rings(_mapped(raw.get("rings")), faults)
    scope = read_scope(_mapped(raw.get("applies_to")), rings, faults, at="/applies_to")
    overlays = read_overlays(raw.get("overlays"), rings, faults)
    if form is None:
        raise faults.problem()
    faults.distinct([(one.title, one.number) for one in form.issuing_documents], at="/issuing_documents")
    faults.distinct([one.code for one in form.goods], at="/goods")
    for i, goods in enumerate(form.goods):
        if not goods.code.startswith(f"{goods.class_code}-"):
            faults.add(f"/goods/{i}/code", "not_of_class")
    faults.settle()
    return Campaign(
        name_zh=form.name_zh,
        name_en=form.name_en,
        period=Period(starts=_stated(form.period.starts), ends=_stated(form.period.ends)),
        issuing_documents=tuple(map(_issuing_document, form.issuing_documents)),
        rings=rings,
        applies_to=scope,
        goods=tuple(map(_new_goods, form.goods)),
        overlays=overlays,
    )


def _mapped(raw: object) -> Mapping[str, Any]:
    return raw if isinstance(raw, Mapping) else {}


def _stated(form: StatedForm) -> Stated:
    return Stated(source=form.source, verified=form.verified)


def _issuing_document(form: IssuingDocumentForm) -> IssuingDocument:
    return IssuingDocument(
        title=form.title,
        issuer=form.issuer,
        number=form.number,
        dated_on=form.dated_on,
        source=form.source,
        verified=form.verified,
    )


def _new_goods(form: NewGoodsForm) -> NewGoods:
    return NewGoods(
        code=form.code,
        class_code=form.class_code,
        name_zh=form.name_zh,
        name_en=form.name_en,
        synonyms=form.synonyms,
        source=form.source,
        verified=form.verified,
    )
