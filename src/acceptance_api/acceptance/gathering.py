"""Gathering the facts of a parcel through the front doors of the rooms that hold them."""

from dataclasses import dataclass
from datetime import datetime

from acceptance_api.acceptance.facts import Facts, GoodsFact, InspectionFact, MarkState, VerificationFact
from acceptance_api.acceptance.model import DecideParcel, Item, References, SenderKind
from acceptance_api.acceptance.policy import reach_of
from acceptance_api.acceptance.rules import Rules, rules_on
from acceptance_api.access import Caller
from acceptance_api.agreements import Agreement, find_agreement, is_in_force
from acceptance_api.identity import NAME_COMMITMENT, Verification, find_verification
from acceptance_api.inspection import DECLARED_COMMITMENT, Inspection, find_inspection, statement_of
from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import AcceptanceId
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.kernel.spelling import normal_name
from acceptance_api.screening import find_of_waybill
from acceptance_api.sites import Outlet, find_outlet
from acceptance_api.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The facts, the rules of that day, and the verification whose token the record shares."""

    facts: Facts
    rules: Rules
    references: References
    verification: Verification | None


async def gather(
    vault: Vault, tx: Tx, caller: Caller, request: DecideParcel, *, at: datetime, presented_at: datetime
) -> Gathered:
    """Everything the rules of this moment may ask about a parcel that was presented now or before.

    Raises:
        Problem: NOT_PERMITTED (the outlet is closed), REFERENCE_UNKNOWN, pointing at the id that this outlet does not
            have, or INVALID for an unknown goods code.
    """
    rules = rules_on(legal_day(at))
    outlet = await outlet_of(tx, caller)
    verification = await _verification(tx, caller, request)
    inspection = await _inspection(tx, caller, request)
    agreement = await _agreement(tx, caller, request)
    facts = Facts(
        on=legal_day(at),
        origin=outlet.division,
        sender_kind=request.sender_kind,
        contents_kind=request.contents_kind,
        transport=request.transport,
        reach=reach_of(outlet.division, request.destination),
        goods=goods_facts(request.contents, rules),
        weight_g=request.weight_g,
        sides_mm=request.sides_mm,
        sender_refusal=request.sender_refusal,
        verification=await verification_fact(
            vault, verification, name=request.sender.name, at=at, presented_at=presented_at
        ),
        agreement_in_force=_in_force(agreement, request, caller, at=presented_at),
        inspection=await inspection_fact(vault, inspection, request),
        screenings=await screening_facts(tx, caller, request.waybill),
    )
    references = References(
        verification_id=request.verification_id,
        inspection_id=request.inspection_id,
        agreement_id=request.agreement_id,
    )
    return Gathered(facts=facts, rules=rules, references=references, verification=verification)


async def outlet_of(tx: Tx, caller: Caller) -> Outlet:
    """The caller's outlet.

    Raises:
        Problem: NOT_PERMITTED, when it is closed or gone.
    """
    outlet = await find_outlet(tx, caller.outlet_id)
    if outlet is None or outlet.closed_at is not None:
        raise Problem(Kind.NOT_PERMITTED)
    return outlet


async def verification_fact(
    vault: Vault, verification: Verification | None, *, name: str, at: datetime, presented_at: datetime
) -> VerificationFact | None:
    """What a verification is worth for a sender of this name, if it serves now or did when the parcel was presented."""
    if verification is None:
        return None
    agrees = await vault.commitment_matches(
        verification.name_commitment,
        owner_id=verification.enterprise_id,
        label=NAME_COMMITMENT,
        salt=verification.id,
        text=normal_name(name),
    )
    served = verification.recorded_at <= presented_at < verification.expires_at
    return VerificationFact(
        status=verification.status.value,
        failings=tuple(failing.value for failing in verification.failings),
        is_fresh=served or at < verification.expires_at,
        name_agrees=agrees,
    )


async def inspection_fact(vault: Vault, inspection: Inspection | None, request: DecideParcel) -> InspectionFact | None:
    """What an inspection is worth for this waybill, these contents, and the kind whose checklist was asked."""
    if inspection is None:
        return None
    same_contents = await vault.commitment_matches(
        inspection.declared_commitment,
        owner_id=inspection.enterprise_id,
        label=DECLARED_COMMITMENT,
        salt=inspection.id,
        text=statement_of(tuple((item.name, item.quantity) for item in request.contents)),
    )
    return InspectionFact(
        status=inspection.status.value,
        failed=inspection.failed,
        objections=tuple(objection.value for objection in inspection.objections),
        same_waybill=inspection.waybill == request.waybill,
        same_contents=same_contents and inspection.contents_kind == request.contents_kind,
        mark=mark_state(inspection, request.id),
        checklist=inspection.checklist_version,
    )


def mark_state(inspection: Inspection, acceptance_id: AcceptanceId) -> MarkState:
    """Whether the mark is there, and free for this acceptance."""
    if inspection.mark is None:
        return MarkState.MISSING
    return MarkState.ISSUED if inspection.mark.used_by in {None, acceptance_id} else MarkState.USED


async def screening_facts(tx: Tx, caller: Caller, waybill: str) -> tuple[str, ...]:
    """The verdicts of the waybill's passes at this outlet, in order."""
    return tuple(screening.verdict.value for screening in await find_of_waybill(tx, caller.outlet_id, waybill))


