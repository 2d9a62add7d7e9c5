"""The keys that sign access tokens: one file each, made on first start; the newest signs, all verify."""

import os
import time
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from joserfc.jwk import ECKey

from acceptance_api.kernel.ids import new_uuid
from acceptance_api.kernel.problems import Kind, Problem

ALGORITHM = "ES256"
_OTHERS = 0o077


class SigningKeys:
    """The P-256 keys of `<key_directory>/signing/<kid>.pem`, in the order of their names (UUIDv7: oldest first)."""

    def __init__(self, key_directory: Path, *, reload_interval_s: float = 1.0) -> None:
        """Read the keys; mint the first one if there is none.

        Raises:
            Problem: KEYS_UNAVAILABLE, when a file is unreadable, damaged, or readable by others.
        """
        self._directory = key_directory / "signing"
        self._reload_interval_s = reload_interval_s
        self._keys = _read(self._directory)
        if not self._keys:
            mint_key(key_directory)
            # Another process may have minted one at the same time: both keys count.
            self._keys = _read(self._directory)
        self._read_at_s = time.monotonic()

    @property
    def newest(self) -> ECKey:
        """The key that signs."""
        return self._keys[max(self._keys)]

    def find(self, kid: object) -> ECKey | None:
        """The key with this name. An unknown name makes the directory be read again, at most once per interval.

        Raises:
            Problem: KEYS_UNAVAILABLE.
        """
        if not isinstance(kid, str):
            return None
        if kid not in self._keys and time.monotonic() - self._read_at_s >= self._reload_interval_s:
            self._keys = _read(self._directory) or self._keys
            self._read_at_s = time.monotonic()
        return self._keys.get(kid)

    def public_set(self) -> dict[str, list[dict[str, object]]]:
        """The public halves, as a JWK set (RFC 7517)."""
        return {"keys": [dict(key.as_dict(private=False)) for _, key in sorted(self._keys.items())]}


def mint_key(key_directory: Path) -> str:
    """Add a signing key, which is the newest from now on; return its name. Nobody ever sees half a file.

    Raises:
        Problem: KEYS_UNAVAILABLE.
    """
    kid = str(new_uuid())
    content = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        key_directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        (key_directory / "signing").mkdir(mode=0o700, exist_ok=True)
        _write(key_directory / "signing" / f"{kid}.pem", content)
    except OSError:
        raise Problem(Kind.KEYS_UNAVAILABLE) from None
    return kid


def _write(path: Path, content: bytes) -> None:
    draft = path.with_suffix(".draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _read(directory: Path) -> dict[str, ECKey]:
    try:
        return {path.stem: _key(path) for path in sorted(directory.glob("*.pem"))}
    except (OSError, ValueError, TypeError):
        raise Problem(Kind.KEYS_UNAVAILABLE) from None


def _key(path: Path) -> ECKey:
    if path.stat().st_mode & _OTHERS:
        raise Problem(Kind.KEYS_UNAVAILABLE)
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise Problem(Kind.KEYS_UNAVAILABLE)
    return ECKey.import_key(key, {"kid": path.stem, "use": "sig", "alg": ALGORITHM})
