"""Resolving a held parcel: later facts are gathered, and every rule is asked again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from acceptance_api.acceptance import policy, store
from acceptance_api.acceptance.amounts import Amount, asking_in, count, give_back, sender_of, sent_today, totals
from acceptance_api.acceptance.deciding import bind_mark, entry_of
from acceptance_api.acceptance.facts import Facts, InspectionFact, VerificationFact, facts_from_json
from acceptance_api.acceptance.model import Acceptance, Item, Outcome, References, SealedRecord
from acceptance_api.acceptance.noticing import seen_with
from acceptance_api.acceptance.record_facts import mark_state, pass_facts, stop_of, verification_fact
from acceptance_api.acceptance.rules import Rules
from acceptance_api.acceptance.sealing import CONTENTS_COMMITMENT, SENDER_NAME_COMMITMENT, token_of
from acceptance_api.access import Caller, Permission, require
from acceptance_api.agreements import mark_inspected
from acceptance_api.audit import Action
from acceptance_api.identity import Identified, find_verification
from acceptance_api.inspection import DECLARED_COMMITMENT, Inspected, find_inspection, statement_of
from acceptance_api.interception import find_stop
from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import AcceptanceId, InspectionId, VerificationId
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.kernel.spelling import normal_name
from acceptance_api.screening import find_passes
from acceptance_api.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVerification:
    """A later verification of the sender, with the name on the waybill: it must be the one that was sealed."""

    verification_id: VerificationId
    sender_name: str

    def __repr__(self) -> str:
        """Show no value."""
        return "<new verification>"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInspection:
    """A later inspection, with the contents it is about: they must be those that were declared."""

    inspection_id: InspectionId
    contents: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveParcel:
    """What came to be known of a held parcel since. Later screenings are found by themselves."""

    id: UUID
    acceptance_id: AcceptanceId
    verification: NewVerification | None
    inspection: NewInspection | None
    documents: Mapping[str, tuple[str, ...]]
    fingerprint: bytes
    signals_confirmed: bool = False
    """Whether the clerk has looked at what was noticed and answers for going on; another than who decided."""


async def resolve_parcel(
    vault: Vault, rules: Rules, tx: Tx, caller: Caller, request: ResolveParcel, *, at: datetime
) -> tuple[Acceptance, bool]:
    """Ask the rules again with what is known now, and record that decision; say whether it is new.

    Raises:
        Problem: NOT_PERMITTED, NOT_FOUND, NOT_HELD, ID_CONFLICT, REFERENCE_UNKNOWN, SECOND_PERSON_REQUIRED or
            CHANGED_MEANWHILE.
    """
    require(caller, Permission.COUNTER_ACCEPTANCE_RESOLVE)
    held = await store.find_acceptance(tx, caller.outlet_id, request.acceptance_id)
    if held is None:
        raise Problem(Kind.NOT_FOUND)
    if fingerprint := await store.find_decision_fingerprint(tx, held.outlet_id, held.id, request.id):
        if fingerprint != request.fingerprint:
            raise Problem(Kind.ID_CONFLICT)
        return held, False
    if held.decision.outcome is not Outcome.HELD:
        raise Problem(Kind.NOT_HELD)
    sender = await _sender_since(tx, rules, held, request)
    resolved = await _resolved(vault, rules, tx, caller, held, request, sender, at=at)
    entry = entry_of(Action.ACCEPTANCE_RESOLVED, caller, resolved)
    await store.add_decision(tx, resolved, decision_id=request.id, fingerprint=request.fingerprint, entry=entry)
    await bind_mark(tx, resolved)
    if resolved.decision.outcome is Outcome.REFUSED:
        await give_back(tx, resolved)
    elif sender.amounts is not None:
        await count(tx, resolved, sender.amounts, facts_from_json(dict(resolved.facts)).goods)
    await tell_agreement(tx, resolved)
    return resolved, True


@dataclass(frozen=True, slots=True)
class _SenderSince:
    """Another document of the sender, and what its holder has sent before; None and None without another."""

    verification: Identified | None = None
    amounts: Mapping[str, Amount] | None = None


async def _sender_since(tx: Tx, rules: Rules, held: Acceptance, request: ResolveParcel) -> _SenderSince:
    """Who the sender is by a new document: the parcel is taken out of the totals, to be counted for its holder."""
    verification = await _new_verification(tx, held, request)
    if verification is None:
        return _SenderSince()
    await give_back(tx, held)
    presented_at = held.late.occurred_at if held.late else held.recorded_at
    sender = sender_of(held.sender_kind, verification, held.references.agreement_id, on=legal_day(presented_at))
    goods = facts_from_json(dict(held.facts)).goods
    return _SenderSince(verification, await sent_today(asking_in(tx), held.enterprise_id, sender, goods, rules))


async def _resolved(
    vault: Vault,
    rules: Rules,
    tx: Tx,
    caller: Caller,
    held: Acceptance,
    request: ResolveParcel,
    sender: _SenderSince,
    *,
    at: datetime,
) -> Acceptance:
    (_, sealed), *_ = await store.find_sealed(tx, held.outlet_id, held.id)
    before = facts_from_json(dict(held.facts))
    facts = replace(
        before,
        on=legal_day(at),
        goods=tuple(
            replace(goods, documents=(*goods.documents, *request.documents.get(goods.code, ())))
            for goods in before.goods
        ),
        verification=await _verified(vault, sealed, held, request, sender.verification, before, at=at),
        inspection=await _inspected(vault, tx, sealed, held, request, before),
        unidentified=await _is_unidentified(tx, held, request, before),
        **pass_facts(await find_passes(tx, caller.outlet_id, held.waybill)),
        intercepted=stop_of(await find_stop(tx, caller.enterprise_id, held.waybill)),
        sent_today=before.sent_today if sender.amounts is None else totals(sender.amounts),
        seen=seen_with(before.seen, sender.verification),
        confirmed_by_second=await _is_confirmed(tx, caller, held, request)
        or (before.confirmed_by_second and sender.verification is None),
    )
    if sender.verification is not None:
        await store.add_token(tx, held, token_of(sender.verification))
    return replace(
        held,
        clerk_id=caller.named_clerk_id,
        sequence=held.sequence + 1,
        decision=policy.decide(facts, rules),
        references=_references(held.references, request),
        facts=facts.as_json(),
        decided_at=at,
    )


async def _is_confirmed(tx: Tx, caller: Caller, held: Acceptance, request: ResolveParcel) -> bool:
    """Whether a clerk answers for the signals who took part neither in presenting the parcel nor in correcting it."""
    if not request.signals_confirmed:
        return False
    if caller.named_clerk_id in await store.find_clerks(tx, held.outlet_id, held.id):
        raise Problem(Kind.SECOND_PERSON_REQUIRED, Fault("/signals_confirmed", "same_clerk"))
    return True


async def tell_agreement(tx: Tx, acceptance: Acceptance) -> None:
    """Tell the agreement of a parcel that was inspected after all."""
    facts, agreement_id = facts_from_json(dict(acceptance.facts)), acceptance.references.agreement_id
    if agreement_id is not None and facts.inspection is not None and facts.inspection.opened:
        await mark_inspected(tx, acceptance.enterprise_id, agreement_id, acceptance.outlet_id, acceptance.id)


async def _is_unidentified(tx: Tx, held: Acceptance, request: ResolveParcel, before: Facts) -> bool:
    if request.inspection is None:
        return before.unidentified
    found = await find_inspection(tx, held.outlet_id, request.inspection.inspection_id)
    return found.inspected.unidentified if found else before.unidentified


async def _new_verification(tx: Tx, held: Acceptance, request: ResolveParcel) -> Identified | None:
    if request.verification is None:
        return None
    found = await find_verification(tx, held.outlet_id, request.verification.verification_id)
    if found is None:
        raise Problem(Kind.REFERENCE_UNKNOWN, Fault("/verification/verification_id", "unknown"))
    return found.identified


async def _verified(
    vault: Vault,
    sealed: SealedRecord,
    held: Acceptance,
    request: ResolveParcel,
    verification: Identified | None,
    before: Facts,
    *,
    at: datetime,
) -> VerificationFact | None:
    if request.verification is None:
        return before.verification
    name = request.verification.sender_name
    fact = await verification_fact(vault, verification, name=name, at=at, presented_at=held.recorded_at)
    same_sender = await vault.commitment_matches(
        sealed.sender_name_commitment,
        owner_id=held.enterprise_id,
        label=SENDER_NAME_COMMITMENT,
        salt=sealed.record_id,
        text=normal_name(name),
    )
    return replace(fact, name_agrees=fact.name_agrees and same_sender) if fact else None


async def _inspected(
    vault: Vault, tx: Tx, sealed: SealedRecord, held: Acceptance, request: ResolveParcel, before: Facts
) -> InspectionFact | None:
    new = request.inspection
    inspection_id = new.inspection_id if new else held.references.inspection_id
    if inspection_id is None:
        return before.inspection
    found = await find_inspection(tx, held.outlet_id, inspection_id)
    if found is None:
        raise Problem(Kind.REFERENCE_UNKNOWN, Fault("/inspection/inspection_id", "unknown"))
    inspection = found.inspected
    if new is None:
        same_contents = before.inspection is None or before.inspection.same_contents
    else:
        same_contents = await _same_contents(vault, sealed, held, inspection, new)
    return InspectionFact(
        status=inspection.status.value,
        failed=inspection.failed,
        objections=tuple(objection.value for objection in inspection.objections),
        same_waybill=inspection.waybill == held.waybill,
        same_contents=same_contents,
        mark=mark_state(inspection, held.id),
        checklist=inspection.checklist_version,
        opened=inspection.opened,
    )


async def _same_contents(
    vault: Vault, sealed: SealedRecord, held: Acceptance, inspection: Inspected, new: NewInspection
) -> bool:
    """Whether the contents named now are those of the acceptance and those of the inspection."""
    statement = statement_of(tuple((item.name, item.quantity) for item in new.contents))
    accepted = await vault.commitment_matches(
        sealed.contents_commitment,
        owner_id=held.enterprise_id,
        label=CONTENTS_COMMITMENT,
        salt=sealed.record_id,
        text=statement,
    )
    inspected = await vault.commitment_matches(
        inspection.declared_commitment,
        owner_id=held.enterprise_id,
        label=DECLARED_COMMITMENT,
        salt=inspection.id,
        text=statement,
    )
    return accepted and inspected and inspection.contents_kind == held.contents_kind


def _references(before: References, request: ResolveParcel) -> References:
    return replace(
        before,
        verification_id=request.verification.verification_id if request.verification else before.verification_id,
        inspection_id=request.inspection.inspection_id if request.inspection else before.inspection_id,
    )
