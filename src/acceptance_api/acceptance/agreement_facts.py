"""What a safety agreement is worth to a parcel: whether it covers it, and whether the service wants to see inside."""

from datetime import datetime
from decimal import Decimal

from acceptance_api.acceptance.contents import codes_of
from acceptance_api.acceptance.model import DecideParcel, Item, SenderKind
from acceptance_api.acceptance.policy import passage_of
from acceptance_api.acceptance.rules import Rules
from acceptance_api.agreements import Agreement, Sampling, is_in_force, sampling_of
from acceptance_api.kernel.clock import legal_day
from acceptance_api.sites import Outlet


def is_covered(
    agreement: Agreement | None, request: DecideParcel, rules: Rules, outlet: Outlet, *, at: datetime
) -> bool | None:
    """Whether the agreement stands for this outlet and these contents; None for other senders."""
    if request.sender_kind is not SenderKind.AGREEMENT or agreement is None:
        return None
    return is_in_force(
        agreement,
        outlet_id=outlet.id,
        contents_kind=request.contents_kind,
        on=legal_day(at),
        goods=[_names(item, rules) for item in request.contents],
    )


def sampling_for(
    agreement: Agreement, request: DecideParcel, rules: Rules, outlet: Outlet, *, key: bytes
) -> Sampling | None:
    """What the service chooses for an agreement customer's parcel, by the highest ratio that binds it."""
    if request.sender_kind is not SenderKind.AGREEMENT:
        return None
    passage = passage_of(outlet.division, request.destination, request.transport, request.transit)
    asked = rules.measures(passage, at_division=outlet.division)
    ratio_min = max(rules.agreements.sampling_ratio_min, asked.sampling_ratio or Decimal(0))
    return sampling_of(key, agreement, request.waybill, ratio_min=ratio_min)


def _names(item: Item, rules: Rules) -> frozenset[str]:
    """The codes that may stand in an agreement for a line: of the goods and of their classes."""
    found = [goods for code in codes_of(item, rules) if (goods := rules.catalogue.find(code)) is not None]
    return frozenset(name for goods in found for name in (goods.code, goods.class_code))
