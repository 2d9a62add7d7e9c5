"""Where inspections, marks and photos are kept."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Table, Uuid

from acceptance_api.kernel.database import Instant, Personal, Retain, classified, metadata

_PSEUDONYM = classified(Personal.PSEUDONYM, Retain.RECORD)
_PLAIN = classified(Personal.NONE, Retain.RECORD)
_SEALED = classified(Personal.SEALED, Retain.RECORD)
_TOKEN = classified(Personal.TOKEN, Retain.RECORD)

inspections = Table(
    "inspections",
    metadata,
    Column("outlet_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("enterprise_id", Uuid, nullable=False, info=_PSEUDONYM),
    Column("clerk_id", Uuid, nullable=False, info=_PSEUDONYM),
    Column("waybill", String(40), nullable=False, info=_PSEUDONYM),
    Column("contents_kind", String(24), nullable=False, info=_PLAIN),
    Column("checklist_version", String(16), nullable=False, info=_PLAIN),
    Column("status", String(16), nullable=False, info=_PLAIN),
    Column("missing", JSON, nullable=False, info=_PLAIN),
    Column("failed", JSON, nullable=False, info=_PLAIN),
    Column("objections", JSON, nullable=False, info=_PLAIN),
    Column("opening", String(16), nullable=False, info=_PLAIN),
    Column("not_opened_reason", String(32), info=_PLAIN),
    Column("answers", JSON, nullable=False, info=_PLAIN),
    Column("photos", JSON, nullable=False, info=_PSEUDONYM),
    Column("recorded_at", Instant, nullable=False, info=_PLAIN),
    Column("findings_sealed", LargeBinary, nullable=False, info=_SEALED),
    Column("seal_key_id", BigInteger, nullable=False, info=_PLAIN),
    Column("declared_commitment", LargeBinary, nullable=False, info=_TOKEN),
    Column("fingerprint", LargeBinary, nullable=False, info=_TOKEN),
    Column("opened_at", Instant, info=_PLAIN),
    Column("photos_reused", Integer, info=_PLAIN),
    Column("unidentified", Boolean, info=_PLAIN),
)

photo_uses = Table(
    "photo_uses",
    metadata,
    Column("sha256", String(64), primary_key=True, info=_PSEUDONYM),
    Column("enterprise_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("outlet_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("inspection_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("waybill", String(40), nullable=False, info=_PSEUDONYM),
)
"""Which inspections of an enterprise a photo served: found by the photo, whichever outlet it comes back to."""

inspection_marks = Table(
    "inspection_marks",
    metadata,
    Column("outlet_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("inspection_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("serial", String(40), nullable=False, info=_PSEUDONYM),
    Column("waybill", String(40), nullable=False, info=_PSEUDONYM),
    Column("issued_at", Instant, nullable=False, info=_PLAIN),
    Index("uq_inspection_marks_serial", "outlet_id", "serial", unique=True),
)

inspection_mark_uses = Table(
    "inspection_mark_uses",
    metadata,
    Column("outlet_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("inspection_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("acceptance_id", Uuid, nullable=False, info=_PSEUDONYM),
)
"""The acceptance that each mark serves: one, for good."""

evidence = Table(
    "evidence",
    metadata,
    Column("outlet_id", Uuid, primary_key=True, info=classified(Personal.PSEUDONYM, Retain.EVIDENCE)),
    Column("sha256", String(64), primary_key=True, info=classified(Personal.PSEUDONYM, Retain.EVIDENCE)),
    Column("id", Uuid, nullable=False, info=classified(Personal.PSEUDONYM, Retain.EVIDENCE)),
    Column("enterprise_id", Uuid, nullable=False, info=classified(Personal.PSEUDONYM, Retain.EVIDENCE)),
    Column("media_type", String(24), nullable=False, info=classified(Personal.NONE, Retain.EVIDENCE)),
    Column("size_bytes", Integer, nullable=False, info=classified(Personal.NONE, Retain.EVIDENCE)),
    Column("stored_at", Instant, nullable=False, info=classified(Personal.NONE, Retain.EVIDENCE)),
    Column("content_sealed", LargeBinary, nullable=False, info=classified(Personal.SEALED, Retain.EVIDENCE)),
    Column("seal_key_id", BigInteger, nullable=False, info=classified(Personal.NONE, Retain.EVIDENCE)),
)
