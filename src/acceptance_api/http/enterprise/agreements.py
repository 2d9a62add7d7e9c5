"""Safety agreements. Who signed one is sealed when it comes in and never answered."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from acceptance_api.access import Permission, require
from acceptance_api.agreements import AddAgreement, Agreement, add_agreement, find_agreements
from acceptance_api.http.callers import EnterpriseCaller
from acceptance_api.http.idempotency import AttemptDep, Reply, once
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.organisations import OrganisationCode
from acceptance_api.http.pages import Cursor, Page, PageSize, open_cursor, seal_cursor
from acceptance_api.http.problems import documented
from acceptance_api.http.standard import READING, WRITING
from acceptance_api.http.wire import Day, In, Line, Out, PersonName
from acceptance_api.inspection import ContentsKind
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import AgreementId, OutletId
from acceptance_api.kernel.problems import Kind

router = APIRouter(tags=["agreements"])


class AgreementIn(In):
    """An agreement filed with the postal administration. Both days are inclusive; empty lists mean all."""

    filing_no: Annotated[Line, Field(max_length=64)]
    customer: Line
    organisation_code: OrganisationCode
    representative: PersonName
    outlets: list[UUID] = Field([], max_length=200)
    contents_kinds: list[ContentsKind] = Field([], max_length=len(ContentsKind))
    valid_from: Day
    valid_to: Day


class AgreementOut(Out):
    """An agreement, without a word about who signed it."""

    id: UUID
    filing_no: str
    outlets: list[UUID]
    contents_kinds: list[str]
    valid_from: date
    valid_to: date
    created_at: datetime
    ended_at: datetime | None


class AgreementPage(Page[AgreementOut]):
    """A page of agreements."""


@router.get("/agreements", responses=documented(*READING, Kind.CURSOR_INVALID))
async def list_agreements(
    caller: EnterpriseCaller, office: OfficeDep, limit: PageSize = 50, cursor: Cursor = None
) -> AgreementPage:
    """The enterprise's agreements, lapsed ones too, oldest first."""
    require(caller, Permission.ENTERPRISE_AGREEMENT_READ)
    filters = ["agreements", caller.enterprise_id]
    place = open_cursor(office.cursor_key, cursor, filters=filters)
    after = AgreementId(place[1]) if place else None
    async with office.database.read() as tx:
        found = await find_agreements(tx, caller.enterprise_id, after=after, limit=limit + 1)
    end = (None, found[limit - 1].id) if len(found) > limit else None
    return AgreementPage(
        data=[_out(agreement) for agreement in found[:limit]],
        has_more=end is not None,
        next_cursor=seal_cursor(office.cursor_key, end, filters=filters),
    )


@router.post(
    "/agreements",
    status_code=201,
    response_model=AgreementOut,
    responses=documented(*WRITING, Kind.REFERENCE_UNKNOWN, Kind.ALREADY_EXISTS),
)
async def add_an_agreement(
    body: AgreementIn, caller: EnterpriseCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """Add a safety agreement; its filing number is unique in the enterprise."""
    require(caller, Permission.ENTERPRISE_AGREEMENT_ADD)
    request = _request(body)

    async def act(tx: Tx) -> Reply:
        at = office.clock.now()
        agreement = await add_agreement(tx, office.vault, caller.enterprise_id, request, actor=caller.actor, at=at)
        return Reply(body=_out(agreement))

    return await once(office, caller, attempt, act)


def _request(body: AgreementIn) -> AddAgreement:
    return AddAgreement(
        filing_no=body.filing_no,
        customer=body.customer,
        uscc=body.organisation_code,
        representative=body.representative,
        outlets=tuple(OutletId(outlet_id) for outlet_id in body.outlets),
        contents_kinds=frozenset(kind.value for kind in body.contents_kinds),
        valid_from=body.valid_from,
        valid_to=body.valid_to,
    )


def _out(agreement: Agreement) -> AgreementOut:
    return AgreementOut(
        id=agreement.id,
        filing_no=agreement.filing_no,
        outlets=sorted(agreement.outlets),
        contents_kinds=sorted(agreement.contents_kinds),
        valid_from=agreement.valid_from,
        valid_to=agreement.valid_to,
        created_at=agreement.created_at,
        ended_at=agreement.ended_at,
    )
