"""The policy values of screening in dated editions, read once from `editions/*.json`."""

import json
from datetime import date, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Final

from acceptance_api.screening.model import PassReservation, ReservationWeight, ScreeningValues

_FOLDER: Final = files("acceptance_api") / "screening" / "editions"


def screening_values_on(day: date) -> ScreeningValues:
    """The values in force on a legal day; before the first edition, the first edition."""
    known = editions()
    in_force = [edition for edition in known if edition.valid_from <= day] or [known[0]]
    return in_force[-1]


@cache
def editions() -> tuple[ScreeningValues, ...]:
    """Every edition known, oldest first."""
    documents = [json.loads(file.read_text("utf-8")) for file in _FOLDER.iterdir() if file.name.endswith(".json")]
    return tuple(sorted(map(_values, documents), key=lambda edition: edition.valid_from))


def _values(document: dict[str, Any]) -> ScreeningValues:
    closing, opening = document["flag_closing"], document["opening"]
    return ScreeningValues(
        version=document["version"],
        valid_from=date.fromisoformat(document["valid_from"]),
        flag_close_within=timedelta(seconds=closing["within_s"]),
        flag_two_persons=closing["two_persons"],
        operator_may_close_alone=closing["operator_may_close_alone"],
        shift_max=timedelta(hours=document["shift"]["hours_max"]),
        opens=time.fromisoformat(opening["from"]),
        closes=time.fromisoformat(opening["to"]),
        weights={PassReservation(row["code"]): ReservationWeight(row["weight"]) for row in document["reservations"]},
    )
