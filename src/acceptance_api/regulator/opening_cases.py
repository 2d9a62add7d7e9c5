"""Opening and closing cases: nothing is searched without a legal basis and two named officers."""

import json
from dataclasses import replace
from datetime import datetime

from acceptance_api.access import Caller, Permission, require
from acceptance_api.audit import Action, Entry
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import CaseId
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.kernel.spelling import normal_document_number, normal_name
from acceptance_api.regulator import store
from acceptance_api.regulator.fields import OFFICERS, PURPOSE
from acceptance_api.regulator.model import Case, OpenCase
from acceptance_api.vault import Vault

OFFICERS_MIN = 2
"""邮政法 61: a postal inspection is carried out by at least two persons."""


async def open_case(vault: Vault, tx: Tx, caller: Caller, request: OpenCase, *, at: datetime) -> tuple[Case, bool]:
    """Record a case, its officers and purpose sealed; say whether it is new.

    Raises:
        Problem: NOT_PERMITTED, INVALID (fewer than two different officers, an expiry in the past) or ID_CONFLICT.
    """
    require(caller, Permission.REGULATOR_CASE_OPEN)
    if known := await store.find_case(tx, caller.agency_id, request.id):
        if known.fingerprint != request.fingerprint:
            raise Problem(Kind.ID_CONFLICT)
        return known, False
    if faults := faults_of(request, at=at):
        raise Problem(Kind.INVALID, *faults)
    case = await _sealed(vault, caller, request, at=at)
    await store.add_case(tx, case, entry=_entry(Action.CASE_OPENED, caller, case, at=at))
    return case, True


def faults_of(request: OpenCase, *, at: datetime) -> tuple[Fault, ...]:
    """What is wrong with a case as stated. A certificate belongs to one officer, however its number is spelled."""
    certificates = {normal_document_number(o.certificate_number) for o in request.officers if normal_name(o.name)}
    faults = []
    if len(certificates - {""}) < OFFICERS_MIN:
        faults.append(Fault("/officers", "two_different_officers", {"min": OFFICERS_MIN}))
    if request.expires_at <= at:
        faults.append(Fault("/expires_at", "not_in_the_future"))
    return tuple(faults)


async def close_case(tx: Tx, caller: Caller, case_id: CaseId, *, at: datetime) -> None:
    """Close a case: nothing more is searched under it. Closing it again changes nothing.

    Raises:
        Problem: NOT_PERMITTED or NOT_FOUND.
    """
    require(caller, Permission.REGULATOR_CASE_OPEN)
    case = await store.find_case(tx, caller.agency_id, case_id)
    if case is None:
        raise Problem(Kind.NOT_FOUND)
    entry = _entry(Action.CASE_CLOSED, caller, case, at=at)
    await store.close_case(tx, caller.agency_id, case_id, at=at, entry=entry)


async def require_open_case(tx: Tx, caller: Caller, case_id: CaseId, *, at: datetime) -> Case:
    """The case, if it allows looks now.

    Raises:
        Problem: CASE_NOT_OPEN, whether unknown, another agency's, expired or closed.
    """
    case = await store.find_case(tx, caller.agency_id, case_id)
    if case is None or not case.is_open(at):
        raise Problem(Kind.CASE_NOT_OPEN)
    return case


async def _sealed(vault: Vault, caller: Caller, request: OpenCase, *, at: datetime) -> Case:
    scope = await vault.scope(caller.agency_id, at=at)
    officers = json.dumps([[o.name, o.certificate_number] for o in request.officers], ensure_ascii=False)
    return Case(
        id=request.id,
        agency_id=caller.agency_id,
        legal_basis=request.legal_basis,
        number=request.number,
        opened_at=at,
        expires_at=request.expires_at,
        closed_at=None,
        officers_sealed=scope.seal(OFFICERS, request.id, officers),
        purpose_sealed=scope.seal(PURPOSE, request.id, request.purpose),
        seal_key_id=scope.key_id,
        fingerprint=request.fingerprint,
    )


def _entry(action: Action, caller: Caller, case: Case, *, at: datetime) -> Entry:
    return Entry(
        action=action,
        actor=replace(caller.actor, case_id=case.id),
        at=at,
        stream_id=case.agency_id,
        subject_id=case.id,
        detail={"legal_basis": case.legal_basis.value, "expires_at": case.expires_at.isoformat()},
    )
