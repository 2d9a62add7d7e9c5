"""The words of safety agreements (安全协议): long-term senders who are checked once, when they sign."""

from dataclasses import dataclass, field
from datetime import date, datetime

from acceptance_api.kernel.ids import AgreementId, EnterpriseId, OutletId


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A safety agreement filed with the postal administration; who signed it is sealed.

    `valid_from` and `valid_to` are legal days, both inclusive. No outlets or no kinds of contents means all of them.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAgreement:
    """An agreement somebody wants to add; `uscc` is the customer's unified social credit code (GB 32100)."""

    filing_no: str
    customer: str = field(repr=False)
    uscc: str = field(repr=False)
    representative: str = field(repr=False)
    outlets: tuple[OutletId, ...] = ()
    contents_kinds: frozenset[str] = frozenset()
    valid_from: date
    valid_to: date
