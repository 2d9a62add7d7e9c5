"""Identifiers: UUIDv7 everywhere, each kind with a type of its own so that they cannot be mixed up."""

from datetime import UTC, datetime
from typing import NewType
from uuid import UUID

from uuid_utils.compat import uuid7

EnterpriseId = NewType("EnterpriseId", UUID)
OutletId = NewType("OutletId", UUID)
CounterId = NewType("CounterId", UUID)
ClerkId = NewType("ClerkId", UUID)
MachineId = NewType("MachineId", UUID)
AgreementId = NewType("AgreementId", UUID)
ClientId = NewType("ClientId", UUID)
AgencyId = NewType("AgencyId", UUID)
CaseId = NewType("CaseId", UUID)
VerificationId = NewType("VerificationId", UUID)
InspectionId = NewType("InspectionId", UUID)
InterceptionId = NewType("InterceptionId", UUID)
ScanId = NewType("ScanId", UUID)
RehearsalId = NewType("RehearsalId", UUID)
ScreeningId = NewType("ScreeningId", UUID)
AcceptanceId = NewType("AcceptanceId", UUID)
EvidenceId = NewType("EvidenceId", UUID)
EntryId = NewType("EntryId", UUID)

_VERSION_7 = 7


def new_uuid() -> UUID:
    """Mint a UUIDv7: unique, and sorted by the millisecond it was minted in."""
    return uuid7()


def is_uuid7(value: UUID) -> bool:
    """Whether the id carries its time of minting (RFC 9562, section 5.7)."""
    return value.version == _VERSION_7


def minted_at(value: UUID) -> datetime:
    """The millisecond a UUIDv7 says it was minted in."""
    return datetime.fromtimestamp((value.int >> 80) / 1000, tz=UTC)
