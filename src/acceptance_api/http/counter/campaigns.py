"""Which campaigns an outlet has to do with, for its manager."""

from datetime import date, datetime
from typing import Final

from fastapi import APIRouter

from acceptance_api.access import Permission, require
from acceptance_api.campaigns import (
    AHEAD,
    OUTLET_OBLIGATIONS,
    Bounds,
    Campaign,
    IssuingDocument,
    ItemBan,
    NewGoods,
    Overlay,
    Prospect,
    find_prospects,
    worded,
)
from acceptance_api.goods import Edition, Goods, GoodsClass, edition_on
from acceptance_api.http.callers import CounterCaller
from acceptance_api.http.languages import Language
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.problems import documented
from acceptance_api.http.standard import CLERK, READING
from acceptance_api.http.wire import Out
from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.sites import find_division

router = APIRouter(tags=["campaigns"])

_CODE_LENGTH: Final = 6


class PlaceOut(Out):
    """A division, by a prefix of GB/T 2260 codes, or a country."""

    code: str
    name: str | None


class ConditionsOut(Out):
    """Which parcels are meant: every list that is not empty must be met by one of its entries."""

    origin: list[PlaceOut]
    destination: list[PlaceOut]
    transit: list[PlaceOut]
    transport: list[str]
    inbound: bool


class NamedGoodsOut(Out):
    """Goods or a class of goods."""

    code: str
    name: str | None


class MeasureOut(Out):
    """What is asked. Its conditions narrow those of the campaign; null narrows nothing."""

    kind: str
    text: str
    applies_to: ConditionsOut | None
    goods: list[NamedGoodsOut]
    verified: bool
    source: str


class IssuingDocumentOut(Out):
    """The notice that ordered the campaign."""

    title: str
    issuer: str
    number: str | None
    dated_on: date | None
    verified: bool


class CampaignOut(Out):
    """A campaign: `state` is `in_force` or `upcoming`; without `ends_at` it lasts until a later edition ends it."""

    version: str
    name: str
    state: str
    starts_at: datetime
    ends_at: datetime | None
    issuing_documents: list[IssuingDocumentOut]
    applies_to: ConditionsOut
    measures: list[MeasureOut]
    obligations: list[MeasureOut]


class CampaignsOut(Out):
    """What concerns the outlet from `at` to `until`, by beginning."""

    at: datetime
    until: datetime
    data: list[CampaignOut]


@router.get("/campaigns", responses=documented(*CLERK, *READING))
async def read_outlet_campaigns(caller: CounterCaller, office: OfficeDep, language: Language) -> CampaignsOut:
    """What campaigns ask of this outlet today and in the next 14 days: measures for parcels, obligations of its own."""
    require(caller, Permission.COUNTER_REQUIREMENT_READ)
    at = office.clock.now()
    outlet = await office.roster.outlet(caller.outlet_id, at=at)
    if outlet is None:
        raise Problem(Kind.NOT_FOUND)
    sets = await office.shelf.of(caller.enterprise_id, at=at)
    prospects = find_prospects(sets, division=outlet.division, at=at)
    catalogue = edition_on(legal_day(at))
    return CampaignsOut(at=at, until=at + AHEAD, data=[_campaign(one, catalogue, language) for one in prospects])


def _campaign(prospect: Prospect, catalogue: Edition, language: str) -> CampaignOut:
    campaign, rule_set = prospect.campaign, prospect.rule_set
    asked = [
        (overlay.kind in OUTLET_OBLIGATIONS, _measure(overlay, bounds, campaign, catalogue, language))
        for bounds, overlay in prospect.overlays
    ]
    return CampaignOut(
        version=rule_set.version,
        name=campaign.name_en if language == "en" else campaign.name_zh,
        state="in_force" if prospect.is_in_force else "upcoming",
        starts_at=rule_set.starts_at,
        ends_at=rule_set.ends_at,
        issuing_documents=[_issuing_document(one) for one in campaign.issuing_documents],
        applies_to=_conditions(campaign.bounds),
        measures=[measure for is_obligation, measure in asked if not is_obligation],
        obligations=[measure for is_obligation, measure in asked if is_obligation],
    )


def _measure(
    overlay: Overlay, bounds: Bounds | None, campaign: Campaign, catalogue: Edition, language: str
) -> MeasureOut:
    text = worded(overlay)
    codes = sorted(overlay.goods) if isinstance(overlay, ItemBan) else []
    return MeasureOut(
        kind=overlay.kind.value,
        text=text.en if language == "en" else text.zh,
        applies_to=_conditions(bounds) if bounds else None,
        goods=[NamedGoodsOut(code=code, name=_name_of(code, campaign, catalogue, language)) for code in codes],
        verified=overlay.verified,
        source=overlay.source,
    )


def _name_of(code: str, campaign: Campaign, catalogue: Edition, language: str) -> str | None:
    """The name of goods or of a class: the campaign's own, else the catalogue's, else nobody's."""
    named: tuple[NewGoods | Goods | GoodsClass, ...] = (*campaign.goods, *catalogue.goods, *catalogue.classes)
    for one in named:
        if one.code == code:
            return one.name_en if language == "en" else one.name_zh
    return None


def _issuing_document(one: IssuingDocument) -> IssuingDocumentOut:
    return IssuingDocumentOut(
        title=one.title, issuer=one.issuer, number=one.number, dated_on=one.dated_on, verified=one.verified
    )


def _conditions(bounds: Bounds) -> ConditionsOut:
    return ConditionsOut(
        origin=[_place(code) for code in bounds.origin],
        destination=[_place(code) for code in bounds.destination],
        transit=[_place(code) for code in bounds.transit],
        transport=sorted(bounds.transports),
        inbound=bounds.inbound,
    )


def _place(code: str) -> PlaceOut:
    division = find_division(code.ljust(_CODE_LENGTH, "0"))
    return PlaceOut(code=code, name=division.full_name if division else None)
