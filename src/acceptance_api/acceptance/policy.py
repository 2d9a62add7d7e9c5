"""The decision: every rule is asked, every objection is named, the heaviest decides. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from acceptance_api.acceptance.facts import SEEN_NOTHING, Facts, GoodsFact, MarkState, VerificationFact
from acceptance_api.acceptance.grounds import Ground, Weight
from acceptance_api.acceptance.model import Decision, Destination, Objection, Outcome, Reach, SenderKind, Transport
from acceptance_api.acceptance.rules import Rules
from acceptance_api.campaigns import NOTHING, Measures, Passage
from acceptance_api.goods import Place, Reason, judge
from acceptance_api.law import Citation, Duty, cite, is_imposed
from acceptance_api.screening import PassReservation, ReservationWeight
from acceptance_api.signals import Noticed, Response, judge_signals


class Held(NamedTuple):
    """A ground that holds, what it is about, and the rule set beyond the law that asks for it, with what that cites."""

    ground: Ground
    about: str | None = None
    by: str | None = None
    cites: Citation | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What binds this parcel: the rules in force, and what the campaigns ask of its way."""

    rules: Rules
    measures: Measures


Rule = Callable[[Facts, Asked], Iterator[Held]]

_BEYOND_THE_BORDER = frozenset({"HK", "MO", "TW"})


def decide(facts: Facts, rules: Rules) -> Decision:
    """Ask every rule and weigh the objections: any that refuses refuses, else any that holds holds."""
    asked = Asked(rules, measures_of(facts, rules))
    noticed = judge_signals(facts.seen, rules.signals) if facts.seen is not SEEN_NOTHING else ()
    holding = dict.fromkeys(held for rule in RULES for held in rule(facts, asked))
    holding |= dict.fromkeys(_signalled(facts, noticed))
    objections = tuple(_objection(held, facts, rules) for held in holding)
    return Decision(
        outcome=_outcome(objections),
        objections=objections,
        rules=_versions(facts, asked),
        noticed=noticed,
    )


def measures_of(facts: Facts, rules: Rules) -> Measures:
    """What the campaigns in force at the outlet ask of this parcel."""
    if not rules.campaigns or facts.destination is None:
        return NOTHING
    passage = passage_of(facts.origin, facts.destination, facts.transport, facts.transit)
    return rules.measures(passage, at_division=facts.origin)


def passage_of(origin: str, destination: Destination, transport: Transport, transit: tuple[str, ...] = ()) -> Passage:
    """A parcel's way, in the words of campaigns."""
    return Passage(
        origin=origin,
        destination_country=destination.country,
        destination_division=destination.division,
        transport=transport.value,
        transit=transit,
    )


def _versions(facts: Facts, asked: Asked) -> dict[str, str]:
    """Every set that was asked; of the campaigns those that ask something of this parcel."""
    versions = dict(asked.rules.versions)
    if facts.inspection:
        versions["checklist"] = facts.inspection.checklist
    if asked.measures is not NOTHING:
        versions |= asked.rules.asking(asked.measures)
    return versions


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
    return facts.reach in rules.values.screened_reaches or facts.transport in rules.values.screened_transports


def identity_is_required(facts: Facts) -> bool:
    """Whether the law asks for the sender's identity (快递暂行条例: not for letters and agreement customers)."""
    return not facts.is_letter and facts.sender_kind is not SenderKind.AGREEMENT


def sender_is_verified(facts: Facts, asked: Asked) -> Iterator[Held]:
    """The sender showed a document, recently, and is its holder.

    A campaign may ask it of agreement customers too; letters stay exempt.
    """
    by: tuple[str | None, ...] = (None,)
    if not identity_is_required(facts):
        by = () if facts.is_letter else asked.measures.identity_even_if_agreement_by
    for one in by:
        for ground in _of_verification(facts.verification):
            yield Held(ground, by=one)


def _of_verification(verification: VerificationFact | None) -> Iterator[Ground]:
    if verification is None:
        yield Ground.SENDER_NOT_VERIFIED
        return
    if not verification.is_fresh:
        yield Ground.VERIFICATION_EXPIRED
    if verification.status == "failed" and not verification.failings:
        yield Ground.SENDER_NOT_VERIFIED
    for failing in verification.failings:
        yield _OF_FAILING[failing]
    if verification.status == "unconfirmed":
        yield Ground.IDENTITY_UNCONFIRMED
    if not verification.name_agrees:
        yield Ground.NAME_MISMATCH


def addressee_is_verified(facts: Facts, asked: Asked) -> Iterator[Held]:
    """Where a campaign asks for the addressee's identity, it was verified, and is the addressee's."""
    addressee = facts.addressee
    if addressee is not None and addressee.status != "failed" and addressee.is_fresh and addressee.name_agrees:
        return
    for by in asked.measures.addressee_identity_by:
        yield Held(Ground.ADDRESSEE_NOT_VERIFIED, by=by)


def sender_lets_us_check(facts: Facts, _asked: Asked) -> Iterator[Held]:
    """The sender refuses neither registration nor opening."""
    if facts.sender_refusal is not None:
        yield Held(_OF_REFUSAL[facts.sender_refusal.value])


