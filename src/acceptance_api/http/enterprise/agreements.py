"""Safety agreements. Who signed one is sealed when it comes in and never answered."""

import re
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BeforeValidator, Field

from acceptance_api.access import Permission, require
from acceptance_api.agreements import (
    AddAgreement,
    Agreement,
    EndReason,
    add_agreement,
    check_agreement,
    end_agreement,
    expires_soon,
    find_agreements,
    get_agreement,
    values_on,
)
from acceptance_api.http.callers import EnterpriseCaller
from acceptance_api.http.idempotency import AttemptDep, Reply, once
from acceptance_api.http.office import Office, OfficeDep
from acceptance_api.http.organisations import OrganisationCode
from acceptance_api.http.pages import Cursor, Page, PageSize, open_cursor, seal_cursor
from acceptance_api.http.problems import documented
from acceptance_api.http.standard import READING, WRITING
from acceptance_api.http.wire import Code, Day, In, Line, Out, PersonName, Sha256
from acceptance_api.inspection import ContentsKind
from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import AgreementId, OutletId
from acceptance_api.kernel.problems import Kind

router = APIRouter(tags=["agreements"])
_RATIO = re.compile(r"(?:0(?:\.[0-9]{1,4})?|1(?:\.0{1,4})?)\Z")


def _ratio(value: object) -> object:
    """A JSON number, or a decimal in a string; not what else Python reads as one."""
    if isinstance(value, bool) or (isinstance(value, str) and not _RATIO.match(value)):
        raise ValueError("ratio")
    return value


Ratio = Annotated[
    Decimal,
    Field(ge=0, le=1, max_digits=5, decimal_places=4, allow_inf_nan=False),
    BeforeValidator(_ratio),
]


class AgreementIn(In):
    """An agreement filed with the postal administration. Both days are inclusive; empty lists mean all."""

    filing_no: Annotated[Line, Field(max_length=64)]
    customer: Line
    organisation_code: OrganisationCode
    representative: PersonName
    representative_id_copy: Sha256 | None = Field(
        None, description="Of the copy of the representative's document, which is kept as evidence or in your archive."
    )
    outlets: list[UUID] = Field([], max_length=200)
    contents_kinds: list[ContentsKind] = Field([], max_length=len(ContentsKind))
    goods: list[Code] = Field(
        [], max_length=200, description="Codes of goods and of classes of the catalogue that it covers."
    )
    sampling_ratio: Ratio | None = Field(
        None, description="The share of its parcels that are inspected all the same; the policy's when left out."
    )
    last_checked_on: Day | None = None
    supersedes: UUID | None = Field(None, description="The agreement that this one renews, from its first day on.")
    valid_from: Day
    valid_to: Day


class EndingIn(In):
    """Why an agreement ends before its last day."""

    reason: EndReason


class CheckIn(In):
    """When somebody looked whether the customer keeps the agreement."""

    checked_on: Day


class AgreementOut(Out):
    """An agreement, without a word about who signed it."""

    id: UUID
    filing_no: str
    outlets: list[UUID]
    contents_kinds: list[str]
    goods: list[str]
    sampling_ratio: Decimal
    representative_id_copy: str | None
    valid_from: date
    valid_to: date
    last_checked_on: date | None
    created_at: datetime
    ended_at: datetime | None
    ended_reason: str | None
    supersedes: UUID | None
    superseded_by: UUID | None
    superseded_from: date | None
    expires_soon: bool


class AgreementPage(Page[AgreementOut]):
    """A page of agreements."""


