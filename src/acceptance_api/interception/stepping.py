"""Recording the next step of a case: the rules are asked, the step is added, what it asks for and meets is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from acceptance_api.access import Audience, Caller
from acceptance_api.audit import Action, Entry
from acceptance_api.interception import cascade_store, evidence_store, policy, store
from acceptance_api.interception.cascading import flags_of
from acceptance_api.interception.classing import Classed, classed
from acceptance_api.interception.disposals import disposals_on
from acceptance_api.interception.fields import (
    ACTOR_CERTIFICATE,
    ACTOR_NAME,
    HOLDER_CERTIFICATE,
    HOLDER_NAME,
    NOTE,
    WITNESS_CERTIFICATE,
    WITNESS_NAME,
)
from acceptance_api.interception.model import (
    CascadeFlag,
    CaseFile,
    Interception,
    Move,
    Obligation,
    Person,
    PersonKind,
    RecordStep,
    Ruling,
    Standing,
    State,
    Step,
    StepKind,
    WaybillUnderWay,
)
from acceptance_api.interception.obligations import next_due, obligations_of, told
from acceptance_api.interception.recorders import get_own, require_recorder
from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.sites import find_clerk
from acceptance_api.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class _Effect:
    """What a step does besides itself."""

    new: tuple[Obligation, ...] = ()
    told: tuple[Obligation, ...] = ()


async def record_step(
    vault: Vault,
    tx: Tx,
    caller: Caller,
    request: RecordStep,
    *,
    under_way: Sequence[WaybillUnderWay] = (),
    at: datetime,
) -> tuple[CaseFile, bool]:
    """Take the next step, if nothing speaks against it; say whether it is new.

    `under_way` are the sender's other parcels, for a step after which the goods are dangerous or criminal.

    Raises:
        Problem: NOT_PERMITTED, NOT_FOUND (also another's case), ID_CONFLICT, CHANGED_MEANWHILE (its number is not the
            next), STEP_NOT_ALLOWED (the case stands in the way), INVALID (the step lacks something) or
            REFERENCE_UNKNOWN (goods, clerks, evidence).
        KeyStoreUnavailable, KeyUnavailable: the vault cannot seal.
    """
    require_recorder(caller)
    file = await get_own(tx, caller, request.outlet_id, request.interception_id)
    if is_repeated(file, request):
        return file, False
    standing = _standing(file, request)
    found = _found(request, at=at)
    move = _move(caller, request, found, at=at)
    _require_nothing_against(standing, move, _ruling(file, standing), at=at)
    await _require_known(tx, file.interception, move)
    after = policy.advance(standing, move)
    step = await _step(vault, caller, request, file.interception, after, move, at=at)
    effect = _effect(file, step, found)
    case = _after(file, step, after, effect, found, at=at)
    flags = await _flags(tx, case, under_way, found, at=at)
    is_first = await store.add_step(
        tx,
        case,
        step,
        new=effect.new,
        told=effect.told,
        is_gone=standing.state in {State.HANDED_OVER, State.DESTROYED},
        entry=_entry(caller, case, step, flagged=len(flags)),
    )
    if not is_first:
        raise Problem(Kind.CHANGED_MEANWHILE)
    await cascade_store.add_flags(tx, flags)
    if step.kind is StepKind.RELEASE:
        by = str(step.actor.clerk_id or caller.client.id)
        await cascade_store.release_all(tx, case.enterprise_id, case.id, by=by, at=at)
    return await get_own(tx, caller, request.outlet_id, request.interception_id), True


async def asks_for_cascade_after(tx: Tx, caller: Caller, request: RecordStep, *, at: datetime) -> str | None:
    """The waybill whose sender's other parcels have to be looked for before this step is taken, if any.

    Raises:
        Problem: NOT_PERMITTED, NOT_FOUND, INVALID or REFERENCE_UNKNOWN (the goods).
    """
    require_recorder(caller)
    file = await get_own(tx, caller, request.outlet_id, request.interception_id)
    found = _found(request, at=at)
    if found is None or is_repeated(file, request):
        return None
    rule = disposals_on(legal_day(file.interception.opened_at)).rules[found.disposal]
    return file.interception.waybill if rule.ruling.cascades else None


def is_repeated(file: CaseFile, request: RecordStep) -> bool:
    """Whether this very step was recorded before.

    Raises:
        Problem: ID_CONFLICT.
    """
    known = next((step for step in file.steps if step.id == request.id), None)
    if known is not None and known.fingerprint != request.fingerprint:
        raise Problem(Kind.ID_CONFLICT)
    return known is not None


def _standing(file: CaseFile, request: RecordStep) -> Standing:
    if request.number != len(file.steps) + 1:
        raise Problem(Kind.CHANGED_MEANWHILE)
    return policy.standing_of(file.steps, is_untold=next_due(file.obligations) is not None)


def _found(request: RecordStep, *, at: datetime) -> Classed | None:
    if request.kind is not StepKind.RECLASSIFY:
        return None
    return classed(request.goods_code, request.class_code, on=legal_day(at))


def _ruling(file: CaseFile, standing: Standing) -> Ruling:
    return disposals_on(legal_day(file.interception.opened_at)).ruling_of(standing.disposals)


def _move(caller: Caller, request: RecordStep, found: Classed | None, *, at: datetime) -> Move:
    return Move(
        kind=request.kind,
        actor=_actor(caller, request),
        at=request.happened_at or at,
        evidence=request.evidence,
        holder=request.holder,
        witness=request.witness,
        body=request.body,
        reference=request.reference,
        instruction=request.instruction,
        is_evacuated=request.is_evacuated,
        disposal=found.disposal if found else None,
    )


def _actor(caller: Caller, request: RecordStep) -> Person | None:
    """At a counter nobody acts as another clerk: the clerk of the request, or an officer beside them."""
    if caller.client.audience is not Audience.COUNTER:
        return request.actor
    if request.actor is None:
        return Person(kind=PersonKind.CLERK, clerk_id=caller.named_clerk_id)
    if request.actor.kind is PersonKind.CLERK and request.actor.clerk_id != caller.clerk_id:
        raise Problem(Kind.INVALID, Fault("/actor", "not_the_clerk_of_the_request"))
    return request.actor


def _require_nothing_against(standing: Standing, move: Move, ruling: Ruling, *, at: datetime) -> None:
    obstacles = policy.weigh(standing, move, ruling, now=at)
    if obstacles:
        stands_in_the_way = any(obstacle.is_of_the_case for obstacle in obstacles)
        kind = Kind.STEP_NOT_ALLOWED if stands_in_the_way else Kind.INVALID
        raise Problem(kind, *(obstacle.fault for obstacle in obstacles))


async def _require_known(tx: Tx, case: Interception, move: Move) -> None:
    faults = []
    for role, person in (("actor", move.actor), ("holder", move.holder), ("witness", move.witness)):
        if person is None or person.kind is not PersonKind.CLERK:
            continue
        if person.clerk_id is None or await find_clerk(tx, case.outlet_id, person.clerk_id) is None:
            faults.append(Fault(f"/{role}/clerk_id", "unknown"))
    if move.evidence and not await evidence_store.is_stored(tx, case, move.evidence):
        faults.append(Fault("/evidence", "unknown"))
    if faults:
        raise Problem(Kind.REFERENCE_UNKNOWN, *faults)


async def _step(
    vault: Vault,
    caller: Caller,
    request: RecordStep,
    case: Interception,
    after: Standing,
    move: Move,
    *,
    at: datetime,
) -> Step:
    scope = await vault.scope(case.enterprise_id, at=at)
    # Who has the goods already was named, under seal, in the step that gave them.
    taker = move.holder if after.holder_since == after.number else None
    actor, witness = move.actor or after.holder, move.witness
    return Step(
        outlet_id=case.outlet_id,
        interception_id=case.id,
        number=after.number,
        id=request.id,
        kind=move.kind,
        state=after.state,
        disposal=move.disposal or case.disposal,
        actor=actor,
        holder=after.holder,
        holder_since=after.holder_since,
        witness=witness,
        body=move.body,
        reference=move.reference,
        instruction=move.instruction,
        is_evacuated=move.is_evacuated,
        evidence=move.evidence,
        happened_at=move.at,
        recorded_at=at,
        client_id=caller.client.id,
        sealed=scope.seal_record(
            request.id,
            {
                ACTOR_NAME: actor.name,
                ACTOR_CERTIFICATE: actor.certificate_number,
                HOLDER_NAME: taker.name if taker else None,
                HOLDER_CERTIFICATE: taker.certificate_number if taker else None,
                WITNESS_NAME: witness.name if witness else None,
                WITNESS_CERTIFICATE: witness.certificate_number if witness else None,
                NOTE: request.note,
            },
        ),
        seal_key_id=scope.key_id,
        fingerprint=request.fingerprint,
    )


def _effect(file: CaseFile, step: Step, found: Classed | None) -> _Effect:
    if step.kind is StepKind.REPORT and step.body is not None:
        return _Effect(told=told(file.obligations, step.body, at=step.happened_at, step=step.number))
    if found is None:
        return _Effect()
    rule = disposals_on(legal_day(file.interception.opened_at)).rules[found.disposal]
    return _Effect(new=obligations_of(rule, file.obligations, since=step.happened_at))


def _after(
    file: CaseFile, step: Step, after: Standing, effect: _Effect, found: Classed | None, *, at: datetime
) -> Interception:
    met = {one.number for one in effect.told}
    unmet = [one for one in (*file.obligations, *effect.new) if one.number not in met]
    case = replace(
        file.interception,
        is_never_returned=policy.is_never_returned(after.disposals),
        state=after.state,
        steps=after.number,
        due_at=next_due(unmet),
        closed_at=at if after.state is State.CLOSED else None,
        disposal=step.disposal,
    )
    return replace(case, goods_code=found.goods_code, class_code=found.class_code) if found else case


async def _flags(
    tx: Tx, case: Interception, under_way: Sequence[WaybillUnderWay], found: Classed | None, *, at: datetime
) -> tuple[CascadeFlag, ...]:
    if found is None or not under_way:
        return ()
    known = await cascade_store.find_flags(tx, case.enterprise_id, case.id)
    return flags_of(case, under_way, known=known, at=at)


def _entry(caller: Caller, case: Interception, step: Step, *, flagged: int) -> Entry:
    return Entry(
        action=Action.INTERCEPTION_STEP_RECORDED,
        actor=caller.actor,
        at=step.recorded_at,
        stream_id=case.outlet_id,
        subject_id=case.id,
        detail={
            "number": step.number,
            "kind": step.kind.value,
            "state": step.state.value,
            "class_code": case.class_code,
            "disposal": step.disposal.value,
            "body": step.body.value if step.body else None,
            "evidence": step.evidence,
            "flagged": flagged,
        },
    )
