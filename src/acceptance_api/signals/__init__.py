"""Signals at the counter: what may tell that an identity or an inspection is not what it is recorded as.

Pure: who decides a parcel gathers what was `Seen`, and a person decides what follows.
"""

from acceptance_api.signals.model import (
    FIGURES,
    Noticed,
    Response,
    Seen,
    Signal,
    Values,
    noticed_from_json,
    seen_from_json,
)
from acceptance_api.signals.policy import combine, heaviest, judge_signals
from acceptance_api.signals.reading import (
    KIND,
    SignalEdition,
    parse_values,
    shipped,
    shipped_on,
    signal_edition_on,
)
from acceptance_api.signals.reasons import REASONS, RESPONSES, reason_of

__all__ = [
    "FIGURES",
    "KIND",
    "REASONS",
    "RESPONSES",
    "Noticed",
    "Response",
    "Seen",
    "Signal",
    "SignalEdition",
    "Values",
    "combine",
    "heaviest",
    "judge_signals",
    "noticed_from_json",
    "parse_values",
    "reason_of",
    "seen_from_json",
    "shipped",
    "shipped_on",
    "signal_edition_on",
]
