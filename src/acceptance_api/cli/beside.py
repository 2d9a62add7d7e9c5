"""A worker beside the service: a process of its own that ends with it, however the service ends."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from acceptance_api.kernel.log import get_logger

_AGAIN_AFTER_S = 5.0
_DRAIN_S = 10.0
log = get_logger()


@contextmanager
def worker_beside() -> Iterator[None]:
    """Keep a worker running until the block ends; it then finishes the chunk at hand.

    Its standard input is its lifeline: it ends where this process is gone, even if that was killed.
    """
    stopping = threading.Event()
    keeper = threading.Thread(target=_keep, args=(stopping,), name="worker-keeper", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stopping.set()
        keeper.join(_DRAIN_S + 2)


def _keep(stopping: threading.Event) -> None:
    """Start a worker, and another one after it when it ends before its time."""
    command = [sys.executable, "-m", "acceptance_api", "worker", "--beside"]
    while not stopping.is_set():
        process = subprocess.Popen(command, stdin=subprocess.PIPE)  # noqa: S603 - our own command
        while process.poll() is None and not stopping.wait(0.2):
            pass
        if not stopping.is_set():
            log.error("the worker ended before its time", pid=process.pid)
            stopping.wait(_AGAIN_AFTER_S)
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(_DRAIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
