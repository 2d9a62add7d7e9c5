"""Where it is kept that a document number is a member of staff's: as a commitment, never the number."""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Table, Uuid

from acceptance_api.kernel.database import Instant, Personal, Retain, classified, metadata

_PLAIN = classified(Personal.NONE, Retain.CONFIGURATION)
_PSEUDONYM = classified(Personal.PSEUDONYM, Retain.CONFIGURATION)
_TOKEN = classified(Personal.TOKEN, Retain.CONFIGURATION)

staff_numbers = Table(
    "staff_numbers",
    metadata,
    Column("enterprise_id", Uuid, primary_key=True, info=_PLAIN),
    Column("clerk_id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("outlet_id", Uuid, nullable=False, info=_PLAIN),
    Column("commitment", LargeBinary, nullable=False, info=_TOKEN),
    Column("commitment_key_id", BigInteger, nullable=False, info=_PLAIN),
    Column("registered_at", Instant, nullable=False, info=_PLAIN),
    Index(None, "enterprise_id", "commitment"),
)
