"""The body of an import as it comes in: measured, unpacked and fingerprinted piece by piece, never whole in memory."""

import asyncio
import hmac
import zlib
from collections.abc import AsyncIterator, Iterator

from fastapi import Request
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect

from acceptance_api.kernel.problems import Fault, Kind, Problem

MEDIA_TYPE = "application/x-ndjson"
_PIECE_BYTES = 65_536
_GZIP = zlib.MAX_WBITS | 16
_ENCODINGS = frozenset({"identity", "gzip"})


class Body:
    """A body of lines, plain or gzip. What it unpacks to is limited, however small it came."""

    def __init__(self, request: Request, *, bytes_max: int, fingerprint_key: bytes) -> None:
        """Look at what the headers promise.

        Raises:
            Problem: MEDIA_TYPE_UNSUPPORTED (also for an unknown encoding) or BODY_TOO_LARGE.
        """
        self._request = request
        self._bytes_max = bytes_max
        self._encoding = _encoding_of(request.headers, bytes_max)
        self._mac = hmac.new(fingerprint_key, digestmod="sha256")
        self._bytes = 0

    @property
    def fingerprint(self) -> bytes:
        """A keyed digest of the lines that were read, however they were packed."""
        return self._mac.digest()

    async def pieces(self) -> AsyncIterator[bytes]:
        """The lines' bytes, a bounded number at a time.

        Raises:
            Problem: BODY_TOO_LARGE, or INVALID for what is no gzip or was cut off.
        """
        unpacking = Unpacking() if self._encoding == "gzip" else None
        packed_bytes = 0
        async for packed in self._packed():
            packed_bytes += len(packed)
            if packed_bytes > self._bytes_max:
                raise Problem(Kind.BODY_TOO_LARGE)
            for piece in unpacking.feed(packed) if unpacking else (packed,):
                yield self._measured(piece)
                await asyncio.sleep(0)  # a small packed piece may be a long one: others have their turn in between
        if unpacking:
            unpacking.finish()

    async def _packed(self) -> AsyncIterator[bytes]:
        try:
            async for packed in self._request.stream():
                yield packed
        except ClientDisconnect:  # half a file must not be taken for a whole one
            raise Problem(Kind.INVALID, Fault("", "cut_off")) from None

    def _measured(self, piece: bytes) -> bytes:
        self._bytes += len(piece)
        if self._bytes > self._bytes_max:
            raise Problem(Kind.BODY_TOO_LARGE)
        self._mac.update(piece)
        return piece


class Unpacking:
    """Unpacks gzip (RFC 1952), several members one after another too, in pieces of bounded size."""

    def __init__(self) -> None:
        """Begin before the first member."""
        self._member = zlib.decompressobj(_GZIP)
        self._has_begun = False

    def feed(self, packed: bytes) -> Iterator[bytes]:
        """What can be unpacked now.

        Raises:
            Problem: INVALID, when it is no gzip.
        """
        self._has_begun = self._has_begun or bool(packed)
        while packed:
            if self._member.eof:
                self._member = zlib.decompressobj(_GZIP)
            try:
                piece = self._member.decompress(packed, _PIECE_BYTES)
            except zlib.error:
                raise _not_gzip() from None
            packed = self._member.unconsumed_tail or self._member.unused_data
            if piece:
                yield piece

    def finish(self) -> None:
        """Nothing more comes.

        Raises:
            Problem: INVALID, when it was cut off.
        """
        if self._has_begun and not self._member.eof:
            raise _not_gzip()


def _encoding_of(headers: Headers, bytes_max: int) -> str:
    if headers.get("content-type", "").partition(";")[0].strip().lower() != MEDIA_TYPE:
        raise Problem(Kind.MEDIA_TYPE_UNSUPPORTED)
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding not in _ENCODINGS:
        raise Problem(Kind.MEDIA_TYPE_UNSUPPORTED)
    declared = headers.get("content-length", "0")
    if not declared.isascii() or not declared.isdigit() or int(declared[:20]) > bytes_max:
        raise Problem(Kind.BODY_TOO_LARGE)
    return encoding


def _not_gzip() -> Problem:
    return Problem(Kind.INVALID, Fault("header:content-encoding", "not_gzip"))
