"""Where screening passes are kept."""

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Uuid

from acceptance_api.kernel.database import Instant, Personal, Retain, classified, metadata

_PSEUDONYM = classified(Personal.PSEUDONYM, Retain.RECORD)
_PLAIN = classified(Personal.NONE, Retain.RECORD)

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
    Column("recorded_at", Instant, nullable=False, info=_PLAIN),
    Column("fingerprint", LargeBinary, nullable=False, info=classified(Personal.TOKEN, Retain.RECORD)),
    Index("uq_screenings_pass", "outlet_id", "waybill", "pass_number", unique=True),
)
