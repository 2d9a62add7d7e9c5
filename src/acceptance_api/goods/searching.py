"""Search in the catalogue: Chinese, pinyin in full or by initials, English; the best match first."""

from collections.abc import Iterable
from functools import cached_property

from acceptance_api.goods.misspelling import Misspellings
from acceptance_api.goods.model import Goods, Match, MatchKind
from acceptance_api.goods.terms import Term, folded, terms_of, words_of

_SHORTEST_CONTAINED = 2


class Index:
    """An index over goods, made once for each edition."""

    def __init__(self, goods: Iterable[Goods]) -> None:
        """Fold and spell out every name and synonym."""
        self._entries = tuple((one, tuple(terms_of(one))) for one in goods)

    def search(self, text: str, *, limit: int) -> tuple[Match, ...]:
        """At most `limit` matches, best first; ties stand in the order of the codes.

        What is called exactly so is not misspelt; else what nearly matches comes after everything that does.
        """
        query = folded(text)
        words = words_of(text)
        found = [match for goods, terms in self._entries if (match := _best(goods, terms, query, words)) is not None]
        if len(found) < limit and not any(match.kind <= MatchKind.SYNONYM for match in found):
            known = {match.goods.code for match in found}
            found += [match for match in self._misspellings.search(query, words) if match.goods.code not in known]
        return ranked(found)[:limit]

    @cached_property
    def _misspellings(self) -> Misspellings:
        return Misspellings(self._entries)


def ranked(matches: Iterable[Match]) -> tuple[Match, ...]:
    """The best first: by kind, by how much of the term the text is, then by code."""
    return tuple(sorted(matches, key=lambda match: (match.kind, len(match.term), match.goods.code)))


def _best(goods: Goods, terms: tuple[Term, ...], query: str, words: tuple[str, ...]) -> Match | None:
    if not query:
        return None
    if query == goods.code.casefold():
        return Match(goods=goods, kind=MatchKind.CODE, term=goods.code)
    kinds = [(kind, term.text) for term in terms if (kind := _kind(term, query, words)) is not None]
    if not kinds:
        return None
    kind, text = min(kinds, key=lambda pair: (pair[0], len(pair[1])))
    return Match(goods=goods, kind=kind, term=text)


def _kind(term: Term, query: str, words: tuple[str, ...]) -> MatchKind | None:
    if query == term.folded:
        return MatchKind.NAME if term.is_name else MatchKind.SYNONYM
    return _latin(term, query, words) if term.words else _chinese(term, query)


def _latin(term: Term, query: str, words: tuple[str, ...]) -> MatchKind | None:
    """Every word of the query begins a word of the term."""
    if words and query.isascii() and all(any(own.startswith(word) for own in term.words) for word in words):
        return MatchKind.BEGINNING if term.folded.startswith(query) else MatchKind.ENGLISH_WORDS
    return None


def _chinese(term: Term, query: str) -> MatchKind | None:
    if query in term.folded:
        return MatchKind.BEGINNING if term.folded.startswith(query) else MatchKind.PART
    if query.isascii():
        return _spelled_out(term, query)
    is_contained = len(term.folded) >= _SHORTEST_CONTAINED and term.folded in query
    return MatchKind.CONTAINED if is_contained else None


def _spelled_out(term: Term, query: str) -> MatchKind | None:
    if term.pinyin.startswith(query):
        return MatchKind.PINYIN if query == term.pinyin else MatchKind.PINYIN_BEGINNING
    if term.initials.startswith(query):
        return MatchKind.INITIALS if query == term.initials else MatchKind.INITIALS_BEGINNING
    return None
