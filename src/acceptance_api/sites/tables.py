"""Where enterprises and what belongs to them are kept."""

from sqlalchemy import JSON, BigInteger, Column, Index, LargeBinary, String, Table, Uuid

from acceptance_api.kernel.database import Instant, Personal, Retain, classified, metadata

_PLAIN = classified(Personal.NONE, Retain.CONFIGURATION)
_PSEUDONYM = classified(Personal.PSEUDONYM, Retain.CONFIGURATION)
_SEALED = classified(Personal.SEALED, Retain.CONFIGURATION)

enterprises = Table(
    "enterprises",
    metadata,
    Column("id", Uuid, primary_key=True, info=_PLAIN),
    Column("name", String(120), nullable=False, info=_PLAIN),
    Column("brand", String(80), nullable=False, info=_PLAIN),
    Column("created_at", Instant, nullable=False, info=_PLAIN),
)

branches = Table(
    "branches",
    metadata,
    Column("enterprise_id", Uuid, primary_key=True, info=_PLAIN),
    Column("id", Uuid, primary_key=True, info=_PLAIN),
    Column("parent_id", Uuid, info=_PLAIN),
    Column("name", String(120), nullable=False, info=_PLAIN),
    Column("created_at", Instant, nullable=False, info=_PLAIN),
)

outlets = Table(
    "outlets",
    metadata,
    Column("enterprise_id", Uuid, primary_key=True, info=_PLAIN),
    Column("id", Uuid, primary_key=True, info=_PLAIN),
    Column("branch_id", Uuid, info=_PLAIN),
    Column("name", String(120), nullable=False, info=_PLAIN),
    Column("division", String(6), nullable=False, info=_PLAIN),
    Column("created_at", Instant, nullable=False, info=_PLAIN),
    Column("closed_at", Instant, info=_PLAIN),
)

# An outlet is found by its own key here, without asking every enterprise's share of the database; and by its place.
outlet_places = Table(
    "outlet_places",
    metadata,
    Column("outlet_id", Uuid, primary_key=True, info=_PLAIN),
    Column("enterprise_id", Uuid, nullable=False, info=_PLAIN),
    Column("division", String(6), nullable=False, info=_PLAIN),
    Index(None, "division", "outlet_id"),
)

counters = Table(
    "counters",
    metadata,
    Column("outlet_id", Uuid, primary_key=True, info=_PLAIN),
    Column("id", Uuid, primary_key=True, info=_PLAIN),
    Column("enterprise_id", Uuid, nullable=False, info=_PLAIN),
    Column("name", String(80), nullable=False, info=_PLAIN),
    Column("created_at", Instant, nullable=False, info=_PLAIN),
    Index("uq_counters_name", "outlet_id", "name", unique=True),
)

clerks = Table(
    "clerks",
    metadata,
    Column("outlet_id", Uuid, primary_key=True, info=_PLAIN),
    Column("id", Uuid, primary_key=True, info=_PSEUDONYM),
    Column("enterprise_id", Uuid, nullable=False, info=_PLAIN),
    Column("staff_no", String(40), nullable=False, info=_PSEUDONYM),
    Column("roles", JSON, nullable=False, info=_PLAIN),
    Column("name_sealed", LargeBinary, nullable=False, info=_SEALED),
    Column("seal_key_id", BigInteger, nullable=False, info=_PLAIN),
    Column("created_at", Instant, nullable=False, info=_PLAIN),
    Column("retired_at", Instant, info=_PLAIN),
)
# A staff number or a serial may come back after its bearer was retired, never beside it.
Index(
    "uq_clerks_staff_no",
    clerks.c.outlet_id,
    clerks.c.staff_no,
    unique=True,
    postgresql_where=clerks.c.retired_at.is_(None),
    sqlite_where=clerks.c.retired_at.is_(None),
)

machines = Table(
    "machines",
    metadata,
    Column("outlet_id", Uuid, primary_key=True, info=_PLAIN),
    Column("id", Uuid, primary_key=True, info=_PLAIN),
    Column("enterprise_id", Uuid, nullable=False, info=_PLAIN),
    Column("serial", String(40), nullable=False, info=_PLAIN),
    Column("certificate_no", String(64), nullable=False, info=_PLAIN),
    Column("created_at", Instant, nullable=False, info=_PLAIN),
    Column("retired_at", Instant, info=_PLAIN),
)
Index(
    "uq_machines_serial",
    machines.c.outlet_id,
    machines.c.serial,
    unique=True,
    postgresql_where=machines.c.retired_at.is_(None),
    sqlite_where=machines.c.retired_at.is_(None),
)
