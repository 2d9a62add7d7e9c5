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
from acceptance_api.acceptance.requiring import AskRequirements, Requirements, state_requirements
from acceptance_api.acceptance.resolving import NewInspection, NewVerification, ResolveParcel, resolve_parcel
from acceptance_api.acceptance.rules import RuleSet
from acceptance_api.acceptance.searching import Claim, Within, find_by_tokens, find_by_waybill
from acceptance_api.acceptance.store import (
    Place,
    find_acceptance,
    find_acceptances,
    find_sealed,
    find_sealed_of,
    list_acceptances,
)

__all__ = [
    "FIELDS",
    "INDEXED",
    "OCCURRED_AT",
    "SEALED",
    "SENDER_ID_NUMBER",
    "Acceptance",
    "AskRequirements",
    "Claim",
    "CorrectParcel",
    "CorrectionReason",
    "DecideParcel",
    "DecidingDesk",
    "Decision",
    "Destination",
    "Ground",
    "IndexedRole",
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
    "Party",
    "PersonalField",
    "Place",
    "PolicyBundle",
    "Reach",
    "Reaches",
    "RecordKey",
    "Requirements",
    "ResolveParcel",
    "Revisions",
    "RuleSet",
    "Rulebook",
    "SealedRecord",
    "SenderKind",
    "SenderRefusal",
    "Transport",
    "Weight",
    "Within",
    "cells_of",
    "correct_parcel",
    "decide_parcel",
    "draft_decision",
    "find_acceptance",
    "find_acceptances",
    "find_by_tokens",
    "find_by_waybill",
    "find_repeated",
    "find_sealed",
    "find_sealed_of",
    "list_acceptances",
    "list_masked",
    "probe_of",
    "receive_parcels",
    "resolve_parcel",
    "state_policy",
    "state_requirements",
]
