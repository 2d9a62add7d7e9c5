"""The reader's language."""

from typing import Annotated

from fastapi import Depends, Header

from acceptance_api.http.problems import language_of

LENGTH_MAX = 200
"""Characters of an Accept-Language that are read."""


async def reader_language(
    accept_language: Annotated[str, Header(description="zh-CN (default) or en.", max_length=LENGTH_MAX)] = "",
) -> str:
    """`zh-CN` or `en`."""
    return language_of(accept_language)


Language = Annotated[str, Depends(reader_language)]
