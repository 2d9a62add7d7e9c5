"""The problems that operations of one kind have in common."""

from acceptance_api.kernel.problems import Kind

READING = (Kind.TOKEN_INVALID, Kind.NOT_PERMITTED, Kind.NOT_FOUND, Kind.INVALID)
ASKING = (Kind.MALFORMED_JSON, Kind.TOKEN_INVALID, Kind.NOT_PERMITTED, Kind.BODY_TOO_LARGE, Kind.INVALID)
WRITING = (
    *ASKING,
    Kind.IDEMPOTENCY_KEY_MISSING,
    Kind.IDEMPOTENCY_KEY_REUSED,
    Kind.IDEMPOTENCY_IN_PROGRESS,
    Kind.MEDIA_TYPE_UNSUPPORTED,
)
