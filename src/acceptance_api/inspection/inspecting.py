"""Recording an inspection, and giving its mark: never before the checklist is complete."""

import json
import secrets
from dataclasses import replace
from datetime import datetime

from acceptance_api.access import Caller, Permission, require
from acceptance_api.audit import Action, Entry
from acceptance_api.inspection import store
from acceptance_api.inspection.checklists import checklist_for
from acceptance_api.inspection.fields import DECLARED_COMMITMENT, FINDINGS
from acceptance_api.inspection.model import Checklist, Examination, InspectionStatus
from acceptance_api.inspection.policy import examine
from acceptance_api.inspection.record import Inspection, Mark, RecordInspection, statement_of
from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import InspectionId
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.vault import Vault


async def record_inspection(
    vault: Vault, tx: Tx, caller: Caller, request: RecordInspection, *, at: datetime
) -> tuple[Inspection, bool]:
    """Examine the answers against the checklist of the day, seal and record them; say whether the record is new.

    A failed or incomplete inspection is recorded too: it is what the clerk saw.

    Raises:
        Problem: NOT_PERMITTED, ID_CONFLICT, INVALID (items the checklist does not have) or REFERENCE_UNKNOWN (photos).
    """
    require(caller, Permission.COUNTER_INSPECTION_RECORD)
    if known := await store.find_inspection(tx, caller.outlet_id, request.id):
        if known.fingerprint != request.fingerprint:
            raise Problem(Kind.ID_CONFLICT)
        return known, False
    await _require_photos(tx, caller, request)
    checklist = checklist_for(request.contents_kind, on=legal_day(at))
    examination = _examined(checklist, request)
    reused = await store.count_reused(tx, caller.enterprise_id, request.photos, waybill=request.waybill)
    sealed = await _sealed(vault, caller, request, checklist, examination, at=at)
    inspection = replace(sealed, photos_reused=reused)
    await store.add(tx, inspection, entry=_entry(Action.INSPECTION_RECORDED, caller, inspection, at=at))
    if request.issue_mark and inspection.status is InspectionStatus.PASSED:
        inspection = await _with_mark(tx, caller, inspection, at=at)
    return inspection, True


async def issue_mark(tx: Tx, caller: Caller, inspection_id: InspectionId, *, at: datetime) -> Inspection:
    """Give an inspection its mark, once; asked again, it answers with the same serial.

    Raises:
        Problem: NOT_PERMITTED, NOT_FOUND, or MARK_NOT_DUE while the checklist is incomplete or failed.
    """
    require(caller, Permission.COUNTER_INSPECTION_RECORD)
    inspection = await store.find_inspection(tx, caller.outlet_id, inspection_id)
    if inspection is None:
        raise Problem(Kind.NOT_FOUND)
    if inspection.mark is not None:
        return inspection
    if inspection.status is not InspectionStatus.PASSED:
        raise Problem(Kind.MARK_NOT_DUE)
    return await _with_mark(tx, caller, inspection, at=at)


async def _with_mark(tx: Tx, caller: Caller, inspection: Inspection, *, at: datetime) -> Inspection:
    mark = Mark(
        serial=f"YS{legal_day(at):%y%m%d}{secrets.token_hex(6).upper()}",
        inspection_id=inspection.id,
        waybill=inspection.waybill,
        issued_at=at,
    )
    entry = _entry(Action.MARK_ISSUED, caller, inspection, at=at)
    if not await store.add_mark(tx, caller.outlet_id, mark, entry=entry):
        raise Problem(Kind.CHANGED_MEANWHILE)
    return replace(inspection, mark=mark)


async def _require_photos(tx: Tx, caller: Caller, request: RecordInspection) -> None:
    known = await store.find_evidence(tx, caller.outlet_id, request.photos)
    missing = [i for i, digest in enumerate(request.photos) if digest not in known]
    if missing:
        raise Problem(Kind.REFERENCE_UNKNOWN, *(Fault(f"/photos/{i}", "unknown") for i in missing))


def _examined(checklist: Checklist, request: RecordInspection) -> Examination:
    examination = examine(
        checklist,
        request.answers,
        photos_count=len(set(request.photos)),
        opening=request.opening,
        not_opened_reason=request.not_opened_reason,
        declared=request.declared,
        seen=request.seen,
        # Whether the sender has one is known when the parcel is decided, which does not let others stay closed.
        agreement=True,
    )
    if examination.unknown:
        unknown = [i for i, answer in enumerate(request.answers) if answer.item in examination.unknown]
        raise Problem(Kind.INVALID, *(Fault(f"/answers/{i}/item", "not_on_the_checklist") for i in unknown))
    return examination


async def _sealed(
    vault: Vault,
    caller: Caller,
    request: RecordInspection,
    checklist: Checklist,
    examination: Examination,
    *,
    at: datetime,
) -> Inspection:
    scope = await vault.scope(caller.enterprise_id, at=at)
    declared = statement_of(tuple((item.name, item.quantity) for item in request.declared))
    return Inspection(
        id=request.id,
        enterprise_id=caller.enterprise_id,
        outlet_id=caller.outlet_id,
        clerk_id=caller.named_clerk_id,
        waybill=request.waybill,
        contents_kind=request.contents_kind,
        checklist_version=checklist.version,
        status=examination.status,
        missing=examination.missing,
        failed=examination.failed,
        objections=examination.objections,
        opening=request.opening,
        not_opened_reason=request.not_opened_reason,
        answers={answer.item: answer.value.value for answer in request.answers},
        photos=request.photos,
        recorded_at=at,
        findings_sealed=scope.seal(FINDINGS, request.id, _findings(request)),
        seal_key_id=scope.key_id,
        declared_commitment=scope.commit(DECLARED_COMMITMENT, request.id, declared),
        fingerprint=request.fingerprint,
        opened_at=min(request.opened_at, at) if request.opened_at else None,
        unidentified=any(item.unidentified for item in request.seen),
    )


def _findings(request: RecordInspection) -> str:
    findings = {
        "declared": [[item.name, str(item.quantity), item.goods_code] for item in request.declared],
        "seen": [
            [item.name, str(item.quantity), item.goods_code, item.unidentified, item.safety_proof]
            for item in request.seen
        ],
        "notes": {answer.item: answer.note for answer in request.answers if answer.note},
    }
    return json.dumps(findings, ensure_ascii=False)


def _entry(action: Action, caller: Caller, inspection: Inspection, *, at: datetime) -> Entry:
    return Entry(
        action=action,
        actor=caller.actor,
        at=at,
        stream_id=inspection.outlet_id,
        subject_id=inspection.id,
        detail={"status": inspection.status.value, "checklist_version": inspection.checklist_version},
        commitments={"declared": inspection.declared_commitment},
    )
