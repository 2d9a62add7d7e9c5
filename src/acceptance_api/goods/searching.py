"""Search in the catalogue: Chinese, pinyin in full or by initials, English; the best match first."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pypinyin import Style, lazy_pinyin

from acceptance_api.goods.model import Goods, Match, MatchKind
from acceptance_api.kernel.spelling import fold

_SHORTEST_CONTAINED = 2
_WORD = re.compile(r"[a-z0-9.]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Term:
    text: str
    folded: str
    words: tuple[str, ...]
    pinyin: str
    initials: str
    is_name: bool


class Index:
    """An index over goods, made once for each edition."""

    def __init__(self, goods: Iterable[Goods]) -> None:
        """Fold and spell out every name and synonym."""
        self._entries = tuple((one, tuple(_terms(one))) for one in goods)

    def search(self, text: str, *, limit: int) -> tuple[Match, ...]:
        """At most `limit` matches, best first; ties stand in the order of the codes."""
        query = folded(text)
        words = _words(text)
        found = [match for goods, terms in self._entries if (match := _best(goods, terms, query, words)) is not None]
        found.sort(key=lambda match: (match.kind, len(match.term), match.goods.code))
        return tuple(found[:limit])


def folded(text: str) -> str:
    """One case, no blanks, no apostrophes; `ü` is typed as `v`."""
    return fold(text).casefold().replace("ü", "v").replace("'", "")


def _terms(goods: Goods) -> Iterator[_Term]:
    names = (goods.name_zh, goods.name_en)
    for text in (*names, *goods.synonyms):
        spelling = folded(text)
        is_latin = spelling.isascii()
        yield _Term(
            text=text,
            folded=spelling,
            words=_words(text) if is_latin else (),
            pinyin="" if is_latin else folded("".join(lazy_pinyin(spelling))),
            initials="" if is_latin else folded("".join(lazy_pinyin(spelling, style=Style.FIRST_LETTER))),
            is_name=text in names,
        )


def _best(goods: Goods, terms: tuple[_Term, ...], query: str, words: tuple[str, ...]) -> Match | None:
    if not query:
        return None
    if query == goods.code.casefold():
        return Match(goods=goods, kind=MatchKind.CODE, term=goods.code)
    kinds = [(kind, term.text) for term in terms if (kind := _kind(term, query, words)) is not None]
    if not kinds:
        return None
    kind, text = min(kinds, key=lambda pair: (pair[0], len(pair[1])))
    return Match(goods=goods, kind=kind, term=text)


def _kind(term: _Term, query: str, words: tuple[str, ...]) -> MatchKind | None:
    if query == term.folded:
        return MatchKind.NAME if term.is_name else MatchKind.SYNONYM
    return _latin(term, query, words) if term.words else _chinese(term, query)


def _latin(term: _Term, query: str, words: tuple[str, ...]) -> MatchKind | None:
    """Every word of the query begins a word of the term."""
    if words and query.isascii() and all(any(own.startswith(word) for own in term.words) for word in words):
        return MatchKind.BEGINNING if term.folded.startswith(query) else MatchKind.ENGLISH_WORDS
    return None


def _chinese(term: _Term, query: str) -> MatchKind | None:
    if query in term.folded:
        return MatchKind.BEGINNING if term.folded.startswith(query) else MatchKind.PART
    if query.isascii():
        return _spelled_out(term, query)
    is_contained = len(term.folded) >= _SHORTEST_CONTAINED and term.folded in query
    return MatchKind.CONTAINED if is_contained else None


def _spelled_out(term: _Term, query: str) -> MatchKind | None:
    if term.pinyin.startswith(query):
        return MatchKind.PINYIN if query == term.pinyin else MatchKind.PINYIN_BEGINNING
    if term.initials.startswith(query):
        return MatchKind.INITIALS if query == term.initials else MatchKind.INITIALS_BEGINNING
    return None


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(" ".join(map(fold, text.split())).casefold()))
