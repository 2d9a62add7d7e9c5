"""When an agreement covers a parcel, when it expires soon, and which of its parcels are inspected all the same."""

import hashlib
import hmac
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acceptance_api.agreements import (
    AddAgreement,
    Agreement,
    Shares,
    expires_soon,
    is_in_force,
    is_sampled,
    sampling_of,
    values_on,
)
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
        pytest.param(replace(AGREEMENT, superseded_from=DAY), DAY, False, id="renewed from today on"),
        pytest.param(replace(AGREEMENT, superseded_from=date(2026, 11, 24)), DAY, True, id="renewed from tomorrow on"),
    ],
)  # fmt: skip
def test_an_agreement_covers_a_parcel(agreement: Agreement, on: date, *, in_force: bool) -> None:
    assert is_in_force(agreement, outlet_id=HERE, contents_kind="book", on=on) is in_force


@pytest.mark.parametrize(
    ("allowed", "goods", "in_force"),
    [
        pytest.param({"R-18"}, [{"R-18", "R"}], True, id="the very goods"),
        pytest.param({"R"}, [{"R-18", "R"}], True, id="their class"),
        pytest.param({"R-18"}, [{"R-18", "R"}, {"G-18", "G"}], False, id="something else beside them"),
        pytest.param({"R-18", "G"}, [{"R-18", "R"}, {"G-18", "G"}], True, id="each line by its own"),
        pytest.param({"R-18"}, [set()], False, id="what the catalogue does not know"),
        pytest.param({"R-18"}, [], True, id="nothing that could be something else"),
        pytest.param(set(), [{"R-18", "R"}, set()], True, id="an agreement for all goods"),
    ],
)
def test_an_agreement_covers_goods(allowed: set[str], goods: list[Collection[str]], *, in_force: bool) -> None:
    agreement = replace(AGREEMENT, goods=frozenset(allowed))

    assert is_in_force(agreement, outlet_id=HERE, contents_kind="book", on=DAY, goods=goods) is in_force


@pytest.mark.parametrize(
    ("agreement", "soon"),
    [
        pytest.param(replace(AGREEMENT, valid_to=date(2026, 12, 23)), True, id="in thirty days"),
        pytest.param(replace(AGREEMENT, valid_to=date(2026, 12, 24)), False, id="in thirty-one"),
        pytest.param(replace(AGREEMENT, valid_to=DAY), True, id="today"),
        pytest.param(replace(AGREEMENT, valid_to=date(2026, 11, 22)), False, id="yesterday it did"),
        pytest.param(
            replace(AGREEMENT, valid_to=DAY, superseded_by=AgreementId(new_uuid())), False, id="somebody renewed it"
        ),
        pytest.param(
            replace(AGREEMENT, valid_to=DAY, ended_at=datetime(2026, 6, 1, tzinfo=UTC)), False, id="it was ended"
        ),
    ],
)
def test_an_agreement_expires_soon(agreement: Agreement, *, soon: bool) -> None:
    assert expires_soon(agreement, on=DAY, within_days=values_on(DAY).warn_days) is soon


KEY, OTHER_KEY = b"k" * 32, b"l" * 32
AN_ID = UUID("01890a5d-ac96-774b-bcce-b302099a8057")


def test_whoever_has_the_key_can_show_that_a_choice_was_right() -> None:
    digest = hmac.new(KEY, b"sampling/1\x00" + AN_ID.bytes + b"SF1234567890123", hashlib.sha256).digest()
    fraction = Decimal(int.from_bytes(digest[:8], "big")) / Decimal(2**64)

    assert is_sampled(KEY, AN_ID, "SF1234567890123", fraction + Decimal("1e-18"))
    assert not is_sampled(KEY, AN_ID, "SF1234567890123", fraction - Decimal("1e-18"))


@given(waybill=st.from_regex(r"[A-Z0-9]{8,20}", fullmatch=True), ratio=st.decimals(0, 1, places=4))
def test_a_higher_ratio_never_chooses_less(waybill: str, ratio: Decimal) -> None:
    higher = min(Decimal(1), ratio + Decimal("0.1"))

    assert is_sampled(KEY, AN_ID, waybill, ratio) <= is_sampled(KEY, AN_ID, waybill, higher)
    assert is_sampled(KEY, AN_ID, waybill, Decimal(1))
    assert not is_sampled(KEY, AN_ID, waybill, Decimal(0))


def test_the_service_chooses_as_many_as_the_ratio_says_and_others_by_another_key() -> None:
    waybills = [f"SF{number:013d}" for number in range(20_000)]
    chosen = {waybill for waybill in waybills if is_sampled(KEY, AN_ID, waybill, Decimal("0.05"))}
    others = {waybill for waybill in waybills if is_sampled(OTHER_KEY, AN_ID, waybill, Decimal("0.05"))}
    of_another = {waybill for waybill in waybills if is_sampled(KEY, new_uuid(), waybill, Decimal("0.05"))}

    assert 850 < len(chosen) < 1_150  # 1,000 and five standard deviations
    assert len(chosen & others) < 120
    assert len(chosen & of_another) < 120


def test_the_least_ratio_of_the_day_binds_older_agreements_too() -> None:
    agreement = replace(AGREEMENT, sampling_ratio=Decimal("0.02"))

    assert sampling_of(KEY, agreement, "SF1", ratio_min=Decimal("0.01")).ratio == Decimal("0.02")
    assert sampling_of(KEY, agreement, "SF1", ratio_min=Decimal(1)).is_sampled


def test_shares_are_of_what_was_accepted() -> None:
    assert Shares(parcels=0, sampled=0, inspected=0, sampled_and_inspected=0).sampled_share is None
    shares = Shares(parcels=300, sampled=20, inspected=25, sampled_and_inspected=19)
    assert (shares.sampled_share, shares.inspected_share) == (Decimal("0.0667"), Decimal("0.0833"))


@pytest.mark.parametrize(
    ("last", "ratio", "checked_on", "faults"),
    [
        pytest.param(date(2026, 1, 1), None, None, [], id="one day is enough"),
        pytest.param(date(2025, 12, 31), None, None, ["/valid_to"], id="ends before it begins"),
        pytest.param(date(2026, 1, 1), Decimal("0.01"), DAY, [], id="the least ratio, checked today"),
        pytest.param(date(2026, 1, 1), Decimal("0.0099"), None, ["/sampling_ratio"], id="less than the least"),
        pytest.param(date(2026, 1, 1), Decimal("1.1"), None, ["/sampling_ratio"], id="more than everything"),
        pytest.param(date(2026, 1, 1), None, date(2026, 11, 24), ["/last_checked_on"], id="checked tomorrow"),
    ],
)
def test_what_an_agreement_may_be(
    last: date, ratio: Decimal | None, checked_on: date | None, faults: list[str]
) -> None:
    request = AddAgreement(
        filing_no="A-1",
        customer="c",
        uscc="u",
        representative="r",
        valid_from=date(2026, 1, 1),
        valid_to=last,
        sampling_ratio=ratio,
        last_checked_on=checked_on,
    )
    least = values_on(DAY).sampling_ratio_min

    assert [fault.pointer for fault in faults_of(request, ratio_min=least, on=DAY)] == faults
