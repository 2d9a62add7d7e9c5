"""What verifications, inspections, screenings and cases are worth to a decision, in codes and counts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from acceptance_api.acceptance.facts import InspectionFact, MarkState, VerificationFact
from acceptance_api.acceptance.model import DecideParcel
from acceptance_api.identity import NAME_COMMITMENT, Identified
from acceptance_api.inspection import DECLARED_COMMITMENT, Inspected
from acceptance_api.interception import Stopped
from acceptance_api.kernel.ids import AcceptanceId
from acceptance_api.kernel.spelling import normal_name
from acceptance_api.screening import PassFact, PassReservation, ScreeningVerdict
from acceptance_api.vault import Vault


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
        opened=inspection.opened,
    )


def mark_state(inspection: Inspected, acceptance_id: AcceptanceId) -> MarkState:
    """Whether the mark is there, and free for this acceptance."""
    if not inspection.is_marked:
        return MarkState.MISSING
    return MarkState.ISSUED if inspection.mark_used_by in {None, acceptance_id} else MarkState.USED


def pass_facts(passes: Sequence[PassFact]) -> dict[str, Any]:
    """What the rules ask of a waybill's passes: by the names of the facts.

    Reservations count of a pass that speaks for the parcel; who has another without any needs no excuse.
    """
    clear = [one for one in passes if one.verdict is ScreeningVerdict.CLEAR]
    reservations = min((one.reservations for one in clear), key=len, default=())
    return {
        "screenings": tuple(one.verdict.value for one in passes),
        "flags_open": sum(one.flags_open for one in passes),
        "is_labelled": any(one.labelled for one in passes),
        "reservations": tuple(code for code in reservations if code != PassReservation.FLAG_OPEN.value),
    }


def stop_of(stopped: Stopped) -> str | None:
    """What stops a parcel, as the facts tell it."""
    if stopped.is_intercepted:
        return "open"
    return "examine" if stopped.is_under_examination else None