def agreement_covers(facts: Facts, _asked: Asked) -> Iterator[Held]:
    """A safety-agreement customer has an agreement in force for this outlet and these contents.

    A parcel that the service chose as a sample is opened like any other.
    """
    if facts.sender_kind is not SenderKind.AGREEMENT:
        return
    if not facts.agreement_in_force:
        yield Held(Ground.AGREEMENT_NOT_IN_FORCE)
    if facts.sampled and not (facts.inspection is not None and facts.inspection.opened):
        yield Held(Ground.AGREEMENT_SAMPLE_NOT_OPENED)


def contents_were_inspected(facts: Facts, _asked: Asked) -> Iterator[Held]:
    """The contents were inspected for this waybill, completely, and nothing spoke against them (邮政法 25).

    Letters are inspected only when necessary; whoever inspects one is bound by what was found.
    """
    inspection = facts.inspection
    if inspection is None:
        if not facts.is_letter:
            yield Held(Ground.NOT_INSPECTED)
        return
    # Whoever stays closed for another reason than an agreement has been objected to by the inspection already.
    if not (inspection.opened or inspection.objections or facts.is_letter or facts.agreement_in_force):
        yield Held(Ground.NOT_OPENED)
    if not inspection.same_waybill:
        yield Held(Ground.INSPECTION_OF_ANOTHER_WAYBILL)
    if not inspection.same_contents:
        yield Held(Ground.DECLARATION_MISMATCH)
    for objection in inspection.objections:
        yield Held(_OF_OBJECTION[objection])
    if inspection.failed or (inspection.status == "failed" and not inspection.objections):
        yield Held(Ground.INSPECTION_FAILED)
    if inspection.status == "incomplete":
        yield Held(Ground.INSPECTION_INCOMPLETE)


def parcel_is_marked(facts: Facts, _asked: Asked) -> Iterator[Held]:
    """A passed inspection left its mark, used for no other acceptance."""
    inspection = facts.inspection
    if inspection is None or facts.is_letter:
        return
    if inspection.mark is MarkState.USED:
        yield Held(Ground.MARK_ALREADY_USED)
    if inspection.status == "passed" and inspection.mark is MarkState.MISSING:
        yield Held(Ground.MARK_MISSING)


def substances_are_known(facts: Facts, asked: Asked) -> Iterator[Held]:
    """Where a campaign forbids it, no powder, liquid or gas that could not be recognised, whatever proof is shown."""
    if facts.unidentified:
        for by in asked.measures.unknown_substances_refused_by:
            yield Held(Ground.UNIDENTIFIABLE_SUBSTANCE, by=by)


def goods_may_travel(facts: Facts, asked: Asked) -> Iterator[Held]:
    """Nothing is prohibited, over its limits, without its papers, or sent how or where it may not go."""
    for code, lines in _by_code(facts).items():
        yield from _of_goods(code, lines, facts, asked)


def _of_goods(code: str, lines: list[GoodsFact], facts: Facts, asked: Asked) -> Iterator[Held]:
    amounts, destination = [line.amount for line in lines], facts.destination
    in_all = sum(amounts, start=Decimal(0))
    goods = asked.rules.catalogue.find(code)
    if goods is None:
        return
    judgement = judge(
        asked.rules.catalogue,
        code,
        quantity=max(amounts) if goods.limit_per_piece else in_all,
        in_all=in_all,
        documents={document for line in lines for document in line.documents},
        division=facts.origin,
        transport=facts.transport.value,
        destination=Place(destination.country, destination.division) if destination else None,
        sent_today=Decimal(facts.sent_today.get(code, 0)),
    )
    for obstacle in judgement.obstacles if judgement else ():
        yield Held(_of_obstacle(obstacle.reason, facts), code, obstacle.layer, obstacle.cites)
    for binding in asked.measures.item_bans:
        if binding.ban.on_acceptance and binding.ban.names(code, goods.class_code):
            yield Held(Ground.GOODS_FORBIDDEN_BY_CAMPAIGN, code, binding.version, binding.ban.cites)


def _of_obstacle(reason: Reason, facts: Facts) -> Ground:
    if reason is Reason.NOT_BY_TRANSPORT and facts.transport is Transport.AIR:
        return Ground.GOODS_NOT_BY_AIR
    return _OF_REASON[reason]


def parcel_was_screened(facts: Facts, asked: Asked) -> Iterator[Held]:
    """Where screening is required there was a pass; the last word of the passes is clear, and none found contraband."""
    if not facts.screenings:
        if screening_is_required(facts, asked.rules):
            yield Held(Ground.NOT_SCREENED)
        for by in asked.measures.screening_required_by:
            yield Held(Ground.NOT_SCREENED, by=by)
    if "prohibited" in facts.screenings:
        yield Held(Ground.SCREENING_PROHIBITED)
    elif facts.screenings and facts.screenings[-1] == "suspect":
        yield Held(Ground.SCREENING_SUSPECT)


