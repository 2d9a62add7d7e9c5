"""What the figures were measured on, and with: without it they mean nothing."""

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.processes import ROOT

_LIBRARIES = (
    *(
        "acceptance-api",
        "asyncpg",
        "cryptography",
        "fastapi",
        "pydantic",
        "sqlalchemy",
        "starlette",
        "uvicorn",
        "uvloop",
    ),
    *("httptools", "aiosqlite", "django", "djangorestframework", "django-fernet-encrypted-fields", "gunicorn"),
    *("psycopg", "pyjwt", "sqlalchemy-utils"),
)


def describe() -> dict[str, Any]:
    """Processor, memory, kernel, interpreter, libraries, load."""
    return {
        "processor": _line_of("/proc/cpuinfo", "model name"),
        "cores": os.cpu_count(),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "kernel": platform.release(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "libraries": {name: found for name in _LIBRARIES if (found := _version_of(name))},
        "load_before": [round(one, 2) for one in os.getloadavg()],
    }


def commit() -> str:
    """The short name of the commit that is checked out, with a plus when files differ from it."""
    named = _git("rev-parse", "--short=10", "HEAD")
    return f"{named}{'+' if _git('status', '--porcelain', '--untracked-files=no') else ''}" if named else "unknown"


def _git(*arguments: str) -> str:
    asked = subprocess.run(["git", *arguments], cwd=ROOT, check=False, capture_output=True, text=True)  # noqa: S603, S607 - git is on every PATH
    return asked.stdout.strip()


def _version_of(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _line_of(path: str, name: str) -> str:
    lines = Path(path).read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "unknown")
