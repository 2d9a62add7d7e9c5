"""From cases to what is answered about them: never a name, and masks only where a look was recorded."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from acceptance_api.goods import Disposal
from acceptance_api.http.decisions import citation_out
from acceptance_api.http.interception_wire import (
    BodyOut,
    CascadeFlagOut,
    CaseEvidenceOut,
    CaseFileOut,
    InterceptionOut,
    InterceptionPage,
    InterceptionStepOut,
    MaskedInterceptionStepOut,
    ObligationOut,
    PersonOut,
    ReportOut,
    SafetyCardOut,
)
from acceptance_api.http.office import Office
from acceptance_api.http.pages import seal_cursor
from acceptance_api.interception import (
    Body,
    CascadeFlag,
    CaseEvidence,
    CaseFile,
    DisposalEdition,
    Interception,
    MaskedFile,
    Obligation,
    Person,
    Report,
    Step,
    disposals_on,
    kinds_from,
)
from acceptance_api.kernel.clock import legal_day
from acceptance_api.law import Duty, cite


def card_out(edition: DisposalEdition, disposal: Disposal, *, at: datetime) -> SafetyCardOut:
    """The card of a class of disposal."""
    card = edition.rules[disposal].card
    return SafetyCardOut(
        disposal=disposal.value,
        evacuates=card.evacuates,
        title_zh=card.title_zh,
        title_en=card.title_en,
        lines_zh=list(card.lines_zh),
        lines_en=list(card.lines_en),
        report_to=[_bodies_out(edition, bodies) for bodies in card.report_to],
        version=card.version,
        source=card.source,
        verified=card.verified,
        citation=citation_out(cite(Duty.PROHIBITED_GOODS, on=legal_day(at)), "zh-CN"),
    )


def file_out(file: CaseFile, flags: Sequence[CascadeFlag], *, at: datetime) -> CaseFileOut:
    """A case with everything in it."""
    case, edition = file.interception, disposals_on(legal_day(file.interception.opened_at))
    return CaseFileOut(
        safety_card=card_out(edition, _most_urgent(file, edition), at=case.opened_at),
        interception=interception_out(case, at=at),
        allowed_steps=[kind.value for kind in kinds_from(case.state)],
        history=[InterceptionStepOut(**_step_values(step)) for step in file.steps],
        obligations=[obligation_out(edition, one, at=at) for one in file.obligations],
        cascade=[flag_out(flag) for flag in flags],
    )


def interception_out(case: Interception, *, at: datetime) -> InterceptionOut:
    """A case as its last step left it."""
    return InterceptionOut(
        id=case.id,
        outlet_id=case.outlet_id,
        waybill=case.waybill,
        source=case.source.value,
        source_id=case.source_id,
        goods_code=case.goods_code,
        class_code=case.class_code,
        disposal=case.disposal.value,
        is_never_returned=case.is_never_returned,
        state=case.state.value,
        steps=case.steps,
        rules=case.rules,
        goods_version=case.goods_version,
        opened_at=case.opened_at,
        due_at=case.due_at,
        is_overdue=case.is_overdue(at),
        closed_at=case.closed_at,
    )


def page_out(
    office: Office, cases: Sequence[Interception], *, limit: int, filters: object, at: datetime
) -> InterceptionPage:
    """A page of cases, of which one more was looked up than is shown."""
    end = (cases[limit - 1].opened_at, cases[limit - 1].id) if len(cases) > limit else None
    return InterceptionPage(
        data=[interception_out(case, at=at) for case in cases[:limit]],
        has_more=end is not None,
        next_cursor=seal_cursor(office.cursor_key, end, filters=filters),
    )


def obligation_out(edition: DisposalEdition, one: Obligation, *, at: datetime) -> ObligationOut:
    """Whom one must tell by when."""
    return ObligationOut(
        number=one.number,
        disposal=one.disposal.value,
        bodies=_bodies_out(edition, one.bodies),
        urgency=one.urgency.value,
        due_at=one.due_at,
        told_at=one.told_at,
        told_in=one.told_in,
        is_overdue=one.is_overdue(at),
        is_late=one.is_late,
    )


def flag_out(flag: CascadeFlag) -> CascadeFlagOut:
    """Another parcel of the same sender."""
    return CascadeFlagOut(
        waybill=flag.waybill,
        interception_id=flag.interception_id,
        accepted_at_outlet_id=flag.accepted_at_outlet_id,
        acceptance_id=flag.acceptance_id,
        state=flag.state.value,
        flagged_at=flag.flagged_at,
        settled_at=flag.settled_at,
    )


def report_out(report: Report) -> ReportOut:
    """What a body is told of a case."""
    file, at = report.masked.file, report.made_at
    edition = disposals_on(legal_day(file.interception.opened_at))
    return ReportOut(
        entry_id=report.entry_id,
        made_at=at,
        enterprise=report.enterprise.name if report.enterprise else None,
        outlet=report.outlet.name,
        division=report.outlet.division,
        interception=interception_out(file.interception, at=at),
        disposal=card_out(edition, file.interception.disposal, at=file.interception.opened_at),
        history=masked_history_out(report.masked),
        obligations=[obligation_out(edition, one, at=at) for one in file.obligations],
    )


def masked_history_out(masked: MaskedFile) -> list[MaskedInterceptionStepOut]:
    """The steps of a case with masked persons."""
    pairs = zip(masked.file.steps, masked.masked, strict=True)
    return [MaskedInterceptionStepOut(**_step_values(step), masked=dict(persons)) for step, persons in pairs]


def evidence_out(stored: CaseEvidence) -> CaseEvidenceOut:
    """A stored photo or document."""
    return CaseEvidenceOut(
        sha256=stored.sha256,
        media_type=stored.media_type,
        size_bytes=stored.size_bytes,
        stored_at=stored.stored_at,
    )


def _most_urgent(file: CaseFile, edition: DisposalEdition) -> Disposal:
    """The class whose card is shown: the last one, unless an earlier one said to evacuate and it does not."""
    last = file.interception.disposal
    if edition.rules[last].card.evacuates:
        return last
    return next((step.disposal for step in file.steps if edition.rules[step.disposal].card.evacuates), last)


def _bodies_out(edition: DisposalEdition, bodies: Sequence[Body]) -> list[BodyOut]:
    return [
        BodyOut(
            code=body.value,
            name_zh=edition.names[body].zh,
            name_en=edition.names[body].en,
            formerly_zh=list(edition.names[body].formerly_zh),
        )
        for body in bodies
    ]


def _step_values(step: Step) -> dict[str, Any]:
    return {
        "number": step.number,
        "id": step.id,
        "kind": step.kind.value,
        "state": step.state.value,
        "disposal": step.disposal.value,
        "actor": _person_out(step.actor),
        "holder": _person_out(step.holder),
        "holder_since": step.holder_since,
        "witness": _person_out(step.witness) if step.witness else None,
        "body": step.body.value if step.body else None,
        "reference": step.reference,
        "instruction": step.instruction.value if step.instruction else None,
        "is_evacuated": step.is_evacuated,
        "evidence": step.evidence,
        "happened_at": step.happened_at,
        "recorded_at": step.recorded_at,
    }


def _person_out(person: Person) -> PersonOut:
    return PersonOut(kind=person.kind.value, clerk_id=person.clerk_id, body=person.body.value if person.body else None)
