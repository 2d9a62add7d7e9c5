"""What was seen when the parcel was opened: checklists, examinations, marks, photos."""

from acceptance_api.inspection.checklists import checklist_for
from acceptance_api.inspection.fields import DECLARED_COMMITMENT
from acceptance_api.inspection.inspecting import issue_mark, record_inspection
from acceptance_api.inspection.model import (
    Answer,
    AnswerValue,
    Checklist,
    ContentsKind,
    DeclaredItem,
    InspectionStatus,
    NotOpenedReason,
    Objection,
    Opening,
    SeenItem,
)
from acceptance_api.inspection.record import Evidence, Inspected, Inspection, Mark, RecordInspection, statement_of
from acceptance_api.inspection.store import find_inspection, inspected_part, mark_use, use_mark
from acceptance_api.inspection.storing_evidence import StoreEvidence, store_evidence

__all__ = [
    "DECLARED_COMMITMENT",
    "Answer",
    "AnswerValue",
    "Checklist",
    "ContentsKind",
    "DeclaredItem",
    "Evidence",
    "Inspected",
    "Inspection",
    "InspectionStatus",
    "Mark",
    "NotOpenedReason",
    "Objection",
    "Opening",
    "RecordInspection",
    "SeenItem",
    "StoreEvidence",
    "checklist_for",
    "find_inspection",
    "inspected_part",
    "issue_mark",
    "mark_use",
    "record_inspection",
    "statement_of",
    "store_evidence",
    "use_mark",
]
