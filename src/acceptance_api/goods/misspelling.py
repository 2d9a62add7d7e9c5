"""What nearly matches: characters that sound or look alike, letters that are wrong, missing, too many or swapped."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final

from acceptance_api.goods.characters import are_alike
from acceptance_api.goods.model import Goods, Match, MatchKind
from acceptance_api.goods.terms import Term, pinyin_of

_ONE_WRONG: Final = 4
"""In words of so many letters one may be wrong; in Chinese terms of so many characters any one may be."""
_TWO_WRONG: Final = 8
_SHORTEST_CHINESE: Final = 2
_COUNTED_CHINESE: Final = 3
"""In terms of so many characters one may be missing, too many, or have changed places with its neighbour."""

_Entry = tuple[Goods, Term]


class Misspellings:
    """An index over the terms of goods, for what no exact search finds."""

    def __init__(self, entries: Iterable[tuple[Goods, tuple[Term, ...]]]) -> None:
        """Sort the terms by what a misspelling leaves as it is."""
        self._by_word: defaultdict[str, list[_Entry]] = defaultdict(list)
        self._by_pinyin: defaultdict[str, list[_Entry]] = defaultdict(list)
        self._chinese: defaultdict[int, list[_Entry]] = defaultdict(list)
        for goods, terms in entries:
            for entry in ((goods, term) for term in terms):
                term = entry[1]
                for word in dict.fromkeys(term.words):
                    self._by_word[word].append(entry)
                if term.pinyin:
                    self._by_pinyin[term.pinyin].append(entry)
                    self._chinese[len(term.folded)].append(entry)
        self._words = _Vocabulary(self._by_word)
        self._pinyin = _Vocabulary(self._by_pinyin)

    def search(self, query: str, words: tuple[str, ...]) -> tuple[Match, ...]:
        """The best near match of each kind of goods, in no order."""
        found = (*self._english(words), *self._pinyin_typed(query)) if query.isascii() else self._characters(query)
        best: dict[str, Match] = {}
        for match in found:
            known = best.setdefault(match.goods.code, match)
            if (match.kind, len(match.term)) < (known.kind, len(known.term)):
                best[match.goods.code] = match
        return tuple(best.values())

    def _english(self, words: tuple[str, ...]) -> Iterator[Match]:
        """Every word of the query begins, or nearly is, a word of the term; at least one only nearly is."""
        near = {word: self._words.near(word) for word in words}
        entries = {id(entry): entry for hits in near.values() for hit in hits for entry in self._by_word[hit]}
        for goods, term in entries.values():
            errors = [_errors(word, near[word], term.words) for word in words]
            if None not in errors and (total := sum(filter(None, errors))) in _KIND:
                yield Match(goods=goods, kind=_KIND[total], term=term.text)

    def _pinyin_typed(self, query: str) -> Iterator[Match]:
        for spelling, errors in self._pinyin.near(query).items():
            for goods, term in self._by_pinyin[spelling]:
                yield Match(goods=goods, kind=_KIND[errors], term=term.text)

    def _characters(self, query: str) -> Iterator[Match]:
        if len(query) < _SHORTEST_CHINESE:
            return
        for goods, term in self._by_pinyin.get(pinyin_of(query), ()):
            if len(term.folded) == len(query):
                yield Match(goods=goods, kind=MatchKind.HOMOPHONE, term=term.text)
        for length in (len(query) - 1, len(query), len(query) + 1):
            for goods, term in self._chinese.get(length, ()):
                if _is_miswritten(query, term.folded):
                    yield Match(goods=goods, kind=MatchKind.MISSPELT, term=term.text)


_KIND: Final[Mapping[int, MatchKind]] = {1: MatchKind.MISSPELT, 2: MatchKind.MISSPELT_TWICE}


class _Vocabulary:
    """Words by their length, each with the set of its letters: most are ruled out without being compared."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_length: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
        for word in words:
            self._by_length[len(word)].append((_letters(word), word))

    def near(self, word: str) -> dict[str, int]:
        """The words that this one may be meant to be, with the number of errors; never the word itself."""
        most = _errors_allowed(word)
        if not most or not word.isalpha():
            return {}
        letters, found = _letters(word), {}
        for length in range(len(word) - most, len(word) + most + 1):
            for others, other in self._by_length.get(length, ()):
                # One error changes at most two of the letters that occur.
                if (letters ^ others).bit_count() <= 2 * most and 0 < (errors := distance(word, other)) <= most:
                    found[other] = errors
        return found


def distance(one: str, other: str) -> int:
    """How many letters are wrong, missing, too many, or swapped with their neighbours."""
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    older: list[int] = []
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        older, before, row = before, row, [i]
        for j, b in enumerate(other, start=1):
            errors = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                errors = min(errors, older[j - 2] + 1)
            row.append(errors)
    return row[-1]


def _errors(word: str, near: Mapping[str, int], own: tuple[str, ...]) -> int | None:
    if any(one.startswith(word) for one in own):
        return 0
    return min((near[one] for one in own if one in near), default=None)


def _errors_allowed(word: str) -> int:
    if len(word) < _ONE_WRONG:
        return 0
    return 1 if len(word) < _TWO_WRONG else 2


@lru_cache(maxsize=4_096)
def _letters(word: str) -> int:
    """The set of letters that occur, as bits."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 31)
    return bits


def _is_miswritten(query: str, term: str) -> bool:
    """One character is wrong; in short terms only one that looks or sounds like the right one counts."""
    if min(len(query), len(term)) < _SHORTEST_CHINESE or not set(query) & set(term):
        return False
    if len(query) == len(term):
        wrong = [(a, b) for a, b in zip(query, term, strict=True) if a != b]
        if len(wrong) == 1:
            return len(term) >= _ONE_WRONG or are_alike(*wrong[0])
        return len(wrong) == 2 and len(term) >= _COUNTED_CHINESE and distance(query, term) == 1  # noqa: PLR2004 - a pair
    return min(len(query), len(term)) >= _COUNTED_CHINESE and distance(query, term) == 1
