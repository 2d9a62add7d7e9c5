"""Deciding a parcel at the counter."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from acceptance_api.acceptance import policy, store
from acceptance_api.acceptance.amounts import counted
from acceptance_api.acceptance.asking import QUESTION, Known, asked_of
from acceptance_api.acceptance.gathering import Gathered, Presented, gather
from acceptance_api.acceptance.model import Acceptance, DecideParcel, Outcome
from acceptance_api.acceptance.noticing import NEVER, burst_start
from acceptance_api.acceptance.sealing import sealed_record
from acceptance_api.acceptance.standing_outlets import require_open
from acceptance_api.acceptance.standing_rules import RuleDesk
from acceptance_api.access import Caller, Permission, require
from acceptance_api.agreements import SampledParcel, Sampling, sampled_parcel_row
from acceptance_api.audit import Action, Entry
from acceptance_api.inspection import mark_use, use_mark
from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.database import Database, Tx
from acceptance_api.kernel.express import Reader, Record, Writer, settled
from acceptance_api.kernel.ids import AgreementId, OutletId
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.sites import OutletDetails, Roster
from acceptance_api.vault import Index, Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidingDesk:
    """What deciding needs, put together once: facts to read, who works where, what seals, what commits."""

    database: Database
    reader: Reader
    roster: Roster
    rules: RuleDesk
    vault: Vault
    writer: Writer


async def decide_parcel(
    desk: DecidingDesk, caller: Caller, request: DecideParcel, *, at: datetime
) -> tuple[Acceptance, bool]:
    """Gather the facts, decide, and record the decision with its audit entry; say whether the record is new.

    A refusal returns normally: it is a decision, and it is committed.

    Raises:
        Problem: what `draft_decision` raises, CHANGED_MEANWHILE, or the database's.
    """

    async def draft() -> tuple[tuple[Acceptance, bool], Record] | None:
        drafted = await draft_decision(desk, caller, request, at=at)
        return ((drafted[0], True), drafted[1]) if drafted else None

    async def find_done() -> tuple[Acceptance, bool] | None:
        known = await find_repeated(desk, caller, request)
        return (known, False) if known is not None else None

    return await settled(desk.writer, draft, find_done)


async def draft_decision(
    desk: DecidingDesk, caller: Caller, request: DecideParcel, *, at: datetime
) -> tuple[Acceptance, Record] | None:
    """A parcel's decision and the record to commit; None for a request that was decided before: `find_repeated`.

    A conflict on committing means that something of it was taken meanwhile: draft it anew.

    Raises:
        Problem: NOT_PERMITTED, ID_CONFLICT, WAYBILL_ALREADY_DECIDED, REFERENCE_UNKNOWN or INVALID.
    """
    require(caller, Permission.COUNTER_ACCEPTANCE_DECIDE)
    outlet = require_open(await desk.roster.outlet(caller.outlet_id, at=at))
    presented_at = request.presented_at(at)
    rules = await desk.rules.rules(caller.enterprise_id, at=at, presented_at=presented_at)
    details = await desk.roster.details(outlet, at=at)
    scope = await desk.vault.scope(caller.enterprise_id, at=at)
    asked = asked_of(
        caller,
        request,
        presented_at=presented_at,
        phone_token=scope.token(Index.PHONE, request.sender.phone),
        burst_start=NEVER if request.late else burst_start(details, rules.signals, at=at),
    )
    known = Known(*await desk.reader.ask(QUESTION, *asked))
    if known.fingerprint is not None:
        if known.fingerprint != request.fingerprint:
            raise Problem(Kind.ID_CONFLICT)
        return None
    if known.standing is not None:
        raise Problem(Kind.WAYBILL_ALREADY_DECIDED)
    if known.outlet_of_id is not None:  # another outlet of the enterprise used this id
        raise Problem(Kind.ID_CONFLICT)
    presented = Presented(
        caller=caller,
        outlet=outlet,
        details=details,
        last_details=await _last_details(desk, known, at=at),
        request=request,
        rules=rules,
        known=known,
        at=at,
        presented_at=presented_at,
        on=legal_day(presented_at),
    )
    gathered = await gather(desk.vault, desk.reader.ask, presented)
    acceptance = decided(gathered, caller, request, at=at)
    return acceptance, await _record(desk.vault, caller, request, acceptance, gathered)


async def _last_details(desk: DecidingDesk, known: Known, *, at: datetime) -> OutletDetails | None:
    seen_last = known.sightings.last
    if seen_last is None:
        return None
    last = await desk.roster.outlet(OutletId(seen_last.outlet_id), at=at)
    return await desk.roster.details(last, at=at) if last else None


async def find_repeated(desk: DecidingDesk, caller: Caller, request: DecideParcel) -> Acceptance | None:
    """The acceptance that this very request made before; None for one that it did not make."""
    async with desk.database.read() as tx:
        fingerprint = await store.find_decision_fingerprint(tx, caller.outlet_id, request.id, request.id)
        if fingerprint != request.fingerprint:
            return None
        return await store.find_acceptance(tx, caller.outlet_id, request.id)


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
        late=request.late,
    )


async def bind_mark(tx: Tx, acceptance: Acceptance) -> None:
    """Let an acceptance that stands use the mark of its inspection, if there is one."""
    if uses_mark(acceptance) and acceptance.references.inspection_id is not None:
        await use_mark(tx, acceptance.outlet_id, acceptance.references.inspection_id, acceptance.id)


def uses_mark(acceptance: Acceptance) -> bool:
    """Whether an acceptance stands, and with an inspection whose mark is there for it."""
    inspection = acceptance.facts["inspection"]
    stands = acceptance.decision.outcome is not Outcome.REFUSED
    return stands and isinstance(inspection, dict) and inspection["mark"] == "issued"


def sampled_parcel(acceptance: Acceptance, gathered: Gathered, agreement_id: AgreementId) -> SampledParcel:
    """An agreement customer's parcel as the agreement counts it. Only called where the service has chosen."""
    inspection = gathered.facts.inspection
    return SampledParcel(
        enterprise_id=acceptance.enterprise_id,
        agreement_id=agreement_id,
        outlet_id=acceptance.outlet_id,
        acceptance_id=acceptance.id,
        waybill=acceptance.waybill,
        accepted_on=gathered.facts.on,
        sampling=gathered.sampling or Sampling(ratio=Decimal(0), is_sampled=False),
        is_inspected=inspection is not None and inspection.opened,
    )


