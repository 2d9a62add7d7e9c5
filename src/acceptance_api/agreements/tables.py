"""Where safety agreements are kept, and what became of each of their parcels."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, Index, LargeBinary, String, Table, Uuid

from acceptance_api.kernel.database import Instant, Personal, Retain, classified, metadata

_PLAIN = classified(Personal.NONE, Retain.IDENTITY)
_PSEUDONYM = classified(Personal.PSEUDONYM, Retain.IDENTITY)
_SEALED = classified(Personal.SEALED, Retain.IDENTITY)
_OF_PARCEL = classified(Personal.PSEUDONYM, Retain.RECORD)
_PLAIN_OF_PARCEL = classified(Personal.NONE, Retain.RECORD)

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
    Column("ended_reason", String(24), info=_PLAIN),
    Column("goods", JSON, nullable=False, info=_PLAIN),
    Column("sampling_ratio", String(8), nullable=False, info=_PLAIN),
    Column("representative_id_copy", String(64), info=_PSEUDONYM),
    Column("last_checked_on", Date, info=_PLAIN),
    Column("supersedes", Uuid, info=_PSEUDONYM),
    Column("superseded_by", Uuid, info=_PSEUDONYM),
    Column("superseded_from", Date, info=_PLAIN),
    Index("uq_agreements_filing_no", "enterprise_id", "filing_no", unique=True),
)

agreement_parcels = Table(
    "agreement_parcels",
    metadata,
    Column("outlet_id", Uuid, primary_key=True, info=_OF_PARCEL),
    Column("acceptance_id", Uuid, primary_key=True, info=_OF_PARCEL),
    Column("enterprise_id", Uuid, nullable=False, info=_PLAIN_OF_PARCEL),
    Column("agreement_id", Uuid, nullable=False, info=_OF_PARCEL),
    Column("waybill", String(40), nullable=False, info=_OF_PARCEL),
    Column("accepted_on", Date, nullable=False, info=_PLAIN_OF_PARCEL),
    Column("sampling_ratio", String(8), nullable=False, info=_PLAIN_OF_PARCEL),
    Column("is_sampled", Boolean, nullable=False, info=_PLAIN_OF_PARCEL),
    Column("is_inspected", Boolean, nullable=False, info=_PLAIN_OF_PARCEL),
    Index(None, "agreement_id", "accepted_on"),
)
"""Only inserted on the hot path; an inspection that comes later is the one thing that changes a row."""
