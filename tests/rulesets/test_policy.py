"""Which rule sets bind at a moment."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acceptance_api.rulesets import INSTALLATION, Layer, RuleSet, in_force
from tests.rulesets.conftest import HOUR, NOON

ENTERPRISE, AGENCY = UUID(int=1), UUID(int=2)


def a_set(
    edition: int = 1,
    *,
    name: str = "spring",
    layer: Layer = Layer.BRAND,
    owner_id: UUID = ENTERPRISE,
    approved_at: datetime | None = NOON,
    starts_at: datetime = NOON,
    ends_at: datetime | None = None,
) -> RuleSet:
    return RuleSet(
        layer=layer,
        owner_id=owner_id,
        kind="goods",
        name=name,
        edition=edition,
        starts_at=starts_at,
        ends_at=ends_at,
        content={},
        digest=bytes(32),
        approved_at=approved_at,
    )


MOMENT = timedelta(microseconds=1)
LATER = a_set(2, approved_at=NOON + HOUR)


@pytest.mark.parametrize(
    ("sets", "at", "versions"),
    [
        pytest.param([a_set()], NOON, ["spring@1"], id="approved and begun, both at this very moment"),
        pytest.param([a_set(approved_at=None)], NOON, [], id="never approved"),
        pytest.param([a_set(approved_at=NOON + HOUR)], NOON, [], id="approved later"),
        pytest.param([a_set(starts_at=NOON + HOUR)], NOON, [], id="not begun"),
        pytest.param([a_set(ends_at=NOON + HOUR)], NOON + HOUR, [], id="the end is exclusive"),
        pytest.param([a_set(ends_at=NOON + HOUR)], NOON + HOUR - MOMENT, ["spring@1"], id="the last moment"),
        pytest.param([a_set(), LATER], NOON, ["spring@1"], id="a late moment: the edition approved then"),
        pytest.param([a_set(), LATER], NOON + HOUR, ["spring@2"], id="superseded from the approval on"),
        pytest.param([a_set(), a_set(2, approved_at=None)], NOON, ["spring@1"], id="a proposal supersedes nothing"),
        pytest.param([a_set(), a_set(2, ends_at=NOON)], NOON, [], id="an open end is closed by a newer edition"),
        pytest.param([a_set(), a_set(name="autumn")], NOON, ["autumn@1", "spring@1"], id="two names"),
        pytest.param([a_set(), a_set(2, owner_id=AGENCY)], NOON, ["spring@1", "spring@2"], id="two owners of one name"),
        pytest.param(
            [
                a_set(layer=Layer.CAMPAIGN, name="c"),
                a_set(name="b"),
                a_set(layer=Layer.STATUTORY, owner_id=INSTALLATION, name="s"),
            ],
            NOON,
            ["s@1", "b@1", "c@1"],
            id="from the statutory layer up",
        ),
    ],
)  # fmt: skip
def test_in_force(sets: Sequence[RuleSet], at: datetime, versions: list[str]) -> None:
    assert [one.version for one in in_force(sets, at=at)] == versions


MOMENTS = st.integers(-5, 5).map(lambda hours: NOON + hours * HOUR)
SETS = st.lists(
    st.builds(
        a_set,
        st.integers(1, 4),
        name=st.sampled_from(["spring", "autumn"]),
        owner_id=st.sampled_from([ENTERPRISE, AGENCY]),
        approved_at=st.none() | MOMENTS,
        starts_at=MOMENTS,
        ends_at=st.none() | MOMENTS,
    ),
    max_size=12,
    unique_by=lambda one: (one.owner_id, one.version),
)


@given(sets=SETS, at=MOMENTS)
def test_one_edition_of_a_name_binds_and_it_was_approved_and_its_window_is_open(
    sets: list[RuleSet], at: datetime
) -> None:
    found = in_force(sets, at=at)

    assert len({(one.owner_id, one.name) for one in found}) == len(found)
    assert all(one.approved_at is not None and one.approved_at <= at and one.covers(at) for one in found)


@given(sets=SETS, at=MOMENTS)
def test_nothing_newer_was_approved_by_then(sets: list[RuleSet], at: datetime) -> None:
    found = in_force(sets, at=at)
    newer = [
        other
        for one in found
        for other in sets
        if (other.owner_id, other.name) == (one.owner_id, one.name) and other.edition > one.edition
    ]

    assert all(other.approved_at is None or other.approved_at > at for other in newer)


@given(sets=SETS, at=MOMENTS, data=st.data())
def test_the_order_of_the_sets_does_not_matter(sets: list[RuleSet], at: datetime, data: st.DataObject) -> None:
    assert in_force(data.draw(st.permutations(sets)), at=at) == in_force(sets, at=at)


@given(sets=SETS, at=MOMENTS, later=st.integers(1, 9), data=st.data())
def test_what_is_approved_later_changes_nothing_of_the_past(
    sets: list[RuleSet], at: datetime, later: int, data: st.DataObject
) -> None:
    known = [one for one in sets if one.approved_at is None or one.approved_at <= at]
    new = [replace(one, edition=one.edition + 10, approved_at=at + later * HOUR) for one in data.draw(SETS)]

    assert in_force([*known, *new], at=at) == in_force(known, at=at)


@given(sets=SETS, at=MOMENTS)
def test_every_name_whose_newest_approved_edition_is_open_binds(sets: list[RuleSet], at: datetime) -> None:
    approved = [one for one in sets if one.approved_at is not None and one.approved_at <= at]
    newest = {
        max((o for o in approved if (o.owner_id, o.name) == (a.owner_id, a.name)), key=lambda o: o.edition)
        for a in approved
    }

    assert set(in_force(sets, at=at)) == {one for one in newest if one.covers(at)}