@router.get("/agreements", responses=documented(*READING, Kind.CURSOR_INVALID))
async def list_agreements(
    caller: EnterpriseCaller,
    office: OfficeDep,
    expiring_within_days: Annotated[
        int | None,
        Query(ge=0, le=3_660, description="Only those that end within so many days and that nobody has renewed."),
    ] = None,
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> AgreementPage:
    """The enterprise's agreements, lapsed ones too, oldest first."""
    require(caller, Permission.ENTERPRISE_AGREEMENT_READ)
    filters = ["agreements", caller.enterprise_id, expiring_within_days]
    place = open_cursor(office.cursor_key, cursor, filters=filters)
    after = AgreementId(place[1]) if place else None
    on = legal_day(office.clock.now())
    days = expiring_within_days
    expiring = None if days is None else (on, on + timedelta(days=days))
    async with office.database.read() as tx:
        found = await find_agreements(tx, caller.enterprise_id, expiring=expiring, after=after, limit=limit + 1)
    end = (None, found[limit - 1].id) if len(found) > limit else None
    return AgreementPage(
        data=[_out(agreement, on=on) for agreement in found[:limit]],
        has_more=end is not None,
        next_cursor=seal_cursor(office.cursor_key, end, filters=filters),
    )


@router.post(
    "/agreements",
    status_code=201,
    response_model=AgreementOut,
    responses=documented(*WRITING, Kind.REFERENCE_UNKNOWN, Kind.ALREADY_EXISTS, Kind.CHANGED_MEANWHILE),
)
async def add_an_agreement(
    body: AgreementIn, caller: EnterpriseCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """Add a safety agreement, or renew one; its filing number is unique in the enterprise."""
    require(caller, Permission.ENTERPRISE_AGREEMENT_ADD)
    request = _request(body)

    async def act(tx: Tx, at: datetime) -> Agreement:
        return await add_agreement(tx, office.vault, caller.enterprise_id, request, actor=caller.actor, at=at)

    return await once(office, caller, attempt, _replying(office, act))


@router.get("/agreements/{agreement_id}", responses=documented(*READING))
async def read_agreement(agreement_id: UUID, caller: EnterpriseCaller, office: OfficeDep) -> AgreementOut:
    """One agreement."""
    require(caller, Permission.ENTERPRISE_AGREEMENT_READ)
    async with office.database.read() as tx:
        agreement = await get_agreement(tx, caller.enterprise_id, AgreementId(agreement_id))
    return _out(agreement, on=legal_day(office.clock.now()))


@router.post(
    "/agreements/{agreement_id}/endings",
    status_code=201,
    response_model=AgreementOut,
    responses=documented(*WRITING, Kind.NOT_FOUND),
)
async def end_an_agreement(
    agreement_id: UUID, body: EndingIn, caller: EnterpriseCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """End an agreement: it covers no parcel from today on. Ended again, the first end stays."""
    require(caller, Permission.ENTERPRISE_AGREEMENT_END)

    async def act(tx: Tx, at: datetime) -> Agreement:
        which = AgreementId(agreement_id)
        return await end_agreement(tx, caller.enterprise_id, which, reason=body.reason, actor=caller.actor, at=at)

    return await once(office, caller, attempt, _replying(office, act))


@router.post(
    "/agreements/{agreement_id}/checks",
    status_code=201,
    response_model=AgreementOut,
    responses=documented(*WRITING, Kind.NOT_FOUND),
)
async def check_an_agreement(
    agreement_id: UUID, body: CheckIn, caller: EnterpriseCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """Tell that somebody looked whether the customer keeps the agreement; a day before the last one changes nothing."""
    require(caller, Permission.ENTERPRISE_AGREEMENT_ADD)

    async def act(tx: Tx, at: datetime) -> Agreement:
        which, on = AgreementId(agreement_id), body.checked_on
        return await check_agreement(tx, caller.enterprise_id, which, checked_on=on, actor=caller.actor, at=at)

    return await once(office, caller, attempt, _replying(office, act))


def _replying(office: Office, act: Callable[[Tx, datetime], Awaitable[Agreement]]) -> Callable[[Tx], Awaitable[Reply]]:
    async def acted(tx: Tx) -> Reply:
        at = office.clock.now()
        return Reply(body=_out(await act(tx, at), on=legal_day(at)))

    return acted


def _request(body: AgreementIn) -> AddAgreement:
    return AddAgreement(
        filing_no=body.filing_no,
        customer=body.customer,
        uscc=body.organisation_code,
        representative=body.representative,
        representative_id_copy=body.representative_id_copy,
        outlets=tuple(OutletId(outlet_id) for outlet_id in body.outlets),
        contents_kinds=frozenset(kind.value for kind in body.contents_kinds),
        goods=frozenset(body.goods),
        sampling_ratio=body.sampling_ratio,
        last_checked_on=body.last_checked_on,
        supersedes=AgreementId(body.supersedes) if body.supersedes else None,
        valid_from=body.valid_from,
        valid_to=body.valid_to,
    )


def _out(agreement: Agreement, *, on: date) -> AgreementOut:
    return AgreementOut(
        id=agreement.id,
        filing_no=agreement.filing_no,
        outlets=sorted(agreement.outlets),
        contents_kinds=sorted(agreement.contents_kinds),
        goods=sorted(agreement.goods),
        sampling_ratio=agreement.sampling_ratio,
        representative_id_copy=agreement.representative_id_copy,
        valid_from=agreement.valid_from,
        valid_to=agreement.valid_to,
        last_checked_on=agreement.last_checked_on,
        created_at=agreement.created_at,
        ended_at=agreement.ended_at,
        ended_reason=agreement.ended_reason.value if agreement.ended_reason else None,
        supersedes=agreement.supersedes,
        superseded_by=agreement.superseded_by,
        superseded_from=agreement.superseded_from,
        expires_soon=expires_soon(agreement, on=on, within_days=values_on(on).warn_days),
    )
