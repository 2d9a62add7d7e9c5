"""Safety-agreement customers: senders who are identified once, when they sign."""

from acceptance_api.agreements.adding import add_agreement
from acceptance_api.agreements.fields import CUSTOMER, REPRESENTATIVE, USCC
from acceptance_api.agreements.model import AddAgreement, Agreement
from acceptance_api.agreements.policy import is_in_force
from acceptance_api.agreements.store import agreement_part, find_agreement, find_agreements

__all__ = [
    "CUSTOMER",
    "REPRESENTATIVE",
    "USCC",
    "AddAgreement",
    "Agreement",
    "add_agreement",
    "agreement_part",
    "find_agreement",
    "find_agreements",
    "is_in_force",
]
