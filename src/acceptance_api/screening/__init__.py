"""What the X-ray machine and its operator saw, and what was done about it."""

from acceptance_api.screening.closing_flags import close_flag
from acceptance_api.screening.editions import editions as screening_editions
from acceptance_api.screening.editions import screening_values_on
from acceptance_api.screening.history import (
    CheckOpen,
    CloseFlag,
    FlagClosing,
    LookAgain,
    PassHistory,
    StepTaken,
    WriteOffLabel,
)
from acceptance_api.screening.looking_again import check_open, look_again
from acceptance_api.screening.model import (
    PassFact,
    PassReservation,
    PassState,
    RecordScreening,
    ReservationWeight,
    Screening,
    ScreeningValues,
    ScreeningVerdict,
    ShiftId,
)
from acceptance_api.screening.policy import diagram, label_text
from acceptance_api.screening.recording import (
    ScreeningDesk,
    draft_screening,
    find_repeated,
    name_on_labels,
    read_screening,
)
from acceptance_api.screening.signing_on import Shift, report_machine, sign_off, sign_on
from acceptance_api.screening.statistics import Figures, Statistics
from acceptance_api.screening.store import (
    find_of_waybill,
    find_passes,
    pass_fact,
    passes_of_waybill,
    passes_part,
    verdicts_part,
)
from acceptance_api.screening.summing import Summary, summary_for_enterprise, summary_for_regulator
from acceptance_api.screening.writing_off import intercept_screening, write_off_label

__all__ = [
    "CheckOpen",
    "CloseFlag",
    "Figures",
    "FlagClosing",
    "LookAgain",
    "PassFact",
    "PassHistory",
    "PassReservation",
    "PassState",
    "RecordScreening",
    "ReservationWeight",
    "Screening",
    "ScreeningDesk",
    "ScreeningValues",
    "ScreeningVerdict",
    "Shift",
    "ShiftId",
    "Statistics",
    "StepTaken",
    "Summary",
    "WriteOffLabel",
    "check_open",
    "close_flag",
    "diagram",
    "draft_screening",
    "find_of_waybill",
    "find_passes",
    "find_repeated",
    "intercept_screening",
    "label_text",
    "look_again",
    "name_on_labels",
    "pass_fact",
    "passes_of_waybill",
    "passes_part",
    "read_screening",
    "report_machine",
    "screening_editions",
    "screening_values_on",
    "sign_off",
    "sign_on",
    "summary_for_enterprise",
    "summary_for_regulator",
    "verdicts_part",
    "write_off_label",
]
