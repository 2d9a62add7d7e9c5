"""From the policy to its bundle on the wire. The same policy always makes the same bytes, in every process."""

from decimal import Decimal

from acceptance_api.acceptance import AcceptanceValues, Ground, PolicyBundle, Reaches, Rulebook
from acceptance_api.agreements import AgreementValues
from acceptance_api.goods import Edition, Goods
from acceptance_api.http.counter.policy_bundle_wire import (
    ActOut,
    BundledArticleOut,
    BundledCatalogueOut,
    BundledChecklistOut,
    BundledEditionOut,
    BundledGoodsOut,
    BundledGroundOut,
    BundledItemOut,
    BundledSetOut,
    ChecklistEditionOut,
    GoodsClassOut,
    IdentityExemptionOut,
    IdentityRulesOut,
    InspectionRulesOut,
    LocalPolicyOut,
    OutletPolicyOut,
    ReachesOut,
    RulebookOut,
    ScreeningEditionOut,
    ScreeningRulesOut,
    StatutorySetOut,
)
from acceptance_api.identity import DocumentType
from acceptance_api.inspection import Checklist
from acceptance_api.law import Article, Duty, title_of
from acceptance_api.rulesets import Layer, RuleSet
from acceptance_api.screening import ScreeningValues
from acceptance_api.signals import SignalEdition

FORMAT = 1
"""Of the document: raised when a counter that reads the older one would misunderstand it."""
VALID_FOR_S = 3_600


def rulebook_out(rulebook: Rulebook, *, verification_lifetime_s: int, offline_days_max: int) -> RulebookOut:
    """What holds everywhere."""
    acts = dict.fromkeys(article.citation.act for article in rulebook.articles)
    return RulebookOut(
        format=FORMAT,
        valid_for_s=VALID_FOR_S,
        offline_days_max=offline_days_max,
        statutory=[_statutory(one) for one in rulebook.statutory],
        identity=IdentityRulesOut(
            duty=Duty.IDENTITY_CHECK.value,
            documents=[document.value for document in DocumentType],
            verification_lifetime_s=verification_lifetime_s,
            exemptions=[
                IdentityExemptionOut(sender_kind=sender_kind.value, contents_kind=contents_kind.value)
                for sender_kind, contents_kind in rulebook.identity_exemptions
            ],
        ),
        inspection=InspectionRulesOut(
            duty=Duty.INSPECTION.value,
            exempt_contents_kinds=[kind.value for kind in rulebook.inspection_exemptions],
            duty_of_exempt=Duty.INSPECTION_LETTERS.value,
        ),
        screening=ScreeningRulesOut(
            duty=Duty.SCREENING.value, editions=[_screening(one) for one in rulebook.screening]
        ),
        signals=[_edition(one) for one in rulebook.signals],
        agreements=[_edition(one) for one in rulebook.agreements],
        catalogues=[_catalogue(edition) for edition in rulebook.catalogues],
        checklists=_checklists(rulebook.checklists),
        grounds=[_ground(ground) for ground in Ground],
        duties_of_own_acts=[duty.value for duty in rulebook.duties_of_own_acts],
        articles=[_article(article) for article in rulebook.articles],
        acts=[ActOut(act=act, title_zh=title_of(act).zh, title_en=title_of(act).en) for act in acts],
    )


def local_out(bundle: PolicyBundle) -> LocalPolicyOut:
    """What holds at the bundle's outlet."""
    return LocalPolicyOut(
        outlet=OutletPolicyOut(division=bundle.division, reaches=_reaches(bundle.reaches)),
        rule_sets=[_rule_set(one) for one in bundle.sets if one.layer is not Layer.CAMPAIGN],
        campaigns=[_rule_set(one) for one in bundle.sets if one.layer is Layer.CAMPAIGN],
    )


def _rule_set(one: RuleSet) -> BundledSetOut:
    return BundledSetOut(
        layer=one.layer.value,
        kind=one.kind,
        name=one.name,
        edition=one.edition,
        version=one.version,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        content=dict(one.content),
    )


