"""Where imports are kept: what was asked and how far it has come, the lines that wait, the faults that were found."""

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, LargeBinary, String, Table, Uuid

from acceptance_api.kernel.database import Instant, Personal, Retain, classified, metadata

_PSEUDONYM = classified(Personal.PSEUDONYM, Retain.TRANSIENT)
_PLAIN = classified(Personal.NONE, Retain.TRANSIENT)
_SEALED = classified(Personal.SEALED, Retain.TRANSIENT)

imports = Table(
    "imports",
    metadata,
    Column("enterprise_id", Uuid, primary_key=True, info=_PLAIN),
    Column("id", Uuid, primary_key=True, info=_PLAIN),
    Column("client_id", Uuid, nullable=False, info=_PSEUDONYM),
    Column("request_id", String(64), nullable=False, info=_PLAIN),
    Column("state", String(16), nullable=False, info=_PLAIN),
    Column("received", Integer, nullable=False, info=_PLAIN),
    Column("accepted", Integer, nullable=False, info=_PLAIN),
    Column("held", Integer, nullable=False, info=_PLAIN),
    Column("refused", Integer, nullable=False, info=_PLAIN),
    Column("repeated", Integer, nullable=False, info=_PLAIN),
    Column("faulty", Integer, nullable=False, info=_PLAIN),
    Column("runs", Integer, nullable=False, info=_PLAIN),
    Column("received_at", Instant, nullable=False, info=_PLAIN),
    Column("started_at", Instant, info=_PLAIN),
    Column("finished_at", Instant, info=_PLAIN),
    Column("failure", String(32), info=_PLAIN),
    Column("run_id", Uuid, info=_PLAIN),
    Column("leased_until", Instant, info=_PLAIN),
)
"""One run at a time works on an import, until its lease lapses: then anybody may begin another."""
# Which enterprises have work is one plain look at few rows; the work itself is claimed by an enterprise's own key.
Index(
    "ix_imports_unfinished",
    imports.c.enterprise_id,
    imports.c.received_at,
    postgresql_where=imports.c.finished_at.is_(None),
    sqlite_where=imports.c.finished_at.is_(None),
)

import_chunks = Table(
    "import_chunks",
    metadata,
    Column("enterprise_id", Uuid, primary_key=True, info=_PLAIN),
    Column("import_id", Uuid, primary_key=True, info=_PLAIN),
    Column("number", Integer, primary_key=True, autoincrement=False, info=_PLAIN),
    Column("id", Uuid, nullable=False, info=_PLAIN),
    Column("lines", Integer, nullable=False, info=_PLAIN),
    Column("lines_sealed", LargeBinary, nullable=False, info=_SEALED),
    Column("seal_key_id", BigInteger, nullable=False, info=_PLAIN),
)
"""Lines that wait; a chunk is deleted in the transaction that counts what became of them."""

import_records = Table(
    "import_records",
    metadata,
    Column("enterprise_id", Uuid, primary_key=True, info=_PLAIN),
    Column("import_id", Uuid, primary_key=True, info=_PLAIN),
    Column("line", Integer, primary_key=True, autoincrement=False, info=_PLAIN),
    Column("ending", String(16), nullable=False, info=_PLAIN),
)
"""Lines of the chunk at hand whose record was made: committed with that record, gone when the chunk is counted.

A worker that is killed in between leaves them to the next one, which then neither does these lines again nor takes
their records for repetitions.
"""

import_faults = Table(
    "import_faults",
    metadata,
    Column("enterprise_id", Uuid, primary_key=True, info=_PLAIN),
    Column("import_id", Uuid, primary_key=True, info=_PLAIN),
    Column("line", Integer, primary_key=True, autoincrement=False, info=_PLAIN),
    Column("faults", JSON, nullable=False, info=_PLAIN),
)
"""Pointers and codes, never values."""
