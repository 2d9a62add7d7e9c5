"""Searching across enterprises under a case: the look is recorded first, hits are confirmed, then shown masked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from acceptance_api.acceptance import Acceptance, cells_of
from acceptance_api.access import Caller, Permission, require
from acceptance_api.audit import Action, Entry
from acceptance_api.disclosure import Cell, DisclosureDesk
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.ids import new_uuid
from acceptance_api.regulator.confirming import confirmed
from acceptance_api.regulator.fields import SEARCHED_COMMITMENT
from acceptance_api.regulator.finding import Found, find_records
from acceptance_api.regulator.model import Case, SearchRecords
from acceptance_api.regulator.opening_cases import require_open_case
from acceptance_api.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchingDesk:
    """What searching needs."""

    database: Database
    vault: Vault
    disclosure: DisclosureDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A record that was found, its personal fields masked. A mask still tells something, so its repr shows nothing."""

    acceptance: Acceptance
    masked: Mapping[str, str | None]

    def __repr__(self) -> str:
        """Show no value."""
        return "<hit>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Hits, newest first; `end` is where the next page begins, None at the end.

    `entry_id` is the look's audit entry. A page of fewer hits than were asked for, even of none, need not be the last.
    """

    hits: tuple[Hit, ...]
    end: tuple[datetime, UUID] | None
    entry_id: UUID


async def search_records(desk: SearchingDesk, caller: Caller, request: SearchRecords, *, at: datetime) -> Page:
    """Find records within the caller's jurisdiction, confirm them, and show them masked.

    Raises:
        Problem: NOT_PERMITTED, CASE_NOT_OPEN, NOT_FOUND for an outlet outside the jurisdiction, KEYS_UNAVAILABLE or
            SEALED_DATA_DAMAGED.
        KeyStoreUnavailable, KeyUnavailable: the vault cannot make tokens or the commitment; nothing was looked at.
    """
    require(caller, Permission.REGULATOR_RECORD_SEARCH)
    async with desk.database.read() as tx:
        case = await require_open_case(tx, caller, request.case_id, at=at)
        found = await find_records(desk.vault, tx, caller, request, at=at)
    entry = await _entry(desk, caller, case, request, found, at=at)
    look = await desk.disclosure.begin(entry)
    acceptances = await confirmed(look, found, request, jurisdiction=caller.client.jurisdiction)
    shown = await look.masked([_cells(found, acceptance) for acceptance in acceptances])
    hits = tuple(Hit(acceptance=one, masked=masked) for one, masked in zip(acceptances, shown, strict=True))
    return Page(hits=hits, end=found.end, entry_id=entry.id)


def _cells(found: Found, acceptance: Acceptance) -> Mapping[str, Cell]:
    (_, latest), *_ = found.revisions[acceptance.key]
    return cells_of(acceptance, latest, found.verification_of(acceptance))


async def _entry(
    desk: SearchingDesk, caller: Caller, case: Case, request: SearchRecords, found: Found, *, at: datetime
) -> Entry:
    scope = await desk.vault.scope(case.agency_id, at=at)
    salt = new_uuid()
    return Entry(
        action=Action.RECORDS_SEARCHED,
        actor=replace(caller.actor, case_id=case.id),
        at=at,
        stream_id=case.agency_id,
        subject_id=case.id,
        detail={
            "kind": request.kind.value,
            "legal_basis": case.legal_basis.value,
            "since": request.since.isoformat(),
            "until": request.until.isoformat(),
            "found": len(found.acceptances),
            "salt": str(salt),
        },
        commitments={"values": scope.commit(SEARCHED_COMMITMENT, salt, "\n".join(request.values))},
    )
