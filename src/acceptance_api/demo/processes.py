"""The service and the sandbox authority as processes of their own, as they run in earnest."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

_PATIENCE_S = 30.0
_STOP_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A process that answers."""

    url: str
    log: Path


@contextmanager
def running(
    name: str, arguments: list[str], *, probe: str, directory: Path, environment: Mapping[str, str]
) -> Iterator[Running]:
    """Run one of our own commands on a free port until the block ends.

    Raises:
        RuntimeError: it did not answer in time; the message names its log.
    """
    port, log = free_port(), directory / f"{name}.log"
    command = [sys.executable, "-m", "acceptance_api", *arguments, "--port", str(port)]
    with log.open("wb") as sink:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command, stdout=sink, stderr=sink, env={**os.environ, **environment}
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _await_answer(process, f"{url}{probe}", log)
        yield Running(url=url, log=log)
    finally:
        process.terminate()
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """A port of the loopback address that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_answer(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(url, timeout=2.0, trust_env=False).status_code < httpx.codes.INTERNAL_SERVER_ERROR:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise RuntimeError(f"no answer; see {log.name}")
