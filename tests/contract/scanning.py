"""Looking for people's values in bytes: every value in every encoding in which it could have slipped out."""

import base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import ahocorasick

_CHUNK = 1 << 24
_BASE64_GROUP = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """Where a value was found, what kind of value it is and how it was written. Never the value."""

    sink: str
    kind: str
    encoding: str


def encodings_of(text: str) -> Iterator[tuple[str, bytes]]:
    """A text in every encoding that is looked for."""
    for codec in ("utf-8", "utf-16-le", "utf-16-be", "gb18030"):
        raw = text.encode(codec)
        yield codec, raw
        yield f"{codec} hex", raw.hex().encode()
        yield f"{codec} HEX", raw.hex().upper().encode()
        for offset in range(_BASE64_GROUP):
            yield f"{codec} base64+{offset}", _inner_base64(raw, offset)
            yield f"{codec} base64url+{offset}", _inner_base64(raw, offset).translate(bytes.maketrans(b"+/", b"-_"))
    yield "percent", quote(text).encode()
    yield "percent lower", quote(text).lower().encode()
    yield "json escape", text.encode("unicode_escape")


class Scanner:
    """Finds any of many values in one pass."""

    def __init__(self, values: Mapping[str, Iterable[str]]) -> None:
        """Look for values, by their kind. ASCII values are the same in several encodings: the first one names it."""
        self._automaton = ahocorasick.Automaton()
        self._longest = 0
        self.looked_for = set[tuple[str, str]]()
        for kind, texts in values.items():
            for text in texts:
                for encoding, raw in encodings_of(text):
                    self._longest = max(self._longest, len(raw))
                    key = raw.decode("latin-1")
                    if key not in self._automaton:
                        self._automaton.add_word(key, (kind, encoding))
                        self.looked_for.add((kind, encoding))
        self._automaton.make_automaton()

    def scan(self, sink: str, content: bytes) -> set[Finding]:
        """What is found in some bytes."""
        found = self._automaton.iter(content.decode("latin-1"))
        return {Finding(sink, kind, encoding) for _, (kind, encoding) in found}

    def scan_files(self, sink: str, directory: Path) -> set[Finding]:
        """What is found in every file under a directory, read in overlapping chunks."""
        found: set[Finding] = set()
        for path in sorted(directory.rglob("*")) if directory.is_dir() else [directory]:
            if path.is_file():
                found |= self._scan_file(sink, path)
        return found

    def _scan_file(self, sink: str, path: Path) -> set[Finding]:
        found, tail = set[Finding](), b""
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                # A value may lie across two chunks; pages of zeros are most of a fresh WAL segment.
                if chunk.count(0) < len(chunk):
                    found |= self.scan(sink, tail + chunk)
                tail = chunk[-self._longest :]
        return found


def _inner_base64(raw: bytes, offset: int) -> bytes:
    """The characters of base64 that depend on these bytes alone when `offset` unknown bytes stand before them."""
    first = -(-offset * 4 // _BASE64_GROUP)
    whole = (offset + len(raw)) * 8 // 6
    return base64.b64encode(bytes(offset) + raw)[first:whole]
