"""Adding safety agreements, and renewing them: a renewal is a new agreement that takes the old one's place."""

from datetime import datetime

from acceptance_api.agreements import policy, store
from acceptance_api.agreements.editions import AgreementValues, values_on
from acceptance_api.agreements.fields import CUSTOMER, REPRESENTATIVE, USCC
from acceptance_api.agreements.model import AddAgreement, Agreement
from acceptance_api.audit import Action, Actor, Entry
from acceptance_api.kernel.clock import legal_day
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
        Problem: INVALID, REFERENCE_UNKNOWN (the outlets, or the agreement it renews), ALREADY_EXISTS (the filing
            number) or CHANGED_MEANWHILE (somebody else's renewal was first).
        KeyStoreUnavailable, KeyUnavailable: the vault cannot seal.
    """
    values = values_on(legal_day(at))
    if faults := policy.faults_of(request, ratio_min=values.sampling_ratio_min, on=legal_day(at)):
        raise Problem(Kind.INVALID, *faults)
    if faults := await _foreign_outlets(tx, enterprise_id, request):
        raise Problem(Kind.REFERENCE_UNKNOWN, *faults)
    old = await _renewed(tx, enterprise_id, request)
    agreement = _sealed(await vault.scope(enterprise_id, at=at), enterprise_id, request, values, at=at)
    await store.add(tx, agreement, entry=_entry(agreement, actor=actor))
    if old is not None and not await store.supersede(tx, old, by=agreement.id, since=agreement.valid_from):
        raise Problem(Kind.CHANGED_MEANWHILE)
    return agreement


async def _renewed(tx: Tx, enterprise_id: EnterpriseId, request: AddAgreement) -> Agreement | None:
    if request.supersedes is None:
        return None
    old = await store.find_agreement(tx, enterprise_id, request.supersedes)
    if old is None:
        raise Problem(Kind.REFERENCE_UNKNOWN, Fault("/supersedes", "unknown"))
    if old.superseded_by is not None:
        raise Problem(Kind.INVALID, Fault("/supersedes", "superseded_already"))
    if request.valid_from <= old.valid_from:
        raise Problem(Kind.INVALID, Fault("/valid_from", "not_after_the_superseded"))
    return old


async def _foreign_outlets(tx: Tx, enterprise_id: EnterpriseId, request: AddAgreement) -> tuple[Fault, ...]:
    faults = [
        Fault(f"/outlets/{index}", "unknown")
        for index, outlet_id in enumerate(request.outlets)
        if await find_outlet(tx, outlet_id, enterprise_id=enterprise_id) is None
    ]
    return tuple(faults)


def _sealed(
    scope: Scope, enterprise_id: EnterpriseId, request: AddAgreement, values: AgreementValues, *, at: datetime
) -> Agreement:
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
        goods=request.goods,
        sampling_ratio=values.sampling_ratio_default if request.sampling_ratio is None else request.sampling_ratio,
        representative_id_copy=request.representative_id_copy,
        last_checked_on=request.last_checked_on,
        supersedes=request.supersedes,
    )


def _entry(agreement: Agreement, *, actor: Actor) -> Entry:
    return Entry(
        action=Action.AGREEMENT_ADDED,
        actor=actor,
        at=agreement.created_at,
        stream_id=agreement.enterprise_id,
        subject_id=agreement.id,
        detail={
            "valid_from": agreement.valid_from.isoformat(),
            "valid_to": agreement.valid_to.isoformat(),
            "sampling_ratio": store.written(agreement.sampling_ratio),
            "supersedes": str(agreement.supersedes) if agreement.supersedes else None,
        },
    )