def entry_of(
    action: Action, caller: Caller, acceptance: Acceptance, *, commitments: Mapping[str, bytes] | None = None
) -> Entry:
    """The audit entry of a decision."""
    detail = {
        "outcome": acceptance.decision.outcome.value,
        "grounds": [objection.ground.code for objection in acceptance.decision.objections],
        "rules": dict(acceptance.decision.rules),
        "revision": acceptance.revision,
        "sequence": acceptance.sequence,
    }
    if acceptance.late is not None:
        detail["occurred_at"] = acceptance.late.occurred_at.isoformat()
    return Entry(
        action=action,
        actor=caller.actor,
        at=acceptance.decided_at,
        stream_id=acceptance.outlet_id,
        subject_id=acceptance.id,
        detail=detail,
        commitments=commitments or {},
    )


async def _record(
    vault: Vault, caller: Caller, request: DecideParcel, acceptance: Acceptance, gathered: Gathered
) -> Record:
    """Seal a decision; an acceptance that stands uses its mark."""
    scope = await vault.scope(caller.enterprise_id, at=acceptance.recorded_at)
    sealed = sealed_record(
        scope,
        request,
        statement=gathered.statement,
        record_id=acceptance.id,
        verification=gathered.verification,
        name_agrees=gathered.facts.verification is None or gathered.facts.verification.name_agrees,
        is_sighting=acceptance.late is None,
    )
    entry = entry_of(Action.ACCEPTANCE_DECIDED, caller, acceptance, commitments=sealed.commitments)
    record = store.record_of(acceptance, sealed, entry=entry)
    if gathered.sent and acceptance.decision.outcome is not Outcome.REFUSED:
        rows, keys = counted(acceptance, gathered.sent, gathered.facts.goods)
        record = record.with_rows(rows, in_line=keys)
    if gathered.sampling is not None and request.agreement_id is not None:
        record = record.with_rows([sampled_parcel_row(sampled_parcel(acceptance, gathered, request.agreement_id))])
    inspection_id = acceptance.references.inspection_id
    if not uses_mark(acceptance) or inspection_id is None:
        return record
    use = mark_use(acceptance.outlet_id, inspection_id, acceptance.id)
    return record.with_rows([use], [("mark", acceptance.outlet_id, inspection_id)])
