"""Dated editions of the disposals (D1 to D11), read once from `disposals/*.json`; each row has its source."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Final

from pydantic import Field

from acceptance_api.goods import Disposal
from acceptance_api.interception.model import Body, Ruling, Urgency
from acceptance_api.interception.rules import BodyName, DisposalEdition, DisposalRule, Duties, SafetyCard
from acceptance_api.kernel.typed_documents import Document, Rule, read_document

_FOLDER: Final = files("acceptance_api.interception") / "disposals"


class _Name(Document):
    code: Body
    name_zh: str
    name_en: str
    formerly_zh: tuple[str, ...]


class _Deadline(Rule):
    minutes: int = Field(ge=1)


class _Everywhere(Rule):
    report_to: tuple[tuple[Body, ...], ...]
    urgency: Urgency


class _Card(Document):
    title_zh: str
    title_en: str
    lines_zh: tuple[str, ...] = Field(min_length=1)
    lines_en: tuple[str, ...] = Field(min_length=1)


class _Disposal(Rule):
    code: Disposal
    classes: tuple[str, ...]
    items_zh: str
    items_en: str
    urgency: Urgency
    report_to: tuple[tuple[Body, ...], ...] = Field(min_length=1)
    evacuates: bool
    destroyed_by_officers_only: bool
    cascades: bool
    card: _Card


class _Edition(Document):
    version: str
    valid_from: date
    source: str
    bodies: tuple[_Name, ...]
    deadlines: dict[Urgency, _Deadline]
    everywhere: _Everywhere
    disposals: tuple[_Disposal, ...]


def disposals_on(day: date) -> DisposalEdition:
    """The edition in force on a legal day; before the first edition, the first edition."""
    in_force = [edition for edition in editions() if edition.valid_from <= day] or [editions()[0]]
    return in_force[-1]


@cache
def editions() -> tuple[DisposalEdition, ...]:
    """Every edition known, oldest first."""
    texts = (entry.read_text("utf-8") for entry in _FOLDER.iterdir() if entry.name.endswith(".json"))
    return tuple(sorted((_edition(read_document(_Edition, json.loads(text))) for text in texts), key=_valid_from))


def _valid_from(edition: DisposalEdition) -> date:
    return edition.valid_from


def _edition(document: _Edition) -> DisposalEdition:
    within = {urgency: timedelta(minutes=one.minutes) for urgency, one in document.deadlines.items()}
    everywhere = tuple(
        Duties(bodies=bodies, urgency=document.everywhere.urgency, within=within[document.everywhere.urgency])
        for bodies in document.everywhere.report_to
    )
    return DisposalEdition(
        version=document.version,
        valid_from=document.valid_from,
        rules={one.code: _rule(one, document.version, within, everywhere) for one in document.disposals},
        names={
            one.code: BodyName(zh=one.name_zh, en=one.name_en, formerly_zh=one.formerly_zh) for one in document.bodies
        },
    )


def _rule(
    row: _Disposal, version: str, within: Mapping[Urgency, timedelta], everywhere: tuple[Duties, ...]
) -> DisposalRule:
    own = (Duties(bodies=bodies, urgency=row.urgency, within=within[row.urgency]) for bodies in row.report_to)
    duties = (*own, *everywhere)
    return DisposalRule(
        disposal=row.code,
        ruling=Ruling(
            evacuates=row.evacuates,
            destroyed_by_officers_only=row.destroyed_by_officers_only,
            cascades=row.cascades,
        ),
        duties=duties,
        card=SafetyCard(
            disposal=row.code,
            evacuates=row.evacuates,
            title_zh=row.card.title_zh,
            title_en=row.card.title_en,
            lines_zh=row.card.lines_zh,
            lines_en=row.card.lines_en,
            report_to=tuple(duty.bodies for duty in duties),
            version=version,
            source=row.source,
            verified=row.verified,
        ),
    )
