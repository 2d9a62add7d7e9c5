"""Which article imposes a duty on a day, read once from `articles.json`."""

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final, TypedDict

from acceptance_api.law.model import Article, Citation, Duty, Title

_DATA: Final = files("acceptance_api.law") / "articles.json"


class _ActRow(TypedDict):
    act: str
    title_zh: str
    title_en: str


class _ArticleRow(TypedDict):
    duty: str
    act: str
    version: str
    article: str
    valid_from: str
    valid_to: str | None
    verified: bool
    source: str


class _Data(TypedDict):
    acts: list[_ActRow]
    articles: list[_ArticleRow]


def cite(duty: Duty, *, on: date) -> Citation:
    """The article that imposes a duty on a legal day.

    Raises:
        LookupError: no known article imposed the duty on that day.
    """
    for article in _articles_by_duty()[duty]:
        if article.is_in_force(on):
            return article.citation
    raise LookupError(f"no article is known for {duty.value} on {on.isoformat()}")


def is_imposed(duty: Duty, *, on: date) -> bool:
    """Whether an article is known that imposed the duty on a legal day."""
    return any(article.is_in_force(on) for article in _articles_by_duty()[duty])


def title_of(act: str) -> Title:
    """The full titles of an act cited by its short Chinese title.

    Raises:
        LookupError: the act is not cited anywhere.
    """
    return _titles()[act]


@cache
def articles() -> tuple[Article, ...]:
    """Every article known, by duty and then by the day it took effect."""
    return tuple(sorted(map(_article, _data()["articles"]), key=lambda article: (article.duty, article.valid_from)))


@cache
def _articles_by_duty() -> Mapping[Duty, tuple[Article, ...]]:
    return {duty: tuple(article for article in articles() if article.duty is duty) for duty in Duty}


@cache
def _titles() -> Mapping[str, Title]:
    return {row["act"]: Title(zh=row["title_zh"], en=row["title_en"]) for row in _data()["acts"]}


@cache
def _data() -> _Data:
    data: _Data = json.loads(_DATA.read_text(encoding="utf-8"))
    return data


def _article(row: _ArticleRow) -> Article:
    return Article(
        duty=Duty(row["duty"]),
        citation=Citation(act=row["act"], version=row["version"], article=row["article"]),
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] is not None else None,
        verified=row["verified"],
        source=row["source"],
    )
