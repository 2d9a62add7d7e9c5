"""Where acceptances and their decisions are kept: revisions and decisions are only ever added."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Table, Uuid, text

from acceptance_api.kernel.database import Instant, Personal, Retain, classified, metadata

_PSEUDONYM = classified(Personal.PSEUDONYM, Retain.RECORD)
_PLAIN = classified(Personal.NONE, Retain.RECORD)
_SEALED = classified(Personal.SEALED, Retain.RECORD)
_TOKEN = classified(Personal.TOKEN, Retain.RECORD)

acceptances = Table(
    "acceptances",
    metadata,
    Column("outlet_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("revision", Integer, primary_key=True, info=_PLAIN),
    Column("record_id", Uuid, nullable=False, info=_PSEUDONYM),
    Column("enterprise_id", Uuid, nullable=False, info=_PSEUDONYM),
    Column("origin", String(6), nullable=False, info=_PLAIN),
    Column("counter_id", Uuid, info=_PSEUDONYM),
    Column("clerk_id", Uuid, nullable=False, info=_PSEUDONYM),
    Column("waybill", String(40), nullable=False, info=_PSEUDONYM),
    Column("sender_kind", String(16), nullable=False, info=_PLAIN),
    Column("country", String(2), nullable=False, info=_PLAIN),
    Column("division", String(6), info=_PLAIN),
    Column("reach", String(24), nullable=False, info=_PLAIN),
    Column("transport", String(24), nullable=False, info=_PLAIN),
    Column("contents_kind", String(24), nullable=False, info=_PLAIN),
    Column("correction", String(32), info=_PLAIN),
    Column("recorded_at", Instant, nullable=False, info=_PLAIN),
    Column("late", JSON(none_as_null=True), info=_PLAIN),
    Column("sender_name_sealed", LargeBinary, nullable=False, info=_SEALED),
    Column("sender_phone_sealed", LargeBinary, nullable=False, info=_SEALED),
    Column("sender_address_sealed", LargeBinary, nullable=False, info=_SEALED),
    Column("organisation_name_sealed", LargeBinary, info=_SEALED),
    Column("organisation_code_sealed", LargeBinary, info=_SEALED),
    Column("addressee_name_sealed", LargeBinary, nullable=False, info=_SEALED),
    Column("addressee_phone_sealed", LargeBinary, nullable=False, info=_SEALED),
    Column("addressee_address_sealed", LargeBinary, nullable=False, info=_SEALED),
    Column("contents_sealed", LargeBinary, nullable=False, info=_SEALED),
    Column("seal_key_id", BigInteger, nullable=False, info=_PLAIN),
    Column("sender_name_commitment", LargeBinary, nullable=False, info=_TOKEN),
    Column("contents_commitment", LargeBinary, nullable=False, info=_TOKEN),
    Column("fingerprint", LargeBinary, nullable=False, info=_TOKEN),
    Index(None, "outlet_id", "recorded_at"),
    Index(None, "seal_key_id"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("outlet_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("acceptance_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("sequence", Integer, primary_key=True, info=_PLAIN),
    Column("id", Uuid, nullable=False, info=_PSEUDONYM),
    Column("revision", Integer, nullable=False, info=_PLAIN),
    Column("outcome", String(16), nullable=False, info=_PLAIN),
    Column("objections", JSON, nullable=False, info=_PLAIN),
    Column("rules", JSON, nullable=False, info=_PLAIN),
    Column("facts", JSON, nullable=False, info=_PLAIN),
    Column("verification_id", Uuid, info=_PSEUDONYM),
    Column("inspection_id", Uuid, info=_PSEUDONYM),
    Column("agreement_id", Uuid, info=_PSEUDONYM),
    Column("clerk_id", Uuid, nullable=False, info=_PSEUDONYM),
    Column("decided_at", Instant, nullable=False, info=_PLAIN),
    Column("fingerprint", LargeBinary, nullable=False, info=_TOKEN),
)

acceptance_waybills = Table(
    "acceptance_waybills",
    metadata,
    Column("waybill", String(40), primary_key=True, info=_PSEUDONYM),
    Column("enterprise_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("acceptance_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("outlet_id", Uuid, nullable=False, info=_PSEUDONYM),
    Column("origin", String(6), nullable=False, info=_PLAIN),
    Column("recorded_at", Instant, nullable=False, info=_PLAIN),
    Column("stands", Boolean, nullable=False, info=_PLAIN),
    Index(
        "uq_acceptance_waybills_standing",
        "waybill",
        "enterprise_id",
        unique=True,
        postgresql_where=text("stands"),
        sqlite_where=text("stands = 1"),
    ),
)
"""Every presentation of a waybill, refused ones too: how a regulator finds it.

A waybill stands, accepted or held, for one acceptance of an enterprise at most; a refused one may be presented again.
"""

acceptance_tokens = Table(
    "acceptance_tokens",
    metadata,
    Column("token", BigInteger, primary_key=True, autoincrement=False, info=_TOKEN),
    Column("outlet_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("acceptance_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("role", String(32), primary_key=True, info=_PLAIN),
    Column("source_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("origin", String(6), nullable=False, info=_PLAIN),
    Column("index_key_id", BigInteger, nullable=False, info=_PLAIN),
    Column("recorded_at", Instant, nullable=False, info=_PLAIN),
)
"""Blind index values: how a regulator finds the records of a person."""
