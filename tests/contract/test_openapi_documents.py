"""The committed documents are what the code makes, and a stranger's generator makes a client of each that works."""

import json
from pathlib import Path

import pytest

from acceptance_api.http.application import documents_of_audiences
from tests.contract.clients import generated

ROOT = Path(__file__).parents[2]
AUDIENCES = ("counter", "enterprise", "regulator")


def test_there_is_a_document_for_each_audience() -> None:
    assert set(documents_of_audiences()) == set(AUDIENCES) == {path.stem for path in (ROOT / "openapi").glob("*.json")}


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_committed_document_is_current(audience: str) -> None:
    committed = (ROOT / "openapi" / f"{audience}.json").read_text("utf-8")
    made = json.dumps(documents_of_audiences()[audience], ensure_ascii=False, indent=2) + "\n"

    assert committed == made, "run `acceptance-api openapi`"


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_client_is_generated_without_a_warning(audience: str, tmp_path: Path) -> None:
    assert generated(audience, tmp_path) == ""
