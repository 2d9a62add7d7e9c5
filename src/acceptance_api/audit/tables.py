"""Where the entries of the audit trail are kept."""

from sqlalchemy import JSON, Column, Index, String, Table, Uuid

from acceptance_api.kernel.database import Instant, Personal, Retain, classified, metadata

_LOG = Retain.LOG

audit_entries = Table(
    "audit_entries",
    metadata,
    Column("stream_id", Uuid, primary_key=True, info=classified(Personal.PSEUDONYM, _LOG)),
    Column("id", Uuid, primary_key=True, info=classified(Personal.NONE, _LOG)),
    Column("at", Instant, nullable=False, info=classified(Personal.NONE, _LOG)),
    Column("action", String(64), nullable=False, info=classified(Personal.NONE, _LOG)),
    Column("client_id", Uuid, info=classified(Personal.PSEUDONYM, _LOG)),
    Column("clerk_id", Uuid, info=classified(Personal.PSEUDONYM, _LOG)),
    Column("case_id", Uuid, info=classified(Personal.PSEUDONYM, _LOG)),
    Column("request_id", String(64), nullable=False, info=classified(Personal.NONE, _LOG)),
    Column("subject_id", Uuid, nullable=False, info=classified(Personal.PSEUDONYM, _LOG)),
    Column("detail", JSON, nullable=False, info=classified(Personal.NONE, _LOG)),
    Column("commitments", JSON, nullable=False, info=classified(Personal.TOKEN, _LOG)),
    Index(None, "stream_id", "subject_id", "at"),
    Index(None, "stream_id", "case_id", "at"),
)
