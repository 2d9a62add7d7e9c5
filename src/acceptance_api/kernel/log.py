"""Structured logs that cannot leak: static event names, an allow-list of fields, exceptions without their text."""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog
from pydantic_core import to_json

from acceptance_api.kernel.settings import LogFormat

_REDACTED = "[redacted]"
SAFE_FIELDS = frozenset({
    "event", "level", "timestamp", "logger", "request_id", "method", "route", "status", "duration_ms", "client_id",
    "audience", "code", "exception", "frames", "table", "column", "record_id", "key_id", "authority", "outcome",
    "latency_ms", "attempt", "address", "database", "version", "reason", "count", "pid",
})  # fmt: skip


def configure(*, level: str = "info", style: LogFormat = LogFormat.JSON) -> None:
    """Send every log line of this process, the libraries' included, to stderr through the redaction."""
    is_json = style is LogFormat.JSON
    renderer: Any = structlog.processors.JSONRenderer(_serialized) if is_json else structlog.dev.ConsoleRenderer()
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_exception_text,
        redact,
    ]
    structlog.configure(
        processors=[*shared, renderer],
        # Straight to the stream: one line is written for every request.
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_StaticMessages())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = name != "uvicorn.access"
    logging.getLogger("httpx").setLevel(logging.WARNING)


def _serialized(event: object, **_options: object) -> str:
    return to_json(event, fallback=repr).decode()


def get_logger() -> Any:  # noqa: ANN401 - structlog types its loggers so
    """A logger; pass facts as fields, never inside the event's name."""
    return structlog.stdlib.get_logger()


class _StaticMessages(logging.Filter):
    """Of a library's line keep the unformatted message: its arguments may be anything.

    uvicorn's own lines tell addresses and process ids only.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Drop the arguments; keep the line."""
        if record.args and not record.name.startswith("uvicorn"):
            record.args = ()
            record.msg = str(record.msg)
        return True


def without_exception_text(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Of an exception keep its type and where it arose; its text and its locals may hold a person's data."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["exception"] = type(error).__name__
        event["frames"] = [
            f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)[-8:]
        ]
    event.pop("stack_info", None)
    return event


def redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Keep only the fields that are known to be harmless."""
    for name in event:
        if name not in SAFE_FIELDS and not name.startswith("_"):
            event[name] = _REDACTED
    return event
