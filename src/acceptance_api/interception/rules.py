"""The words of the disposals: what one class asks for, and the card that says what to do at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from acceptance_api.goods.model import Disposal
from acceptance_api.interception.model import Body, Ruling, Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyCard:
    """What to do at once, in both languages; shown before anything is recorded."""

    disposal: Disposal
    evacuates: bool
    title_zh: str
    title_en: str
    lines_zh: tuple[str, ...]
    lines_en: tuple[str, ...]
    report_to: tuple[tuple[Body, ...], ...]
    """One of each group must be told."""
    version: str
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyName:
    """What a body is called on the day of the edition, and what it was called before."""

    zh: str
    en: str
    formerly_zh: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Duties:
    """Whom a class of disposal asks to tell, by when after it was found."""

    bodies: tuple[Body, ...]
    urgency: Urgency
    within: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class DisposalRule:
    """What one class of disposal asks for."""

    disposal: Disposal
    ruling: Ruling
    duties: tuple[Duties, ...]
    card: SafetyCard


@dataclass(frozen=True, slots=True, kw_only=True)
class DisposalEdition:
    """The disposals as they stand from a day on; immutable."""

    version: str
    valid_from: date
    rules: Mapping[Disposal, DisposalRule]
    names: Mapping[Body, BodyName]

    def ruling_of(self, disposals: frozenset[Disposal]) -> Ruling:
        """What several classes ask together: what one of them asks, is asked."""
        rulings = [self.rules[disposal].ruling for disposal in disposals]
        return Ruling(
            evacuates=any(one.evacuates for one in rulings),
            destroyed_by_officers_only=any(one.destroyed_by_officers_only for one in rulings),
            cascades=any(one.cascades for one in rulings),
        )
