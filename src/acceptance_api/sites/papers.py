"""The papers of machines and screeners: certificate, calibration, training, background check.

A paper says everything anew: one that is filed later takes the place of the earlier from its first day on.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NewType
from uuid import UUID

from acceptance_api.kernel.ids import ClerkId, EnterpriseId, MachineId, OutletId

PaperId = NewType("PaperId", UUID)


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineTerms:
    """Until when a machine may be relied on; both days are the last."""

    valid_to: date
    calibration_due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenerTerms:
    """Until when a screener's training holds (the last day), and when the background was checked, if it was."""

    valid_to: date
    background_checked_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """What a pass asks of the papers in force; `are_kept` tells whether the outlet has ever filed any."""

    machine: MachineTerms | None
    screener: ScreenerTerms | None
    are_kept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMachinePaper:
    """A machine's certificate and calibration, as somebody files them."""

    certificate_no: str
    valid_from: date
    valid_to: date
    calibrated_on: date
    calibration_due_on: date
    is_networked: bool
    screening_company: str | None = None
    """Who screens for the enterprise, which stays liable (快递暂行条例 33); None when it screens itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileScreenerPaper:
    """A screener's training certificate and background check, as somebody files them."""

    certificate_no: str
    valid_from: date
    valid_to: date
    background_checked_on: date | None = None
    screening_company: str | None = None
    """Whose employee the screener is; None for the enterprise's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MachinePaper:
    """A filed paper of a machine."""

    outlet_id: OutletId
    machine_id: MachineId
    id: PaperId
    enterprise_id: EnterpriseId
    certificate_no: str
    valid_from: date
    valid_to: date
    calibrated_on: date
    calibration_due_on: date
    is_networked: bool
    screening_company: str | None
    filed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenerPaper:
    """A filed paper of a screener."""

    outlet_id: OutletId
    clerk_id: ClerkId
    id: PaperId
    enterprise_id: EnterpriseId
    certificate_no: str
    valid_from: date
    valid_to: date
    background_checked_on: date | None
    screening_company: str | None
    filed_at: datetime
