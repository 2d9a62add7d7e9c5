"""Which class goods are of, and what is done with that class."""

from datetime import date

import pytest

from acceptance_api.goods import Disposal
from acceptance_api.interception.classing import classed
from acceptance_api.kernel.problems import Fault, Kind, Problem
from tests.support.builders import TODAY


@pytest.mark.parametrize(
    ("goods_code", "class_code", "found"),
    [
        pytest.param("P18-03", None, ("P18-03", "P18", Disposal.D9), id="goods of another disposal than their class"),
        pytest.param("P01-01", "P01", ("P01-01", "P01", Disposal.D1), id="goods and their class"),
        pytest.param(None, "P10", (None, "P10", Disposal.D4), id="a class"),
        pytest.param(None, "G", (None, "G", Disposal.D11), id="everyday goods that are suspect"),
    ],
)
def test_goods_are_found_by_either_code(
    goods_code: str | None, class_code: str | None, found: tuple[str | None, str, Disposal]
) -> None:
    one = classed(goods_code, class_code, on=TODAY)

    assert (one.goods_code, one.class_code, one.disposal) == found


@pytest.mark.parametrize(
    ("goods_code", "class_code", "kind", "fault"),
    [
        pytest.param(None, None, Kind.INVALID, Fault("/goods_code", "required"), id="neither"),
        pytest.param(
            "P01-01", "P12", Kind.INVALID, Fault("/class_code", "not_of_these_goods"), id="two that contradict"
        ),
        pytest.param("P99-99", None, Kind.REFERENCE_UNKNOWN, Fault("/goods_code", "unknown"), id="unknown goods"),
        pytest.param(None, "P99", Kind.REFERENCE_UNKNOWN, Fault("/class_code", "unknown"), id="an unknown class"),
    ],
)
def test_what_is_not_known_is_pointed_at(
    goods_code: str | None, class_code: str | None, kind: Kind, fault: Fault
) -> None:
    with pytest.raises(Problem) as found:
        classed(goods_code, class_code, on=date(2026, 11, 23))

    assert (found.value.kind, found.value.faults) == (kind, (fault,))
