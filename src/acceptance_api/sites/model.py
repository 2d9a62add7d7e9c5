"""The words of sites: enterprises, branches, outlets (营业场所), counters, clerks, machines."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from acceptance_api.kernel.ids import ClerkId, CounterId, EnterpriseId, MachineId, OutletId

BranchId = NewType("BranchId", UUID)


class ClerkRole(StrEnum):
    """What a clerk does at an outlet; one person may do several things."""

    CLERK = "clerk"
    """Accepts parcels (收寄员)."""
    SCREENER = "screener"
    """Judges X-ray pictures (安检员)."""
    MANAGER = "manager"
    """Answers for the outlet (负责人)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enterprise:
    """A delivery enterprise (寄递企业); its headquarters are the top of its tree."""

    id: EnterpriseId
    name: str
    brand: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A node of an enterprise's tree; without a parent it stands right below the headquarters."""

    enterprise_id: EnterpriseId
    id: BranchId
    parent_id: BranchId | None
    name: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """A place that accepts parcels, in a county-level or city-level division (GB/T 2260)."""

    enterprise_id: EnterpriseId
    id: OutletId
    branch_id: BranchId | None
    name: str
    division: str
    created_at: datetime
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """A place in an outlet where parcels are accepted (收寄台)."""

    outlet_id: OutletId
    id: CounterId
    enterprise_id: EnterpriseId
    name: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Clerk:
    """A person who works at an outlet; the name is sealed."""

    outlet_id: OutletId
    id: ClerkId
    enterprise_id: EnterpriseId
    staff_no: str
    roles: frozenset[ClerkRole]
    name_sealed: bytes = field(repr=False)
    seal_key_id: int
    created_at: datetime
    retired_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """An X-ray machine of an outlet (安检机), certified to a mandatory national standard."""

    outlet_id: OutletId
    id: MachineId
    enterprise_id: EnterpriseId
    serial: str
    certificate_no: str
    created_at: datetime
    retired_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddOutlet:
    """An outlet somebody wants to add."""

    name: str
    division: str
    branch_id: BranchId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddClerk:
    """A clerk somebody wants to add; the name and the number of the clerk's own document are never shown."""

    staff_no: str
    name: str = field(repr=False)
    roles: frozenset[ClerkRole] = frozenset({ClerkRole.CLERK})
    id_number: str | None = field(default=None, repr=False)
