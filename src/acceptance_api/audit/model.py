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
    VERIFICATION_RECORDED = "verification.recorded"
    INSPECTION_RECORDED = "inspection.recorded"
    MARK_ISSUED = "mark.issued"
    SCREENING_RECORDED = "screening.recorded"
    EVIDENCE_STORED = "evidence.stored"
    CASE_OPENED = "case.opened"
    CASE_CLOSED = "case.closed"
    RECORDS_SEARCHED = "records.searched"
    RECORDS_LISTED = "records.listed"
    FIELDS_DISCLOSED = "fields.disclosed"
    ENTERPRISE_ADDED = "enterprise.added"
    BRANCH_ADDED = "branch.added"
    OUTLET_ADDED = "outlet.added"
    COUNTER_ADDED = "counter.added"
    CLERK_ADDED = "clerk.added"
    CLERK_RETIRED = "clerk.retired"
    MACHINE_ADDED = "machine.added"
    AGREEMENT_ADDED = "agreement.added"
    IMPORT_RECEIVED = "import.received"
    IMPORT_STARTED = "import.started"
    IMPORT_FINISHED = "import.finished"
    IMPORT_CANCELLED = "import.cancelled"
    IMPORT_FAILED = "import.failed"
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
