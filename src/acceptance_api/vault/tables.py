"""Which key store this database belongs to."""

from sqlalchemy import Column, LargeBinary, String, Table

from acceptance_api.kernel.database import Personal, Retain, classified, metadata

key_store_pairings = Table(
    "key_store_pairings",
    metadata,
    Column("purpose", String(16), primary_key=True, info=classified(Personal.NONE, Retain.CONFIGURATION)),
    Column("check_value", LargeBinary, nullable=False, info=classified(Personal.TOKEN, Retain.CONFIGURATION)),
)
