"""The decision to accept, hold or refuse a parcel, and the record of it."""

from acceptance_api.acceptance.bundling import PolicyBundle, Reaches, Rulebook, state_policy
from acceptance_api.acceptance.cells import FIELDS, cells_of, probe_of
from acceptance_api.acceptance.correcting import CorrectionReason, CorrectParcel, correct_parcel
from acceptance_api.acceptance.deciding import DecidingDesk, decide_parcel, draft_decision, find_repeated
from acceptance_api.acceptance.fields import INDEXED, SEALED, SENDER_ID_NUMBER, IndexedRole, PersonalField
from acceptance_api.acceptance.grounds import Ground, Weight
from acceptance_api.acceptance.listing import ListAcceptances, MaskedAcceptance, list_masked
from acceptance_api.acceptance.model import (
    Acceptance,
    DecideParcel,
    Decision,
    Destination,
    Item,
    Late,
    Objection,
    Organisation,
    Outcome,
    Party,
    Reach,
    RecordKey,
    Revisions,
    SealedRecord,
    SenderKind,
    SenderRefusal,
    Transport,
)
from acceptance_api.acceptance.receiving import OCCURRED_AT, OfflineParcel, receive_parcels
from acceptance_api.acceptance.rehearsal_chart import Heading, chart_of
from acceptance_api.acceptance.rehearsal_findings import COUNTED, Findings, OutletFindings, Tally, findings_from_json
from acceptance_api.acceptance.rehearsal_model import (
    WINDOW_MAX,
    Rehearsal,
    RehearsalKey,
    RehearsalState,
    RequestRehearsal,
    Window,
)
from acceptance_api.acceptance.rehearsal_policy import Rehearser
from acceptance_api.acceptance.rehearsal_reading import count_past
from acceptance_api.acceptance.rehearsal_requesting import get_rehearsal, list_rehearsals, request_rehearsal
from acceptance_api.acceptance.rehearsing import (
    RehearsalRun,
    RehearsingDesk,
    advance_rehearsal,
    find_waiting_rehearsals,
    leave_rehearsal,
    rehearse_outlets,
    take_up_rehearsal,
)
from acceptance_api.acceptance.replaying import Replay, VersionUnknown, replay
from acceptance_api.acceptance.requiring import AskRequirements, Requirements, state_requirements
from acceptance_api.acceptance.resolving import NewInspection, NewVerification, ResolveParcel, resolve_parcel
from acceptance_api.acceptance.rules import AcceptanceValues, Rules, rules_on
from acceptance_api.acceptance.scan_model import Instruction, Scan, ScanParcel, ScanReason, Stage, Why
from acceptance_api.acceptance.scan_store import find_scan
from acceptance_api.acceptance.scanning import scan_parcel
from acceptance_api.acceptance.searching import Claim, Within, find_by_tokens, find_by_waybill
from acceptance_api.acceptance.standing_outlets import require_open
from acceptance_api.acceptance.standing_rules import PARSERS, RuleDesk, keys_in
from acceptance_api.acceptance.store import (
    Place,
    find_acceptance,
    find_acceptance_anywhere,
    find_acceptances,
    find_sealed,
    find_sealed_of,
    list_acceptances,
)
from acceptance_api.acceptance.under_way import ParcelUnderWay, find_under_way

__all__ = [
    "COUNTED",
    "FIELDS",
    "INDEXED",
    "OCCURRED_AT",
    "PARSERS",
    "SEALED",
    "SENDER_ID_NUMBER",
    "WINDOW_MAX",
    "Acceptance",
    "AcceptanceValues",
    "AskRequirements",
    "Claim",
    "CorrectParcel",
    "CorrectionReason",
    "DecideParcel",
    "DecidingDesk",
    "Decision",
    "Destination",
    "Findings",
    "Ground",
    "Heading",
    "IndexedRole",
    "Instruction",
    "Item",
    "Late",
    "ListAcceptances",
    "MaskedAcceptance",
    "NewInspection",
    "NewVerification",
    "Objection",
    "OfflineParcel",
    "Organisation",
    "Outcome",
    "OutletFindings",
    "ParcelUnderWay",
    "Party",
    "PersonalField",
    "Place",
    "PolicyBundle",
    "Reach",
    "Reaches",
    "RecordKey",
    "Rehearsal",
    "RehearsalKey",
    "RehearsalRun",
    "RehearsalState",
    "Rehearser",
    "RehearsingDesk",
    "Replay",
    "RequestRehearsal",
    "Requirements",
    "ResolveParcel",
    "Revisions",
    "RuleDesk",
    "Rulebook",
    "Rules",
    "Scan",
    "ScanParcel",
    "ScanReason",
    "SealedRecord",
    "SenderKind",
    "SenderRefusal",
    "Stage",
    "Tally",
    "Transport",
    "VersionUnknown",
    "Weight",
    "Why",
    "Window",
    "Within",
    "advance_rehearsal",
    "cells_of",
    "chart_of",
    "correct_parcel",
    "count_past",
    "decide_parcel",
    "draft_decision",
    "find_acceptance",
    "find_acceptance_anywhere",
    "find_acceptances",
    "find_by_tokens",
    "find_by_waybill",
    "find_repeated",
    "find_scan",
    "find_sealed",
    "find_sealed_of",
    "find_under_way",
    "find_waiting_rehearsals",
    "findings_from_json",
    "get_rehearsal",
    "keys_in",
    "leave_rehearsal",
    "list_acceptances",
    "list_masked",
    "list_rehearsals",
    "probe_of",
    "receive_parcels",
    "rehearse_outlets",
    "replay",
    "request_rehearsal",
    "require_open",
    "resolve_parcel",
    "rules_on",
    "scan_parcel",
    "state_policy",
    "state_requirements",
    "take_up_rehearsal",
]
