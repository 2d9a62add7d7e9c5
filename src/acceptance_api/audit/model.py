"""The words of the audit trail."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from acceptance_api.kernel.ids import EntryId, new_uuid


class Action(StrEnum):
    """What was done: `<subject>.<past participle>`."""

    ACCEPTANCE_DECIDED = "acceptance.decided"
    ACCEPTANCE_RESOLVED = "acceptance.resolved"
    ACCEPTANCE_CORRECTED = "acceptance.corrected"
    PARCEL_SCANNED = "parcel.scanned"
    REHEARSAL_REQUESTED = "rehearsal.requested"
    REHEARSAL_FINISHED = "rehearsal.finished"
    VERIFICATION_RECORDED = "verification.recorded"
    INSPECTION_RECORDED = "inspection.recorded"
    MARK_ISSUED = "mark.issued"
    SCREENING_RECORDED = "screening.recorded"
    SCREENING_INTERCEPTED = "screening.intercepted"
    SECOND_LOOK_RECORDED = "second_look.recorded"
    OPEN_CHECK_RECORDED = "open_check.recorded"
    FLAG_CLOSED = "flag.closed"
    LABEL_WRITTEN_OFF = "label.written_off"
    HEARTBEAT_RECORDED = "heartbeat.recorded"
    SHIFT_STARTED = "shift.started"
    SHIFT_ENDED = "shift.ended"
    EVIDENCE_STORED = "evidence.stored"
    INTERCEPTION_OPENED = "interception.opened"
    INTERCEPTION_STEP_RECORDED = "interception_step.recorded"
    INTERCEPTION_EVIDENCE_STORED = "interception_evidence.stored"
    INTERCEPTION_REPORT_MADE = "interception_report.made"
    INTERCEPTIONS_LISTED = "interceptions.listed"
    SENDER_PARCELS_SOUGHT = "sender_parcels.sought"
    CASCADE_EXAMINED = "cascade.examined"
    CASCADE_RELEASED = "cascade.released"
    CASE_OPENED = "case.opened"
    CASE_CLOSED = "case.closed"
    RECORDS_SEARCHED = "records.searched"
    RECORDS_LISTED = "records.listed"
    FIELDS_DISCLOSED = "fields.disclosed"
    ENTERPRISE_ADDED = "enterprise.added"
    BRANCH_ADDED = "branch.added"
    OUTLET_ADDED = "outlet.added"
    OUTLET_DESCRIBED = "outlet.described"
    COUNTER_ADDED = "counter.added"
    CLERK_ADDED = "clerk.added"
    CLERK_RETIRED = "clerk.retired"
    STAFF_NUMBER_REGISTERED = "staff_number.registered"
    MACHINE_ADDED = "machine.added"
    MACHINE_PAPER_FILED = "machine_paper.filed"
    SCREENER_PAPER_FILED = "screener_paper.filed"
    AGREEMENT_ADDED = "agreement.added"
    AGREEMENT_CHECKED = "agreement.checked"
    AGREEMENT_ENDED = "agreement.ended"
    IMPORT_RECEIVED = "import.received"
    IMPORT_STARTED = "import.started"
    IMPORT_FINISHED = "import.finished"
    IMPORT_CANCELLED = "import.cancelled"
    IMPORT_FAILED = "import.failed"
    RULE_SET_PROPOSED = "rule_set.proposed"
    RULE_SET_APPROVED = "rule_set.approved"
    RULE_SET_REJECTED = "rule_set.rejected"
    AGENCY_ADDED = "agency.added"
    CLIENT_ADDED = "client.added"
    CLIENT_REVOKED = "client.revoked"
    SECRET_ROTATED = "secret.rotated"  # noqa: S105 - an action, not a secret
    SECRET_REVOKED = "secret.revoked"  # noqa: S105 - an action, not a secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who did it: a client, and for a counter the clerk it named; no `client_id` for the operator's own command."""

    client_id: UUID | None
    clerk_id: UUID | None = None
    case_id: UUID | None = None
    request_id: str = ""


OPERATOR = Actor(client_id=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened. `stream_id` is the outlet, enterprise or agency whose trail it belongs to.

    `detail` holds codes, counts and ids, never personal data; `commitments` are keyed, salted, and die with their key.
    """

    action: Action
    actor: Actor
    at: datetime
    stream_id: UUID
    subject_id: UUID
    detail: Mapping[str, Any] = field(default_factory=dict)
    commitments: Mapping[str, bytes] = field(default_factory=dict)
    id: EntryId = field(default_factory=lambda: EntryId(new_uuid()))
