"""What the X-ray machine and its operator saw."""

from acceptance_api.screening.model import RecordScreening, Screening, ScreeningVerdict
from acceptance_api.screening.recording import record_screening
from acceptance_api.screening.store import find_of_waybill

__all__ = ["RecordScreening", "Screening", "ScreeningVerdict", "find_of_waybill", "record_screening"]
