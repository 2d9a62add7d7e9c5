"""What a parcel will need, told before the clerk starts. Nothing is written."""

from dataclasses import dataclass
from datetime import datetime

from acceptance_api.acceptance.facts import Facts
from acceptance_api.acceptance.gathering import goods_facts, outlet_of
from acceptance_api.acceptance.model import Destination, Item, Reach, SenderKind, Transport
from acceptance_api.acceptance.policy import identity_is_required, reach_of, screening_is_required
from acceptance_api.acceptance.rules import Rules, rules_on
from acceptance_api.access import Caller, Permission, require
from acceptance_api.goods import Judgement, judge
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
    judgements: tuple[tuple[int, Judgement], ...]
    """What the catalogue says of each line of the contents it knows, with the line's number."""
    rules: dict[str, str]


async def state_requirements(tx: Tx, caller: Caller, request: AskRequirements, *, at: datetime) -> Requirements:
    """Everything the counter must do for this parcel under the rules in force at its outlet now.

    Raises:
        Problem: NOT_PERMITTED, or INVALID for an unknown goods code.
    """
    require(caller, Permission.COUNTER_REQUIREMENT_READ)
    outlet, on = await outlet_of(tx, caller), legal_day(at)
    rules = rules_on(on)
    facts = Facts(
        on=on,
        origin=outlet.division,
        sender_kind=request.sender_kind,
        contents_kind=request.contents_kind.value,
        transport=request.transport,
        reach=reach_of(outlet.division, request.destination),
        goods=goods_facts(request.contents, rules),
    )
    checklist = checklist_for(request.contents_kind, on=on)
    inspection_duty = Duty.INSPECTION_LETTERS if facts.is_letter else Duty.INSPECTION
    return Requirements(
        reach=facts.reach,
        identity_required=identity_is_required(facts),
        identity_citation=cite(Duty.IDENTITY_CHECK, on=on),
        checklist=checklist,
        inspection_required=not facts.is_letter,
        inspection_citation=cite(inspection_duty, on=on),
        screening_required=screening_is_required(facts, rules),
        screening_citation=cite(Duty.SCREENING, on=on),
        judgements=_judgements(request.contents, facts, rules),
        rules=rules.versions | {"checklist": checklist.version},
    )


def _judgements(contents: tuple[Item, ...], facts: Facts, rules: Rules) -> tuple[tuple[int, Judgement], ...]:
    found = []
    for i, item in enumerate(contents):
        for goods in goods_facts((item,), rules):
            judgement = judge(
                rules.catalogue,
                goods.code,
                quantity=goods.amount,
                documents=frozenset(goods.documents),
                division=facts.origin,
            )
            if judgement is not None:
                found.append((i, judgement))
    return tuple(found)
