"""Gathering the facts of a parcel through the front doors of the rooms that hold them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import String, Uuid

from acceptance_api.acceptance import store
from acceptance_api.acceptance.facts import Facts, GoodsFact, InspectionFact, MarkState, VerificationFact
from acceptance_api.acceptance.model import DecideParcel, Item, References, SenderKind
from acceptance_api.acceptance.policy import reach_of
from acceptance_api.acceptance.rules import Rules, rules_on
from acceptance_api.access import Caller
from acceptance_api.agreements import Agreement, agreement_part, is_in_force
from acceptance_api.identity import NAME_COMMITMENT, Identified, identified_part
from acceptance_api.inspection import DECLARED_COMMITMENT, Inspected, inspected_part, statement_of
from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.express import Question
from acceptance_api.kernel.ids import AcceptanceId
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.kernel.spelling import normal_name
from acceptance_api.screening import ScreeningVerdict, find_of_waybill, verdicts_part
from acceptance_api.sites import Outlet, find_outlet
from acceptance_api.vault import Vault

QUESTION = Question(
    {
        "outlet_id": Uuid(),
        "enterprise_id": Uuid(),
        "acceptance_id": Uuid(),
        "waybill": String(),
        "verification_id": Uuid(),
        "inspection_id": Uuid(),
        "agreement_id": Uuid(),
    },
    lambda asked: (
        *store.standing_parts(asked),
        identified_part(asked["outlet_id"], asked["verification_id"]),
        inspected_part(asked["outlet_id"], asked["inspection_id"]),
        agreement_part(asked["enterprise_id"], asked["agreement_id"]),
        verdicts_part(asked["outlet_id"], asked["waybill"]),
    ),
)
"""Everything that the database knows of a parcel before it is decided, in one round trip."""


@dataclass(frozen=True, slots=True)
class Known:
    """The answer to the question."""

    fingerprint: bytes | None
    """Of the request that was decided under this id before."""
    standing: UUID | None
    """The acceptance for which the waybill stands."""
    outlet_of_id: UUID | None
    """The outlet that has presented this waybill under this id before."""
    verification: Identified | None
    inspection: Inspected | None
    agreement: Agreement | None
    screenings: tuple[ScreeningVerdict, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The facts, the rules of that day, and the verification whose token the record shares."""

    facts: Facts
    rules: Rules
    references: References
    verification: Identified | None
    statement: str
    """The contents in one spelling, as commitments are made of them."""

    def __repr__(self) -> str:
        """Show no value: contents tell about a person."""
        return "<gathered>"


def asked_of(caller: Caller, request: DecideParcel) -> tuple[object, ...]:
    """What is asked for a parcel, in the order of the question's keys."""
    return (
        caller.outlet_id,
        caller.enterprise_id,
        request.id,
        request.waybill,
        request.verification_id,
        request.inspection_id,
        request.agreement_id,
    )


async def gather(
    vault: Vault,
    caller: Caller,
    outlet: Outlet,
    known: Known,
    request: DecideParcel,
    *,
    at: datetime,
    presented_at: datetime,
    on: date,
) -> Gathered:
    """Everything the rules of the legal day `on` may ask about a parcel that was presented now or before.

    Raises:
        Problem: REFERENCE_UNKNOWN, pointing at the id that this outlet does not have, or INVALID for an unknown goods
            code.
    """
    rules = rules_on(on)
    statement = statement_of(tuple((item.name, item.quantity) for item in request.contents))
    _require_found(known, request)
    facts = Facts(
        on=on,
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
            vault, known.verification, name=request.sender.name, at=at, presented_at=presented_at
        ),
        agreement_in_force=_in_force(known.agreement, request, caller, at=presented_at),
        inspection=await inspection_fact(vault, known.inspection, request, statement=statement),
        screenings=tuple(verdict.value for verdict in known.screenings),
    )
    references = References(
        verification_id=request.verification_id,
        inspection_id=request.inspection_id,
        agreement_id=request.agreement_id,
    )
    return Gathered(
        facts=facts,
        rules=rules,
        references=references,
        verification=known.verification,
        statement=statement,
    )


async def outlet_of(tx: Tx, caller: Caller) -> Outlet:
    """The caller's outlet.

    Raises:
        Problem: NOT_PERMITTED, when it is closed or gone.
    """
    return require_open(await find_outlet(tx, caller.outlet_id))


def require_open(outlet: Outlet | None) -> Outlet:
    """The caller's outlet.

    Raises:
        Problem: NOT_PERMITTED, when it is closed or gone.
    """
    if outlet is None or outlet.closed_at is not None:
        raise Problem(Kind.NOT_PERMITTED)
    return outlet


async def verification_fact(
    vault: Vault, verification: Identified | None, *, name: str, at: datetime, presented_at: datetime
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


async def inspection_fact(
    vault: Vault, inspection: Inspected | None, request: DecideParcel, *, statement: str
) -> InspectionFact | None:
    """What an inspection is worth for this waybill, these contents, and the kind whose checklist was asked."""
    if inspection is None:
        return None
    same_contents = await vault.commitment_matches(
        inspection.declared_commitment,
        owner_id=inspection.enterprise_id,
        label=DECLARED_COMMITMENT,
        salt=inspection.id,
        text=statement,
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


def mark_state(inspection: Inspected, acceptance_id: AcceptanceId) -> MarkState:
    """Whether the mark is there, and free for this acceptance."""
    if not inspection.is_marked:
        return MarkState.MISSING
    return MarkState.ISSUED if inspection.mark_used_by in {None, acceptance_id} else MarkState.USED


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


def _require_found(known: Known, request: DecideParcel) -> None:
    """Every record that is named must be one of this outlet or, an agreement, of its enterprise."""
    named = (
        ("/sender/verification_id", request.verification_id, known.verification),
        ("/inspection_id", request.inspection_id, known.inspection),
        ("/sender/agreement_id", request.agreement_id, known.agreement),
    )
    for pointer, reference, found in named:
        if reference is not None and found is None:
            raise Problem(Kind.REFERENCE_UNKNOWN, Fault(pointer, "unknown"))


def _in_force(agreement: Agreement | None, request: DecideParcel, caller: Caller, *, at: datetime) -> bool | None:
    if request.sender_kind is not SenderKind.AGREEMENT or agreement is None:
        return None
    return is_in_force(agreement, outlet_id=caller.outlet_id, contents_kind=request.contents_kind, on=legal_day(at))
