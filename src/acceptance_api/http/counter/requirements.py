"""What a parcel will need, before the clerk starts."""

from typing import Literal

from fastapi import APIRouter
from pydantic import Field

from acceptance_api.acceptance import AskRequirements, Requirements, SenderKind, Transport, state_requirements
from acceptance_api.goods import Judgement
from acceptance_api.http.callers import CounterCaller
from acceptance_api.http.counter.goods import GoodsOut, goods_out
from acceptance_api.http.counter.parties import DestinationIn, ItemIn, destination_of, item_of
from acceptance_api.http.decisions import CitationOut, citation_out
from acceptance_api.http.languages import Language
from acceptance_api.http.office import OfficeDep
from acceptance_api.http.problems import documented
from acceptance_api.http.standard import ASKING, CLERK
from acceptance_api.http.wire import In, Out
from acceptance_api.identity import DocumentType
from acceptance_api.inspection import ContentsKind

router = APIRouter(tags=["requirements"])


class RequirementsIn(In):
    """A parcel before anything was done with it. No personal data are needed."""

    sender_kind: Literal["person", "organisation", "agreement"]
    contents_kind: ContentsKind
    destination: DestinationIn
    transport: Transport = Transport.GROUND
    contents: list[ItemIn] = Field([], max_length=50)


class IdentityNeed(Out):
    """Whether the sender must be verified, and with which documents."""

    required: bool
    documents: list[str]
    citation: CitationOut


class ChecklistItemOut(Out):
    """One thing to check."""

    code: str
    text: str
    photo_required: bool
    may_be_not_applicable: bool


class InspectionNeed(Out):
    """Whether the parcel must be inspected, and how."""

    required: bool
    checklist_version: str
    opening: str
    photos_min: int
    items: list[ChecklistItemOut]
    citation: CitationOut


class AddresseeNeed(Out):
    """Whether a campaign asks for the addressee's identity too."""

    required: bool


class ScreeningNeed(Out):
    """Whether the parcel must be screened."""

    required: bool
    citation: CitationOut


class LineJudgementOut(Out):
    """What the catalogue says of one line of the contents."""

    line: int
    goods: GoodsOut
    satisfied: bool
    reason: str
    by: str | None = Field(description="The brand's rule set or the campaign that says so; null is the law.")


class RequirementsOut(Out):
    """Everything the counter must do for the parcel."""

    reach: str
    identity: IdentityNeed
    addressee: AddresseeNeed
    inspection: InspectionNeed
    screening: ScreeningNeed
    contents: list[LineJudgementOut]
    rules: dict[str, str]


@router.post("/requirements", responses=documented(*CLERK, *ASKING))
async def read_requirements(
    body: RequirementsIn, caller: CounterCaller, office: OfficeDep, language: Language
) -> RequirementsOut:
    """What this parcel will need: documents, checklist, photos, screening; what of its contents is banned."""
    request = AskRequirements(
        sender_kind=SenderKind(body.sender_kind),
        contents_kind=body.contents_kind,
        destination=destination_of(body.destination),
        transport=body.transport,
        contents=tuple(item_of(item) for item in body.contents),
    )
    at = office.clock.now()
    rules = await office.rules.rules(caller.enterprise_id, at=at, presented_at=at)
    async with office.database.read() as tx:
        requirements = await state_requirements(rules, tx, caller, request, at=at)
    return _out(requirements, language)


def _out(requirements: Requirements, language: str) -> RequirementsOut:
    documents = [document.value for document in DocumentType] if requirements.identity_required else []
    return RequirementsOut(
        reach=requirements.reach.value,
        identity=IdentityNeed(
            required=requirements.identity_required,
            documents=documents,
            citation=citation_out(requirements.identity_citation, language),
        ),
        addressee=AddresseeNeed(required=requirements.addressee_identity_required),
        inspection=_inspection(requirements, language),
        screening=ScreeningNeed(
            required=requirements.screening_required,
            citation=citation_out(requirements.screening_citation, language),
        ),
        contents=[_line(line, judgement, by) for line, judgement, by in requirements.judgements],
        rules=requirements.rules,
    )


def _inspection(requirements: Requirements, language: str) -> InspectionNeed:
    checklist = requirements.checklist
    return InspectionNeed(
        required=requirements.inspection_required,
        checklist_version=checklist.version,
        opening=checklist.opening.value,
        photos_min=checklist.photos_min,
        items=[
            ChecklistItemOut(
                code=item.code,
                text=item.text_en if language == "en" else item.text_zh,
                photo_required=item.photo_required,
                may_be_not_applicable=item.may_be_not_applicable,
            )
            for item in checklist.items
        ],
        citation=citation_out(requirements.inspection_citation, language),
    )


def _line(line: int, judgement: Judgement, by: str | None) -> LineJudgementOut:
    return LineJudgementOut(
        line=line,
        goods=goods_out(judgement.goods),
        satisfied=judgement.satisfied,
        reason=judgement.reason.value,
        by=by,
    )
