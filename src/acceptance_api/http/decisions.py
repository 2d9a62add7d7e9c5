"""Decisions on the wire: the outcome, and every ground with its citation, in the reader's language."""

from acceptance_api.acceptance import Decision, Objection
from acceptance_api.http.wire import Out
from acceptance_api.law import Citation, title_of
from acceptance_api.signals import reason_of


class CitationOut(Out):
    """Where a ground stands in the law: the act, the version of its text in force that day, the article."""

    act: str
    act_title: str
    version: str
    article: str


class GroundOut(Out):
    """Why a parcel is refused or held.

    `about` names the goods or the signal the ground is about, if any. `by` is the version of the brand's rule set or of
    the campaign that asks for it; null is the law.
    """

    code: str
    title: str
    weight: str
    about: str | None
    by: str | None
    citation: CitationOut


class SignalOut(Out):
    """Something odd that was noticed, in one sentence with its numbers, and what it asks of the counter."""

    code: str
    response: str
    reason: str


class DecisionOut(Out):
    """What was decided, on which grounds, under which versions of the rules."""

    outcome: str
    grounds: list[GroundOut]
    signals: list[SignalOut]
    rules: dict[str, str]


def decision_out(decision: Decision, language: str) -> DecisionOut:
    """A decision in the reader's language."""
    return DecisionOut(
        outcome=decision.outcome.value,
        grounds=[_ground_out(objection, language) for objection in decision.objections],
        signals=[
            SignalOut(code=one.signal.value, response=one.response.value, reason=reason_of(one, language=language))
            for one in decision.noticed
        ],
        rules=dict(decision.rules),
    )


def citation_out(citation: Citation, language: str) -> CitationOut:
    """A citation, the act's title in the reader's language."""
    return CitationOut(
        act=citation.act,
        act_title=_title(citation.act, language),
        version=citation.version,
        article=citation.article,
    )


def _title(act: str, language: str) -> str:
    """The act's full title; a rule set may cite acts that are known by the name it gives them only."""
    try:
        title = title_of(act)
    except LookupError:
        return act
    return title.en if language == "en" else title.zh


def _ground_out(objection: Objection, language: str) -> GroundOut:
    meaning = objection.ground.value
    return GroundOut(
        code=objection.ground.code,
        title=meaning.en if language == "en" else meaning.zh,
        weight=objection.weight.value,
        about=objection.about,
        by=objection.by,
        citation=citation_out(objection.citation, language),
    )
