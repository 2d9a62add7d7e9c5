"""When a safety agreement stands in for the checks of each parcel."""

from datetime import date

from acceptance_api.agreements.model import AddAgreement, Agreement
from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.ids import OutletId
from acceptance_api.kernel.problems import Fault


def is_in_force(agreement: Agreement, *, outlet_id: OutletId, contents_kind: str, on: date) -> bool:
    """Whether an agreement covers a parcel with these contents, at this outlet, on this legal day.

    An agreement ended early counts no more from the legal day on which it was ended.
    """
    return (
        agreement.valid_from <= on <= agreement.valid_to
        and (agreement.ended_at is None or on < legal_day(agreement.ended_at))
        and (not agreement.outlets or outlet_id in agreement.outlets)
        and (not agreement.contents_kinds or contents_kind in agreement.contents_kinds)
    )


def faults_of(request: AddAgreement) -> tuple[Fault, ...]:
    """What is wrong with an agreement somebody wants to add, apart from the outlets it names."""
    return (Fault("/valid_to", "before_valid_from"),) if request.valid_to < request.valid_from else ()
