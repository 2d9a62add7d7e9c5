"""Where acceptances and their decisions are kept: revisions and decisions are only ever added."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Uuid,
    text,
)

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
    Column("noticed", JSON(none_as_null=True), info=_PLAIN),
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
    Column("phone_token", BigInteger, info=_TOKEN),
    Column("refused_name_token", BigInteger, info=_TOKEN),
)
"""Blind index values: how a regulator finds the records of a person.

Beside the token of an ID number that was shown at a counter stand those of the telephone that the sender gave, and of a
name that was not the document's: one ID with many telephones or names shows without opening anything. A token that came
by a late record, a correction or a resolution has neither: it does not tell when and where the document was shown.
"""

sender_amounts = Table(
    "sender_amounts",
    metadata,
    Column("token", BigInteger, primary_key=True, autoincrement=False, info=_TOKEN),
    Column("enterprise_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("day", Date, primary_key=True, info=_PLAIN),
    Column("goods_code", String(64), primary_key=True, info=_PLAIN),
    Column("number", Integer, primary_key=True, autoincrement=False, info=_PLAIN),
    Column("added", String(40), nullable=False, info=_PLAIN),
    Column("total", String(40), nullable=False, info=_PLAIN),
    Column("outlet_id", Uuid, nullable=False, info=_PSEUDONYM),
    Column("acceptance_id", Uuid, nullable=False, info=_PSEUDONYM),
    Index(None, "outlet_id", "acceptance_id"),
)
"""What a sender has sent in a legal day of goods with a limit by the day: each row the total so far, the last counts.

Two counters that add to one total at once meet at the number: one of them counts again, so the limit is exact.
"""

scans = Table(
    "scans",
    metadata,
    Column("outlet_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("enterprise_id", Uuid, nullable=False, info=_PSEUDONYM),
    Column("waybill", String(40), nullable=False, info=_PSEUDONYM),
    Column("acceptance_id", Uuid, nullable=False, info=_PSEUDONYM),
    Column("accepted_at_outlet_id", Uuid, nullable=False, info=_PSEUDONYM),
    Column("stage", String(24), nullable=False, info=_PLAIN),
    Column("instruction", String(24), nullable=False, info=_PLAIN),
    Column("reasons", JSON, nullable=False, info=_PLAIN),
    Column("rules", JSON, nullable=False, info=_PLAIN),
    Column("clerk_id", Uuid, nullable=False, info=_PSEUDONYM),
    Column("recorded_at", Instant, nullable=False, info=_PLAIN),
    Column("fingerprint", LargeBinary, nullable=False, info=_TOKEN),
    Index(None, "waybill", "enterprise_id"),
)
"""Where parcels under way were seen, and what was said of them there."""

rehearsals = Table(
    "rehearsals",
    metadata,
    Column("agency_id", Uuid, primary_key=True, info=_PLAIN),
    Column("id", Uuid, primary_key=True, info=_PLAIN),
    Column("name", String(63), nullable=False, info=_PLAIN),
    Column("edition", Integer, nullable=False, info=_PLAIN),
    Column("jurisdiction", String(6), nullable=False, info=_PLAIN),
    Column("since", Instant, nullable=False, info=_PLAIN),
    Column("until", Instant, nullable=False, info=_PLAIN),
    Column("state", String(16), nullable=False, info=_PLAIN),
    Column("failure", String(32), info=_PLAIN),
    Column("total", Integer, info=_PLAIN),
    Column("seen", Integer, nullable=False, info=_PLAIN),
    Column("findings", JSON(none_as_null=True), info=_PLAIN),
    Column("at_outlet_id", Uuid, info=_PSEUDONYM),
    Column("at_recorded_at", Instant, info=_PLAIN),
    Column("at_acceptance_id", Uuid, info=_PSEUDONYM),
    Column("client_id", Uuid, nullable=False, info=_PSEUDONYM),
    Column("request_id", String(64), nullable=False, info=_PLAIN),
    Column("requested_at", Instant, nullable=False, info=_PLAIN),
    Column("started_at", Instant, info=_PLAIN),
    Column("finished_at", Instant, info=_PLAIN),
    Column("run_id", Uuid, info=_PLAIN),
    Column("leased_until", Instant, info=_PLAIN),
    Index(
        "ix_rehearsals_unfinished",
        "requested_at",
        postgresql_where=text("finished_at IS NULL"),
        sqlite_where=text("finished_at IS NULL"),
    ),
)
"""Campaigns tried on past traffic: asked for by an agency, worked off in the background.

What was found and up to which record stand in one row: who goes on after a worker that was killed counts nothing twice.
"""
