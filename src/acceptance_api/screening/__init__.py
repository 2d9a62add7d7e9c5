"""What the X-ray machine and its operator saw."""

from acceptance_api.screening.model import RecordScreening, Screening, ScreeningVerdict
from acceptance_api.screening.recording import ScreeningDesk, draft_screening, find_repeated
from acceptance_api.screening.store import find_of_waybill, verdicts_part

__all__ = [
    "RecordScreening",
    "Screening",
    "ScreeningDesk",
    "ScreeningVerdict",
    "draft_screening",
    "find_of_waybill",
    "find_repeated",
    "verdicts_part",
]
