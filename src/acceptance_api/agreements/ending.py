"""Ending an agreement before its last day, and telling that somebody looked whether it is kept."""

from datetime import date, datetime

from acceptance_api.agreements import store
from acceptance_api.agreements.model import Agreement, EndReason
from acceptance_api.audit import Action, Actor, Entry
from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import AgreementId, EnterpriseId
from acceptance_api.kernel.problems import Fault, Kind, Problem


async def end_agreement(
    tx: Tx,
    enterprise_id: EnterpriseId,
    agreement_id: AgreementId,
    *,
    reason: EndReason,
    actor: Actor,
    at: datetime,
) -> Agreement:
    """End an agreement: it covers nothing more from this legal day on. Ended again, the first end stays.

    Raises:
        Problem: NOT_FOUND.
    """
    agreement = await store.get_agreement(tx, enterprise_id, agreement_id)
    entry = _entry(Action.AGREEMENT_ENDED, agreement, {"reason": reason.value}, actor=actor, at=at)
    await store.end(tx, agreement, reason=reason, at=at, entry=entry)
    return await store.get_agreement(tx, enterprise_id, agreement_id)


async def check_agreement(
    tx: Tx,
    enterprise_id: EnterpriseId,
    agreement_id: AgreementId,
    *,
    checked_on: date,
    actor: Actor,
    at: datetime,
) -> Agreement:
    """Record that on a legal day somebody looked whether the customer keeps the agreement.

    Raises:
        Problem: NOT_FOUND, or INVALID for a day to come.
    """
    agreement = await store.get_agreement(tx, enterprise_id, agreement_id)
    if checked_on > legal_day(at):
        raise Problem(Kind.INVALID, Fault("/checked_on", "in_the_future"))
    detail = {"checked_on": checked_on.isoformat()}
    entry = _entry(Action.AGREEMENT_CHECKED, agreement, detail, actor=actor, at=at)
    await store.check(tx, agreement, on=checked_on, entry=entry)
    return await store.get_agreement(tx, enterprise_id, agreement_id)


def _entry(action: Action, agreement: Agreement, detail: dict[str, str], *, actor: Actor, at: datetime) -> Entry:
    return Entry(
        action=action,
        actor=actor,
        at=at,
        stream_id=agreement.enterprise_id,
        subject_id=agreement.id,
        detail=detail,
    )
