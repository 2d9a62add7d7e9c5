"""Administrative divisions of China by their GB/T 2260 codes. Advisory: no published table is complete."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final

_DATA: Final = files("acceptance_api") / "sites" / "data" / "divisions.tsv"
_CODE_LENGTH: Final = 6
_GROUPINGS: Final = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
"""Names of codes that only group counties; they are no part of an address."""


class Level(StrEnum):
    """How high a division stands."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """A division; `full_name` begins with its province (`北京市朝阳区`)."""

    code: str
    name: str
    level: Level
    full_name: str


def find_division(code: str) -> Division | None:
    """The division of a six-digit code, or None: which proves nothing, for the table lacks abolished divisions."""
    return _divisions().get(code)


def is_known(code: str) -> bool:
    """Whether the table has this six-digit code."""
    return code in _divisions()


def province_of(code: str) -> Division | None:
    """The province of a six-digit code, even where the table lacks the code itself."""
    return find_division(f"{code[:2]}0000") if _is_code(code) else None


def parts_of(code: str) -> tuple[Division, ...]:
    """The province, city and county of a known code, highest first and ending with itself; empty when unknown."""
    division = find_division(code)
    if division is None:
        return ()
    ancestors = dict.fromkeys((f"{code[:2]}0000", f"{code[:4]}00", code))
    return tuple(part for ancestor in ancestors if (part := find_division(ancestor)) is not None)


def _is_code(code: str) -> bool:
    return len(code) == _CODE_LENGTH and code.isascii() and code.isdigit()


@cache
def _divisions() -> Mapping[str, Division]:
    names = dict(line.split("\t") for line in _DATA.read_text(encoding="utf-8").splitlines())
    return {code: _division(code, names) for code in names}


def _division(code: str, names: Mapping[str, str]) -> Division:
    ancestors = dict.fromkeys((f"{code[:2]}0000", f"{code[:4]}00", code))
    full_name = "".join(name for ancestor in ancestors if (name := names[ancestor]) not in _GROUPINGS)
    return Division(code=code, name=names[code], level=_level(code), full_name=full_name)


def _level(code: str) -> Level:
    if code.endswith("0000"):
        return Level.PROVINCE
    return Level.CITY if code.endswith("00") else Level.COUNTY
