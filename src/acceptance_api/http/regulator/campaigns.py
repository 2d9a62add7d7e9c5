"""Campaigns of an agency (重点管控): proposed at one client, approved at another, by two officers."""

from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import Field

from acceptance_api.access import Caller, Permission, require
from acceptance_api.http.callers import RegulatorCaller
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

router = APIRouter(tags=["campaigns"])

_EXAMPLE = {
    "name_zh": "示例重点管控",
    "name_en": "Example campaign",
    "period": {
        "starts": {"source": "the notice, article 1", "verified": True},
        "ends": {"source": "the notice, article 1", "verified": True},
    },
    "rings": {"CORE": {"divisions": ["110000"], "source": "the notice, article 2", "verified": True}},
    "applies_to": {"destination": ["CORE"]},
    "overlays": [{"kind": "screen_100", "source": "the notice, article 3", "verified": True}],
}
_ANSWERING = (*WRITING, Kind.NOT_FOUND, Kind.SECOND_PERSON_REQUIRED, Kind.RULE_SET_SETTLED)


class CampaignIn(In):
    """The next edition of a campaign; at most 256 KiB of content.

    It binds outlets of the agency's jurisdiction, and from its approval on supersedes the older editions of its name:
    so a campaign with an open end is ended.
    """

    name: Slug
    starts_at: StartsAt
    ends_at: EndsAt = None
    content: Annotated[dict[str, Any], Field(description="The campaign's typed document.", examples=[_EXAMPLE])]
    by: By


@router.get("/campaigns", responses=documented(*READING, Kind.CURSOR_INVALID))
async def list_campaigns(
    caller: RegulatorCaller,
    office: OfficeDep,
    which: Which = Found.ALL,
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> EditionPage:
    """The agency's editions, oldest first, without their contents."""
    require(caller, Permission.REGULATOR_CAMPAIGN_READ)
    return await page_of_editions(office, caller.agency_id, found=which, limit=limit, cursor=cursor)


@router.post(
    "/campaigns",
    status_code=201,
    response_model=EditionOut,
    responses=documented(*WRITING, Kind.CHANGED_MEANWHILE),
)
async def propose_a_campaign(
    body: CampaignIn, caller: RegulatorCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """Propose the next edition of a campaign; its number is given here. It binds nobody before it is approved."""
    require(caller, Permission.REGULATOR_CAMPAIGN_PROPOSE)
    request = ProposeRuleSet(
        layer=Layer.CAMPAIGN,
        owner_id=caller.agency_id,
        kind="campaign",
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


@router.get("/campaigns/{name}", responses=documented(*READING))
async def read_campaign(name: Name, caller: RegulatorCaller, office: OfficeDep) -> EditionsOut:
    """A campaign's editions, the newest first."""
    require(caller, Permission.REGULATOR_CAMPAIGN_READ)
    return await editions_of(office, caller.agency_id, name)


@router.get("/campaigns/{name}/editions/{edition}", responses=documented(*READING))
async def read_campaign_edition(
    name: Name, edition: EditionNumber, caller: RegulatorCaller, office: OfficeDep
) -> RuleSetOut:
    """One edition with its content."""
    require(caller, Permission.REGULATOR_CAMPAIGN_READ)
    return await edition_of(office, _key(caller, name, edition))


@router.post(
    "/campaigns/{name}/editions/{edition}/approvals",
    status_code=201,
    response_model=EditionOut,
    responses=documented(*_ANSWERING, Kind.RULE_SET_SUPERSEDED),
)
async def approve_a_campaign(
    name: Name,
    edition: EditionNumber,
    body: ApprovalIn,
    caller: RegulatorCaller,
    office: OfficeDep,
    attempt: AttemptDep,
) -> Response:
    """Approve the newest edition of a campaign: it supersedes the older ones at once, and binds within its window."""
    require(caller, Permission.REGULATOR_CAMPAIGN_APPROVE)
    key = _key(caller, name, edition)

    async def act(tx: Tx) -> Reply:
        at = office.clock.now()
        return Reply(body=edition_out(await approve_rule_set(tx, caller, key, by=body.by, at=at), at=at))

    return await once(office, caller, attempt, act)


@router.post(
    "/campaigns/{name}/editions/{edition}/rejections",
    status_code=201,
    response_model=EditionOut,
    responses=documented(*_ANSWERING),
)
async def reject_a_campaign(
    name: Name,
    edition: EditionNumber,
    body: RejectionIn,
    caller: RegulatorCaller,
    office: OfficeDep,
    attempt: AttemptDep,
) -> Response:
    """Reject an edition for good."""
    require(caller, Permission.REGULATOR_CAMPAIGN_APPROVE)
    key = _key(caller, name, edition)

    async def act(tx: Tx) -> Reply:
        at = office.clock.now()
        return Reply(
            body=edition_out(await reject_rule_set(tx, caller, key, by=body.by, reason=body.reason, at=at), at=at)
        )

    return await once(office, caller, attempt, act)


def _key(caller: Caller, name: str, edition: int) -> RuleSetKey:
    return RuleSetKey(owner_id=caller.agency_id, name=name, edition=edition)
