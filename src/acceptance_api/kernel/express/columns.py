"""Between values and the bare drivers: what SQLAlchemy's types would do, said once for each column."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from pydantic_core import from_json, to_json
from sqlalchemy import JSON, BigInteger, Boolean, Date, Integer, LargeBinary, String, Uuid
from sqlalchemy.types import TypeEngine

from acceptance_api.kernel.database import Instant

Convert = Callable[[Any], Any]
_POSTGRESQL_TYPES: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (Uuid, "uuid"),
    (Instant, "timestamptz"),
    (Boolean, "bool"),
    (BigInteger, "int8"),
    (Integer, "int4"),
    (LargeBinary, "bytea"),
    (JSON, "json"),
    (Date, "date"),
    (String, "text"),
)


def postgresql_type(column_type: TypeEngine[Any]) -> str:
    """PostgreSQL's name of a column's type, for an argument of the bare driver."""
    return next(name for kind, name in _POSTGRESQL_TYPES if isinstance(column_type, kind))


def to_postgresql(column_type: TypeEngine[Any]) -> Convert | None:
    """What turns a value into asyncpg's; None where it is the same."""
    return _dumped if isinstance(column_type, JSON) else None


def json_type(column_type: TypeEngine[Any]) -> str:
    """PostgreSQL's name of the type as which a column's value is read out of JSON; bytes are text in hexadecimal."""
    return "text" if isinstance(column_type, LargeBinary) else postgresql_type(column_type)


def from_postgresql(column_type: TypeEngine[Any]) -> Convert | None:
    """What turns asyncpg's value back."""
    return _loaded if isinstance(column_type, JSON) else None


def to_sqlite(column_type: TypeEngine[Any]) -> Convert | None:
    """What turns a value into SQLite's, exactly as SQLAlchemy stores it."""
    if isinstance(column_type, Uuid):
        return _hexed
    if isinstance(column_type, Instant):
        return _written
    if isinstance(column_type, Date):
        return _day_written
    return _dumped if isinstance(column_type, JSON) else None


def from_sqlite(column_type: TypeEngine[Any]) -> Convert | None:
    """What turns SQLite's value back."""
    if isinstance(column_type, Uuid):
        return _unhexed
    if isinstance(column_type, Instant):
        return _read
    if isinstance(column_type, Date):
        return _day_read
    if isinstance(column_type, Boolean):
        return _truth
    return _loaded if isinstance(column_type, JSON) else None


def converted(values: Sequence[Any], converters: Sequence[Convert | None]) -> tuple[Any, ...]:
    """Each value through its converter."""
    return tuple(
        [
            value if convert is None or value is None else convert(value)
            for value, convert in zip(values, converters, strict=True)
        ]
    )


def _dumped(value: Any) -> str:  # noqa: ANN401 - a JSON value
    return to_json(value).decode()


def _loaded(value: str) -> Any:  # noqa: ANN401 - a JSON value
    return from_json(value)


def _hexed(value: UUID) -> str:
    return value.hex


def _unhexed(value: str) -> UUID:
    return UUID(hex=value)


def _written(value: datetime) -> str:
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _read(value: str) -> datetime:
    return datetime.fromisoformat(value).replace(tzinfo=UTC)


def _day_written(value: date) -> str:
    return value.isoformat()


def _day_read(value: str) -> date:
    return date.fromisoformat(value)


def _truth(value: int) -> bool:
    return bool(value)
