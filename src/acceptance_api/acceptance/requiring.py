"""What a parcel will need, told before the clerk starts. Nothing is written."""

from dataclasses import dataclass, replace
from datetime import datetime

from acceptance_api.acceptance.contents import goods_facts
from acceptance_api.acceptance.facts import Facts
from acceptance_api.acceptance.model import Destination, Item, Reach, SenderKind, Transport
from acceptance_api.acceptance.policy import identity_is_required, measures_of, reach_of, screening_is_required
from acceptance_api.acceptance.rules import Rules
from acceptance_api.acceptance.standing_outlets import outlet_of
from acceptance_api.access import Caller, Permission, require
from acceptance_api.campaigns import Measures
from acceptance_api.goods import Judgement, Place, Reason, judge
from acceptance_api.inspection import Checklist, ContentsKind, checklist_for
from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.database import Tx
from acceptance_api.law import Citation, Duty, cite


@dataclass(frozen=True, slots=True, kw_only=True)
class AskRequirements:
    """A parcel before anything was done with it."""

    sender_kind: SenderKind
    contents_kind: ContentsKind
    destination: Destination
    transport: Transport
    contents: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """What the parcel will need, each with the article that asks for it."""

    reach: Reach
    identity_required: bool
    identity_citation: Citation
    checklist: Checklist
    inspection_required: bool
    inspection_citation: Citation
    screening_required: bool
    screening_citation: Citation
    addressee_identity_required: bool
    """Whether a campaign asks for the addressee's identity too."""
    judgements: tuple[tuple[int, Judgement, str | None], ...]
    """What the catalogue says of each line of the contents it knows: the line's number, and which layer says so."""
    rules: dict[str, str]


async def state_requirements(
    rules: Rules, tx: Tx, caller: Caller, request: AskRequirements, *, at: datetime
) -> Requirements:
    """Everything the counter must do for this parcel under the rules in force at its outlet now.

    Raises:
        Problem: NOT_PERMITTED, or INVALID for an unknown goods code.
    """
    require(caller, Permission.COUNTER_REQUIREMENT_READ)
    outlet, on = await outlet_of(tx, caller), legal_day(at)
    facts = Facts(
        on=on,
        origin=outlet.division,
        sender_kind=request.sender_kind,
        contents_kind=request.contents_kind.value,
        transport=request.transport,
        reach=reach_of(outlet.division, request.destination),
        goods=goods_facts(request.contents, rules),
        destination=request.destination,
    )
    asked = measures_of(facts, rules)
    checklist = checklist_for(request.contents_kind, on=on)
    inspection_duty = Duty.INSPECTION_LETTERS if facts.is_letter else Duty.INSPECTION
    return Requirements(
        reach=facts.reach,
        identity_required=identity_is_required(facts)
        or bool(asked.identity_even_if_agreement_by and not facts.is_letter),
        identity_citation=cite(Duty.IDENTITY_CHECK, on=on),
        checklist=checklist,
        inspection_required=not facts.is_letter,
        inspection_citation=cite(inspection_duty, on=on),
        screening_required=screening_is_required(facts, rules)
        or bool(asked.screening_required_by or asked.mark_per_parcel_by),
        screening_citation=cite(Duty.SCREENING, on=on),
        judgements=_judgements(request.contents, facts, rules, asked),
        addressee_identity_required=bool(asked.addressee_identity_by),
        rules={**rules.versions, "checklist": checklist.version, **rules.asking(asked)},
    )


def _judgements(
    contents: tuple[Item, ...], facts: Facts, rules: Rules, asked: Measures
) -> tuple[tuple[int, Judgement, str | None], ...]:
    found = []
    for i, item in enumerate(contents):
        for goods in goods_facts((item,), rules):
            judgement = judge(
                rules.catalogue,
                goods.code,
                quantity=goods.amount,
                documents=frozenset(goods.documents),
                division=facts.origin,
                transport=facts.transport.value,
                destination=Place(facts.destination.country, facts.destination.division) if facts.destination else None,
            )
            if judgement is not None:
                found.append((i, *_under_campaigns(judgement, asked)))
    return tuple(found)


def _under_campaigns(judgement: Judgement, asked: Measures) -> tuple[Judgement, str | None]:
    """The judgement, and which layer says so: a campaign that forbids the goods comes before everything else."""
    goods = judgement.goods
    for binding in asked.item_bans:
        if binding.ban.on_acceptance and binding.ban.names(goods.code, goods.class_code):
            return replace(judgement, satisfied=False, reason=Reason.PROHIBITED), binding.version
    return judgement, judgement.obstacles[0].layer if judgement.obstacles else None
