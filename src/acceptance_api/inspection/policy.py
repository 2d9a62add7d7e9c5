"""The rules of an inspection: which answers are due, and what speaks against the parcel."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from acceptance_api.inspection.model import (
    Answer,
    AnswerValue,
    Checklist,
    ChecklistItem,
    DeclaredItem,
    Examination,
    InspectionStatus,
    NotOpenedReason,
    Objection,
    Opening,
    OpeningRule,
    SeenItem,
)
from acceptance_api.kernel.spelling import fold

PHOTOS: Final = "photos"
SEEN: Final = "seen"
NOT_OPENED_REASON: Final = "not_opened_reason"


def examine(
    checklist: Checklist,
    answers: Sequence[Answer],
    photos_count: int,
    opening: Opening,
    not_opened_reason: NotOpenedReason | None,
    declared: Sequence[DeclaredItem],
    seen: Sequence[SeenItem],
    *,
    agreement: bool,
) -> Examination:
    """Examine what the clerk recorded. `agreement` tells whether the sender has a safety agreement in force.

    A failed item or an objection fails the inspection even while answers are missing: the parcel is not accepted.
    """
    lawful = _lawful_reasons(checklist, agreement=agreement)
    opened = opening is Opening.OPENED
    stays_closed = not opened and not_opened_reason in lawful
    given = _by_item(answers)
    due = [item for item in checklist.items if not (item.needs_opening and stays_closed)]
    missing = [item.code for item in due if not any(_answers(item, answer) for answer in given.get(item.code, ()))]
    if opened and photos_count < _photos_due(checklist, given):
        missing.append(PHOTOS)
    if opened and not seen and checklist.opening is OpeningRule.ALWAYS:
        missing.append(SEEN)
    if not opened and not_opened_reason is None and lawful:
        missing.append(NOT_OPENED_REASON)
    failed = tuple(item.code for item in checklist.items if _has_failed(given.get(item.code, ())))
    objections = (*_closed(opening, not_opened_reason, lawful), *_contents(declared, seen))
    known = {item.code for item in checklist.items}
    return Examination(
        status=_status(missing, failed, objections),
        missing=tuple(missing),
        failed=failed,
        objections=objections,
        unknown=tuple(code for code in given if code not in known),
    )


def _lawful_reasons(checklist: Checklist, *, agreement: bool) -> frozenset[NotOpenedReason]:
    """Letters are opened only when necessary (邮政法, article 25); an agreement replaces opening each parcel."""
    reasons = set()
    if checklist.opening is OpeningRule.WHEN_NECESSARY:
        reasons.add(NotOpenedReason.LETTER_NOT_NECESSARY)
    if agreement:
        reasons.add(NotOpenedReason.AGREEMENT_CUSTOMER)
    return frozenset(reasons)


def _by_item(answers: Iterable[Answer]) -> Mapping[str, list[Answer]]:
    given: dict[str, list[Answer]] = {}
    for answer in answers:
        given.setdefault(answer.item, []).append(answer)
    return given


def _answers(item: ChecklistItem, answer: Answer) -> bool:
    """Whether this is an answer at all: "not applicable" must be open to the item, and be explained."""
    if answer.value is not AnswerValue.NOT_APPLICABLE:
        return True
    return item.may_be_not_applicable and answer.note is not None and fold(answer.note) != ""


def _has_failed(answers: Iterable[Answer]) -> bool:
    """Of two answers to one item the stricter counts."""
    return any(answer.value is AnswerValue.FAIL for answer in answers)


def _photos_due(checklist: Checklist, given: Mapping[str, list[Answer]]) -> int:
    """One photo for each answered item that requires one, and never fewer than the checklist's minimum."""
    shown = sum(
        any(answer.value is not AnswerValue.NOT_APPLICABLE for answer in given.get(item.code, ()))
        for item in checklist.items
        if item.photo_required
    )
    return max(checklist.photos_min, shown)


def _closed(
    opening: Opening, reason: NotOpenedReason | None, lawful: frozenset[NotOpenedReason]
) -> tuple[Objection, ...]:
    if opening is Opening.OPENED or reason in lawful:
        return ()
    if reason is NotOpenedReason.SENDER_REFUSED:
        return (Objection.OPENING_REFUSED,)
    return () if reason is None and lawful else (Objection.NOT_OPENED,)


def _contents(declared: Sequence[DeclaredItem], seen: Sequence[SeenItem]) -> tuple[Objection, ...]:
    """Compare what was seen, if anything was: name and quantity must match what was declared."""
    objections = []
    if seen and _quantities(declared) != _quantities(seen):
        objections.append(Objection.DECLARATION_MISMATCH)
    if any(item.unidentified and not item.safety_proof for item in seen):
        objections.append(Objection.UNIDENTIFIABLE_SUBSTANCE)
    return tuple(objections)


def _quantities(items: Sequence[DeclaredItem | SeenItem]) -> dict[str, Decimal]:
    quantities: dict[str, Decimal] = {}
    for item in items:
        name = fold(item.name).casefold()
        quantities[name] = quantities.get(name, Decimal(0)) + item.quantity
    return quantities


def _status(missing: Sequence[str], failed: Sequence[str], objections: Sequence[Objection]) -> InspectionStatus:
    if failed or objections:
        return InspectionStatus.FAILED
    return InspectionStatus.INCOMPLETE if missing else InspectionStatus.PASSED
