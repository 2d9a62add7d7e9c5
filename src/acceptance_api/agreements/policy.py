"""When a safety agreement stands in for the checks of each parcel, and which parcels are inspected all the same."""

import hashlib
import hmac
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final
from uuid import UUID

from acceptance_api.agreements.model import AddAgreement, Agreement, Sampling
from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.ids import OutletId
from acceptance_api.kernel.problems import Fault

_LABEL: Final = b"sampling/1\x00"
_FRACTION_BYTES: Final = 8
_WHOLE: Final = 2 ** (8 * _FRACTION_BYTES)


def is_in_force(
    agreement: Agreement,
    *,
    outlet_id: OutletId,
    contents_kind: str,
    on: date,
    goods: Iterable[Collection[str]] = (),
) -> bool:
    """Whether an agreement covers a parcel with these contents, at this outlet, on this legal day.

    `goods` names each line of the contents by the codes that may stand in an agreement for it: of the goods and of
    their class. A line the catalogue does not know has none, and only an agreement for all goods covers it. An
    agreement ended early counts no more from the legal day on which it was ended.
    """
    return (
        _stands(agreement, on)
        and (not agreement.outlets or outlet_id in agreement.outlets)
        and (not agreement.contents_kinds or contents_kind in agreement.contents_kinds)
        and (not agreement.goods or all(not agreement.goods.isdisjoint(line) for line in goods))
    )


def expires_soon(agreement: Agreement, *, on: date, within_days: int) -> bool:
    """Whether an agreement that stands ends within so many legal days, with none to take its place."""
    last = on + timedelta(days=within_days)
    return _stands(agreement, on) and agreement.superseded_by is None and agreement.valid_to <= last


def is_sampled(key: bytes, agreement_id: UUID, waybill: str, ratio: Decimal) -> bool:
    """Whether a parcel of an agreement is to be inspected all the same.

    Nobody at the counter can choose, for nobody there has the key; whoever has it can show later that it was right.
    The first 64 bits of HMAC-SHA-256 over agreement and waybill, as a fraction, lie below the ratio: so a parcel that
    is chosen by a ratio is chosen by every higher one.
    """
    digest = hmac.new(key, _LABEL + agreement_id.bytes + waybill.encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:_FRACTION_BYTES], "big") < Fraction(ratio) * _WHOLE


def sampling_of(key: bytes, agreement: Agreement, waybill: str, *, ratio_min: Decimal) -> Sampling:
    """What the service chooses for a parcel: by the agreement's ratio, or the least of the day if that is higher."""
    ratio = max(agreement.sampling_ratio, ratio_min)
    return Sampling(ratio=ratio, is_sampled=is_sampled(key, agreement.id, waybill, ratio))


def faults_of(request: AddAgreement, *, ratio_min: Decimal, on: date) -> tuple[Fault, ...]:
    """What is wrong with an agreement somebody wants to add, apart from the outlets and the agreement it names."""
    ratio, checked_on = request.sampling_ratio, request.last_checked_on
    faults = (
        ("/valid_to", "before_valid_from", request.valid_to < request.valid_from),
        ("/sampling_ratio", "below_minimum", ratio is not None and ratio < ratio_min),
        ("/sampling_ratio", "above_one", ratio is not None and ratio > 1),
        ("/last_checked_on", "in_the_future", checked_on is not None and checked_on > on),
    )
    return tuple(Fault(pointer, code) for pointer, code, is_wrong in faults if is_wrong)


def _stands(agreement: Agreement, on: date) -> bool:
    return (
        agreement.valid_from <= on <= agreement.valid_to
        and (agreement.ended_at is None or on < legal_day(agreement.ended_at))
        and (agreement.superseded_from is None or on < agreement.superseded_from)
    )
