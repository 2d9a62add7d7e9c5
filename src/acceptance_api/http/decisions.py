"""Decisions on the wire: the outcome, and every ground with its citation, in the reader's language."""

from acceptance_api.acceptance import Decision, Objection
from acceptance_api.http.wire import Out
from acceptance_api.law import Citation, title_of


class CitationOut(Out):
    """Where a ground stands in the law: the act, the version of its text in force that day, the article."""

    act: str
    act_title: str
    version: str
    article: str


class GroundOut(Out):
    """Why a parcel is refused or held. `about` names the goods the ground is about, if any."""

    code: str
    title: str
    weight: str
    about: str | None
    citation: CitationOut


class DecisionOut(Out):
    """What was decided, on which grounds, under which versions of the rules."""

    outcome: str
    grounds: list[GroundOut]
    rules: dict[str, str]


def decision_out(decision: Decision, language: str) -> DecisionOut:
    """A decision in the reader's language."""
    return DecisionOut(
        outcome=decision.outcome.value,
        grounds=[_ground_out(objection, language) for objection in decision.objections],
        rules=dict(decision.rules),
    )


def citation_out(citation: Citation, language: str) -> CitationOut:
    """A citation, the act's title in the reader's language."""
    title = title_of(citation.act)
    return CitationOut(
        act=citation.act,
        act_title=title.en if language == "en" else title.zh,
        version=citation.version,
        article=citation.article,
    )


def _ground_out(objection: Objection, language: str) -> GroundOut:
    meaning = objection.ground.value
    return GroundOut(
        code=objection.ground.code,
        title=meaning.en if language == "en" else meaning.zh,
        weight=objection.weight.value,
        about=objection.about,
        citation=citation_out(objection.citation, language),
    )
