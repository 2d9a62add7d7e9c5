"""When an agreement covers a parcel."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from acceptance_api.agreements import AddAgreement, Agreement, is_in_force
from acceptance_api.agreements.policy import faults_of
from acceptance_api.kernel.ids import AgreementId, EnterpriseId, OutletId, new_uuid

HERE, THERE = OutletId(new_uuid()), OutletId(new_uuid())
DAY = date(2026, 11, 23)
AGREEMENT = Agreement(
    enterprise_id=EnterpriseId(new_uuid()),
    id=AgreementId(new_uuid()),
    filing_no="A-1",
    customer_sealed=b"",
    uscc_sealed=b"",
    representative_sealed=b"",
    seal_key_id=1,
    outlets=frozenset(),
    contents_kinds=frozenset(),
    valid_from=date(2026, 1, 1),
    valid_to=date(2026, 12, 31),
    created_at=datetime(2025, 12, 31, tzinfo=UTC),
)


@pytest.mark.parametrize(
    ("agreement", "on", "in_force"),
    [
        pytest.param(AGREEMENT, DAY, True, id="everywhere, everything, in time"),
        pytest.param(AGREEMENT, date(2026, 1, 1), True, id="its first day counts"),
        pytest.param(AGREEMENT, date(2025, 12, 31), False, id="the day before"),
        pytest.param(AGREEMENT, date(2026, 12, 31), True, id="its last day counts"),
        pytest.param(AGREEMENT, date(2027, 1, 1), False, id="the day after"),
        pytest.param(replace(AGREEMENT, outlets=frozenset({HERE, THERE})), DAY, True, id="at this outlet too"),
        pytest.param(replace(AGREEMENT, outlets=frozenset({THERE})), DAY, False, id="at another outlet only"),
        pytest.param(replace(AGREEMENT, contents_kinds=frozenset({"book"})), DAY, True, id="these contents too"),
        pytest.param(replace(AGREEMENT, contents_kinds=frozenset({"toy"})), DAY, False, id="other contents only"),
        pytest.param(
            replace(AGREEMENT, outlets=frozenset({HERE}), contents_kinds=frozenset({"toy"})), DAY, False,
            id="here, but other contents",
        ),
        pytest.param(
            replace(AGREEMENT, ended_at=datetime(2026, 11, 23, 15, 59, tzinfo=UTC)), DAY, False, id="ended today"
        ),
        pytest.param(
            replace(AGREEMENT, ended_at=datetime(2026, 11, 23, 16, 0, tzinfo=UTC)), DAY, True,
            id="ended at midnight in China, so tomorrow",
        ),
        pytest.param(
            replace(AGREEMENT, ended_at=datetime(2026, 6, 1, tzinfo=UTC)), DAY, False, id="ended long ago"
        ),
    ],
)  # fmt: skip
def test_an_agreement_covers_a_parcel(agreement: Agreement, on: date, *, in_force: bool) -> None:
    assert is_in_force(agreement, outlet_id=HERE, contents_kind="book", on=on) is in_force


@pytest.mark.parametrize(
    ("last", "pointers"),
    [(date(2026, 1, 1), []), (date(2025, 12, 31), ["/valid_to"])],
    ids=["one day is enough", "ends before it begins"],
)
def test_an_agreement_ends_after_it_begins(last: date, pointers: list[str]) -> None:
    request = AddAgreement(
        filing_no="A-1", customer="c", uscc="u", representative="r", valid_from=date(2026, 1, 1), valid_to=last
    )

    assert [fault.pointer for fault in faults_of(request)] == pointers
