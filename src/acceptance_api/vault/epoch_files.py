"""The keys that wrap keys: one random file for each epoch, readable by its owner only. Blocking; call it in a thread.

A file is published whole or not at all, and never written over: whoever comes second reads what the first one wrote.
"""

import os
import re
import secrets
import stat
from collections.abc import Callable
from pathlib import Path

from acceptance_api.vault.model import KeyStoreUnavailable
from acceptance_api.vault.wrapping import KEY_BYTES

INSTALLATION = "installation"
_EPOCH = re.compile(r"[0-9]{4}-[0-9]{2}\Z")
_OTHERS = 0o077


class EpochFiles:
    """`epochs/<epoch>.key` and `installation.key` in one directory.

    Every method raises KeyStoreUnavailable when a file or directory is open to others or of the wrong size.
    """

    def __init__(self, directory: Path) -> None:
        """Touch nothing yet."""
        self._directory = directory
        self._epochs = directory / "epochs"
        self._was_there = False

    def prepare(self) -> None:
        """Make the directories if they are missing, and check that nobody else may enter.

        What this process has seen and is there no longer is not made again: a disk that was unmounted would be taken
        for a new one, and what is sealed with new keys would be lost with them.
        """
        for directory in (self._directory, self._epochs):
            if not directory.exists():
                if self._was_there:
                    raise KeyStoreUnavailable("the key directory is gone")
                directory.mkdir(mode=0o700, parents=True, exist_ok=True)
                _sync(directory.parent)
            _require_private(directory.stat(), stat.S_ISDIR)
        self._was_there = True

    def are_there(self) -> bool:
        """Whether any epoch has its file."""
        return self._path(INSTALLATION).exists() or any(self._epochs.glob("*.key"))

    def read(self, epoch: str) -> bytes | None:
        """The key of an epoch; None when its file is gone."""
        try:
            descriptor = os.open(self._path(epoch), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        with os.fdopen(descriptor, "rb") as file:
            _require_private(os.fstat(descriptor), stat.S_ISREG)
            key = file.read(KEY_BYTES + 1)
        if len(key) != KEY_BYTES:
            raise KeyStoreUnavailable("a key file has the wrong size")
        return key

    def read_or_make(self, epoch: str) -> bytes:
        """The key of an epoch that may be new."""
        while (key := self.read(epoch)) is None:
            publish(self._path(epoch), secrets.token_bytes(KEY_BYTES))
        return key

    def _path(self, epoch: str) -> Path:
        if epoch == INSTALLATION:
            return self._directory / "installation.key"
        if not _EPOCH.match(epoch):
            raise KeyStoreUnavailable("an epoch is a month")
        return self._epochs / f"{epoch}.key"


def publish(path: Path, content: bytes) -> None:
    """Put a private file in its place, durably, unless one is there already."""

    def write(draft: Path) -> None:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)

    publish_draft(path, write)


def publish_draft(path: Path, write: Callable[[Path], None]) -> None:
    """As `publish`, for a file that something else has to write."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        write(draft)
        _sync(draft)
        os.link(draft, path)
    except FileExistsError:
        pass  # somebody was first: theirs stands
    finally:
        draft.unlink(missing_ok=True)
    _sync(path.parent)


def require_private_file(path: Path) -> None:
    """Refuse a file that others may touch."""
    _require_private(path.lstat(), stat.S_ISREG)


def _require_private(status: os.stat_result, is_kind: Callable[[int], bool]) -> None:
    if not is_kind(status.st_mode) or status.st_mode & _OTHERS or status.st_uid != os.geteuid():
        raise KeyStoreUnavailable("a file or directory of the key store is not its owner's alone")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
