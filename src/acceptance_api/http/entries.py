"""Audit entries on the wire."""

from datetime import datetime
from typing import Any
from uuid import UUID

from acceptance_api.audit import Entry
from acceptance_api.http.pages import Page
from acceptance_api.http.wire import Out


class EntryOut(Out):
    """One thing that happened. Commitments are keyed: they prove a value to whoever knows it, and tell nothing else."""

    id: UUID
    at: datetime
    action: str
    client_id: UUID | None
    clerk_id: UUID | None
    case_id: UUID | None
    request_id: str
    subject_id: UUID
    detail: dict[str, Any]
    commitments: dict[str, str]


class EntryPage(Page[EntryOut]):
    """A page of audit entries."""


def entry_out(entry: Entry) -> EntryOut:
    """An entry as its readers see it."""
    return EntryOut(
        id=entry.id,
        at=entry.at,
        action=entry.action.value,
        client_id=entry.actor.client_id,
        clerk_id=entry.actor.clerk_id,
        case_id=entry.actor.case_id,
        request_id=entry.actor.request_id,
        subject_id=entry.subject_id,
        detail=dict(entry.detail),
        commitments={name: value.hex() for name, value in entry.commitments.items()},
    )
