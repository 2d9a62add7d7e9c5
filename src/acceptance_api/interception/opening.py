"""Opening a case: something was found, the parcel goes nowhere from now on."""

from collections.abc import Sequence
from datetime import datetime

from acceptance_api.access import Caller, Permission, require
from acceptance_api.audit import Action, Entry
from acceptance_api.inspection import find_inspection
from acceptance_api.interception import cascade_store, store
from acceptance_api.interception.cascading import flags_of
from acceptance_api.interception.classing import Classed, classed
from acceptance_api.interception.disposals import disposals_on
from acceptance_api.interception.fields import NOTE, OF_A_STEP
from acceptance_api.interception.model import (
    CaseFile,
    Interception,
    Obligation,
    OpenInterception,
    Person,
    PersonKind,
    Source,
    State,
    Step,
    StepKind,
    WaybillUnderWay,
)
from acceptance_api.interception.obligations import next_due, obligations_of
from acceptance_api.interception.policy import is_never_returned
from acceptance_api.interception.rules import DisposalEdition
from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import InspectionId, new_uuid
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.screening import PassState, Screening, find_of_waybill, intercept_screening
from acceptance_api.sites import get_outlet
from acceptance_api.vault import Vault


async def open_interception(
    vault: Vault,
    tx: Tx,
    caller: Caller,
    request: OpenInterception,
    *,
    under_way: Sequence[WaybillUnderWay] = (),
    at: datetime,
) -> tuple[CaseFile, bool]:
    """Open a case, suspected, in the hands of the clerk who found it; say whether it is new.

    It takes no evidence: nobody goes back to photograph what may explode. Every later step does. Goods of a dangerous
    or criminal class flag the sender's other parcels `under_way`, which the caller has looked up.

    Raises:
        Problem: NOT_PERMITTED, INVALID, REFERENCE_UNKNOWN (the goods, or the pass or inspection it was found in),
            ID_CONFLICT or ALREADY_INTERCEPTED.
        KeyStoreUnavailable, KeyUnavailable: the vault cannot seal.
    """
    require(caller, Permission.COUNTER_INTERCEPTION_RECORD)
    if known := await store.find_file(tx, caller.outlet_id, request.id):
        if known.interception.fingerprint != request.fingerprint:
            raise Problem(Kind.ID_CONFLICT)
        return known, False
    if faults := faults_of(request, at=at):
        raise Problem(Kind.INVALID, *faults)
    found = classed(request.goods_code, request.class_code, on=legal_day(at))
    screening = await _require_source(tx, caller, request)
    edition = disposals_on(legal_day(at))
    rule, found_at = edition.rules[found.disposal], request.found_at or at
    obligations = obligations_of(rule, (), since=found_at)
    outlet = await get_outlet(tx, caller.outlet_id, enterprise_id=caller.enterprise_id)
    case = _case(caller, request, found, edition, obligations, origin=outlet.division, at=at)
    step = await _first_step(vault, caller, request, case, at=at)
    file = CaseFile(interception=case, steps=(step,), obligations=obligations)
    flags = flags_of(case, under_way, known=(), at=at) if rule.ruling.cascades else ()
    await store.add(tx, file, entry=_entry(caller, case, flagged=len(flags)))
    await cascade_store.add_flags(tx, flags)
    await _tell_screening(tx, caller, screening, case, at=at)
    return file, True


async def asks_for_cascade(tx: Tx, caller: Caller, request: OpenInterception, *, at: datetime) -> bool:
    """Whether the sender's other parcels have to be looked for before this case is opened.

    Raises:
        Problem: NOT_PERMITTED, INVALID or REFERENCE_UNKNOWN (the goods).
    """
    require(caller, Permission.COUNTER_INTERCEPTION_RECORD)
    found = classed(request.goods_code, request.class_code, on=legal_day(at))
    is_known = await store.find_interception(tx, caller.outlet_id, request.id) is not None
    return not is_known and disposals_on(legal_day(at)).rules[found.disposal].ruling.cascades


