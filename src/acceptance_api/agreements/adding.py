"""Adding safety agreements."""

from datetime import datetime

from acceptance_api.agreements import policy, store
from acceptance_api.agreements.fields import CUSTOMER, REPRESENTATIVE, USCC
from acceptance_api.agreements.model import AddAgreement, Agreement
from acceptance_api.audit import Action, Actor, Entry
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import AgreementId, EnterpriseId, new_uuid
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.sites import find_outlet
from acceptance_api.vault import Scope, Vault


async def add_agreement(
    tx: Tx, vault: Vault, enterprise_id: EnterpriseId, request: AddAgreement, *, actor: Actor, at: datetime
) -> Agreement:
    """Seal and record an agreement; the form of the customer's code is checked at the edge.

    Raises:
        Problem: INVALID, REFERENCE_UNKNOWN (the outlets) or ALREADY_EXISTS (the filing number).
        KeyStoreUnavailable, KeyUnavailable: the vault cannot seal.
    """
    if faults := policy.faults_of(request):
        raise Problem(Kind.INVALID, *faults)
    if faults := await _foreign_outlets(tx, enterprise_id, request):
        raise Problem(Kind.REFERENCE_UNKNOWN, *faults)
    agreement = _sealed(await vault.scope(enterprise_id, at=at), enterprise_id, request, at=at)
    await store.add(tx, agreement, entry=_entry(agreement, actor=actor))
    return agreement


async def _foreign_outlets(tx: Tx, enterprise_id: EnterpriseId, request: AddAgreement) -> tuple[Fault, ...]:
    faults = [
        Fault(f"/outlets/{index}", "unknown")
        for index, outlet_id in enumerate(request.outlets)
        if await find_outlet(tx, outlet_id, enterprise_id=enterprise_id) is None
    ]
    return tuple(faults)


def _sealed(scope: Scope, enterprise_id: EnterpriseId, request: AddAgreement, *, at: datetime) -> Agreement:
    agreement_id = AgreementId(new_uuid())
    return Agreement(
        enterprise_id=enterprise_id,
        id=agreement_id,
        filing_no=request.filing_no,
        customer_sealed=scope.seal(CUSTOMER, agreement_id, request.customer),
        uscc_sealed=scope.seal(USCC, agreement_id, request.uscc),
        representative_sealed=scope.seal(REPRESENTATIVE, agreement_id, request.representative),
        seal_key_id=scope.key_id,
        outlets=frozenset(request.outlets),
        contents_kinds=request.contents_kinds,
        valid_from=request.valid_from,
        valid_to=request.valid_to,
        created_at=at,
    )


def _entry(agreement: Agreement, *, actor: Actor) -> Entry:
    return Entry(
        action=Action.AGREEMENT_ADDED,
        actor=actor,
        at=agreement.created_at,
        stream_id=agreement.enterprise_id,
        subject_id=agreement.id,
        detail={"valid_from": agreement.valid_from.isoformat(), "valid_to": agreement.valid_to.isoformat()},
    )
