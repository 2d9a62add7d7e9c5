"""Where the papers of machines and screeners are kept: each is a new row, the newest that has begun is in force."""

from sqlalchemy import Boolean, Column, Date, String, Table, Uuid

from acceptance_api.kernel.database import Instant, Personal, Retain, classified, metadata

_PLAIN = classified(Personal.NONE, Retain.CONFIGURATION)
_PSEUDONYM = classified(Personal.PSEUDONYM, Retain.CONFIGURATION)

machine_papers = Table(
    "machine_papers",
    metadata,
    Column("outlet_id", Uuid, primary_key=True, info=_PLAIN),
    Column("machine_id", Uuid, primary_key=True, info=_PLAIN),
    Column("id", Uuid, primary_key=True, info=_PLAIN),
    Column("enterprise_id", Uuid, nullable=False, info=_PLAIN),
    Column("certificate_no", String(64), nullable=False, info=_PLAIN),
    Column("valid_from", Date, nullable=False, info=_PLAIN),
    Column("valid_to", Date, nullable=False, info=_PLAIN),
    Column("calibrated_on", Date, nullable=False, info=_PLAIN),
    Column("calibration_due_on", Date, nullable=False, info=_PLAIN),
    Column("is_networked", Boolean, nullable=False, info=_PLAIN),
    Column("screening_company", String(120), info=_PLAIN),
    Column("filed_at", Instant, nullable=False, info=_PLAIN),
)

screener_papers = Table(
    "screener_papers",
    metadata,
    Column("outlet_id", Uuid, primary_key=True, info=_PLAIN),
    Column("clerk_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("id", Uuid, primary_key=True, info=_PLAIN),
    Column("enterprise_id", Uuid, nullable=False, info=_PLAIN),
    Column("certificate_no", String(64), nullable=False, info=_PSEUDONYM),
    Column("valid_from", Date, nullable=False, info=_PLAIN),
    Column("valid_to", Date, nullable=False, info=_PLAIN),
    Column("background_checked_on", Date, info=_PLAIN),
    Column("screening_company", String(120), info=_PLAIN),
    Column("filed_at", Instant, nullable=False, info=_PLAIN),
)
