"""What is to be done with each class of goods: the shipped edition agrees with itself and with the catalogue."""

import json
from datetime import date, timedelta
from importlib.resources import files

import pytest

from acceptance_api.goods import Disposal, catalogue_editions
from acceptance_api.interception.disposals import disposals_on
from acceptance_api.interception.model import Body, Obligation, Urgency
from acceptance_api.interception.obligations import next_due, obligations_of, told
from acceptance_api.interception.policy import NEVER_RETURNED
from tests.support.builders import NOON, TODAY

EDITION = disposals_on(TODAY)
DOCUMENT = json.loads(
    (files("acceptance_api.interception") / "disposals" / "2016-12-19.json").read_text(encoding="utf-8")
)


def test_every_class_of_disposal_has_its_rule_and_every_body_its_names() -> None:
    assert set(EDITION.rules) == set(Disposal)
    assert set(EDITION.names) == set(Body)
    assert EDITION.names[Body.ECOLOGY_AND_ENVIRONMENT].zh == "生态环境主管部门"
    assert EDITION.names[Body.MARKET_SUPERVISION].formerly_zh == ("工商行政管理部门",)


def test_the_classes_of_goods_are_those_of_the_catalogue() -> None:
    catalogue = {one.code: one.disposal.value for one in catalogue_editions()[-1].classes if one.disposal}
    ours = {code: row["code"] for row in DOCUMENT["disposals"] for code in row["classes"]}

    assert ours == catalogue


@pytest.mark.parametrize("disposal", Disposal)
def test_each_card_says_what_to_do_and_whom_to_tell(disposal: Disposal) -> None:
    card = EDITION.rules[disposal].card

    assert len(card.lines_zh) == len(card.lines_en) >= 3
    assert card.report_to[-1] == (Body.POSTAL_ADMINISTRATION,)
    assert len(card.report_to) >= 2
    assert card.source


def test_where_it_may_explode_or_poison_people_leave_first() -> None:
    first = {disposal: rule.card.lines_zh[0] for disposal, rule in EDITION.rules.items() if rule.card.evacuates}

    assert set(first) == {Disposal.D3, Disposal.D4}
    assert all("撤离" in line for line in first.values())


def test_what_is_dangerous_or_criminal_cascades() -> None:
    assert {disposal for disposal, rule in EDITION.rules.items() if rule.ruling.cascades} == NEVER_RETURNED


def test_no_figure_passes_for_law() -> None:
    rows = [*DOCUMENT["disposals"], *DOCUMENT["deadlines"].values(), DOCUMENT["everywhere"]]

    assert {row["verified"] for row in rows} == {False}
    assert all(row["source"] for row in rows)


def test_before_the_first_edition_the_first_edition_stands() -> None:
    assert disposals_on(date(2000, 1, 1)).version == "2016-12-19"


# --- obligations ------------------------------------------------------------------------------------------------------


def obligations(disposal: Disposal, *known: Obligation) -> tuple[Obligation, ...]:
    """What finding goods of a class asks for."""
    return obligations_of(EDITION.rules[disposal], known, since=NOON)


def test_explosives_are_told_at_once_to_the_police_and_a_body_that_can_help() -> None:
    police, help_, postal = obligations(Disposal.D3)

    assert (police.bodies, police.urgency) == ((Body.PUBLIC_SECURITY,), Urgency.IMMEDIATELY)
    assert help_.bodies == (Body.FIRE_AND_RESCUE, Body.EMERGENCY_MANAGEMENT)
    assert (postal.bodies, postal.urgency) == ((Body.POSTAL_ADMINISTRATION,), Urgency.PROMPTLY)
    assert [one.due_at - NOON for one in (police, help_, postal)] == [
        timedelta(minutes=15),
        timedelta(minutes=15),
        timedelta(minutes=120),
    ]
    assert next_due([police, help_, postal]) == police.due_at


def test_telling_one_of_several_bodies_is_enough_and_late_is_seen() -> None:
    known = obligations(Disposal.D4)
    (met,) = told(known, Body.DISEASE_CONTROL, at=NOON + timedelta(minutes=16), step=3)

    assert (met.number, met.told_in, met.is_late) == (1, 3, True)
    assert met.is_overdue(NOON + timedelta(days=1)) is False
    assert told([met, *known[1:]], Body.PUBLIC_SECURITY, at=NOON, step=4) == ()
    assert next_due([met, *known[1:]]) == known[1].due_at


def test_a_deadline_is_still_met_in_its_last_instant() -> None:
    (police, *_) = obligations(Disposal.D1)

    assert not police.is_overdue(police.due_at)
    assert police.is_overdue(police.due_at + timedelta(microseconds=1))


def test_a_body_that_was_told_of_something_else_is_told_again() -> None:
    first = obligations(Disposal.D1)
    (met,) = told(first, Body.PUBLIC_SECURITY, at=NOON, step=3)
    again = obligations(Disposal.D2, met, *first[1:])

    assert [one.bodies for one in again] == [(Body.PUBLIC_SECURITY,)]
    assert [one.number for one in again] == [3]


def test_a_body_that_is_still_to_be_told_keeps_its_earlier_deadline() -> None:
    first = obligations(Disposal.D1)

    assert obligations_of(EDITION.rules[Disposal.D2], first, since=NOON + timedelta(hours=1)) == ()
