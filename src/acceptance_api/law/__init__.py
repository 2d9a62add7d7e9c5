"""The law as data: which article of which act imposes a duty, on any day. Others call `cite` and `title_of`."""

from acceptance_api.law.articles import articles, cite, is_imposed, title_of
from acceptance_api.law.model import Article, Citation, Duty, Title

__all__ = ["Article", "Citation", "Duty", "Title", "articles", "cite", "is_imposed", "title_of"]
