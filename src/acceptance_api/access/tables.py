"""Where clients, their secrets and agencies are kept."""

from sqlalchemy import JSON, Column, Index, LargeBinary, String, Table, Uuid

from acceptance_api.kernel.database import Instant, Personal, Retain, classified, metadata

_PLAIN = classified(Personal.NONE, Retain.CONFIGURATION)
_PSEUDONYM = classified(Personal.PSEUDONYM, Retain.CONFIGURATION)

clients = Table(
    "clients",
    metadata,
    Column("id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("audience", String(16), nullable=False, info=_PLAIN),
    Column("name", String(80), nullable=False, info=_PLAIN),
    Column("permissions", JSON, nullable=False, info=_PLAIN),
    Column("enterprise_id", Uuid, info=_PLAIN),
    Column("outlet_id", Uuid, info=_PLAIN),
    Column("counter_id", Uuid, info=_PLAIN),
    Column("agency_id", Uuid, info=_PLAIN),
    Column("jurisdiction", String(6), nullable=False, info=_PLAIN),
    Column("created_at", Instant, nullable=False, info=_PLAIN),
    Column("revoked_at", Instant, info=_PLAIN),
    Index(None, "enterprise_id", "id"),
)

# A fast hash is right here: a secret is 256 random bits, so there is nothing to guess from its SHA-256. Slow hashes
# are for passwords that people choose.
client_secrets = Table(
    "client_secrets",
    metadata,
    Column("client_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("id", Uuid, primary_key=True, info=_PLAIN),
    Column("digest", LargeBinary, nullable=False, info=_PLAIN),
    Column("created_at", Instant, nullable=False, info=_PLAIN),
    Column("expires_at", Instant, info=_PLAIN),
    Column("revoked_at", Instant, info=_PLAIN),
)

agencies = Table(
    "agencies",
    metadata,
    Column("id", Uuid, primary_key=True, info=_PLAIN),
    Column("name", String(80), nullable=False, info=_PLAIN),
    Column("jurisdiction", String(6), nullable=False, info=_PLAIN),
    Column("created_at", Instant, nullable=False, info=_PLAIN),
)
