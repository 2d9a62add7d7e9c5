"""The transition table as a picture, for the documentation."""

from collections.abc import Iterator

from acceptance_api.interception.model import State
from acceptance_api.interception.policy import ALWAYS, TRANSITIONS, Guard, Transition


def diagram() -> str:
    """The states of a case as a Mermaid diagram, each arrow with its step and what is asked of it."""
    return "\n".join(["stateDiagram-v2", *_lines()]) + "\n"


def asked_always() -> tuple[str, ...]:
    """What every step needs, in words."""
    return tuple(_words(guard) for guard in ALWAYS)


def _lines() -> Iterator[str]:
    yield f"    [*] --> {State.SUSPECTED.value}: open"
    yield from (_arrow(one) for one in TRANSITIONS)
    yield f"    {State.CLOSED.value} --> [*]"


def _arrow(one: Transition) -> str:
    asked = "; ".join(_words(guard) for guard in one.guards)
    label = f"{one.kind.value} [{asked}]" if asked else one.kind.value
    return f"    {one.source.value} --> {one.target.value}: {label}"


def _words(guard: Guard) -> str:
    return str(getattr(guard, "__name__")).replace("_", " ")  # noqa: B009 - the type of a callable promises no name
