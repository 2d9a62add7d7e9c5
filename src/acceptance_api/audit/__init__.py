"""The audit trail: what was done, by whom, in the transaction that did it."""

from acceptance_api.audit.model import OPERATOR, Action, Actor, Entry
from acceptance_api.audit.store import append, find_entries, row_of

__all__ = ["OPERATOR", "Action", "Actor", "Entry", "append", "find_entries", "row_of"]
