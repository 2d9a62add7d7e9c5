"""Authorities to test against: the sandbox on a real socket, and one in this process for tests that need none."""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import httpx
import uvicorn

from acceptance_api.identity.model import Answer, AuthorityAnswer
from acceptance_api.identity.sandbox_http import DEMO_CREDENTIALS, Mode, create_sandbox
from acceptance_api.kernel.spelling import check_character

NAME = "张建国"
"""A synthetic sender."""


def resident_number(sequence: str = "001", *, area: str = "110105", born: str = "19850214") -> str:
    """A synthetic resident number; the sandbox decides by its sequence."""
    return (seventeen := f"{area}{born}{sequence}") + check_character(seventeen)


MATCHING = resident_number("001")
OUT_OF_ORDER = resident_number("996")
UNRECORDED = resident_number("997")
SOMEBODY_ELSES = resident_number("998")


class StandingClock:
    """A clock that moves only when it is told to."""

    def __init__(self, at: datetime = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)) -> None:
        """Stand at an instant."""
        self.at = at

    def now(self) -> datetime:
        """The instant it stands at."""
        return self.at

    def move(self, by: timedelta) -> None:
        """Let time pass."""
        self.at += by


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A running sandbox."""

    url: str
    control: httpx.Client

    def behave(self, mode: Mode, *, delay_s: float = 1.0) -> None:
        """Tell it how to behave from now on."""
        response = self.control.put("/sandbox/behaviour", json={"mode": mode.value, "delay_s": delay_s})
        response.raise_for_status()

    def questions(self) -> int:
        """How many questions came since it was started."""
        return int(self.control.get("/sandbox/behaviour").json()["questions"])


@contextmanager
def running_sandbox() -> Iterator[Sandbox]:
    """Run the sandbox on a free port of the loopback, in a thread, until the block ends."""
    app = create_sandbox(credentials=DEMO_CREDENTIALS)
    server = uvicorn.Server(
        uvicorn.Config(app, loop="asyncio", ws="none", lifespan="off", log_config=None, access_log=False)
    )
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))  # a socket that names its protocol: asyncio spares others TCP_NODELAY
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        _wait(lambda: server.started)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        try:
            with httpx.Client(base_url=url, trust_env=False) as control:
                yield Sandbox(url, control)
        finally:
            server.should_exit = server.force_exit = True
            thread.join(timeout=10)


def closed_address() -> str:
    """An address on the loopback where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return f"http://127.0.0.1:{listening.getsockname()[1]}"


@dataclass(slots=True)
class PretendAuthority:
    """An authority in this process with the sandbox's register; `script` overrides its next answers."""

    name: str = "pretend"
    script: Sequence[AuthorityAnswer] = ()
    asked: int = field(default=0, init=False)

    async def ask(self, name: str, number: str) -> AuthorityAnswer:
        """Answer from the script while it lasts, then from the register."""
        self.asked += 1
        if self.asked <= len(self.script):
            return self.script[self.asked - 1]
        return self.said(_looked_up(name, number))

    def said(self, answer: Answer, *, charged: bool = False) -> AuthorityAnswer:
        """An answer in this authority's name."""
        charged = charged or answer in {Answer.MATCH, Answer.MISMATCH}
        return AuthorityAnswer(answer=answer, authority=self.name, request_id="PRETEND-1", charged=charged)


_BY_SEQUENCE = MappingProxyType({"996": Answer.SOURCE_DOWN, "997": Answer.NO_RECORD, "998": Answer.MISMATCH})


def _looked_up(name: str, number: str) -> Answer:
    if not name or any(map(str.isdigit, name)) or number[-1:] != _check(number):
        return Answer.INVALID_INPUT
    return _BY_SEQUENCE.get(number[14:17], Answer.MATCH)


def _check(number: str) -> str:
    return (
        check_character(number[:17]) if number[:17].isascii() and number[:17].isdigit() and len(number) == 18 else "?"
    )


def _wait(ready: Callable[[], bool], *, within_s: float = 10) -> None:
    deadline = time.monotonic() + within_s
    while not ready():
        if time.monotonic() > deadline:
            msg = "the sandbox did not start"
            raise TimeoutError(msg)
        time.sleep(0.01)
