"""Imports: a file of acceptances that an enterprise loads late, received sealed and processed beside the counters."""

from acceptance_api.imports.cancelling import cancel_import, get_import
from acceptance_api.imports.clearing import clear_leftovers
from acceptance_api.imports.deciding import Setback
from acceptance_api.imports.model import (
    FaultyLine,
    Import,
    ImportId,
    ImportKey,
    ImportState,
    LateParcel,
    ReadLine,
    Tally,
)
from acceptance_api.imports.processing import ProcessingDesk, Run
from acceptance_api.imports.receiving import ReceivingDesk, give_up, queue_import, receive_lines
from acceptance_api.imports.running import advance, find_work, leave, take_up
from acceptance_api.imports.store import FAULTS_KEPT_MAX, find_faulty

__all__ = [
    "FAULTS_KEPT_MAX",
    "FaultyLine",
    "Import",
    "ImportId",
    "ImportKey",
    "ImportState",
    "LateParcel",
    "ProcessingDesk",
    "ReadLine",
    "ReceivingDesk",
    "Run",
    "Setback",
    "Tally",
    "advance",
    "cancel_import",
    "clear_leftovers",
    "find_faulty",
    "find_work",
    "get_import",
    "give_up",
    "leave",
    "queue_import",
    "receive_lines",
    "take_up",
]
