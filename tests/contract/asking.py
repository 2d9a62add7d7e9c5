"""What an operation is to the contract tests: a request, the permission it needs, what of another's it may be asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from acceptance_api.access import Permission
from tests.contract.bodies import Body
from tests.contract.scenes import Scene


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is sent."""

    path: str
    method: str = "POST"
    body: Body | None = None
    content: bytes | None = None
    media_type: str = "image/jpeg"
    query: Mapping[str, str] = field(default_factory=dict)

    def arguments(self, headers: Mapping[str, str]) -> dict[str, Any]:
        """The arguments of httpx."""
        given = dict(headers)
        made: dict[str, Any] = {"method": self.method, "url": self.path, "headers": given}
        if self.query:
            made["params"] = dict(self.query)
        if self.content is not None:
            given["Content-Type"] = self.media_type
            return made | {"content": self.content}
        return made | ({"json": self.body} if self.body is not None else {})


Asking = Callable[[Scene, Scene], Asked]
"""A request by the first scene's tenant about something of the second scene's; about its own if both are one."""


@dataclass(frozen=True, kw_only=True)
class Operation:
    """An operation: the permission it needs, a request that succeeds, and requests about another tenant's things.

    `trail` is whose audit trail grows: the scene's outlet, enterprise or agency; None for what only reads.
    """

    permission: Permission
    own: Asking
    foreign: Mapping[str, Asking] = field(default_factory=dict)
    trail: str | None = None


def get(path: str) -> Asked:
    """Read something."""
    return Asked(path=path, method="GET")


def post(path: str, body: Body | None = None) -> Asked:
    """Send a body; an empty one if there is nothing to say."""
    return Asked(path=path, body=body if body is not None else {})
