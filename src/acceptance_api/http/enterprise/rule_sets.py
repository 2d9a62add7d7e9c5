"""The rules of a brand: proposed at one client, approved at another, by two persons."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Response
from pydantic import Field

from acceptance_api.access import Caller, Permission, require
from acceptance_api.http.callers import EnterpriseCaller
from acceptance_api.http.freezing import freezing_campaign
from acceptance_api.http.idempotency import AttemptDep, Reply, once
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.pages import Cursor, PageSize
from acceptance_api.http.problems import documented
from acceptance_api.http.rule_set_documents import PARSERS
from acceptance_api.http.rule_set_reading import edition_of, editions_of, page_of_editions
from acceptance_api.http.rule_set_wire import (
    ApprovalIn,
    By,
    EditionNumber,
    EditionOut,
    EditionPage,
    EditionsOut,
    EndsAt,
    Name,
    RejectionIn,
    RuleSetOut,
    Slug,
    StartsAt,
    Which,
    edition_out,
)
from acceptance_api.http.standard import READING, WRITING
from acceptance_api.http.wire import In
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.problems import Kind
from acceptance_api.rulesets import (
    Found,
    Layer,
    ProposeRuleSet,
    RuleSetKey,
    approve_rule_set,
    propose_rule_set,
    reject_rule_set,
)

router = APIRouter(tags=["rule sets"])

_EXAMPLE = {"rules": [{"about": "P03", "verdict": "ban", "source": "the brand's own manual", "verified": True}]}
_ANSWERING = (*WRITING, Kind.NOT_FOUND, Kind.SECOND_PERSON_REQUIRED, Kind.RULE_SET_SETTLED)


class RuleSetIn(In):
    """The next edition of a rule set. It can only add to what the law and campaigns ask; at most 256 KiB of content."""

    name: Slug
    kind: Literal["goods", "acceptance", "signals"]
    starts_at: StartsAt
    ends_at: EndsAt = None
    content: Annotated[dict[str, Any], Field(description="The kind's typed document.", examples=[_EXAMPLE])]
    by: By


@router.get("/rule-sets", responses=documented(*READING, Kind.CURSOR_INVALID))
async def list_rule_sets(
    caller: EnterpriseCaller,
    office: OfficeDep,
    which: Which = Found.ALL,
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> EditionPage:
    """The brand's editions, oldest first, without their contents."""
    require(caller, Permission.ENTERPRISE_RULE_READ)
    return await page_of_editions(office, caller.enterprise_id, found=which, limit=limit, cursor=cursor)


@router.post(
    "/rule-sets",
    status_code=201,
    response_model=EditionOut,
    responses=documented(*WRITING, Kind.CHANGED_MEANWHILE),
)
async def propose_a_rule_set(
    body: RuleSetIn, caller: EnterpriseCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """Propose the next edition of a rule set; its number is given here. It binds nobody before it is approved."""
    require(caller, Permission.ENTERPRISE_RULE_PROPOSE)
    request = ProposeRuleSet(
        layer=Layer.BRAND,
        owner_id=caller.enterprise_id,
        kind=body.kind,
        name=body.name,
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        content=body.content,
        by=body.by,
    )

    async def act(tx: Tx) -> Reply:
        at = office.clock.now()
        return Reply(body=edition_out(await propose_rule_set(tx, caller, request, parsers=PARSERS, at=at), at=at))

    return await once(office, caller, attempt, act)


@router.get("/rule-sets/{name}", responses=documented(*READING))
async def read_rule_set(name: Name, caller: EnterpriseCaller, office: OfficeDep) -> EditionsOut:
    """A rule set's editions, the newest first."""
    require(caller, Permission.ENTERPRISE_RULE_READ)
    return await editions_of(office, caller.enterprise_id, name)


@router.get("/rule-sets/{name}/editions/{edition}", responses=documented(*READING))
async def read_rule_set_edition(
    name: Name, edition: EditionNumber, caller: EnterpriseCaller, office: OfficeDep
) -> RuleSetOut:
    """One edition with its content."""
    require(caller, Permission.ENTERPRISE_RULE_READ)
    return await edition_of(office, _key(caller, name, edition))


@router.post(
    "/rule-sets/{name}/editions/{edition}/approvals",
    status_code=201,
    response_model=EditionOut,
    responses=documented(*_ANSWERING, Kind.RULE_SET_SUPERSEDED, Kind.RULES_FROZEN),
)
async def approve_a_rule_set(
    name: Name,
    edition: EditionNumber,
    body: ApprovalIn,
    caller: EnterpriseCaller,
    office: OfficeDep,
    attempt: AttemptDep,
) -> Response:
    """Approve the newest edition of a rule set: it supersedes the older ones at once, and binds within its window."""
    require(caller, Permission.ENTERPRISE_RULE_APPROVE)
    key = _key(caller, name, edition)

    async def act(tx: Tx) -> Reply:
        at = office.clock.now()
        frozen_by = await freezing_campaign(tx, key.owner_id, at=at)
        return Reply(
            body=edition_out(await approve_rule_set(tx, caller, key, by=body.by, frozen_by=frozen_by, at=at), at=at)
        )

    return await once(office, caller, attempt, act)


@router.post(
    "/rule-sets/{name}/editions/{edition}/rejections",
    status_code=201,
    response_model=EditionOut,
    responses=documented(*_ANSWERING),
)
async def reject_a_rule_set(
    name: Name,
    edition: EditionNumber,
    body: RejectionIn,
    caller: EnterpriseCaller,
    office: OfficeDep,
    attempt: AttemptDep,
) -> Response:
    """Reject an edition for good."""
    require(caller, Permission.ENTERPRISE_RULE_APPROVE)
    key = _key(caller, name, edition)

    async def act(tx: Tx) -> Reply:
        at = office.clock.now()
        return Reply(
            body=edition_out(await reject_rule_set(tx, caller, key, by=body.by, reason=body.reason, at=at), at=at)
        )

    return await once(office, caller, attempt, act)


def _key(caller: Caller, name: str, edition: int) -> RuleSetKey:
    return RuleSetKey(owner_id=caller.enterprise_id, name=name, edition=edition)
