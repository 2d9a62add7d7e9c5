"""A PostgreSQL server that keeps what it committed, to be killed or to be measured: thrown away at the end.

Its files lie under `/tmp`; where that is memory, give `parent=` a directory on a disk, or every figure is void.
"""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Literal, Self

from tests.support.postgresql_binaries import ServerFailed, binaries_for, unprivileged

DURABLE: Mapping[str, str] = {
    "listen_addresses": "",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "commit_delay": "0",
    "max_connections": "300",
    "shared_buffers": "512MB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "idle_in_transaction_session_timeout": "10s",
    "log_min_messages": "fatal",
}
"""Settings that lose nothing, and are otherwise what the service recommends to its operators."""

_ENDED_S = 60
# The guard owns the server, and does one thing at a time: what is written to its standard input. That ends when the
# last process that holds the other end is gone, even if it was killed without a chance to clean up. A server that was
# killed has left shared memory behind; only one that starts again finds it, so it is started once more before the end.
# The file `ended` says that nothing of the postmaster is left, not even its number: a fresh one is confused by that.
_GUARD = """
bin=$1
start() {
    rm -f ended
    { "$bin/postgres" -D data -k "$PWD" </dev/null >>log 2>&1; touch ended; } &
    until "$bin/pg_isready" -q -t 1 -h "$PWD"; do
        [ ! -e ended ] || return 1
        sleep 0.02
    done
}
stop() {
    "$bin/pg_ctl" -D data -w -m "$1" stop >>log 2>&1 || return 1
    until [ -e ended ]; do sleep 0.02; done
}
touch ended
while read -r verb how; do
    case $verb in
    make) "$bin/initdb" -D data -U postgres --auth=trust -E UTF8 --locale-provider=builtin --builtin-locale=C.UTF-8 \
            >>log 2>&1 ;;
    start) start ;;
    stop) stop "$how" ;;
    esac
    echo "$?"
done
exec >/dev/null
if [ -e ended ] && [ -e data/postmaster.pid ]; then start; fi
[ -e ended ] || stop immediate
cd / && rm -rf "$2"
"""


class DurableServer:
    """One server and its files. `with DurableServer() as server:` starts it; it is gone at the end of the block.

    It is gone as well when this process dies, however it dies. Methods block until what they say is done.
    """

    def __init__(self, options: Mapping[str, str] | None = None, *, parent: Path = Path("/tmp")) -> None:  # noqa: S108
        """Make the files of a fresh server, stopped.

        Args:
            options: server settings over `DURABLE`, by name.
            parent: where its directory is made; the path of the socket in it is limited to 100 characters.

        Raises:
            ServerFailed: they could not be made.
        """
        self.directory = Path(tempfile.mkdtemp(prefix="acceptance-pg-", dir=parent))
        identity = unprivileged(self.directory)
        self.binaries = binaries_for(self.directory, identity)
        self._guard = subprocess.Popen(  # noqa: S603 - fixed text, own paths
            ["/bin/sh", "-c", _GUARD, "guard", self.binaries, self.directory],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self.directory,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            start_new_session=True,  # an interrupt at the keyboard is not for the server
            **identity,
        )
        try:
            self._tell("make")
            self._configure({**DURABLE, **self._compression(), **(options or {})})
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def url(self) -> str:
        """The address of its database `postgres`, for SQLAlchemy."""
        return f"postgresql+asyncpg://postgres@/postgres?host={self.directory}"

    @property
    def pid(self) -> int | None:
        """The process that owns the others; None when it does not run."""
        with suppress(OSError, ValueError, IndexError):
            found = int((self.directory / "data/postmaster.pid").read_text().splitlines()[0])
            return found if _is_running(found) else None
        return None

    def start(self) -> None:
        """Start, recovering if it was killed, and wait until it accepts connections.

        Raises:
            ServerFailed: it did not start.
        """
        self._tell("start")

    def stop(self, mode: Literal["fast", "immediate"] = "fast") -> None:
        """Stop: `fast` as an operator does, `immediate` without writing anything more.

        Raises:
            ServerFailed: it did not stop.
        """
        self._tell(f"stop {mode}")

    def kill(self) -> None:
        """SIGKILL every process of the server, as an out-of-memory killer does; nothing is left running.

        Raises:
            TimeoutError: a process outlives that.
        """
        postmaster = self.pid
        if postmaster is None:
            return
        os.kill(postmaster, signal.SIGSTOP)  # it must not replace those that die
        processes = [postmaster, *_children(postmaster)]
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        deadline = time.monotonic() + _ENDED_S
        while not (self.directory / "ended").exists() or any(map(_is_running, processes)):
            if time.monotonic() > deadline:
                raise TimeoutError(self.directory)
            time.sleep(0.005)

    def restart(self, mode: Literal["fast", "immediate"] = "fast") -> None:
        """Stop if it runs, and start."""
        if self.pid is not None:
            self.stop(mode)
        self.start()

    def close(self) -> None:
        """End it, and remove its files."""
        if self._guard.stdin and not self._guard.stdin.closed:
            self._guard.stdin.close()
        self._guard.wait(_ENDED_S)
        if self._guard.stdout:
            self._guard.stdout.close()

    def _tell(self, order: str) -> None:
        """Have the guard do one thing, and wait until it is done."""
        assert self._guard.stdin
        assert self._guard.stdout
        self._guard.stdin.write(f"{order}\n".encode())
        self._guard.stdin.flush()
        if self._guard.stdout.readline() != b"0\n":
            words = (self.directory / "log").read_text(errors="replace")[-2000:]
            raise ServerFailed(f"{order}: {words}")

    def _configure(self, options: Mapping[str, str]) -> None:
        lines = (f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in options.items())
        with (self.directory / "data/postgresql.conf").open("a") as configuration:
            configuration.writelines(lines)

    def _compression(self) -> dict[str, str]:
        """WAL compressed by lz4, where the build can."""
        asked = subprocess.run([self.binaries / "pg_config", "--configure"], check=True, capture_output=True)  # noqa: S603
        return {"wal_compression": "lz4"} if b"--with-lz4" in asked.stdout else {}


def _children(parent: int) -> Iterator[int]:
    for process in Path("/proc").glob("[0-9]*"):
        state = _state(int(process.name))
        if state and int(state[1]) == parent:
            yield int(process.name)


def _is_running(process: int) -> bool:
    """Whether a process runs. One that has ended, and waits for a parent who takes no notice, does not."""
    state = _state(process)
    return bool(state) and state[0] not in {"Z", "X"}


def _state(process: int) -> list[str]:
    """State, parent and so on of a process; empty when there is none."""
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return []
