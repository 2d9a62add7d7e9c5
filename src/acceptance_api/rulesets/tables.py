"""Where rule sets are kept: editions and what became of them. Rows are only ever added."""

from sqlalchemy import JSON, Column, Index, Integer, LargeBinary, String, Table, Uuid

from acceptance_api.kernel.database import Instant, Personal, Retain, classified, metadata

_PLAIN = classified(Personal.NONE, Retain.CONFIGURATION)
_PSEUDONYM = classified(Personal.PSEUDONYM, Retain.CONFIGURATION)

rule_sets = Table(
    "rule_sets",
    metadata,
    Column("owner_id", Uuid, primary_key=True, info=_PLAIN),
    Column("name", String(63), primary_key=True, info=_PLAIN),
    Column("edition", Integer, primary_key=True, autoincrement=False, info=_PLAIN),
    Column("id", Uuid, nullable=False, info=_PLAIN),
    Column("layer", String(16), nullable=False, info=_PLAIN),
    Column("kind", String(32), nullable=False, info=_PLAIN),
    Column("starts_at", Instant, nullable=False, info=_PLAIN),
    Column("ends_at", Instant, info=_PLAIN),
    Column("content", JSON, nullable=False, info=_PLAIN),
    Column("digest", LargeBinary, nullable=False, info=_PLAIN),
    Column("jurisdiction", String(6), nullable=False, info=_PLAIN),
    Column("proposed_by_client", Uuid, info=_PSEUDONYM),
    Column("proposed_by", String(64), nullable=False, info=_PSEUDONYM),
    Column("proposed_at", Instant, nullable=False, info=_PLAIN),
    Index("uq_rule_sets_id", "owner_id", "id", unique=True),
    Index(None, "layer"),
)
"""Editions as they were proposed. `id` is what the audit trail and cursors call one."""

rule_set_outcomes = Table(
    "rule_set_outcomes",
    metadata,
    Column("owner_id", Uuid, primary_key=True, info=_PLAIN),
    Column("name", String(63), primary_key=True, info=_PLAIN),
    Column("edition", Integer, primary_key=True, autoincrement=False, info=_PLAIN),
    Column("outcome", String(16), nullable=False, info=_PLAIN),
    Column("answered_by_client", Uuid, info=_PSEUDONYM),
    Column("answered_by", String(64), nullable=False, info=_PSEUDONYM),
    Column("answered_at", Instant, nullable=False, info=_PLAIN),
    Column("reason", String(200), info=_PLAIN),
)
"""What the second person said of an edition, once."""
