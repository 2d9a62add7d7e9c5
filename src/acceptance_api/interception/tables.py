"""Where cases are kept: steps are only ever added; what is looked up by waybill stands in tables of its own."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Table, Uuid, text

from acceptance_api.kernel.database import Instant, Personal, Retain, classified, metadata

_PSEUDONYM = classified(Personal.PSEUDONYM, Retain.CASE)
_PLAIN = classified(Personal.NONE, Retain.CASE)
_SEALED = classified(Personal.SEALED, Retain.CASE)
_TOKEN = classified(Personal.TOKEN, Retain.CASE)

interceptions = Table(
    "interceptions",
    metadata,
    Column("outlet_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("enterprise_id", Uuid, nullable=False, info=_PSEUDONYM),
    Column("origin", String(6), nullable=False, info=_PLAIN),
    Column("waybill", String(40), nullable=False, info=_PSEUDONYM),
    Column("source", String(16), nullable=False, info=_PLAIN),
    Column("source_id", Uuid, info=_PSEUDONYM),
    Column("goods_code", String(64), info=_PLAIN),
    Column("class_code", String(8), nullable=False, info=_PLAIN),
    Column("disposal", String(4), nullable=False, info=_PLAIN),
    Column("is_never_returned", Boolean, nullable=False, info=_PLAIN),
    Column("state", String(16), nullable=False, info=_PLAIN),
    Column("steps", Integer, nullable=False, info=_PLAIN),
    Column("rules", String(16), nullable=False, info=_PLAIN),
    Column("goods_version", String(16), nullable=False, info=_PLAIN),
    Column("opened_at", Instant, nullable=False, info=_PLAIN),
    Column("due_at", Instant, info=_PLAIN),
    Column("closed_at", Instant, info=_PLAIN),
    Column("fingerprint", LargeBinary, nullable=False, info=_TOKEN),
    Index(None, "enterprise_id", "opened_at"),
    Index(None, "origin", "opened_at"),
)
"""A case as its last step left it."""

interception_steps = Table(
    "interception_steps",
    metadata,
    Column("outlet_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("interception_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("number", Integer, primary_key=True, autoincrement=False, info=_PLAIN),
    Column("id", Uuid, nullable=False, info=_PSEUDONYM),
    Column("kind", String(16), nullable=False, info=_PLAIN),
    Column("state", String(16), nullable=False, info=_PLAIN),
    Column("disposal", String(4), nullable=False, info=_PLAIN),
    Column("persons", JSON, nullable=False, info=_PSEUDONYM),
    Column("holder_since", Integer, nullable=False, info=_PLAIN),
    Column("body", String(32), info=_PLAIN),
    Column("reference", String(80), info=_PSEUDONYM),
    Column("instruction", String(16), info=_PLAIN),
    Column("is_evacuated", Boolean, nullable=False, info=_PLAIN),
    Column("evidence", String(64), info=_PSEUDONYM),
    Column("happened_at", Instant, nullable=False, info=_PLAIN),
    Column("recorded_at", Instant, nullable=False, info=_PLAIN),
    Column("client_id", Uuid, nullable=False, info=_PSEUDONYM),
    Column("actor_name_sealed", LargeBinary, info=_SEALED),
    Column("actor_certificate_sealed", LargeBinary, info=_SEALED),
    Column("holder_name_sealed", LargeBinary, info=_SEALED),
    Column("holder_certificate_sealed", LargeBinary, info=_SEALED),
    Column("witness_name_sealed", LargeBinary, info=_SEALED),
    Column("witness_certificate_sealed", LargeBinary, info=_SEALED),
    Column("note_sealed", LargeBinary, info=_SEALED),
    Column("seal_key_id", BigInteger, nullable=False, info=_PLAIN),
    Column("fingerprint", LargeBinary, nullable=False, info=_TOKEN),
)
"""What was done, in order; two who record the next step at once meet at its number."""

interception_obligations = Table(
    "interception_obligations",
    metadata,
    Column("outlet_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("interception_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("number", Integer, primary_key=True, autoincrement=False, info=_PLAIN),
    Column("disposal", String(4), nullable=False, info=_PLAIN),
    Column("bodies", JSON, nullable=False, info=_PLAIN),
    Column("urgency", String(16), nullable=False, info=_PLAIN),
    Column("due_at", Instant, nullable=False, info=_PLAIN),
    Column("told_at", Instant, info=_PLAIN),
    Column("told_in", Integer, info=_PLAIN),
)
"""Who must be told by when, as the rules of the day said it, and the step that tells of it."""

interception_evidence = Table(
    "interception_evidence",
    metadata,
    Column("outlet_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("interception_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("sha256", String(64), primary_key=True, info=_PSEUDONYM),
    Column("id", Uuid, nullable=False, info=_PSEUDONYM),
    Column("enterprise_id", Uuid, nullable=False, info=_PSEUDONYM),
    Column("media_type", String(24), nullable=False, info=_PLAIN),
    Column("size_bytes", Integer, nullable=False, info=_PLAIN),
    Column("stored_at", Instant, nullable=False, info=_PLAIN),
    Column("content_sealed", LargeBinary, nullable=False, info=_SEALED),
    Column("seal_key_id", BigInteger, nullable=False, info=_PLAIN),
)
"""Photos and documents of a case, kept as long as the case is: those of inspections go sooner."""

interception_waybills = Table(
    "interception_waybills",
    metadata,
    Column("waybill", String(40), primary_key=True, info=_PSEUDONYM),
    Column("enterprise_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("outlet_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("interception_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("is_open", Boolean, nullable=False, info=_PLAIN),
    Column("stops", Boolean, nullable=False, info=_PLAIN),
    Index(
        "uq_interception_waybills_open",
        "waybill",
        "enterprise_id",
        unique=True,
        postgresql_where=text("is_open"),
        sqlite_where=text("is_open = 1"),
    ),
)
"""The cases on a waybill: of an enterprise, one is open at most. A closed one stops it still if the goods are gone."""

interception_cascades = Table(
    "interception_cascades",
    metadata,
    Column("waybill", String(40), primary_key=True, info=_PSEUDONYM),
    Column("enterprise_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("interception_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("outlet_id", Uuid, nullable=False, info=_PSEUDONYM),
    Column("accepted_at_outlet_id", Uuid, nullable=False, info=_PSEUDONYM),
    Column("acceptance_id", Uuid, nullable=False, info=_PSEUDONYM),
    Column("state", String(16), nullable=False, info=_PLAIN),
    Column("flagged_at", Instant, nullable=False, info=_PLAIN),
    Column("settled_at", Instant, info=_PLAIN),
    Column("settled_by", String(64), info=_PSEUDONYM),
    Column("inspection_id", Uuid, info=_PSEUDONYM),
    Column("settled_outlet_id", Uuid, info=_PSEUDONYM),
    # The enterprise does not stand first: on an empty table the index would be taken for the primary key.
    Index(None, "interception_id", "enterprise_id"),
)
"""Other parcels of the sender of dangerous or criminal goods, which wait until somebody has looked into them."""
