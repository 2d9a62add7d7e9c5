"""Replay by Idempotency-Key: counters have bad networks, so a repeated request is answered, not repeated."""

from acceptance_api.http.idempotency.attempts import Attempt, AttemptDep
from acceptance_api.http.idempotency.replaying import Reply, once, once_after_asking, once_together

__all__ = ["Attempt", "AttemptDep", "Reply", "once", "once_after_asking", "once_together"]
