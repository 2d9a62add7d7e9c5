"""The template of the route that a request matched: what metrics, log lines and idempotency keys go by."""

from starlette.types import Scope

UNMATCHED = "unmatched"


def template_of(scope: Scope) -> str:
    """The whole template, `/counter/v1/acceptances/{acceptance_id}`, never a value; `unmatched` for none.

    A route knows its path below its router's prefix only. Prefixes hold no parameters, so they are read off the path.
    """
    own: str | None = getattr(scope.get("route"), "path", None)
    if own is None:
        return UNMATCHED
    steps: list[str] = scope["path"].split("/")
    prefix = steps[: len(steps) - own.count("/")]
    return "/".join(prefix) + own
