"""Where cases and disclosures are kept."""

from sqlalchemy import JSON, BigInteger, Column, Index, LargeBinary, String, Table, Uuid

from acceptance_api.kernel.database import Instant, Personal, Retain, classified, metadata

_PSEUDONYM = classified(Personal.PSEUDONYM, Retain.CASE)
_PLAIN = classified(Personal.NONE, Retain.CASE)
_SEALED = classified(Personal.SEALED, Retain.CASE)
_TOKEN = classified(Personal.TOKEN, Retain.CASE)

cases = Table(
    "cases",
    metadata,
    Column("agency_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("legal_basis", String(32), nullable=False, info=_PLAIN),
    Column("number", String(80), nullable=False, info=_PSEUDONYM),
    Column("opened_at", Instant, nullable=False, info=_PLAIN),
    Column("expires_at", Instant, nullable=False, info=_PLAIN),
    Column("closed_at", Instant, info=_PLAIN),
    Column("officers_sealed", LargeBinary, nullable=False, info=_SEALED),
    Column("purpose_sealed", LargeBinary, nullable=False, info=_SEALED),
    Column("seal_key_id", BigInteger, nullable=False, info=_PLAIN),
    Column("fingerprint", LargeBinary, nullable=False, info=_TOKEN),
)

disclosures = Table(
    "disclosures",
    metadata,
    Column("agency_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("case_id", Uuid, nullable=False, info=_PSEUDONYM),
    Column("outlet_id", Uuid, nullable=False, info=_PSEUDONYM),
    Column("acceptance_id", Uuid, nullable=False, info=_PSEUDONYM),
    Column("fields", JSON, nullable=False, info=_PLAIN),
    Column("reason_sealed", LargeBinary, nullable=False, info=_SEALED),
    Column("seal_key_id", BigInteger, nullable=False, info=_PLAIN),
    Column("disclosed_at", Instant, nullable=False, info=_PLAIN),
    Index(None, "agency_id", "case_id"),
)
