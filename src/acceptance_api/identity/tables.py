"""Where verifications are kept."""

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, LargeBinary, String, Table, Uuid

from acceptance_api.kernel.database import Instant, Personal, Retain, classified, metadata

_PSEUDONYM = classified(Personal.PSEUDONYM, Retain.IDENTITY)
_PLAIN = classified(Personal.NONE, Retain.IDENTITY)
_SEALED = classified(Personal.SEALED, Retain.IDENTITY)
_TOKEN = classified(Personal.TOKEN, Retain.IDENTITY)

verifications = Table(
    "verifications",
    metadata,
    Column("outlet_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("enterprise_id", Uuid, nullable=False, info=_PSEUDONYM),
    Column("clerk_id", Uuid, nullable=False, info=_PSEUDONYM),
    Column("document", String(40), nullable=False, info=_PLAIN),
    Column("channel", String(24), nullable=False, info=_PLAIN),
    Column("status", String(16), nullable=False, info=_PLAIN),
    Column("failings", JSON, nullable=False, info=_PLAIN),
    Column("assurance", String(32), nullable=False, info=_PLAIN),
    Column("answer", String(16), nullable=False, info=_PLAIN),
    Column("authority", String(24), nullable=False, info=_PLAIN),
    Column("authority_request_id", String(64), nullable=False, info=_PSEUDONYM),
    Column("authority_latency_ms", Integer, nullable=False, info=_PLAIN),
    Column("warnings", JSON, nullable=False, info=_PLAIN),
    Column("notice_version", String(40), nullable=False, info=_PLAIN),
    Column("recorded_at", Instant, nullable=False, info=_PLAIN),
    Column("expires_at", Instant, nullable=False, info=_PLAIN),
    Column("document_number_sealed", LargeBinary, nullable=False, info=_SEALED),
    Column("holder_name_sealed", LargeBinary, nullable=False, info=_SEALED),
    Column("seal_key_id", BigInteger, nullable=False, info=_PLAIN),
    Column("number_token", BigInteger, nullable=False, info=_TOKEN),
    Column("index_key_id", BigInteger, nullable=False, info=_PLAIN),
    Column("name_commitment", LargeBinary, nullable=False, info=_TOKEN),
    Column("fingerprint", LargeBinary, nullable=False, info=_TOKEN),
    Column("staff", String(8), info=_PLAIN),
    Index(None, "seal_key_id"),
)
