"""The words of screening (过机安检)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from acceptance_api.kernel.ids import ClerkId, EnterpriseId, MachineId, OutletId, ScreeningId


class ScreeningVerdict(StrEnum):
    """What the operator concluded from the picture."""

    CLEAR = "clear"
    SUSPECT = "suspect"
    PROHIBITED = "prohibited"


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """One pass of one parcel through one machine, judged by one operator. Passes of a waybill count from 1."""

    id: ScreeningId
    enterprise_id: EnterpriseId
    outlet_id: OutletId
    waybill: str
    pass_number: int
    machine_id: MachineId
    operator_id: ClerkId
    verdict: ScreeningVerdict
    label_serial: str
    recorded_at: datetime
    fingerprint: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordScreening:
    """What a counter says of one pass."""

    id: ScreeningId
    waybill: str
    machine_id: MachineId
    verdict: ScreeningVerdict
    fingerprint: bytes
