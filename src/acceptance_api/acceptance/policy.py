"""The decision: every rule is asked, every objection is named, the heaviest decides. Pure."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from acceptance_api.acceptance.facts import Facts, GoodsFact, MarkState
from acceptance_api.acceptance.grounds import Ground, Weight
from acceptance_api.acceptance.model import Decision, Destination, Objection, Outcome, Reach, SenderKind, Transport
from acceptance_api.acceptance.rules import Rules
from acceptance_api.goods import Reason, judge
from acceptance_api.law import Duty, cite

Holding = tuple[Ground, str | None]
"""A ground that holds, and what it is about."""
Rule = Callable[[Facts, Rules], Iterator[Holding]]

_BEYOND_THE_BORDER = frozenset({"HK", "MO", "TW"})


def decide(facts: Facts, rules: Rules) -> Decision:
    """Ask every rule and weigh the objections: any that refuses refuses, else any that holds holds."""
    holding = dict.fromkeys(held for rule in RULES for held in rule(facts, rules))
    objections = tuple(_objection(held, facts, rules) for held in holding)
    versions = rules.versions | ({"checklist": facts.inspection.checklist} if facts.inspection else {})
    return Decision(outcome=_outcome(objections), objections=objections, rules=versions)


def reach_of(origin_division: str, destination: Destination) -> Reach:
    """How far a parcel goes from an outlet's division, by the codes' first digits."""
    if destination.country in _BEYOND_THE_BORDER:
        return Reach.HONG_KONG_MACAU_TAIWAN
    if destination.country != "CN":
        return Reach.INTERNATIONAL
    division = destination.division or ""
    if division[:2] in {"71", "81", "82", "83"}:
        return Reach.HONG_KONG_MACAU_TAIWAN
    if division[:2] != origin_division[:2]:
        return Reach.INTER_PROVINCE
    return Reach.SAME_CITY if _city(division) == _city(origin_division) else Reach.INTRA_PROVINCE


def screening_is_required(facts: Facts, rules: Rules) -> bool:
    """Whether this parcel must be screened: nobody is exempt by statute, coverage follows reach and transport."""
    return facts.reach in rules.statutory.screened_reaches or facts.transport in rules.statutory.screened_transports


def identity_is_required(facts: Facts) -> bool:
    """Whether the sender must be identified for this parcel (快递暂行条例: not for letters and agreement customers)."""
    return not facts.is_letter and facts.sender_kind is not SenderKind.AGREEMENT


def sender_is_verified(facts: Facts, _rules: Rules) -> Iterator[Holding]:
    """The sender showed a document, recently, and is its holder."""
    if not identity_is_required(facts):
        return
    verification = facts.verification
    if verification is None:
        yield Ground.SENDER_NOT_VERIFIED, None
        return
    if not verification.is_fresh:
        yield Ground.VERIFICATION_EXPIRED, None
    if verification.status == "failed" and not verification.failings:
        yield Ground.SENDER_NOT_VERIFIED, None
    for failing in verification.failings:
        yield _OF_FAILING[failing], None
    if verification.status == "unconfirmed":
        yield Ground.IDENTITY_UNCONFIRMED, None
    if not verification.name_agrees:
        yield Ground.NAME_MISMATCH, None


def sender_lets_us_check(facts: Facts, _rules: Rules) -> Iterator[Holding]:
    """The sender refuses neither registration nor opening."""
    if facts.sender_refusal is not None:
        yield _OF_REFUSAL[facts.sender_refusal.value], None


def agreement_covers(facts: Facts, _rules: Rules) -> Iterator[Holding]:
    """A safety-agreement customer has an agreement in force for this outlet and these contents."""
    if facts.sender_kind is SenderKind.AGREEMENT and not facts.agreement_in_force:
        yield Ground.AGREEMENT_NOT_IN_FORCE, None


def contents_were_inspected(facts: Facts, _rules: Rules) -> Iterator[Holding]:
    """The contents were inspected for this waybill, completely, and nothing spoke against them (邮政法 25).

    Letters are inspected only when necessary; whoever inspects one is bound by what was found.
    """
    inspection = facts.inspection
    if inspection is None:
        if not facts.is_letter:
            yield Ground.NOT_INSPECTED, None
        return
    if not inspection.same_waybill:
        yield Ground.INSPECTION_OF_ANOTHER_WAYBILL, None
    if not inspection.same_contents:
        yield Ground.DECLARATION_MISMATCH, None
    for objection in inspection.objections:
        yield _OF_OBJECTION[objection], None
    if inspection.failed or (inspection.status == "failed" and not inspection.objections):
        yield Ground.INSPECTION_FAILED, None
    if inspection.status == "incomplete":
        yield Ground.INSPECTION_INCOMPLETE, None


def parcel_is_marked(facts: Facts, _rules: Rules) -> Iterator[Holding]:
    """A passed inspection left its mark, used for no other acceptance."""
    inspection = facts.inspection
    if inspection is None or facts.is_letter:
        return
    if inspection.mark is MarkState.USED:
        yield Ground.MARK_ALREADY_USED, None
    if inspection.status == "passed" and inspection.mark is MarkState.MISSING:
        yield Ground.MARK_MISSING, None


def goods_may_travel(facts: Facts, rules: Rules) -> Iterator[Holding]:
    """Nothing is prohibited, over its limit in the whole parcel, without its papers, or flown though it may not."""
    for code, lines in _by_code(facts).items():
        judgement = judge(
            rules.catalogue,
            code,
            quantity=_quantity(code, lines, rules),
            documents={document for line in lines for document in line.documents},
            division=facts.origin,
        )
        if judgement is None:
            continue
        if not judgement.satisfied:
            yield _OF_REASON[judgement.reason], code
        if judgement.goods.not_by_air and facts.transport is Transport.AIR:
            yield Ground.GOODS_NOT_BY_AIR, code


def parcel_was_screened(facts: Facts, rules: Rules) -> Iterator[Holding]:
    """Where screening is required there was a pass; the last word of the passes is clear, and none found contraband."""
    if screening_is_required(facts, rules) and not facts.screenings:
        yield Ground.NOT_SCREENED, None
    if "prohibited" in facts.screenings:
        yield Ground.SCREENING_PROHIBITED, None
    elif facts.screenings and facts.screenings[-1] == "suspect":
        yield Ground.SCREENING_SUSPECT, None


def parcel_is_within_limits(facts: Facts, rules: Rules) -> Iterator[Holding]:
    """At most 50 kg, 150 cm a side and 300 cm in all (邮政法 84)."""
    limits, sides = rules.statutory, facts.sides_mm or (0, 0, 0)
    too_heavy = (facts.weight_g or 0) > limits.weight_g_max
    if too_heavy or max(sides) > limits.side_mm_max or sum(sides) > limits.sum_mm_max:
        yield Ground.TOO_LARGE_OR_HEAVY, None


RULES: tuple[Rule, ...] = (
    sender_lets_us_check,
    sender_is_verified,
    agreement_covers,
    contents_were_inspected,
    parcel_is_marked,
    goods_may_travel,
    parcel_was_screened,
    parcel_is_within_limits,
)

_OF_FAILING = {
    "person_mismatch": Ground.PERSON_MISMATCH,
    "document_expired": Ground.DOCUMENT_EXPIRED,
    "authority_mismatch": Ground.IDENTITY_MISMATCH,
}
_OF_REFUSAL = {"registration": Ground.REGISTRATION_REFUSED, "opening": Ground.OPENING_REFUSED}
_OF_OBJECTION = {
    "opening_refused": Ground.OPENING_REFUSED,
    "not_opened": Ground.NOT_OPENED,
    "declaration_mismatch": Ground.DECLARATION_MISMATCH,
    "unidentifiable_substance": Ground.UNIDENTIFIABLE_SUBSTANCE,
}
_OF_REASON = {
    Reason.PROHIBITED: Ground.PROHIBITED_GOODS,
    Reason.OVER_LIMIT: Ground.RESTRICTED_OVER_LIMIT,
    Reason.DOCUMENTS_MISSING: Ground.CONDITION_UNMET,
}


_OF_ACTS_OF_THEIR_OWN = frozenset({Duty.TOBACCO, Duty.WILDLIFE})


def _by_code(facts: Facts) -> dict[str, list[GoodsFact]]:
    lines: dict[str, list[GoodsFact]] = {}
    for goods in facts.goods:
        lines.setdefault(goods.code, []).append(goods)
    return lines


def _quantity(code: str, lines: list[GoodsFact], rules: Rules) -> Decimal:
    """What a limit is held against: the whole parcel's quantity, or the largest piece where it is meant by piece."""
    goods = rules.catalogue.find(code)
    amounts = [line.amount for line in lines]
    return max(amounts) if goods is not None and goods.limit_per_piece else sum(amounts, start=Decimal(0))


def _objection(held: Holding, facts: Facts, rules: Rules) -> Objection:
    ground, about = held
    weight = ground.value.weight
    if ground is Ground.IDENTITY_UNCONFIRMED:
        weight = rules.statutory.identity_unconfirmed
    citation = cite(_duty(ground, about, rules), on=facts.on)
    return Objection(ground=ground, weight=weight, about=about, citation=citation)


def _duty(ground: Ground, about: str | None, rules: Rules) -> Duty:
    """What the ground stands on; of goods that an act of their own restricts (tobacco, wildlife), that act."""
    goods = rules.catalogue.find(about) if about else None
    return goods.duty if goods is not None and goods.duty in _OF_ACTS_OF_THEIR_OWN else ground.value.duty


def _outcome(objections: tuple[Objection, ...]) -> Outcome:
    weights = {objection.weight for objection in objections}
    if Weight.REFUSE in weights:
        return Outcome.REFUSED
    return Outcome.HELD if Weight.HOLD in weights else Outcome.ACCEPTED


def _city(division: str) -> str:
    # Municipalities directly under the central government have no city level: 110101 and 110228 are one city.
    return division[:2] if division[:2] in {"11", "12", "31", "50"} else division[:4]
