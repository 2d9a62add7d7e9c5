"""The rule sets: dated, complete, and never invented."""

import json
from datetime import date
from importlib import resources

import pytest

from acceptance_api.acceptance.grounds import Weight
from acceptance_api.acceptance.model import Reach, Transport
from acceptance_api.acceptance.rules import rules_on

FOLDER = resources.files("acceptance_api.acceptance") / "rulesets"
DOCUMENTS = {file.name: json.loads(file.read_text("utf-8")) for file in FOLDER.iterdir()}


@pytest.mark.parametrize(
    ("day", "version"),
    [
        pytest.param(date(2018, 4, 30), "2018-05-01", id="before the first, the first"),
        pytest.param(date(2018, 5, 1), "2018-05-01", id="its first day"),
        pytest.param(date(2025, 5, 31), "2018-05-01", id="its last day"),
        pytest.param(date(2025, 6, 1), "2025-06-01", id="the next one's first day"),
        pytest.param(date(2099, 1, 1), "2025-06-01", id="still in force"),
    ],
)
def test_the_edition_in_force_is_the_latest_that_has_begun(day: date, version: str) -> None:
    assert rules_on(day).statutory.version == version


def test_the_versions_name_every_set_that_is_asked() -> None:
    assert rules_on(date(2026, 11, 23)).versions == {
        "statutory": "2025-06-01",
        "catalogue": "2016-12-19",
        "signals": "2018-05-01",
        "screening": "2018-05-01",
        "agreements": "2018-05-01",
    }


def test_screening_covers_what_the_measure_of_2016_names() -> None:
    rules = rules_on(date(2026, 11, 23)).statutory

    assert rules.screened_reaches == {Reach.INTERNATIONAL, Reach.HONG_KONG_MACAU_TAIWAN, Reach.INTER_PROVINCE}
    assert rules.screened_transports == {Transport.AIR, Transport.HIGH_SPEED_RAIL}


def test_a_parcel_is_as_large_as_the_postal_law_says() -> None:
    rules = rules_on(date(2026, 11, 23)).statutory

    assert (rules.weight_g_max, rules.side_mm_max, rules.sum_mm_max) == (50_000, 1_500, 3_000)


def test_a_silent_authority_holds_the_parcel() -> None:
    assert rules_on(date(2026, 11, 23)).statutory.identity_unconfirmed is Weight.HOLD


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_each_value_says_where_it_comes_from_and_whether_that_was_read(document: dict[str, object]) -> None:
    values = [document["identity_unconfirmed"], document["parcel"]]
    coverage = document["screening_required"]
    assert isinstance(coverage, list)

    for value in [*values, *coverage]:
        assert value["source"]
        assert value["verified"] in {True, False}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_file_is_named_by_the_day_its_edition_takes_effect(name: str) -> None:
    assert name == f"{DOCUMENTS[name]['set']}-{DOCUMENTS[name]['valid_from']}.json"
    assert DOCUMENTS[name]["version"] == DOCUMENTS[name]["valid_from"]
