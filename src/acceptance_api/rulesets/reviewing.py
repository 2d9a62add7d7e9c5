"""Approving or rejecting an edition of a rule set: the second of the two persons."""

from dataclasses import replace
from datetime import datetime

from acceptance_api.access import Caller
from acceptance_api.audit import Action
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.rulesets import store
from acceptance_api.rulesets.model import Layer, Outcome, Proposal, RuleSetKey, Signature
from acceptance_api.rulesets.policy import require_second_person
from acceptance_api.rulesets.proposing import entry_of
from acceptance_api.rulesets.standing import Act, require_standing


async def approve_rule_set(
    tx: Tx, caller: Caller | None, key: RuleSetKey, *, by: str, frozen_by: str | None = None, at: datetime
) -> Proposal:
    """Approve the newest edition of a name: from now on it supersedes the older ones, and binds within its window.

    `frozen_by` is the version of a campaign in force that freezes changes of the brand's rules.

    Raises:
        Problem: NOT_PERMITTED, NOT_FOUND, RULE_SET_SETTLED (answered before), RULE_SET_SUPERSEDED (a newer edition was
            proposed), SECOND_PERSON_REQUIRED or RULES_FROZEN.
    """
    await require_standing(tx, caller, key.owner_id, Act.ANSWER)
    proposal = await _unanswered(tx, key)
    newest = await store.find_newest(tx, key.owner_id, key.name)
    if newest is not None and newest[0] != key.edition:
        raise Problem(Kind.RULE_SET_SUPERSEDED)
    if frozen_by is not None and proposal.rule_set.layer is Layer.BRAND:
        raise Problem(Kind.RULES_FROZEN, Fault("", "frozen", {"by": frozen_by}))
    return await _answered(tx, caller, proposal, Outcome.APPROVED, by=by, reason=None, at=at)


async def reject_rule_set(
    tx: Tx, caller: Caller | None, key: RuleSetKey, *, by: str, reason: str, at: datetime
) -> Proposal:
    """Reject an edition for good; its number is not given again.

    Raises:
        Problem: NOT_PERMITTED, NOT_FOUND, RULE_SET_SETTLED (answered before) or SECOND_PERSON_REQUIRED.
    """
    await require_standing(tx, caller, key.owner_id, Act.ANSWER)
    proposal = await _unanswered(tx, key)
    return await _answered(tx, caller, proposal, Outcome.REJECTED, by=by, reason=reason, at=at)


async def _unanswered(tx: Tx, key: RuleSetKey) -> Proposal:
    proposal = await store.find_proposal(tx, key)
    if proposal is None:
        raise Problem(Kind.NOT_FOUND)
    if proposal.outcome is not None:
        raise Problem(Kind.RULE_SET_SETTLED)
    return proposal


async def _answered(
    tx: Tx,
    caller: Caller | None,
    proposal: Proposal,
    outcome: Outcome,
    *,
    by: str,
    reason: str | None,
    at: datetime,
) -> Proposal:
    signature = Signature(client_id=caller.client.id if caller else None, by=by, at=at)
    require_second_person(proposal, signature)
    is_approved = outcome is Outcome.APPROVED
    action = Action.RULE_SET_APPROVED if is_approved else Action.RULE_SET_REJECTED
    entry = entry_of(action, proposal, signature, caller)
    await store.add_outcome(tx, proposal.key, outcome, signature, reason=reason, entry=entry)
    return replace(
        proposal,
        rule_set=replace(proposal.rule_set, approved_at=at) if is_approved else proposal.rule_set,
        outcome=outcome,
        answered=signature,
        reason=reason,
        newest_approved=proposal.rule_set.edition if is_approved else proposal.newest_approved,
    )
