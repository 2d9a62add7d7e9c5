"""Cases and searches across rooms, each with a stated legal basis."""

from acceptance_api.regulator.disclosing import Disclosure, disclose_fields
from acceptance_api.regulator.model import (
    Case,
    DiscloseFields,
    LegalBasis,
    Officer,
    OpenCase,
    SearchKind,
    SearchRecords,
)
from acceptance_api.regulator.opening_cases import close_case, open_case
from acceptance_api.regulator.searching import Hit, Page, SearchingDesk, search_records
from acceptance_api.regulator.store import find_case, find_cases

__all__ = [
    "Case",
    "DiscloseFields",
    "Disclosure",
    "Hit",
    "LegalBasis",
    "Officer",
    "OpenCase",
    "Page",
    "SearchKind",
    "SearchRecords",
    "SearchingDesk",
    "close_case",
    "disclose_fields",
    "find_case",
    "find_cases",
    "open_case",
    "search_records",
]
