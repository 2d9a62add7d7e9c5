"""The words of safety agreements (安全协议): long-term senders who are checked once, when they sign."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from acceptance_api.kernel.ids import AcceptanceId, AgreementId, EnterpriseId, OutletId


class EndReason(StrEnum):
    """Why an agreement was ended before its last day."""

    CUSTOMER_LEFT = "customer_left"
    ENTERPRISE_WITHDREW = "enterprise_withdrew"
    BREACH = "breach"
    """The customer did not keep it: prohibited goods, or another's parcels."""
    ORDERED = "ordered"
    """An authority said so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A safety agreement filed with the postal administration; who signed it is sealed.

    `valid_from`, `valid_to` and the other days are legal days; both ends are inclusive. No outlets, no kinds of
    contents or no goods means all of them. `goods` holds codes of goods and of classes of the catalogue.
    """

    enterprise_id: EnterpriseId
    id: AgreementId
    filing_no: str
    customer_sealed: bytes = field(repr=False)
    uscc_sealed: bytes = field(repr=False)
    representative_sealed: bytes = field(repr=False)
    seal_key_id: int
    outlets: frozenset[OutletId]
    contents_kinds: frozenset[str]
    valid_from: date
    valid_to: date
    created_at: datetime
    ended_at: datetime | None = None
    ended_reason: EndReason | None = None
    goods: frozenset[str] = frozenset()
    sampling_ratio: Decimal = Decimal(1)
    """The share of its parcels that are inspected all the same, 0 to 1."""
    representative_id_copy: str | None = None
    """SHA-256 of the copy of the representative's document: it proves the copy, and is none."""
    last_checked_on: date | None = None
    """When somebody last looked whether the customer keeps the agreement."""
    supersedes: AgreementId | None = None
    superseded_by: AgreementId | None = None
    superseded_from: date | None = None
    """From this day on its successor stands in its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAgreement:
    """An agreement somebody wants to add; `uscc` is the customer's unified social credit code (GB 32100).

    One that `supersedes` another is its renewal: it takes the other's place on its own first day. Without a
    `sampling_ratio` of its own it gets the one that the figures of the day propose.
    """

    filing_no: str
    customer: str = field(repr=False)
    uscc: str = field(repr=False)
    representative: str = field(repr=False)
    outlets: tuple[OutletId, ...] = ()
    contents_kinds: frozenset[str] = frozenset()
    goods: frozenset[str] = frozenset()
    sampling_ratio: Decimal | None = None
    representative_id_copy: str | None = None
    last_checked_on: date | None = None
    supersedes: AgreementId | None = None
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """What the service chose for one parcel, and the ratio it chose by."""

    ratio: Decimal
    is_sampled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledParcel:
    """A parcel accepted under an agreement: whether it was chosen, and whether it was inspected."""

    enterprise_id: EnterpriseId
    agreement_id: AgreementId
    outlet_id: OutletId
    acceptance_id: AcceptanceId
    waybill: str
    accepted_on: date
    sampling: Sampling
    is_inspected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """How many parcels of an agreement were accepted, chosen, inspected, and both."""

    parcels: int
    sampled: int
    inspected: int
    sampled_and_inspected: int

    @property
    def sampled_share(self) -> Decimal | None:
        """The part that was chosen; None without a parcel."""
        return _share(self.sampled, self.parcels)

    @property
    def inspected_share(self) -> Decimal | None:
        """The part that was inspected, chosen or not; None without a parcel."""
        return _share(self.inspected, self.parcels)


def _share(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) / whole).quantize(Decimal("0.0001")) if whole else None
