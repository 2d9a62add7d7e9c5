"""Prohibited goods found: custody of them, reports, hand-over, and the sender's other parcels."""

from acceptance_api.interception.cascade_store import find_flags
from acceptance_api.interception.cascading import examine_waybill, release_waybill
from acceptance_api.interception.disposals import disposals_on
from acceptance_api.interception.drawing import asked_always, diagram
from acceptance_api.interception.evidence import CaseEvidence, StoreCaseEvidence
from acceptance_api.interception.looking import (
    LookAtInterceptions,
    LookPage,
    MaskedFile,
    Report,
    look_at_interceptions,
    make_report,
)
from acceptance_api.interception.model import (
    Body,
    CascadeFlag,
    CascadeState,
    CaseFile,
    Instruction,
    Interception,
    Obligation,
    OpenInterception,
    Person,
    PersonKind,
    RecordStep,
    Source,
    State,
    Step,
    StepKind,
    Stopped,
    WaybillUnderWay,
)
from acceptance_api.interception.opening import asks_for_cascade, open_interception
from acceptance_api.interception.policy import NEVER_RETURNED, kinds_from
from acceptance_api.interception.recorders import get_own, require_reader
from acceptance_api.interception.rules import BodyName, DisposalEdition, SafetyCard
from acceptance_api.interception.stepping import asks_for_cascade_after, record_step
from acceptance_api.interception.store import Place, find_of_enterprise, find_of_outlet, find_stop, open_case_part
from acceptance_api.interception.storing_evidence import store_case_evidence

__all__ = [
    "NEVER_RETURNED",
    "Body",
    "BodyName",
    "CascadeFlag",
    "CascadeState",
    "CaseEvidence",
    "CaseFile",
    "DisposalEdition",
    "Instruction",
    "Interception",
    "LookAtInterceptions",
    "LookPage",
    "MaskedFile",
    "Obligation",
    "OpenInterception",
    "Person",
    "PersonKind",
    "Place",
    "RecordStep",
    "Report",
    "SafetyCard",
    "Source",
    "State",
    "Step",
    "StepKind",
    "Stopped",
    "StoreCaseEvidence",
    "WaybillUnderWay",
    "asked_always",
    "asks_for_cascade",
    "asks_for_cascade_after",
    "diagram",
    "disposals_on",
    "examine_waybill",
    "find_flags",
    "find_of_enterprise",
    "find_of_outlet",
    "find_stop",
    "get_own",
    "kinds_from",
    "look_at_interceptions",
    "make_report",
    "open_case_part",
    "open_interception",
    "record_step",
    "release_waybill",
    "require_reader",
    "store_case_evidence",
]
