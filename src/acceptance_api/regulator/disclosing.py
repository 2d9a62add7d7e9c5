"""Disclosing named fields of one record for a stated reason: recorded and committed before plaintext leaves."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from uuid import UUID

from acceptance_api.acceptance import FIELDS, Acceptance, cells_of, find_acceptance, find_sealed
from acceptance_api.access import Caller, Permission, is_within, require
from acceptance_api.audit import Action, Entry
from acceptance_api.disclosure import Cell
from acceptance_api.identity import find_verification
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import new_uuid
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.regulator import store
from acceptance_api.regulator.fields import REASON
from acceptance_api.regulator.model import Case, DiscloseFields
from acceptance_api.regulator.opening_cases import require_open_case
from acceptance_api.regulator.searching import SearchingDesk
from acceptance_api.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """Opened values and the audit entry that tells of it. Holds plaintext, so it shows nothing of itself."""

    id: UUID
    entry_id: UUID
    acceptance: Acceptance
    values: Mapping[str, str | None]

    def __repr__(self) -> str:
        """Show no value."""
        return "<disclosure>"


async def disclose_fields(desk: SearchingDesk, caller: Caller, request: DiscloseFields, *, at: datetime) -> Disclosure:
    """Open named fields of one record; a field the record does not have is None.

    Raises:
        Problem: NOT_PERMITTED, INVALID (no field, an unknown or a repeated one), CASE_NOT_OPEN, NOT_FOUND (also outside
            the jurisdiction), KEYS_UNAVAILABLE or SEALED_DATA_DAMAGED.
        KeyStoreUnavailable, KeyUnavailable: the vault cannot seal the reason; nothing was opened.
    """
    require(caller, Permission.REGULATOR_FIELD_DISCLOSE)
    if faults := faults_of(request):
        raise Problem(Kind.INVALID, *faults)
    async with desk.database.read() as tx:
        case = await require_open_case(tx, caller, request.case_id, at=at)
        acceptance, cells = await _cells(tx, caller, request)
    disclosure_id = new_uuid()
    entry = _entry(caller, case, request, disclosure_id, at=at)
    row = await _row(desk.vault, case, request, disclosure_id, at=at)
    look = await desk.disclosure.begin(entry, alongside=partial(store.add_disclosure, row=row))
    values = await look.full([cells[name] for name in request.fields])
    return Disclosure(
        id=disclosure_id,
        entry_id=entry.id,
        acceptance=acceptance,
        values=dict(zip(request.fields, values, strict=True)),
    )


def faults_of(request: DiscloseFields) -> tuple[Fault, ...]:
    """What is wrong with the fields that were named."""
    if not request.fields:
        return (Fault("/fields", "required"),)
    unknown = [Fault(f"/fields/{i}", "unknown") for i, name in enumerate(request.fields) if name not in FIELDS]
    seen = request.fields
    repeated = [Fault(f"/fields/{i}", "repeated") for i, name in enumerate(seen) if name in seen[:i]]
    return (*unknown, *repeated)


async def _cells(tx: Tx, caller: Caller, request: DiscloseFields) -> tuple[Acceptance, Mapping[str, Cell]]:
    acceptance = await find_acceptance(tx, request.outlet_id, request.acceptance_id)
    if acceptance is None or not is_within(acceptance.origin, caller.client.jurisdiction):
        raise Problem(Kind.NOT_FOUND)
    (_, latest), *_ = await find_sealed(tx, acceptance.outlet_id, acceptance.id)
    verification_id = acceptance.references.verification_id
    verification = await find_verification(tx, acceptance.outlet_id, verification_id) if verification_id else None
    return acceptance, cells_of(acceptance, latest, verification)


async def _row(
    vault: Vault, case: Case, request: DiscloseFields, disclosure_id: UUID, *, at: datetime
) -> dict[str, object]:
    scope = await vault.scope(case.agency_id, at=at)
    return {
        "agency_id": case.agency_id,
        "id": disclosure_id,
        "case_id": case.id,
        "outlet_id": request.outlet_id,
        "acceptance_id": request.acceptance_id,
        "fields": list(request.fields),
        "reason_sealed": scope.seal(REASON, disclosure_id, request.reason),
        "seal_key_id": scope.key_id,
        "disclosed_at": at,
    }


def _entry(caller: Caller, case: Case, request: DiscloseFields, disclosure_id: UUID, *, at: datetime) -> Entry:
    return Entry(
        action=Action.FIELDS_DISCLOSED,
        actor=replace(caller.actor, case_id=case.id),
        at=at,
        stream_id=case.agency_id,
        subject_id=request.acceptance_id,
        detail={
            "disclosure_id": str(disclosure_id),
            "legal_basis": case.legal_basis.value,
            "outlet_id": str(request.outlet_id),
            "fields": list(request.fields),
        },
    )