def parcel_bears_a_label(facts: Facts, asked: Asked) -> Iterator[Held]:
    """Where a campaign asks for a mark on each parcel, a clear pass left its label on this very one."""
    if not (facts.screenings and facts.is_labelled):
        for by in asked.measures.mark_per_parcel_by:
            yield Held(Ground.SCREENING_MARK_MISSING, by=by)


def pass_counts(facts: Facts, asked: Asked) -> Iterator[Held]:
    """Flags of the machine were closed by somebody, and machine and screener were fit for the pass."""
    if facts.flags_open:
        yield Held(Ground.SCREENING_FLAG_OPEN)
    for reservation in facts.reservations:
        weight = asked.rules.screening.weights.get(PassReservation(reservation), ReservationWeight.NONE)
        if weight is not ReservationWeight.NONE:
            yield Held(_OF_RESERVATION[weight], reservation)


def parcel_is_free(facts: Facts, _asked: Asked) -> Iterator[Held]:
    """The parcel is not intercepted, nor to be examined because another of the sender was."""
    if facts.intercepted == "open":
        yield Held(Ground.INTERCEPTED)
    elif facts.intercepted == "examine":
        yield Held(Ground.SENDER_UNDER_EXAMINATION)


def parcel_is_within_limits(facts: Facts, asked: Asked) -> Iterator[Held]:
    """At most 50 kg, 150 cm a side and 300 cm in all (邮政法 84); a brand may carry less."""
    limits, sides = asked.rules.values, facts.sides_mm or (0, 0, 0)
    too_heavy = (facts.weight_g or 0) > limits.weight_g_max
    if too_heavy or max(sides) > limits.side_mm_max or sum(sides) > limits.sum_mm_max:
        yield Held(Ground.TOO_LARGE_OR_HEAVY)


def _signalled(facts: Facts, noticed: Sequence[Noticed]) -> Iterator[Held]:
    """What the signals ask for: warnings ask for nothing, and a second clerk answers for what asks for one."""
    for one in noticed:
        if one.response is Response.REFUSE:
            yield Held(Ground.SIGNAL_REFUSED, one.signal.value)
        elif one.response is Response.SECOND_CLERK and not facts.confirmed_by_second:
            yield Held(Ground.SECOND_CLERK_REQUIRED, one.signal.value)


RULES: tuple[Rule, ...] = (
    sender_lets_us_check,
    sender_is_verified,
    addressee_is_verified,
    agreement_covers,
    contents_were_inspected,
    parcel_is_marked,
    substances_are_known,
    goods_may_travel,
    parcel_was_screened,
    parcel_bears_a_label,
    pass_counts,
    parcel_is_free,
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
    Reason.OVER_DAILY_LIMIT: Ground.RESTRICTED_OVER_DAILY_LIMIT,
    Reason.DOCUMENTS_MISSING: Ground.CONDITION_UNMET,
    Reason.NOT_BY_TRANSPORT: Ground.GOODS_NOT_BY_TRANSPORT,
    Reason.NOT_TO_DESTINATION: Ground.GOODS_NOT_TO_DESTINATION,
}


_OF_RESERVATION = {
    ReservationWeight.HOLD: Ground.SCREENING_RESERVED,
    ReservationWeight.REFUSE: Ground.SCREENING_NOT_VALID,
}
_OF_ACTS_OF_THEIR_OWN = frozenset({Duty.TOBACCO, Duty.WILDLIFE})


def _by_code(facts: Facts) -> dict[str, list[GoodsFact]]:
    lines: dict[str, list[GoodsFact]] = {}
    for goods in facts.goods:
        lines.setdefault(goods.code, []).append(goods)
    return lines


def _objection(held: Held, facts: Facts, rules: Rules) -> Objection:
    ground, about, by, cites = held
    weight = ground.value.weight
    if ground is Ground.IDENTITY_UNCONFIRMED:
        weight = rules.values.identity_unconfirmed
    citation = cites or cite(_duty(ground, about, facts, rules), on=facts.on)
    return Objection(ground=ground, weight=weight, about=about, by=by, citation=citation)


def _duty(ground: Ground, about: str | None, facts: Facts, rules: Rules) -> Duty:
    """What the ground stands on; of goods that an act of their own restricts (tobacco, wildlife), that act.

    An act that is not known for the day, because only its later versions are, gives way to what everybody must keep.
    """
    goods = rules.catalogue.find(about) if about else None
    if goods is None or goods.duty not in _OF_ACTS_OF_THEIR_OWN or not is_imposed(goods.duty, on=facts.on):
        return ground.value.duty
    return goods.duty


def _outcome(objections: tuple[Objection, ...]) -> Outcome:
    weights = {objection.weight for objection in objections}
    if Weight.REFUSE in weights:
        return Outcome.REFUSED
    return Outcome.HELD if Weight.HOLD in weights else Outcome.ACCEPTED


def _city(division: str) -> str:
    # Municipalities directly under the central government have no city level: 110101 and 110228 are one city.
    return division[:2] if division[:2] in {"11", "12", "31", "50"} else division[:4]
