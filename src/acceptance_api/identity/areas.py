"""Administrative areas inside identity numbers (GB/T 2260). Advisory: nothing here may refuse anybody."""

PROVINCES = frozenset(
    str(code)
    for code in (
        11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54,
        61, 62, 63, 64, 65, 71, 81, 82,
    )
)  # fmt: skip
"""The first two digits of every province-level area."""

RESIDENCE_PERMIT_AREAS = frozenset({"810000", "820000", "830000"})
"""Hong Kong, Macao and Taiwan on residence permits (State Council, 2018, art. 3); GB/T 2260 has 71 for Taiwan."""

_SINCE = {"46": 1988, "50": 1997, "411082": 1993, "500154": 2016}
"""The year an area came into being: Hainan, Chongqing, and single districts as they are met."""


def is_known(area: str) -> bool:
    """Whether the area's province is one of those of GB/T 2260."""
    return area[:2] in PROVINCES


def is_younger(area: str, birth_year: int) -> bool:
    """Whether the area came into being after somebody was born; false when its age is not known."""
    return max(_SINCE.get(area[:2], 0), _SINCE.get(area, 0)) > birth_year
