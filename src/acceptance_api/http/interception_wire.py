"""Interceptions on the wire: to counters, enterprises and regulators alike, and to each only what its folder shows."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field

from acceptance_api.http.decisions import CitationOut
from acceptance_api.http.pages import Page
from acceptance_api.http.wire import Code, In, Instant, Line, Out, PersonName, RecordId, Sha256, Text
from acceptance_api.interception import Body, Instruction

OpenOnly = Annotated[bool | None, Query(alias="open", description="Open cases only, or closed ones only.")]


class StepClerkIn(In):
    """A clerk of the outlet where the case is."""

    kind: Literal["clerk"]
    clerk_id: UUID


class StepOfficerIn(In):
    """An officer of a body. Name and number are sealed and never repeated unmasked."""

    kind: Literal["officer"]
    body: Body
    name: PersonName
    certificate_number: Annotated[Line, Field(max_length=60)]


class StepSenderIn(In):
    """The sender, whom the acceptance names."""

    kind: Literal["sender"]


class StepOtherPersonIn(In):
    """Anybody else, by name; sealed."""

    kind: Literal["other"]
    name: PersonName


ActorIn = Annotated[StepClerkIn | StepOfficerIn, Field(discriminator="kind")]
HolderIn = Annotated[StepClerkIn | StepOfficerIn | StepSenderIn | StepOtherPersonIn, Field(discriminator="kind")]
WitnessIn = Annotated[StepClerkIn | StepOfficerIn | StepOtherPersonIn, Field(discriminator="kind")]
StepName = Literal[
    "isolate",
    "report",
    "instruct",
    "hand_over",
    "return",
    "destroy",
    "release",
    "close",
    "reclassify",
    "transfer",
]


class InterceptionStepIn(In):
    """The next step of a case. What each kind needs, and when it may be taken, is drawn in the documentation."""

    id: RecordId
    number: int = Field(ge=2, le=100_000, description="One more than the last step that was seen.")
    kind: StepName
    evidence: Sha256 = Field(description="A photo or document stored with this case.")
    actor: ActorIn | None = Field(None, description="Who did it; at a counter, the clerk of the request if left out.")
    holder: HolderIn | None = Field(None, description="Who has the goods from now on; whoever had them if left out.")
    witness: WitnessIn | None = None
    body: Body | None = Field(None, description="The body that was told, or that says what to do.")
    reference: Annotated[Line, Field(max_length=80)] | None = Field(
        None, description="The body's receipt, or the number of its instruction."
    )
    instruction: Instruction | None = None
    is_evacuated: bool = Field(default=False, description="Everybody is out of the place.")
    goods_code: Code | None = Field(None, description="For `reclassify`: what the goods are.")
    class_code: Code | None = Field(None, description="For `reclassify`: the class, when the goods are not listed.")
    happened_at: Instant | None = Field(None, description="Now, if left out; never before the step before it.")
    note: Text | None = Field(None, description="Sealed; shown to nobody but under a disclosure.")


class BodyOut(Out):
    """A body, by what it is called today and was called before."""

    code: str
    name_zh: str
    name_en: str
    formerly_zh: list[str]


class SafetyCardOut(Out):
    """What to do at once, before anything is recorded; one body of each group must be told."""

    disposal: str
    evacuates: bool
    title_zh: str
    title_en: str
    lines_zh: list[str]
    lines_en: list[str]
    report_to: list[list[BodyOut]]
    version: str
    source: str
    verified: bool
    citation: CitationOut


class PersonOut(Out):
    """Who took part, without a name."""

    kind: str
    clerk_id: UUID | None
    body: str | None


class InterceptionStepOut(Out):
    """A recorded step, and who has the goods since."""

    number: int
    id: UUID
    kind: str
    state: str
    disposal: str
    actor: PersonOut
    holder: PersonOut
    holder_since: int
    witness: PersonOut | None
    body: str | None
    reference: str | None
    instruction: str | None
    is_evacuated: bool
    evidence: str | None
    happened_at: datetime
    recorded_at: datetime


class MaskedInterceptionStepOut(InterceptionStepOut):
    """The same, with the masked names and certificate numbers that it holds."""

    masked: dict[str, str | None]


class ObligationOut(Out):
    """One of these bodies must be told by `due_at`."""

    number: int
    disposal: str
    bodies: list[BodyOut]
    urgency: str
    due_at: datetime
    told_at: datetime | None
    told_in: int | None
    is_overdue: bool
    is_late: bool


class CascadeFlagOut(Out):
    """Another parcel of the same sender, and what became of it."""

    waybill: str
    interception_id: UUID
    accepted_at_outlet_id: UUID
    acceptance_id: UUID
    state: str
    flagged_at: datetime
    settled_at: datetime | None


class InterceptionOut(Out):
    """A case as its last step left it."""

    id: UUID
    outlet_id: UUID
    waybill: str
    source: str
    source_id: UUID | None
    goods_code: str | None
    class_code: str
    disposal: str
    is_never_returned: bool
    state: str
    steps: int
    rules: str
    goods_version: str
    opened_at: datetime
    due_at: datetime | None
    is_overdue: bool
    closed_at: datetime | None


class CaseFileOut(Out):
    """A case with everything in it; what to do at once stands first."""

    safety_card: SafetyCardOut
    interception: InterceptionOut
    allowed_steps: list[str]
    history: list[InterceptionStepOut]
    obligations: list[ObligationOut]
    cascade: list[CascadeFlagOut]


class InterceptionPage(Page[InterceptionOut]):
    """A page of cases, newest first."""


class CaseEvidenceOut(Out):
    """A stored photo or document of a case."""

    sha256: str
    media_type: str
    size_bytes: int
    stored_at: datetime


class ReportOut(Out):
    """What a body is told of a case. Of the sender it says nothing: a body asks by the waybill."""

    entry_id: UUID
    made_at: datetime
    enterprise: str | None
    outlet: str
    division: str
    interception: InterceptionOut
    disposal: SafetyCardOut
    history: list[MaskedInterceptionStepOut]
    obligations: list[ObligationOut]
