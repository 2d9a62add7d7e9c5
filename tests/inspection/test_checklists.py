"""Every kind of contents has a checklist, by the day of the inspection."""

from datetime import date

import pytest

from acceptance_api.inspection.checklists import checklist_for, checklists
from acceptance_api.inspection.model import ContentsKind, OpeningRule
from acceptance_api.law import Duty, cite


@pytest.mark.parametrize("kind", ContentsKind)
@pytest.mark.parametrize(
    ("on", "version"),
    [
        (date(2018, 5, 1), "2018-05-01"),
        (date(2025, 5, 31), "2018-05-01"),
        (date(2025, 6, 1), "2025-06-01"),
        (date(2027, 1, 1), "2025-06-01"),
    ],
)
def test_the_checklist_is_that_of_the_day(kind: ContentsKind, on: date, version: str) -> None:
    checklist = checklist_for(kind, on=on)

    assert (checklist.contents_kind, checklist.version) == (kind, version)


def test_no_checklist_is_made_up_for_days_before_the_first() -> None:
    with pytest.raises(LookupError, match="2018-04-30"):
        checklist_for(ContentsKind.GENERAL, on=date(2018, 4, 30))


@pytest.mark.parametrize("kind", ContentsKind)
def test_only_letters_may_stay_closed(kind: ContentsKind) -> None:
    rules = {checklist.opening for checklist in checklists()[kind]}

    assert rules == {OpeningRule.WHEN_NECESSARY if kind is ContentsKind.LETTER else OpeningRule.ALWAYS}


@pytest.mark.parametrize("kind", [kind for kind in ContentsKind if kind is not ContentsKind.LETTER])
def test_whatever_is_opened_is_opened_before_the_sender_and_compared(kind: ContentsKind) -> None:
    for checklist in checklists()[kind]:
        items = {item.code: item for item in checklist.items}
        core = [items[code] for code in ("opened_in_presence", "matches_declaration", "no_prohibited_goods")]

        assert not any(item.may_be_not_applicable for item in core)


def test_letters_are_not_read_and_need_no_photo() -> None:
    letter = checklist_for(ContentsKind.LETTER, on=date(2026, 1, 1))

    assert "contents_not_read" in [item.code for item in letter.items]
    assert not any(item.needs_opening or item.photo_required for item in letter.items)
    assert letter.photos_min == 0


def test_photos_are_policy_and_said_to_be() -> None:
    assert not any(checklist.photos_verified for known in checklists().values() for checklist in known)


def test_every_item_is_asked_once_in_both_languages_with_a_source_and_a_citation() -> None:
    for checklist in (one for known in checklists().values() for one in known):
        codes = [item.code for item in checklist.items]

        assert len(codes) == len(set(codes))
        assert all(item.text_zh and item.text_en and item.source for item in checklist.items)
        assert all(cite(item.duty, on=date(2025, 6, 1)) for item in checklist.items)


def test_the_letter_items_cite_the_duty_for_letters() -> None:
    letter = checklist_for(ContentsKind.LETTER, on=date(2026, 1, 1))

    assert Duty.INSPECTION_LETTERS in {item.duty for item in letter.items}
    assert Duty.INSPECTION not in {item.duty for item in letter.items if item.code != "no_suspicion"}
