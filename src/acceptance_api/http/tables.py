"""Where answers are kept for replay. Answers of writing operations hold no personal data."""

from sqlalchemy import JSON, Column, Integer, LargeBinary, String, Table, Uuid

from acceptance_api.kernel.database import Instant, Personal, Retain, classified, metadata

_PLAIN = classified(Personal.NONE, Retain.TRANSIENT)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("client_id", Uuid, primary_key=True, info=classified(Personal.PSEUDONYM, Retain.TRANSIENT)),
    Column("operation", String(80), primary_key=True, info=_PLAIN),
    Column("key", String(128), primary_key=True, info=classified(Personal.PSEUDONYM, Retain.TRANSIENT)),
    Column("fingerprint", LargeBinary, nullable=False, info=classified(Personal.TOKEN, Retain.TRANSIENT)),
    Column("claimed_at", Instant, nullable=False, info=_PLAIN),
    Column("status", Integer, info=_PLAIN),
    Column("headers", JSON, info=_PLAIN),
    Column("body", LargeBinary, info=classified(Personal.PSEUDONYM, Retain.TRANSIENT)),
)

idempotency_claims = Table(
    "idempotency_claims",
    metadata,
    Column("client_id", Uuid, primary_key=True, info=classified(Personal.PSEUDONYM, Retain.TRANSIENT)),
    Column("operation", String(80), primary_key=True, info=_PLAIN),
    Column("key", String(128), primary_key=True, info=classified(Personal.PSEUDONYM, Retain.TRANSIENT)),
    Column("fingerprint", LargeBinary, nullable=False, info=classified(Personal.TOKEN, Retain.TRANSIENT)),
    Column("claimed_until", Instant, nullable=False, info=_PLAIN),
)
"""Keys whose request waits for a stranger; a claim lapses by itself."""
