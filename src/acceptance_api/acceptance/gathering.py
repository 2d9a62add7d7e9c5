"""Gathering the facts of a parcel through the front doors of the rooms that hold them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from acceptance_api.acceptance.agreement_facts import is_covered, sampling_for
from acceptance_api.acceptance.amounts import Amount, Ask, sender_of, sent_today, totals
from acceptance_api.acceptance.asking import Known
from acceptance_api.acceptance.contents import goods_facts
from acceptance_api.acceptance.facts import SEEN_NOTHING, Facts
from acceptance_api.acceptance.model import DecideParcel, References
from acceptance_api.acceptance.noticing import Around, seen_around
from acceptance_api.acceptance.policy import reach_of
from acceptance_api.acceptance.record_facts import inspection_fact, pass_facts, stop_of, verification_fact
from acceptance_api.acceptance.rules import Rules
from acceptance_api.access import Caller
from acceptance_api.agreements import Sampling
from acceptance_api.identity import Identified
from acceptance_api.inspection import statement_of
from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.signals import Seen
from acceptance_api.sites import Outlet, OutletDetails
from acceptance_api.vault import Vault

SAMPLING = "sampling"
"""The installation's key by which parcels of agreement customers are chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """A parcel on the counter, where and when, and the rules that bind it: `on` is the legal day they are cited for."""

    caller: Caller
    outlet: Outlet
    details: OutletDetails | None
    last_details: OutletDetails | None
    """Of the outlet that saw the sender's document last."""
    request: DecideParcel
    rules: Rules
    known: Known
    at: datetime
    presented_at: datetime
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The facts, the rules of that day, and the verification whose token the record shares."""

    facts: Facts
    rules: Rules
    references: References
    verification: Identified | None
    statement: str
    """The contents in one spelling, as commitments are made of them."""
    sent: Mapping[str, Amount]
    """What the sender has sent today of goods with a limit by the day, before this parcel."""
    sampling: Sampling | None
    """Of an agreement customer's parcel: whether the service chose it to be opened."""

    def __repr__(self) -> str:
        """Show no value: contents tell about a person."""
        return "<gathered>"


async def gather(vault: Vault, ask: Ask, presented: Presented) -> Gathered:
    """Everything the rules may ask about a parcel that is presented now or was before.

    Raises:
        Problem: REFERENCE_UNKNOWN, pointing at the id that this outlet does not have, or INVALID for an unknown goods
            code.
    """
    request, known, rules = presented.request, presented.known, presented.rules
    _require_found(known, request)
    statement = statement_of(tuple((item.name, item.quantity) for item in request.contents))
    goods = goods_facts(request.contents, rules)
    sender = sender_of(
        request.sender_kind, known.verification, request.agreement_id, on=legal_day(presented.presented_at)
    )
    sent = await sent_today(ask, presented.caller.enterprise_id, sender, goods, rules)
    sampling = None
    if known.agreement is not None:
        key = await vault.fixed_key(SAMPLING)
        sampling = sampling_for(known.agreement, request, rules, presented.outlet, key=key)
    at, presented_at = presented.at, presented.presented_at
    facts = Facts(
        on=presented.on,
        origin=presented.outlet.division,
        sender_kind=request.sender_kind,
        contents_kind=request.contents_kind,
        transport=request.transport,
        reach=reach_of(presented.outlet.division, request.destination),
        goods=goods,
        weight_g=request.weight_g,
        sides_mm=request.sides_mm,
        sender_refusal=request.sender_refusal,
        verification=await verification_fact(
            vault, known.verification, name=request.sender.name, at=at, presented_at=presented_at
        ),
        agreement_in_force=is_covered(known.agreement, request, rules, presented.outlet, at=presented_at),
        sampled=sampling.is_sampled if sampling else None,
        inspection=await inspection_fact(vault, known.inspection, request, statement=statement),
        unidentified=known.inspection.unidentified if known.inspection else False,
        **pass_facts(known.passes),
        intercepted=stop_of(known.stopped),
        destination=request.destination,
        transit=request.transit,
        addressee=await verification_fact(
            vault, known.addressee, name=request.addressee.name, at=at, presented_at=presented_at
        ),
        sent_today=totals(sent),
        seen=_seen(presented),
    )
    return Gathered(
        facts=facts,
        rules=rules,
        references=References(
            verification_id=request.verification_id,
            inspection_id=request.inspection_id,
            agreement_id=request.agreement_id,
        ),
        verification=known.verification,
        statement=statement,
        sent=sent,
        sampling=sampling,
    )


def _seen(presented: Presented) -> Seen:
    """What the signals are judged by: around a parcel of now; what happened long ago cannot be looked at any more."""
    request, known = presented.request, presented.known
    if request.late is not None:
        return SEEN_NOTHING
    around = Around(
        outlet=presented.outlet,
        details=presented.details,
        verification=known.verification,
        inspection=known.inspection,
        sightings=known.sightings,
        last_details=presented.last_details,
        lately=known.lately,
    )
    return seen_around(request, around, at=presented.presented_at)


def _require_found(known: Known, request: DecideParcel) -> None:
    """Every record that is named must be one of this outlet or, an agreement, of its enterprise."""
    named = (
        ("/sender/verification_id", request.verification_id, known.verification),
        ("/inspection_id", request.inspection_id, known.inspection),
        ("/sender/agreement_id", request.agreement_id, known.agreement),
        ("/addressee/verification_id", request.addressee_verification_id, known.addressee),
    )
    for pointer, reference, found in named:
        if reference is not None and found is None:
            raise Problem(Kind.REFERENCE_UNKNOWN, Fault(pointer, "unknown"))
