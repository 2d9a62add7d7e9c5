"""What makes an inspection complete, and what speaks against the parcel."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

from acceptance_api.inspection.model import (
    Answer,
    AnswerValue,
    Checklist,
    ChecklistItem,
    ContentsKind,
    DeclaredItem,
    Examination,
    InspectionStatus,
    NotOpenedReason,
    Objection,
    Opening,
    OpeningRule,
    SeenItem,
)
from acceptance_api.inspection.policy import examine
from acceptance_api.law import Duty

PASSED, FAILED, INCOMPLETE = InspectionStatus.PASSED, InspectionStatus.FAILED, InspectionStatus.INCOMPLETE
PASS, FAIL, NOT_APPLICABLE = AnswerValue.PASS, AnswerValue.FAIL, AnswerValue.NOT_APPLICABLE
SOCKS = (DeclaredItem(name="袜子", quantity=2),)
SOCKS_SEEN = (SeenItem(name="袜子", quantity=2),)


def item(code: str, *, photo: bool = False, optional: bool = False, inside: bool = False) -> ChecklistItem:
    return ChecklistItem(
        code=code,
        text_zh="查",
        text_en="Check",
        photo_required=photo,
        may_be_not_applicable=optional,
        needs_opening=inside,
        duty=Duty.INSPECTION,
        verified=True,
        source="test",
    )


ITEMS = (item("inside", photo=True, inside=True), item("optional", optional=True), item("outside"))
ALL_PASS = tuple(Answer(item=one.code, value=PASS) for one in ITEMS)


def checklist(*, letter: bool = False, photos_min: int = 1) -> Checklist:
    return Checklist(
        version="2025-06-01",
        valid_from=date(2025, 6, 1),
        contents_kind=ContentsKind.LETTER if letter else ContentsKind.GENERAL,
        items=ITEMS,
        photos_min=photos_min,
        photos_verified=False,
        opening=OpeningRule.WHEN_NECESSARY if letter else OpeningRule.ALWAYS,
    )


def examined(  # noqa: PLR0913 - each test says only what it is about
    *,
    answers: Sequence[Answer] = ALL_PASS,
    photos: int = 1,
    photos_min: int = 1,
    opened: bool = True,
    reason: NotOpenedReason | None = None,
    declared: Sequence[DeclaredItem] = SOCKS,
    seen: Sequence[SeenItem] = SOCKS_SEEN,
    letter: bool = False,
    agreement: bool = False,
) -> Examination:
    return examine(
        checklist(letter=letter, photos_min=photos_min),
        answers,
        photos,
        Opening.OPENED if opened else Opening.NOT_OPENED,
        reason,
        declared,
        seen,
        agreement=agreement,
    )


def answered(code: str, value: AnswerValue, note: str | None = None) -> tuple[Answer, ...]:
    return (*(one for one in ALL_PASS if one.item != code), Answer(item=code, value=value, note=note))


def test_an_inspection_with_everything_in_order_passes() -> None:
    assert examined() == Examination(status=PASSED, missing=(), failed=(), objections=(), unknown=())


@pytest.mark.parametrize(
    ("answers", "status", "missing", "failed"),
    [
        pytest.param((), INCOMPLETE, ("inside", "optional", "outside"), (), id="nothing answered"),
        pytest.param(ALL_PASS[:2], INCOMPLETE, ("outside",), (), id="one left out"),
        pytest.param(answered("outside", FAIL), FAILED, (), ("outside",), id="one failed"),
        pytest.param((Answer(item="inside", value=FAIL),), FAILED, ("optional", "outside"), ("inside",), id="both"),
        pytest.param(answered("optional", NOT_APPLICABLE, "无"), PASSED, (), (), id="not applicable, explained"),
        pytest.param(answered("optional", NOT_APPLICABLE), INCOMPLETE, ("optional",), (), id="not explained"),
        pytest.param(answered("optional", NOT_APPLICABLE, " \t"), INCOMPLETE, ("optional",), (), id="blank note"),
        pytest.param(answered("outside", NOT_APPLICABLE, "无"), INCOMPLETE, ("outside",), (), id="not allowed"),
        pytest.param(
            (*ALL_PASS, Answer(item="outside", value=FAIL)), FAILED, (), ("outside",), id="the stricter counts"
        ),
    ],
)
def test_answers(
    answers: Sequence[Answer], status: InspectionStatus, missing: tuple[str, ...], failed: tuple[str, ...]
) -> None:
    result = examined(answers=answers)

    assert (result.status, result.missing, result.failed) == (status, missing, failed)


def test_answers_to_what_was_not_asked_are_named_once_and_change_nothing() -> None:
    stray = Answer(item="stray", value=FAIL)
    result = examined(answers=(*ALL_PASS, stray, stray))

    assert (result.status, result.unknown) == (PASSED, ("stray",))


@pytest.mark.parametrize(
    ("photos", "photos_min", "answers", "missing"),
    [
        pytest.param(0, 1, ALL_PASS, ("photos",), id="none"),
        pytest.param(1, 2, ALL_PASS, ("photos",), id="fewer than the minimum"),
        pytest.param(2, 2, ALL_PASS, (), id="the minimum"),
        pytest.param(0, 0, ALL_PASS, ("photos",), id="an item requires one"),
        pytest.param(0, 0, ALL_PASS[1:], ("inside",), id="no item that requires one was answered"),
    ],
)
def test_photos(photos: int, photos_min: int, answers: Sequence[Answer], missing: tuple[str, ...]) -> None:
    assert examined(photos=photos, photos_min=photos_min, answers=answers).missing == missing


@pytest.mark.parametrize(
    ("letter", "agreement", "reason", "objections", "missing"),
    [
        pytest.param(True, False, "letter_not_necessary", [], [], id="a letter"),
        pytest.param(True, False, "sender_refused", ["opening_refused"], ["inside"], id="a letter, refused"),
        pytest.param(True, False, "agreement_customer", ["not_opened"], ["inside"], id="a letter, no agreement"),
        pytest.param(True, False, None, [], ["inside", "not_opened_reason"], id="a letter, no reason"),
        pytest.param(True, True, "agreement_customer", [], [], id="an agreement customer's letter"),
        pytest.param(False, True, "agreement_customer", [], [], id="an agreement customer's parcel"),
        pytest.param(False, True, None, [], ["inside", "not_opened_reason"], id="an agreement, no reason"),
        pytest.param(False, True, "letter_not_necessary", ["not_opened"], ["inside"], id="a parcel is no letter"),
        pytest.param(False, True, "sender_refused", ["opening_refused"], ["inside"], id="an agreement, refused"),
        pytest.param(False, False, "agreement_customer", ["not_opened"], ["inside"], id="a parcel, no agreement"),
        pytest.param(False, False, "letter_not_necessary", ["not_opened"], ["inside"], id="a parcel as a letter"),
        pytest.param(False, False, "sender_refused", ["opening_refused"], ["inside"], id="a parcel, refused"),
        pytest.param(False, False, "other", ["not_opened"], ["inside"], id="a parcel, another reason"),
        pytest.param(False, False, None, ["not_opened"], ["inside"], id="a parcel, no reason"),
    ],
)
def test_who_may_leave_a_parcel_closed(
    *, letter: bool, agreement: bool, reason: str | None, objections: list[str], missing: list[str]
) -> None:
    result = examined(
        letter=letter,
        agreement=agreement,
        opened=False,
        reason=NotOpenedReason(reason) if reason else None,
        answers=ALL_PASS[1:],
        photos=0,
        seen=(),
    )

    expected = FAILED if objections else INCOMPLETE if missing else PASSED
    assert (result.status, list(result.objections), list(result.missing)) == (expected, objections, missing)


def test_a_closed_parcel_that_failed_outside_still_fails() -> None:
    answers = (ALL_PASS[1], Answer(item="outside", value=FAIL))
    result = examined(opened=False, agreement=True, reason=NotOpenedReason.AGREEMENT_CUSTOMER, answers=answers, seen=())

    assert (result.status, result.failed) == (FAILED, ("outside",))


def test_an_opened_parcel_has_its_contents_listed() -> None:
    assert examined(seen=()).missing == ("seen",)


def test_the_contents_of_an_opened_letter_are_not_listed() -> None:
    assert examined(letter=True, seen=()).status is PASSED


@pytest.mark.parametrize(
    ("declared", "seen", "matches"),
    [
        pytest.param([("袜子", 2)], [("袜子", 2)], True, id="the same"),
        pytest.param([("袜子", 2)], [("袜子", 3)], False, id="more than declared"),
        pytest.param([("袜子", 2)], [("袜子", 1)], False, id="fewer than declared"),
        pytest.param([("袜子", 2)], [("手套", 2)], False, id="something else"),
        pytest.param([("袜子", 2)], [("袜子", 2), ("打火机", 1)], False, id="something more"),
        pytest.param([("袜子", 2), ("书", 1)], [("袜子", 2)], False, id="something not there"),
        pytest.param([], [("袜子", 2)], False, id="nothing declared"),
        pytest.param([("书", 1), ("袜子", 2)], [("袜子", 2), ("书", 1)], True, id="another order"),
        pytest.param([("袜子", 2)], [("袜子", 1), ("袜子", 1)], True, id="in two lines"),
        pytest.param([("T恤", 1)], [(" \uff34 恤", Decimal("1.0"))], True, id="another spelling"),
        pytest.param([("Book", 1)], [("BOOK", 1)], True, id="another case"),
    ],
)
def test_what_was_seen_is_compared_with_what_was_declared(
    declared: list[tuple[str, int]], seen: list[tuple[str, Decimal | int]], *, matches: bool
) -> None:
    result = examined(
        declared=[DeclaredItem(name=name, quantity=quantity) for name, quantity in declared],
        seen=[SeenItem(name=name, quantity=quantity) for name, quantity in seen],
    )

    assert result.objections == (() if matches else (Objection.DECLARATION_MISMATCH,))
    assert result.status is (PASSED if matches else FAILED)


@pytest.mark.parametrize(
    ("unidentified", "proof", "objections"),
    [
        pytest.param(False, False, (), id="identified"),
        pytest.param(False, True, (), id="identified, and proven safe"),
        pytest.param(True, True, (), id="proven safe"),
        pytest.param(True, False, (Objection.UNIDENTIFIABLE_SUBSTANCE,), id="neither"),
    ],
)
def test_a_substance_is_identified_or_proven_safe(
    *, unidentified: bool, proof: bool, objections: tuple[Objection, ...]
) -> None:
    seen = (SeenItem(name="袜子", quantity=2, unidentified=unidentified, safety_proof=proof),)

    assert examined(seen=seen).objections == objections