def faults_of(request: OpenInterception, *, at: datetime) -> tuple[Fault, ...]:
    """What is wrong with a case as it is stated, apart from what it names."""
    has_id, needs_id = request.source_id is not None, request.source is not Source.WAYBILL
    faults = (
        ("/source/id", "required", needs_id and not has_id),
        ("/source/id", "not_of_this_kind", has_id and not needs_id),
        ("/found_at", "in_the_future", request.found_at is not None and request.found_at > at),
    )
    return tuple(Fault(pointer, code) for pointer, code, is_wrong in faults if is_wrong)


async def _require_source(tx: Tx, caller: Caller, request: OpenInterception) -> Screening | None:
    """The pass it was found in, if it was one. An acceptance stands above this room: whoever calls has looked it up."""
    is_known, screening = True, None
    if request.source is Source.INSPECTION and request.source_id:
        inspection = await find_inspection(tx, caller.outlet_id, InspectionId(request.source_id))
        is_known = inspection is not None and inspection.waybill == request.waybill
    if request.source is Source.SCREENING:
        passes = await find_of_waybill(tx, caller.outlet_id, request.waybill)
        screening = next((one for one in passes if one.id == request.source_id), None)
        is_known = screening is not None
    if not is_known:
        raise Problem(Kind.REFERENCE_UNKNOWN, Fault("/source/id", "unknown"))
    return screening


async def _tell_screening(
    tx: Tx, caller: Caller, screening: Screening | None, case: Interception, *, at: datetime
) -> None:
    """A prohibited pass ends with its case. Who may not end it leaves it prohibited, which stops the parcel as well."""
    may = Permission.COUNTER_SCREENING_CLOSE in caller.client.permissions
    if may and screening is not None and screening.state is PassState.PROHIBITED:
        await intercept_screening(tx, caller, screening.id, case_id=case.id, at=at)


def _case(
    caller: Caller,
    request: OpenInterception,
    found: Classed,
    edition: DisposalEdition,
    obligations: tuple[Obligation, ...],
    *,
    origin: str,
    at: datetime,
) -> Interception:
    return Interception(
        outlet_id=caller.outlet_id,
        id=request.id,
        enterprise_id=caller.enterprise_id,
        origin=origin,
        waybill=request.waybill,
        source=request.source,
        source_id=request.source_id,
        goods_code=found.goods_code,
        class_code=found.class_code,
        disposal=found.disposal,
        is_never_returned=is_never_returned([found.disposal]),
        state=State.SUSPECTED,
        steps=1,
        rules=edition.version,
        goods_version=found.goods_version,
        opened_at=at,
        due_at=next_due(obligations),
        closed_at=None,
        fingerprint=request.fingerprint,
    )


async def _first_step(
    vault: Vault, caller: Caller, request: OpenInterception, case: Interception, *, at: datetime
) -> Step:
    finder = Person(kind=PersonKind.CLERK, clerk_id=caller.named_clerk_id)
    scope, step_id = await vault.scope(case.enterprise_id, at=at), new_uuid()
    return Step(
        outlet_id=case.outlet_id,
        interception_id=case.id,
        number=1,
        id=step_id,
        kind=StepKind.OPEN,
        state=case.state,
        disposal=case.disposal,
        actor=finder,
        holder=finder,
        holder_since=1,
        witness=None,
        body=None,
        reference=None,
        instruction=None,
        is_evacuated=False,
        evidence=None,
        happened_at=request.found_at or at,
        recorded_at=at,
        client_id=caller.client.id,
        sealed=scope.seal_record(step_id, dict.fromkeys(OF_A_STEP) | {NOTE: request.note}),
        seal_key_id=scope.key_id,
        fingerprint=request.fingerprint,
    )


def _entry(caller: Caller, case: Interception, *, flagged: int) -> Entry:
    return Entry(
        action=Action.INTERCEPTION_OPENED,
        actor=caller.actor,
        at=case.opened_at,
        stream_id=case.outlet_id,
        subject_id=case.id,
        detail={
            "source": case.source.value,
            "class_code": case.class_code,
            "disposal": case.disposal.value,
            "rules": case.rules,
            "flagged": flagged,
        },
    )
