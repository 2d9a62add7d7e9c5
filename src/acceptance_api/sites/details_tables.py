"""Where it is kept where an outlet stands, and when it closes."""

from sqlalchemy import Column, Integer, Table, Uuid

from acceptance_api.kernel.database import Instant, Personal, Retain, classified, metadata

_PLAIN = classified(Personal.NONE, Retain.CONFIGURATION)

outlet_details = Table(
    "outlet_details",
    metadata,
    Column("enterprise_id", Uuid, primary_key=True, info=_PLAIN),
    Column("outlet_id", Uuid, primary_key=True, info=_PLAIN),
    Column("latitude_udeg", Integer, info=_PLAIN),
    Column("longitude_udeg", Integer, info=_PLAIN),
    Column("closing_minute", Integer, info=_PLAIN),
    Column("described_at", Instant, nullable=False, info=_PLAIN),
)
"""Micro-degrees are integers, which both databases give back as they were; a tenth of a metre."""
