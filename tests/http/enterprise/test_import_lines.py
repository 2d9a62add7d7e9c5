"""A line is read as a counter's own request is: the same rules, the same pointers, and no value in what is said."""

import json
from itertools import count
from typing import Any

import pytest

from acceptance_api.http.enterprise.import_lines import FAULTS_MAX, line_reader, line_schema
from acceptance_api.imports import LateParcel
from acceptance_api.kernel.ids import new_uuid
from acceptance_api.kernel.problems import Fault
from tests.http.test_hostile_input import MARKER, VALUES
from tests.http.walking import places, replaced
from tests.support.journeys import parcel_of
from tests.support.service import Service

READ = line_reader(b"key", depth_max=24)
PARCEL = parcel_of(weight_g=500, measures={"length_mm": 1, "width_mm": 2, "height_mm": 3})


def line(acceptance: Any = None, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """A line that fits."""
    return {
        "outlet_id": str(new_uuid()),
        "clerk_id": str(new_uuid()),
        "occurred_at": "2026-11-20T12:00:00+08:00",
        "sequence": 1,
        "acceptance": parcel_of() if acceptance is None else acceptance,
    } | changes


def said(text: str) -> list[tuple[str, str]]:
    """What is said of a line; nothing when it fits."""
    found = READ(text)
    return [] if isinstance(found, LateParcel) else [(fault.pointer, fault.code) for fault in found]


async def test_a_line_has_the_faults_that_the_counters_own_request_would_have(embedded: Service) -> None:
    turn, unlike, compared = count(), [], 0
    for place in places(PARCEL):
        for value in VALUES:
            if next(turn) % 9 or not place:
                continue
            body = replaced(PARCEL, place, value)
            answer = await embedded.http.post("/counter/v1/acceptances", json=body, headers=await embedded.as_counter())
            problem = answer.json()
            ours = said(json.dumps(line(body)))
            theirs = (
                [(f"/acceptance{fault['pointer']}", fault["code"]) for fault in problem["errors"]]
                if problem.get("code") == "invalid"
                else []
            )
            # What only a look at the database can tell is not the reader's to say.
            is_read = problem.get("code") not in {"invalid", "malformed_json"} or not set(theirs).isdisjoint(_LOOKED_UP)
            if ours != ([] if is_read else theirs):
                unlike.append((place, str(value)[:40], ours, theirs))
            compared += not is_read

    assert unlike == [], "\n".join(map(str, unlike))
    assert compared > 50


_LOOKED_UP = {("/acceptance/contents/0/goods_code", "not_in_the_catalogue")}


def test_no_hostile_value_is_repeated_or_breaks_the_reader() -> None:
    whole = line(PARCEL)
    for place in places(whole):
        for value in VALUES:
            found = READ(json.dumps(replaced(whole, place, value)))
            if not isinstance(found, LateParcel):
                assert found
                assert len(found) <= FAULTS_MAX
                assert MARKER.lower() not in repr(found).lower()


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        pytest.param("not json", [("", "malformed_json")], id="no JSON"),
        pytest.param("{}{}", [("", "malformed_json")], id="two documents"),
        pytest.param("\ufeff{}", [("", "malformed_json")], id="a byte order mark"),
        pytest.param('{"sequence": NaN}', [("", "malformed_json")], id="not a number"),
        pytest.param('{"a": 1, "a": 2}', [("", "malformed_json")], id="a member twice"),
        pytest.param('{"a": "\\ud800"}', [("", "malformed_json")], id="half a surrogate pair"),
        pytest.param("[" * 25 + "]" * 25, [("", "malformed_json")], id="too deep"),
        pytest.param("9" * 5_000, [("", "malformed_json")], id="five thousand digits"),
        pytest.param("[]", [("", "model_attributes_type")], id="a list"),
        pytest.param("null", [("", "model_attributes_type")], id="null"),
        pytest.param(
            "{}",
            [(f"/{name}", "missing") for name in ("outlet_id", "clerk_id", "occurred_at", "sequence", "acceptance")],
            id="an empty object",
        ),
        pytest.param(json.dumps(line(sequence="1")), [("/sequence", "int_type")], id="a number as text"),
        pytest.param(json.dumps(line(sequence=True)), [("/sequence", "int_type")], id="a truth value"),
        pytest.param(json.dumps(line(sequence=0)), [("/sequence", "greater_than_equal")], id="below one"),
        pytest.param(
            json.dumps(line(sequence=2**53)), [("/sequence", "less_than_equal")], id="beyond every reader's numbers"
        ),
        pytest.param(json.dumps(line(occurred_at="2026-11-20")), [("/occurred_at", "instant")], id="a day"),
        pytest.param(json.dumps(line(occurred_at=0)), [("/occurred_at", "instant")], id="a number of seconds"),
        pytest.param(
            json.dumps(line(occurred_at="2026-11-20T12:00:00")), [("/occurred_at", "instant")], id="no offset"
        ),
        pytest.param(json.dumps(line(outlet_id="x")), [("/outlet_id", "uuid_parsing")], id="no id"),
        pytest.param(json.dumps(line(**{MARKER: 1})), [("", "unknown_field")], id="a field named like a value"),
    ],
)
def test_what_is_wrong_with_a_line(text: str, faults: list[tuple[str, str]]) -> None:
    assert said(text) == faults


def test_a_line_fits_and_says_what_it_says() -> None:
    given = line(sequence=2**53 - 1)
    found = READ(json.dumps(given))

    assert isinstance(found, LateParcel)
    assert [str(found.outlet_id), str(found.clerk_id), found.sequence] == [
        given["outlet_id"],
        given["clerk_id"],
        2**53 - 1,
    ]
    assert found.occurred_at.isoformat() == given["occurred_at"]
    assert (str(found.request.id), found.request.waybill) == (given["acceptance"]["id"], given["acceptance"]["waybill"])


def test_the_fingerprint_is_of_what_is_said_and_of_all_of_it() -> None:
    given = line()
    same = json.dumps(dict(reversed(given.items())), ensure_ascii=False, indent=1).replace("\n", "\t")
    others = [given | {"clerk_id": str(new_uuid())}, line(), line(given["acceptance"] | {"weight_g": 1})]
    otherwise = line_reader(b"another key", depth_max=24)

    assert fingerprint(json.dumps(given)) == fingerprint(same)
    assert len({fingerprint(json.dumps(one)) for one in (given, *others)}) == 4
    assert fingerprint(json.dumps(given)) != fingerprint(json.dumps(given), otherwise)


def test_the_schema_of_a_line_stands_on_its_own() -> None:
    schema = json.dumps(line_schema())

    assert "$ref" not in schema
    assert set(line_schema()["required"]) == set(line())
    assert '"waybill"' in schema


def test_a_fault_holds_only_limits_of_our_own_schema() -> None:
    found = READ(json.dumps(line(PARCEL | {"contents": []}, sequence=-1)))

    assert found == (
        Fault("/sequence", "greater_than_equal", {"ge": 1}),
        Fault("/acceptance/contents", "too_short", {"min_length": 1}),
    )


def fingerprint(text: str, read: Any = READ) -> bytes:  # noqa: ANN401 - a reader
    """The fingerprint of a line that fits."""
    found = read(text)
    assert isinstance(found, LateParcel)
    return found.request.fingerprint
