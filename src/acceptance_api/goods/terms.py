"""The names of goods, spelled out: folded, in words, in pinyin."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pypinyin import Style, lazy_pinyin

from acceptance_api.goods.model import Goods
from acceptance_api.kernel.spelling import fold

_WORD = re.compile(r"[a-z0-9.]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One name or synonym of goods. Latin terms have words, Chinese ones pinyin and initials."""

    text: str
    folded: str
    words: tuple[str, ...]
    pinyin: str
    initials: str
    is_name: bool


def folded(text: str) -> str:
    """One case, no blanks, no apostrophes; `ü` is typed as `v`."""
    return fold(text).casefold().replace("ü", "v").replace("'", "")


def words_of(text: str) -> tuple[str, ...]:
    """The Latin words of a text, folded."""
    return tuple(_WORD.findall(" ".join(map(fold, text.split())).casefold()))


def pinyin_of(spelling: str) -> str:
    """A folded text in pinyin, without tones."""
    return folded("".join(lazy_pinyin(spelling)))


def terms_of(goods: Goods) -> Iterator[Term]:
    """Every name and synonym."""
    names = (goods.name_zh, goods.name_en)
    for text in (*names, *goods.synonyms):
        spelling = folded(text)
        is_latin = spelling.isascii()
        yield Term(
            text=text,
            folded=spelling,
            words=words_of(text) if is_latin else (),
            pinyin="" if is_latin else pinyin_of(spelling),
            initials="" if is_latin else folded("".join(lazy_pinyin(spelling, style=Style.FIRST_LETTER))),
            is_name=text in names,
        )
