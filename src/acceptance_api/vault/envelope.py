"""Envelope v1: how one sealed value looks, byte by byte, and what it is bound to. Pure.

`0xE1 | algorithm | key id (8) | nonce (12) | ciphertext and tag`, the plaintext padded to a bucket. The additional data
are the ten header bytes, the field's logical name, the owner and the record, so that a value opens only where it was
sealed and under the algorithm and key it names.
"""

from enum import IntEnum
from typing import Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag

FORMAT = 0xE1
HEADER_BYTES = 10
NONCE_BYTES = 12
TAG_BYTES = 16
_BODY = HEADER_BYTES + NONCE_BYTES
_BARE = _BODY + TAG_BYTES
_MARK = b"\x80"


class Algorithm(IntEnum):
    """What a key is for; of those that seal, the number is the envelope's second byte."""

    AES_256_GCM = 1
    HMAC_SHA_256 = 0x40


class Aead(Protocol):
    """An authenticated cipher with its key inside."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None, /) -> bytes:
        """Ciphertext and tag."""
        ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None, /) -> bytes:
        """The plaintext, or InvalidTag."""
        ...


def prefixed(content: bytes) -> bytes:
    """The content behind its length in two bytes, so that neighbours cannot run into one another."""
    return len(content).to_bytes(2, "big") + content


def field_label(table: str, column: str) -> bytes:
    """The part of the additional data that is the same for every value of a column."""
    return prefixed(b"pseal/1") + prefixed(table.encode()) + prefixed(column.encode())


def owner_label(owner: str) -> bytes:
    """The part of the additional data that names the owner."""
    return prefixed(owner.encode())


def header(algorithm: int, key_id: int) -> bytes:
    """The first ten bytes of an envelope."""
    return bytes((FORMAT, algorithm)) + key_id.to_bytes(8, "big")


def named_key(envelope: bytes) -> int | None:
    """The id of the key an envelope names; None when it is no envelope of this format."""
    if len(envelope) <= _BARE or envelope[0] != FORMAT:
        return None
    return int.from_bytes(envelope[2:HEADER_BYTES], "big")


def padded(content: bytes, bucket: int) -> bytes:
    """The content and its end mark, filled up to a whole number of buckets (in bytes)."""
    length = len(content) + 1
    return (content + _MARK).ljust(length + -length % bucket, b"\x00")


def unpadded(content: bytes) -> bytes | None:
    """The content before its end mark; None when there is no end mark."""
    stripped = content.rstrip(b"\x00")
    return stripped[:-1] if stripped.endswith(_MARK) else None


def seal(aead: Aead, head: bytes, nonce: bytes, label: bytes, content: bytes) -> bytes:
    """One envelope; `label` is field label, owner label and record id, `content` is padded."""
    return head + nonce + aead.encrypt(nonce, content, head + label)


def unsealed(aead: Aead, head: bytes, label: bytes, envelope: bytes) -> bytes | None:
    """The content of an envelope whose header must be `head`; None for wrong header, place, key or bytes."""
    if not envelope.startswith(head):
        return None
    try:
        return unpadded(aead.decrypt(envelope[HEADER_BYTES:_BODY], envelope[_BODY:], head + label))
    except (InvalidTag, ValueError):
        return None


def record_label(field: bytes, owner: bytes, record_id: UUID) -> bytes:
    """Everything of the additional data that follows the header."""
    return field + owner + record_id.bytes
