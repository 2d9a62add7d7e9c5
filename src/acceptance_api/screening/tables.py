"""Where screening passes are kept, what was done with them since, and who was at which machine."""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, LargeBinary, String, Table, Uuid

from acceptance_api.kernel.database import Instant, Personal, Retain, classified, metadata

_PSEUDONYM = classified(Personal.PSEUDONYM, Retain.RECORD)
_PLAIN = classified(Personal.NONE, Retain.RECORD)
_TOKEN = classified(Personal.TOKEN, Retain.RECORD)

screenings = Table(
    "screenings",
    metadata,
    Column("outlet_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("enterprise_id", Uuid, nullable=False, info=_PSEUDONYM),
    Column("waybill", String(40), nullable=False, info=_PSEUDONYM),
    Column("pass_number", Integer, nullable=False, info=_PLAIN),
    Column("machine_id", Uuid, nullable=False, info=_PLAIN),
    Column("operator_id", Uuid, nullable=False, info=_PSEUDONYM),
    Column("verdict", String(16), nullable=False, info=_PLAIN),
    Column("label_serial", String(128), nullable=False, info=_PSEUDONYM),
    Column("label_kind", String(16), nullable=False, info=_PLAIN),
    Column("reservations", String(200), nullable=False, info=_PLAIN),
    Column("flags", JSON(none_as_null=True), info=_PLAIN),
    Column("flags_open", Integer, nullable=False, info=_PLAIN),
    Column("state", String(16), nullable=False, info=_PLAIN),
    Column("recorded_at", Instant, nullable=False, info=_PLAIN),
    Column("fingerprint", LargeBinary, nullable=False, info=_TOKEN),
    Index("uq_screenings_pass", "outlet_id", "waybill", "pass_number", unique=True),
    # For statistics. Beginning with the outlet, it would look as good as the one above to a look-up by waybill.
    Index("ix_screenings_recorded", "enterprise_id", "outlet_id", "recorded_at"),
)
"""`state` and `flags_open` sum up the steps and closings below, so that a decision reads one row for each pass."""

screening_waybills = Table(
    "screening_waybills",
    metadata,
    Column("waybill", String(40), primary_key=True, info=_PSEUDONYM),
    Column("enterprise_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("outlet_id", Uuid, primary_key=True, info=_PSEUDONYM),
)
"""At which outlets a waybill was screened: one row with its first pass at each. Who erases the passes erases it too."""

screening_steps = Table(
    "screening_steps",
    metadata,
    Column("outlet_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("screening_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("number", Integer, primary_key=True, autoincrement=False, info=_PLAIN),
    Column("request_id", Uuid, nullable=False, info=_PLAIN),
    Column("step", String(16), nullable=False, info=_PLAIN),
    Column("state", String(16), nullable=False, info=_PLAIN),
    Column("clerk_id", Uuid, nullable=False, info=_PSEUDONYM),
    Column("second_clerk_id", Uuid, info=_PSEUDONYM),
    Column("reason", String(32), nullable=False, info=_PLAIN),
    Column("photo", String(64), info=_PLAIN),
    Column("at", Instant, nullable=False, info=_PLAIN),
    Column("fingerprint", LargeBinary, nullable=False, info=_TOKEN),
)
"""What was done with a pass after it was recorded; the recording itself is the row of the pass."""

screening_flag_closings = Table(
    "screening_flag_closings",
    metadata,
    Column("outlet_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("screening_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("flag", Integer, primary_key=True, autoincrement=False, info=_PLAIN),
    Column("request_id", Uuid, nullable=False, info=_PLAIN),
    Column("conclusion", String(16), nullable=False, info=_PLAIN),
    Column("reason", String(32), nullable=False, info=_PLAIN),
    Column("clerk_id", Uuid, nullable=False, info=_PSEUDONYM),
    Column("second_clerk_id", Uuid, info=_PSEUDONYM),
    Column("in_time", Boolean, nullable=False, info=_PLAIN),
    Column("rules_version", String(32), nullable=False, info=_PLAIN),
    Column("at", Instant, nullable=False, info=_PLAIN),
    Column("fingerprint", LargeBinary, nullable=False, info=_TOKEN),
)

screener_signs = Table(
    "screener_signs",
    metadata,
    Column("outlet_id", Uuid, primary_key=True, info=_PLAIN),
    Column("clerk_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("number", Integer, primary_key=True, autoincrement=False, info=_PLAIN),
    Column("shift_id", Uuid, nullable=False, info=_PLAIN),
    Column("machine_id", Uuid, nullable=False, info=_PLAIN),
    Column("is_on", Boolean, nullable=False, info=_PLAIN),
    Column("at", Instant, nullable=False, info=_PLAIN),
)
"""A screener's signing on to machines and off, in order; the last one tells where they are."""

machine_minutes = Table(
    "machine_minutes",
    metadata,
    Column("outlet_id", Uuid, primary_key=True, info=_PLAIN),
    Column("machine_id", Uuid, primary_key=True, info=_PLAIN),
    Column("minute", Integer, primary_key=True, autoincrement=False, info=_PLAIN),
    Column("reported_at", Instant, nullable=False, info=_PLAIN),
)
"""Minutes since 1970 in which a machine was heard of."""
