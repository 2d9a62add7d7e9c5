"""Wrapping one key by another: AES-256-GCM, bound to what the key is for. Pure but for the nonce."""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from acceptance_api.vault.envelope import NONCE_BYTES
from acceptance_api.vault.key_store import KeyPlace, KeyRecord, KeyState

KEY_BYTES = 32


def check_value(key: bytes) -> bytes:
    """Four bytes that tell a wrong key from a right one."""
    return hmac.digest(key, b"kcv", hashlib.sha256)[:4]


def wrapped_record(place: KeyPlace, *, key_id: int, key: bytes, wrapping_key: bytes) -> KeyRecord:
    """The record under which a key may be stored."""
    nonce = os.urandom(NONCE_BYTES)
    return KeyRecord(
        key_id=key_id,
        place=place,
        algorithm=place.kind.algorithm,
        wrapped=nonce + AESGCM(wrapping_key).encrypt(nonce, key, _context(place, key_id)),
        check_value=check_value(key),
        state=KeyState.ACTIVE,
    )


def unwrapped(record: KeyRecord, *, wrapping_key: bytes) -> bytes | None:
    """The key of a record; None when the record is not what was stored, or this key did not wrap it."""
    nonce, sealed = record.wrapped[:NONCE_BYTES], record.wrapped[NONCE_BYTES:]
    try:
        key = AESGCM(wrapping_key).decrypt(nonce, sealed, _context(record.place, record.key_id))
    except (InvalidTag, ValueError):
        return None
    genuine = len(key) == KEY_BYTES and hmac.compare_digest(check_value(key), record.check_value)
    return key if genuine else None


def _context(place: KeyPlace, key_id: int) -> bytes:
    return f"wrap/1|{place.kind}|{place.owner}|{place.scope}|{place.epoch}|{key_id}".encode()
