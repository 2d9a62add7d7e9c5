"""Which lines may be recorded at all."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from acceptance_api.imports import LateParcel
from acceptance_api.imports.policy import CLOCK_SKEW_MAX, faults_of
from acceptance_api.kernel.ids import ClerkId, EnterpriseId, OutletId, new_uuid
from acceptance_api.sites import Clerk, Outlet
from tests.support.builders import NOON, parcel

ENTERPRISE, OUTLET, CLERK = EnterpriseId(new_uuid()), OutletId(new_uuid()), ClerkId(new_uuid())
SECOND, KEPT = timedelta(seconds=1), timedelta(days=30)
LATE = LateParcel(outlet_id=OUTLET, clerk_id=CLERK, occurred_at=NOON, sequence=1, request=parcel())
THERE = Outlet(
    enterprise_id=ENTERPRISE, id=OUTLET, branch_id=None, name="示例营业部", division="110105", created_at=NOON
)
AT_WORK = Clerk(
    outlet_id=OUTLET,
    id=CLERK,
    enterprise_id=ENTERPRISE,
    staff_no="1",
    roles=frozenset(),
    name_sealed=b"",
    seal_key_id=1,
    created_at=NOON,
)


def said(**changes: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - arguments
    """What is said of a parcel by a clerk who is there, at an outlet that is open."""
    given: dict[str, Any] = {"outlet": THERE, "clerk": AT_WORK, "received_at": NOON, "kept": KEPT} | changes
    return [(fault.pointer, fault.code) for fault in faults_of(LATE, enterprise_id=ENTERPRISE, **given)]


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        pytest.param({}, [], id="all is in order"),
        pytest.param({"received_at": NOON - CLOCK_SKEW_MAX}, [], id="a clock a little ahead"),
        pytest.param(
            {"received_at": NOON - CLOCK_SKEW_MAX - SECOND}, [("/occurred_at", "in_the_future")], id="tomorrow"
        ),
        pytest.param({"received_at": NOON + KEPT}, [], id="just not too long ago"),
        pytest.param(
            {"received_at": NOON + KEPT + SECOND}, [("/occurred_at", "occurred_too_long_ago")], id="too long ago"
        ),
        pytest.param({"outlet": None}, [("/outlet_id", "unknown")], id="no such outlet"),
        pytest.param(
            {"outlet": replace(THERE, enterprise_id=EnterpriseId(new_uuid()))},
            [("/outlet_id", "unknown")],
            id="another enterprise's outlet, whoever its clerks are",
        ),
        pytest.param({"outlet": replace(THERE, closed_at=NOON)}, [("/outlet_id", "closed")], id="a closed outlet"),
        pytest.param({"clerk": None}, [("/clerk_id", "unknown")], id="no such clerk"),
        pytest.param({"clerk": replace(AT_WORK, retired_at=NOON)}, [("/clerk_id", "retired")], id="who had left"),
        pytest.param({"clerk": replace(AT_WORK, retired_at=NOON + SECOND)}, [], id="who left afterwards"),
    ],
)
def test_what_speaks_against_a_late_parcel(changes: dict[str, Any], faults: list[tuple[str, str]]) -> None:
    assert said(**changes) == faults