def goods_facts(contents: tuple[Item, ...], rules: Rules) -> tuple[GoodsFact, ...]:
    """The lines the catalogue knows: by the code the clerk chose, and by the very name of goods that a line carries.

    Both are judged, so a harmless code cannot hide what the name says: the strictest wins.

    Raises:
        Problem: INVALID, pointing at a code that the edition does not have.
    """
    facts, faults = [], []
    for i, item in enumerate(contents):
        if item.goods_code is not None and rules.catalogue.find(item.goods_code) is None:
            faults.append(Fault(f"/contents/{i}/goods_code", "not_in_the_catalogue"))
        facts += [
            GoodsFact(code=code, quantity=f"{item.quantity.normalize():f}", documents=item.documents)
            for code in _codes(item, rules)
        ]
    if faults:
        raise Problem(Kind.INVALID, *faults)
    return tuple(facts)


def _codes(item: Item, rules: Rules) -> tuple[str, ...]:
    named = rules.catalogue.find_named(item.name)
    return tuple(dict.fromkeys(filter(None, (item.goods_code, named.code if named else None))))


async def _verification(tx: Tx, caller: Caller, request: DecideParcel) -> Verification | None:
    if request.verification_id is None:
        return None
    found = await find_verification(tx, caller.outlet_id, request.verification_id)
    if found is None:
        raise Problem(Kind.REFERENCE_UNKNOWN, Fault("/sender/verification_id", "unknown"))
    return found


async def _inspection(tx: Tx, caller: Caller, request: DecideParcel) -> Inspection | None:
    if request.inspection_id is None:
        return None
    found = await find_inspection(tx, caller.outlet_id, request.inspection_id)
    if found is None:
        raise Problem(Kind.REFERENCE_UNKNOWN, Fault("/inspection_id", "unknown"))
    return found


async def _agreement(tx: Tx, caller: Caller, request: DecideParcel) -> Agreement | None:
    if request.agreement_id is None:
        return None
    found = await find_agreement(tx, caller.enterprise_id, request.agreement_id)
    if found is None:
        raise Problem(Kind.REFERENCE_UNKNOWN, Fault("/sender/agreement_id", "unknown"))
    return found


def _in_force(agreement: Agreement | None, request: DecideParcel, caller: Caller, *, at: datetime) -> bool | None:
    if request.sender_kind is not SenderKind.AGREEMENT or agreement is None:
        return None
    return is_in_force(agreement, outlet_id=caller.outlet_id, contents_kind=request.contents_kind, on=legal_day(at))
