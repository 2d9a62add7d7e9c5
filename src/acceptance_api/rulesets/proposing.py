"""Proposing an edition of a rule set: the first of the two persons."""

from collections.abc import Mapping
from datetime import datetime

from acceptance_api.access import Caller
from acceptance_api.audit import OPERATOR, Action, Entry
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import new_uuid
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.rulesets import policy, store
from acceptance_api.rulesets.digests import digest_of
from acceptance_api.rulesets.model import Parse, Proposal, ProposeRuleSet, RuleSet, Signature
from acceptance_api.rulesets.standing import Act, jurisdiction_of, require_layer, require_standing


async def propose_rule_set(
    tx: Tx, caller: Caller | None, request: ProposeRuleSet, *, parsers: Mapping[str, Parse], at: datetime
) -> Proposal:
    """Record the next edition of a rule set; it binds nobody before another person has approved it.

    No `caller` is the operator's own command. The content is read by the parser of its kind, and kept as it came.

    Raises:
        Problem: NOT_PERMITTED, NOT_FOUND (another owner's), REFERENCE_UNKNOWN (no such owner), INVALID (pointers into
            the content begin with `/content`), or CHANGED_MEANWHILE, when two propose the same edition at once.
    """
    require_layer(caller, request.layer)
    await require_standing(tx, caller, request.owner_id, Act.PROPOSE)
    _require_valid(request, parsers)
    jurisdiction = await jurisdiction_of(tx, request.layer, request.owner_id)
    newest = await store.find_newest(tx, request.owner_id, request.name)
    number, kind = newest or (0, request.kind)
    if kind != request.kind:
        raise Problem(Kind.INVALID, Fault("/kind", "not_that_of_earlier_editions"))
    proposal = Proposal(
        id=new_uuid(),
        rule_set=_edition(request, number + 1, jurisdiction=jurisdiction),
        proposed=Signature(client_id=caller.client.id if caller else None, by=request.by, at=at),
    )
    entry = entry_of(Action.RULE_SET_PROPOSED, proposal, proposal.proposed, caller)
    await store.add_proposal(tx, proposal, entry=entry)
    return proposal


def entry_of(action: Action, proposal: Proposal, signature: Signature, caller: Caller | None) -> Entry:
    """The audit entry of what was done with an edition: it holds the digest, so that an edition changed later shows."""
    rule_set = proposal.rule_set
    return Entry(
        action=action,
        actor=caller.actor if caller else OPERATOR,
        at=signature.at,
        stream_id=rule_set.owner_id,
        subject_id=proposal.id,
        detail={
            "layer": rule_set.layer.value,
            "kind": rule_set.kind,
            "version": rule_set.version,
            "digest": rule_set.digest.hex(),
            "by": signature.by,
        },
    )


def _require_valid(request: ProposeRuleSet, parsers: Mapping[str, Parse]) -> None:
    if faults := policy.faults_of(request):
        raise Problem(Kind.INVALID, *faults)
    try:
        parsers[request.kind](request.content)
    except Problem as problem:
        if problem.kind is not Kind.INVALID:
            raise
        raise Problem(Kind.INVALID, *policy.faults_of_content(problem.faults)) from None
    except KeyError:
        raise Problem(Kind.INVALID, Fault("/kind", "not_served")) from None


def _edition(request: ProposeRuleSet, number: int, *, jurisdiction: str) -> RuleSet:
    return RuleSet(
        layer=request.layer,
        owner_id=request.owner_id,
        kind=request.kind,
        name=request.name,
        edition=number,
        starts_at=request.starts_at,
        ends_at=request.ends_at,
        content=request.content,
        digest=digest_of(request),
        jurisdiction=jurisdiction,
    )
