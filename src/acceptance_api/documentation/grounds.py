"""The page of grounds: why a parcel is refused or held, and which article says so."""

from datetime import date

from acceptance_api import law
from acceptance_api.acceptance import Ground
from acceptance_api.documentation.markdown import NOTICE, table
from acceptance_api.law import Duty, cite

RENUMBERED_ON = date(2025, 6, 1)
"""The day on which the articles of 快递暂行条例 got new numbers."""
_LAST_OLD_DAY = date(2025, 5, 31)
_INTRODUCTION = """# Grounds

A decision names every ground that speaks against a parcel, each with its citation `{act, version, article}` as it stood
on the legal day of the decision. One `refuse` refuses; one `hold` and no `refuse` holds; without a ground the parcel is
accepted. Codes are stable; a client must expect new ones. `version` is the day on which the cited text took effect. The
articles of 快递暂行条例 were renumbered on 2025-06-01, so each ground has a citation before and after that day. A
citation marked † was not read in a stored text of the act."""


def grounds_page() -> str:
    """Every ground with its weight, titles, duty and citations."""
    head = ["Code", "Weight", "标题", "Title", "Duty", "Until 2025-05-31", "Since 2025-06-01"]
    return "\n\n".join([NOTICE, _INTRODUCTION, table(head, map(_row, Ground))]) + "\n"


def _row(ground: Ground) -> list[str]:
    meaning = ground.value
    return [
        f"`{ground.code}`",
        meaning.weight.value,
        meaning.zh,
        meaning.en,
        f"`{meaning.duty.value}`",
        _citation(meaning.duty, on=_LAST_OLD_DAY),
        _citation(meaning.duty, on=RENUMBERED_ON),
    ]


def _citation(duty: Duty, *, on: date) -> str:
    citation = cite(duty, on=on)
    read = any(article.verified for article in law.articles() if article.duty is duty and article.citation == citation)
    return f"《{citation.act}》({citation.version}) {citation.article}{'' if read else ' †'}"