def _statutory(rules: AcceptanceValues) -> StatutorySetOut:
    return StatutorySetOut(
        version=rules.version,
        valid_from=rules.valid_from,
        screened_reaches=sorted(reach.value for reach in rules.screened_reaches),
        screened_transports=sorted(transport.value for transport in rules.screened_transports),
        weight_g_max=rules.weight_g_max,
        side_mm_max=rules.side_mm_max,
        sum_mm_max=rules.sum_mm_max,
        weights={Ground.IDENTITY_UNCONFIRMED.code: rules.identity_unconfirmed.value},
    )


def _screening(values: ScreeningValues) -> ScreeningEditionOut:
    return ScreeningEditionOut(
        version=values.version,
        valid_from=values.valid_from,
        reservations={code.value: weight.value for code, weight in sorted(values.weights.items())},
    )


def _edition(values: SignalEdition | AgreementValues) -> BundledEditionOut:
    return BundledEditionOut(version=values.version, valid_from=values.valid_from)


def _catalogue(edition: Edition) -> BundledCatalogueOut:
    return BundledCatalogueOut(
        version=edition.version,
        valid_from=edition.valid_from,
        classes=[GoodsClassOut(code=one.code, name_zh=one.name_zh, name_en=one.name_en) for one in edition.classes],
        goods=[_goods(goods) for goods in edition.goods],
    )


def _goods(goods: Goods) -> BundledGoodsOut:
    return BundledGoodsOut(
        code=goods.code,
        class_code=goods.class_code,
        name_zh=goods.name_zh,
        name_en=goods.name_en,
        synonyms=list(goods.synonyms),
        verdict=goods.verdict.value,
        unit=goods.unit,
        max_quantity=_figure(goods.max_per_item),
        max_per_sender_per_day=_figure(goods.max_per_sender_per_day),
        limit_per_piece=goods.limit_per_piece,
        required_documents=sorted(document.value for document in goods.required_documents),
        not_by_air=goods.not_by_air,
        only_in=sorted(goods.only_in),
        disposal=goods.disposal.value if goods.disposal else None,
        duty=goods.duty.value,
        verified=goods.verified,
    )


def _figure(figure: Decimal | None) -> str | None:
    return None if figure is None else f"{figure}"


def _checklists(known: tuple[Checklist, ...]) -> list[ChecklistEditionOut]:
    """By edition, the texts of an item once: eleven kinds of contents share most of them."""
    editions = sorted({(one.valid_from, one.version) for one in known})
    return [_checklist_edition([one for one in known if one.version == version]) for _, version in editions]


def _checklist_edition(checklists: list[Checklist]) -> ChecklistEditionOut:
    items = {item.code: item for checklist in checklists for item in checklist.items}
    return ChecklistEditionOut(
        version=checklists[0].version,
        valid_from=checklists[0].valid_from,
        items=[
            BundledItemOut(
                code=item.code,
                text_zh=item.text_zh,
                text_en=item.text_en,
                photo_required=item.photo_required,
                may_be_not_applicable=item.may_be_not_applicable,
                needs_opening=item.needs_opening,
                duty=item.duty.value,
                verified=item.verified,
            )
            for item in items.values()
        ],
        checklists=[
            BundledChecklistOut(
                contents_kind=checklist.contents_kind.value,
                opening=checklist.opening.value,
                photos_min=checklist.photos_min,
                items=[item.code for item in checklist.items],
            )
            for checklist in checklists
        ],
    )


def _ground(ground: Ground) -> BundledGroundOut:
    meaning = ground.value
    return BundledGroundOut(
        code=ground.code,
        weight=meaning.weight.value,
        duty=meaning.duty.value,
        title_zh=meaning.zh,
        title_en=meaning.en,
    )


def _article(article: Article) -> BundledArticleOut:
    return BundledArticleOut(
        duty=article.duty.value,
        act=article.citation.act,
        version=article.citation.version,
        article=article.citation.article,
        valid_from=article.valid_from,
        valid_to=article.valid_to,
        verified=article.verified,
    )


def _reaches(reaches: Reaches) -> ReachesOut:
    return ReachesOut(
        countries={code: reach.value for code, reach in sorted(reaches.countries.items())},
        other_countries=reaches.other_countries.value,
        divisions={prefix: reach.value for prefix, reach in sorted(reaches.divisions.items())},
        other_divisions=reaches.other_divisions.value,
    )
