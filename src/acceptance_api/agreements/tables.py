"""Where safety agreements are kept."""

from sqlalchemy import JSON, BigInteger, Column, Date, Index, LargeBinary, String, Table, Uuid

from acceptance_api.kernel.database import Instant, Personal, Retain, classified, metadata

_PLAIN = classified(Personal.NONE, Retain.IDENTITY)
_PSEUDONYM = classified(Personal.PSEUDONYM, Retain.IDENTITY)
_SEALED = classified(Personal.SEALED, Retain.IDENTITY)

agreements = Table(
    "agreements",
    metadata,
    Column("enterprise_id", Uuid, primary_key=True, info=_PLAIN),
    Column("id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("filing_no", String(64), nullable=False, info=_PSEUDONYM),
    Column("customer_sealed", LargeBinary, nullable=False, info=_SEALED),
    Column("uscc_sealed", LargeBinary, nullable=False, info=_SEALED),
    Column("representative_sealed", LargeBinary, nullable=False, info=_SEALED),
    Column("seal_key_id", BigInteger, nullable=False, info=_PLAIN),
    Column("outlets", JSON, nullable=False, info=_PLAIN),
    Column("contents_kinds", JSON, nullable=False, info=_PLAIN),
    Column("valid_from", Date, nullable=False, info=_PLAIN),
    Column("valid_to", Date, nullable=False, info=_PLAIN),
    Column("created_at", Instant, nullable=False, info=_PLAIN),
    Column("ended_at", Instant, info=_PLAIN),
    Index("uq_agreements_filing_no", "enterprise_id", "filing_no", unique=True),
)
