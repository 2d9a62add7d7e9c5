"""Server processes: started, watched, stopped; and the processor time of a whole tree of them, from /proc."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
READY_S = 60
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class NotReady(Exception):  # noqa: N818 - it says what happened
    """A server did not come up; carries the end of what it wrote."""


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


@dataclass(kw_only=True)
class Running:
    """A server in a process tree of its own, listening on a port of the loopback."""

    name: str
    command: Sequence[str]
    directory: Path
    environment: dict[str, str] = field(default_factory=dict)
    ready_path: str = "/healthz"
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The process that owns the others."""
        assert self.process is not None  # noqa: S101 - asked of a started server only
        return self.process.pid

    def start(self) -> None:
        """Start, and wait until it answers.

        Raises:
            NotReady: it ended, or said nothing in time.
        """
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ACCEPTANCE_")}
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - own commands
                [part.replace("{port}", str(self.port)) for part in self.command],
                cwd=self.directory,
                env=kept | {"PYTHONPATH": _python_path()} | self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + READY_S
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise NotReady(f"{self.name}: {self.said()}")
            time.sleep(0.05)

    def said(self) -> str:
        """The end of what it wrote."""
        return self._log.read_text(errors="replace")[-3000:] if self._log.exists() else ""

    def stop(self) -> None:
        """Stop it, gently, then not."""
        if self.process is None:
            return
        for how in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, how)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(15)
                break
        self.process = None

    @property
    def _log(self) -> Path:
        return self.directory / f"{self.name}.log"

    def _answers(self) -> bool:
        try:
            with _opener.open(self.url + self.ready_path, timeout=2) as answer:
                return bool(answer.status < 500)  # noqa: PLR2004 - server errors
        except urllib.error.HTTPError as error:
            return error.code < 500  # noqa: PLR2004 - the same: it listens and speaks HTTP
        except OSError:
            return False


def _python_path() -> str:
    return os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])


def python(*arguments: str) -> list[str]:
    """A command of this interpreter."""
    return [sys.executable, *arguments]


def tree(root: int) -> list[int]:
    """A process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for pid, stat in _stats():
        children.setdefault(int(stat[1]), []).append(pid)
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children.get(pid, [])
    return found


def cpu_s(root: int) -> float:
    """The processor time of a tree so far: of its live processes, and of those that ended and were waited for.

    The time of one that ends moves to its parent, so nothing is lost between two looks, and no other tree's is counted.
    """
    ticks = 0
    for pid in tree(root):
        with suppress(OSError, IndexError):
            ticks += sum(map(int, _stat(pid)[11:15]))
    return ticks / _TICKS


def rss_bytes(root: int) -> int:
    """The resident memory of a tree."""
    total = 0
    for pid in tree(root):
        with suppress(OSError, IndexError):
            total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE_BYTES
    return total


def _stats() -> Iterator[tuple[int, list[str]]]:
    for directory in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            yield int(directory.name), _stat(int(directory.name))


def _stat(pid: int) -> list[str]:
    """State, parent and so on: what follows the name, which may hold anything."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
