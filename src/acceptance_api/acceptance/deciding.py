"""Deciding a parcel at the counter."""

from dataclasses import replace
from datetime import datetime

from acceptance_api.acceptance import policy, store
from acceptance_api.acceptance.gathering import Gathered, gather
from acceptance_api.acceptance.model import Acceptance, DecideParcel, Outcome
from acceptance_api.acceptance.sealing import sealed_record
from acceptance_api.access import Caller, Permission, require
from acceptance_api.audit import Action, Entry
from acceptance_api.inspection import use_mark
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import new_uuid
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.vault import Vault


async def decide_parcel(
    vault: Vault, tx: Tx, caller: Caller, request: DecideParcel, *, at: datetime
) -> tuple[Acceptance, bool]:
    """Gather the facts, decide, and record the decision with its audit entry; say whether the record is new.

    A refusal returns normally: it is a decision, and it is committed.

    Raises:
        Problem: NOT_PERMITTED, ID_CONFLICT, WAYBILL_ALREADY_DECIDED, REFERENCE_UNKNOWN, INVALID or CHANGED_MEANWHILE.
    """
    require(caller, Permission.COUNTER_ACCEPTANCE_DECIDE)
    # The waybill is looked up first: a copy of this very request that ends in between is then found by its id.
    standing = await store.find_standing(tx, request.waybill, caller.enterprise_id)
    if known := await store.find_acceptance(tx, caller.outlet_id, request.id):
        return await _repeated(tx, known, request), False
    if standing is not None:
        raise Problem(Kind.WAYBILL_ALREADY_DECIDED)
    gathered = await gather(vault, tx, caller, request, at=at, presented_at=at)
    acceptance = decided(gathered, caller, request, at=at)
    await record(vault, tx, caller, request, acceptance, gathered, action=Action.ACCEPTANCE_DECIDED)
    return acceptance, True


def decided(gathered: Gathered, caller: Caller, request: DecideParcel, *, at: datetime) -> Acceptance:
    """The first revision of an acceptance, with its decision."""
    return Acceptance(
        id=request.id,
        enterprise_id=caller.enterprise_id,
        outlet_id=caller.outlet_id,
        origin=gathered.facts.origin,
        counter_id=caller.client.counter_id,
        clerk_id=caller.named_clerk_id,
        waybill=request.waybill,
        sender_kind=request.sender_kind,
        destination=request.destination,
        reach=gathered.facts.reach,
        transport=request.transport,
        contents_kind=request.contents_kind,
        revision=1,
        sequence=1,
        decision=policy.decide(gathered.facts, gathered.rules),
        references=gathered.references,
        facts=gathered.facts.as_json(),
        recorded_at=at,
        decided_at=at,
        fingerprint=request.fingerprint,
    )


async def record(
    vault: Vault,
    tx: Tx,
    caller: Caller,
    request: DecideParcel,
    acceptance: Acceptance,
    gathered: Gathered,
    *,
    action: Action,
) -> None:
    """Seal one revision and store it with its decision and audit entry; an acceptance that stands uses its mark.

    Every revision is sealed with the keys of the day the parcel was presented: they are searched for, and are
    forgotten, together.
    """
    scope = await vault.scope(caller.enterprise_id, at=acceptance.recorded_at)
    record_id = acceptance.id if acceptance.revision == 1 else new_uuid()
    sealed = sealed_record(scope, request, record_id=record_id, verification=gathered.verification)
    entry = replace(
        entry_of(action, caller, acceptance),
        commitments={"sender_name": sealed.sender_name_commitment, "contents": sealed.contents_commitment},
    )
    await store.add(tx, acceptance, sealed, decision_id=request.id, entry=entry)
    await bind_mark(tx, acceptance)


async def bind_mark(tx: Tx, acceptance: Acceptance) -> None:
    """Let an acceptance that stands use the mark of its inspection, if there is one."""
    inspection, inspection_id = acceptance.facts["inspection"], acceptance.references.inspection_id
    if acceptance.decision.outcome is Outcome.REFUSED or inspection_id is None:
        return
    if isinstance(inspection, dict) and inspection["mark"] == "issued":
        await use_mark(tx, acceptance.outlet_id, inspection_id, acceptance.id)


def entry_of(action: Action, caller: Caller, acceptance: Acceptance) -> Entry:
    """The audit entry of a decision."""
    return Entry(
        action=action,
        actor=caller.actor,
        at=acceptance.decided_at,
        stream_id=acceptance.outlet_id,
        subject_id=acceptance.id,
        detail={
            "outcome": acceptance.decision.outcome.value,
            "grounds": [objection.ground.code for objection in acceptance.decision.objections],
            "rules": dict(acceptance.decision.rules),
            "revision": acceptance.revision,
            "sequence": acceptance.sequence,
        },
    )


async def _repeated(tx: Tx, known: Acceptance, request: DecideParcel) -> Acceptance:
    fingerprint = await store.find_decision_fingerprint(tx, known.outlet_id, known.id, request.id)
    if fingerprint != request.fingerprint:
        raise Problem(Kind.ID_CONFLICT)
    return known
