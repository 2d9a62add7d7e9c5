"""Safety agreements: their customers are sealed and never answered."""

from datetime import date, datetime
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from acceptance_api.access import Permission, require
from acceptance_api.agreements import AddAgreement, Agreement, add_agreement, find_agreements
from acceptance_api.http.callers import EnterpriseCaller
from acceptance_api.http.counter.parties import OrganisationCode
from acceptance_api.http.idempotency import AttemptDep, Reply, once
from acceptance_api.http.listing import page_by_id
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.pages import Cursor, Page, PageSize
from acceptance_api.http.problems import documented
from acceptance_api.http.standard import READING, WRITING
from acceptance_api.http.wire import Code, Day, In, Line, Out, PersonName
from acceptance_api.inspection import ContentsKind
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import AgreementId, OutletId
from acceptance_api.kernel.problems import Kind

router = APIRouter(prefix="/agreements", tags=["agreements"])


class AgreementIn(In):
    """A safety agreement as it was signed and filed."""

    filing_no: Code
    customer_name: Line
    customer_code: OrganisationCode
    representative_name: PersonName
    outlets: list[UUID] = Field([], max_length=200, description="Where it holds; empty means every outlet.")
    contents_kinds: list[ContentsKind] = Field([], max_length=20, description="What it covers; empty means everything.")
    valid_from: Day
    valid_to: Day = Field(description="The last day on which it holds.")


class AgreementOut(Out):
    """An agreement, without its parties."""

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


@router.get("", responses=documented(*READING, Kind.CURSOR_INVALID))
async def list_agreements(
    caller: EnterpriseCaller, office: OfficeDep, limit: PageSize = 50, cursor: Cursor = None
) -> AgreementPage:
    """The enterprise's agreements, oldest first."""
    require(caller, Permission.ENTERPRISE_AGREEMENT_READ)

    async def find(tx: Tx, after: UUID | None, count: int) -> tuple[Agreement, ...]:
        place = AgreementId(after) if after else None
        return await find_agreements(tx, caller.enterprise_id, after=place, limit=count)

    filters = ["agreements", caller.enterprise_id]
    agreements, next_cursor = await page_by_id(office, find, cursor=cursor, limit=limit, filters=filters)
    return AgreementPage(
        data=[_out(agreement) for agreement in agreements], has_more=next_cursor is not None, next_cursor=next_cursor
    )


@router.post(
    "",
    status_code=201,
    response_model=AgreementOut,
    responses=documented(*WRITING, Kind.REFERENCE_UNKNOWN, Kind.ALREADY_EXISTS, Kind.KEYS_UNAVAILABLE),
)
async def add_an_agreement(
    body: AgreementIn, caller: EnterpriseCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """Add a safety agreement."""
    require(caller, Permission.ENTERPRISE_AGREEMENT_ADD)
    request = AddAgreement(
        filing_no=body.filing_no,
        customer=body.customer_name,
        uscc=body.customer_code,
        representative=body.representative_name,
        outlets=tuple(OutletId(outlet_id) for outlet_id in body.outlets),
        contents_kinds=frozenset(kind.value for kind in body.contents_kinds),
        valid_from=body.valid_from,
        valid_to=body.valid_to,
    )

    async def act(tx: Tx) -> Reply:
        agreement = await add_agreement(
            tx, office.vault, caller.enterprise_id, request, actor=caller.actor, at=office.clock.now()
        )
        return Reply(body=_out(agreement))

    return await once(office, caller, attempt, act)


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
