"""Correcting a record: a new revision supersedes the old one, which stays; every rule is asked again."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from acceptance_api.acceptance import policy, store
from acceptance_api.acceptance.amounts import asking_in, count, give_back
from acceptance_api.acceptance.asking import QUESTION, Known, asked_of
from acceptance_api.acceptance.deciding import bind_mark, entry_of
from acceptance_api.acceptance.facts import facts_from_json
from acceptance_api.acceptance.gathering import Gathered, Presented, gather
from acceptance_api.acceptance.model import Acceptance, DecideParcel, Outcome
from acceptance_api.acceptance.noticing import seen_with
from acceptance_api.acceptance.rules import Rules
from acceptance_api.acceptance.sealing import sealed_record
from acceptance_api.acceptance.standing_outlets import outlet_of
from acceptance_api.access import Caller, Permission, require
from acceptance_api.audit import Action
from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import AcceptanceId, new_uuid
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.vault import Vault


class CorrectionReason(StrEnum):
    """Why a record is corrected."""

    TYPING_ERROR = "typing_error"
    SENDER_REQUEST = "sender_request"
    REGULATOR_INSTRUCTION = "regulator_instruction"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectParcel:
    """The whole record as it should read, and why. `parcel.id` is the correction's own id."""

    acceptance_id: AcceptanceId
    reason: CorrectionReason
    parcel: DecideParcel


async def correct_parcel(
    vault: Vault, rules: Rules, tx: Tx, caller: Caller, request: CorrectParcel, *, at: datetime
) -> tuple[Acceptance, bool]:
    """Add a revision with a decision of its own; say whether it is new. The outcome may change.

    Raises:
        Problem: NOT_PERMITTED, NOT_FOUND, NOT_STANDING, ID_CONFLICT, INVALID (another waybill), REFERENCE_UNKNOWN or
            CHANGED_MEANWHILE.
    """
    require(caller, Permission.COUNTER_ACCEPTANCE_CORRECT)
    before = await store.find_acceptance(tx, caller.outlet_id, request.acceptance_id)
    if before is None:
        raise Problem(Kind.NOT_FOUND)
    if fingerprint := await store.find_decision_fingerprint(tx, before.outlet_id, before.id, request.parcel.id):
        if fingerprint != request.parcel.fingerprint:
            raise Problem(Kind.ID_CONFLICT)
        return before, False
    if before.decision.outcome is Outcome.REFUSED:
        raise Problem(Kind.NOT_STANDING)
    if request.parcel.waybill != before.waybill:
        raise Problem(Kind.INVALID, Fault("/waybill", "not_correctable"))
    await give_back(tx, before)
    gathered = await _gathered(vault, rules, tx, caller, request, before, at=at)
    corrected = _corrected(before, gathered, caller, request, at=at)
    await _record(vault, tx, caller, request.parcel, corrected, gathered)
    return corrected, True


async def _record(
    vault: Vault, tx: Tx, caller: Caller, parcel: DecideParcel, corrected: Acceptance, gathered: Gathered
) -> None:
    """Seal the revision and store it with its decision and audit entry; an acceptance that stands uses its mark.

    Every revision is sealed with the keys of the day the parcel was presented: they are searched for, and are
    forgotten, together.
    """
    scope = await vault.scope(caller.enterprise_id, at=corrected.recorded_at)
    sealed = sealed_record(
        scope, parcel, statement=gathered.statement, record_id=new_uuid(), verification=gathered.verification
    )
    entry = entry_of(Action.ACCEPTANCE_CORRECTED, caller, corrected, commitments=sealed.commitments)
    await store.add_revision(tx, corrected, sealed, decision_id=parcel.id, entry=entry)
    await bind_mark(tx, corrected)
    if corrected.decision.outcome is not Outcome.REFUSED:
        await count(tx, corrected, gathered.sent, gathered.facts.goods)


async def _gathered(
    vault: Vault, rules: Rules, tx: Tx, caller: Caller, request: CorrectParcel, before: Acceptance, *, at: datetime
) -> Gathered:
    """The facts as of now, except that an identity that served this acceptance when it was decided still serves it."""
    parcel = replace(request.parcel, id=before.id)
    outlet = await outlet_of(tx, caller)
    presented_at = before.late.occurred_at if before.late else before.recorded_at
    known = Known(*await QUESTION.of(tx, *asked_of(caller, parcel, presented_at=presented_at)))
    presented = Presented(
        caller=caller,
        outlet=outlet,
        details=None,
        last_details=None,
        request=parcel,
        rules=rules,
        known=known,
        at=at,
        presented_at=presented_at,
        on=legal_day(at),
    )
    gathered = await gather(vault, asking_in(tx), presented)
    gathered = _as_it_was_seen(gathered, before)
    now, earlier = gathered.facts.verification, facts_from_json(dict(before.facts)).verification
    if now is None or earlier is None or parcel.verification_id != before.references.verification_id:
        return gathered
    kept = replace(now, is_fresh=now.is_fresh or earlier.is_fresh)
    return replace(gathered, facts=replace(gathered.facts, verification=kept))


def _as_it_was_seen(gathered: Gathered, before: Acceptance) -> Gathered:
    """What was noticed at the counter is not looked at again when a record is corrected, but whose document it is.

    Who answered for it did so for the document that was shown.
    """
    earlier = facts_from_json(dict(before.facts))
    same_document = gathered.references.verification_id == before.references.verification_id
    facts = replace(
        gathered.facts,
        seen=seen_with(earlier.seen, gathered.verification),
        confirmed_by_second=earlier.confirmed_by_second and same_document,
    )
    return replace(gathered, facts=facts)


def _corrected(
    before: Acceptance, gathered: Gathered, caller: Caller, request: CorrectParcel, *, at: datetime
) -> Acceptance:
    parcel = request.parcel
    return replace(
        before,
        clerk_id=caller.named_clerk_id,
        sender_kind=parcel.sender_kind,
        destination=parcel.destination,
        reach=gathered.facts.reach,
        transport=parcel.transport,
        contents_kind=parcel.contents_kind,
        revision=before.revision + 1,
        sequence=before.sequence + 1,
        decision=policy.decide(gathered.facts, gathered.rules),
        references=gathered.references,
        facts=gathered.facts.as_json(),
        decided_at=at,
        fingerprint=parcel.fingerprint,
        correction=request.reason.value,
    )
