"""Verifying senders."""

from datetime import datetime, timedelta
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from acceptance_api.http.callers import CounterCaller
from acceptance_api.http.idempotency import AttemptDep, Reply, once_after_asking, once_together
from acceptance_api.http.lean_route import lean
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.problems import again, documented
from acceptance_api.http.standard import CLERK, WRITING
from acceptance_api.http.wire import Code, Day, DocumentNumber, In, Out, PersonName, RecordId
from acceptance_api.identity import (
    Channel,
    DocumentType,
    Question,
    Verification,
    VerifySender,
    ask_about,
    draft_verification,
    require_unused,
)
from acceptance_api.kernel.express import Record
from acceptance_api.kernel.ids import VerificationId
from acceptance_api.kernel.problems import Kind

router = APIRouter(tags=["verifications"])
_CLAIM_MARGIN = timedelta(seconds=30)


class DocumentIn(In):
    """The document that was shown."""

    type: DocumentType
    number: DocumentNumber
    name: PersonName = Field(description="The holder's name.")
    valid_until: Day | None = Field(None, description="Last day of validity; leave out for 长期.")


class VerificationIn(In):
    """What the clerk saw."""

    id: RecordId
    document: DocumentIn
    channel: Channel
    person_matches: bool = Field(description="The clerk saw that the person is the document's holder (人证相符).")
    notice_version: Code = Field("1", description="Version of the privacy notice that was shown.")


class VerificationOut(Out):
    """A verification. How strongly stands in `assurance`, apart from pass or fail."""

    id: UUID
    status: str
    failings: list[str]
    assurance: str
    authority: str
    answer: str
    warnings: list[str]
    recorded_at: datetime
    expires_at: datetime


@router.post(
    "/verifications",
    status_code=201,
    response_model=VerificationOut,
    responses=documented(*CLERK, *WRITING, Kind.ID_CONFLICT) | again(VerificationOut),
)
@lean(VerificationIn)
async def verify_sender(
    body: VerificationIn, caller: CounterCaller, office: OfficeDep, attempt: AttemptDep
) -> Response:
    """Check a document, ask the identity authority, and record the verification for the parcels of this visit."""
    request = _request(body, attempt.fingerprint)

    async def ask() -> Question:
        return await ask_about(office.verifying, caller, request, at=office.clock.now())

    async def draft(question: Question) -> tuple[Reply, Record]:
        at = office.clock.now()
        verification, record = await draft_verification(office.verifying, caller, question, at=at)
        return Reply(body=_out(verification)), record

    async def repeated() -> Reply | None:
        async with office.database.read() as tx:
            known = await require_unused(tx, caller, request)
        return Reply(body=_out(known), status=200) if known is not None else None

    if office.verifying.asks_nobody:

        async def at_once() -> tuple[Reply, Record]:
            return await draft(await ask())

        return await once_together(office, caller, attempt, at_once, repeated)
    if await repeated() is not None:  # a stranger is not asked, and paid, for what is known
        return await once_together(office, caller, attempt, _known, repeated)
    patience = timedelta(seconds=office.settings.authority_timeout_s * 2) + _CLAIM_MARGIN
    return await once_after_asking(office, caller, attempt, ask, draft, repeated, patience=patience)


async def _known() -> None:
    """The record is there already."""


def _request(body: VerificationIn, fingerprint: bytes) -> VerifySender:
    return VerifySender(
        id=VerificationId(body.id),
        document=body.document.type,
        number=body.document.number,
        name=body.document.name,
        channel=body.channel,
        person_matches=body.person_matches,
        valid_until=body.document.valid_until,
        notice_version=body.notice_version,
        fingerprint=fingerprint,
    )


def _out(verification: Verification) -> VerificationOut:
    return VerificationOut(
        id=verification.id,
        status=verification.status.value,
        failings=[failing.value for failing in verification.failings],
        assurance=verification.assurance.value,
        authority=verification.authority,
        answer=verification.answer.value,
        warnings=list(verification.warnings),
        recorded_at=verification.recorded_at,
        expires_at=verification.expires_at,
    )
