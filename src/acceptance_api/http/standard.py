"""The problems that operations of one kind have in common."""

from acceptance_api.kernel.problems import Kind

CLERK = (Kind.CLERK_MISSING, Kind.CLERK_NOT_OF_OUTLET)
"""Of every operation of a counter."""
READING = (Kind.TOKEN_INVALID, Kind.NOT_PERMITTED, Kind.NOT_FOUND, Kind.INVALID)
ASKING = (Kind.MALFORMED_JSON, Kind.TOKEN_INVALID, Kind.NOT_PERMITTED, Kind.BODY_TOO_LARGE, Kind.INVALID)
WRITING = (
    *ASKING,
    Kind.IDEMPOTENCY_KEY_MISSING,
    Kind.IDEMPOTENCY_KEY_REUSED,
    Kind.IDEMPOTENCY_IN_PROGRESS,
    Kind.MEDIA_TYPE_UNSUPPORTED,
)
