"""Safety-agreement customers: senders who are identified once, when they sign; some of their parcels are inspected."""

from acceptance_api.agreements.adding import add_agreement
from acceptance_api.agreements.editions import AgreementValues, values_on
from acceptance_api.agreements.ending import check_agreement, end_agreement
from acceptance_api.agreements.fields import CUSTOMER, REPRESENTATIVE, USCC
from acceptance_api.agreements.model import AddAgreement, Agreement, EndReason, SampledParcel, Sampling, Shares
from acceptance_api.agreements.parcel_store import find_shares, mark_inspected, sampled_parcel_row
from acceptance_api.agreements.policy import expires_soon, is_in_force, is_sampled, sampling_of
from acceptance_api.agreements.store import agreement_part, find_agreement, find_agreements, get_agreement

__all__ = [
    "CUSTOMER",
    "REPRESENTATIVE",
    "USCC",
    "AddAgreement",
    "Agreement",
    "AgreementValues",
    "EndReason",
    "SampledParcel",
    "Sampling",
    "Shares",
    "add_agreement",
    "agreement_part",
    "check_agreement",
    "end_agreement",
    "expires_soon",
    "find_agreement",
    "find_agreements",
    "find_shares",
    "get_agreement",
    "is_in_force",
    "is_sampled",
    "mark_inspected",
    "sampled_parcel_row",
    "sampling_of",
    "values_on",
]
