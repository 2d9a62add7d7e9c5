"""Rule sets at the operator's command."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from acceptance_api.cli import app

DOCUMENT: dict[str, Any] = {
    "kind": "goods",
    "name": "statutory-goods",
    "starts_at": "2020-01-01T00:00:00+08:00",
    "content": {"rules": [{"about": "P03", "verdict": "ban", "source": "示例", "verified": True}]},
}


@pytest.fixture(autouse=True)
def installation(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator's environment."""
    monkeypatch.setenv("ACCEPTANCE_DATABASE_URL", sqlite_url)
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["rules", *arguments])


def propose(document: dict[str, Any] | str = DOCUMENT, *, by: str = "A-1") -> Result:
    Path("document.json").write_text(document if isinstance(document, str) else json.dumps(document))
    return run("propose", "document.json", "--by", by)


def test_a_statutory_set_is_proposed_approved_shown_and_listed() -> None:
    proposed = propose()
    alone = run("approve", "installation", "statutory-goods", "1", "--by", "a-1")
    approved = run("approve", "installation", "statutory-goods", "1", "--by", "A-2")
    shown = run("show", "installation", "statutory-goods", "1")
    listed = run("list", "--state", "active")

    assert [one.exit_code for one in (proposed, alone, approved, shown, listed)] == [0, 1, 0, 0, 0]
    assert "version: statutory-goods@1" in proposed.stdout
    assert "second_person_required" in alone.stderr
    assert "state: approved, in force" in approved.stdout
    assert "intact: yes" in shown.stdout
    assert '"about": "P03"' in shown.stdout
    assert "installation: statutory-goods@1 approved" in listed.stdout


def test_an_edition_is_rejected_with_a_reason() -> None:
    propose()
    rejected = run("reject", "installation", "statutory-goods", "1", "--by", "A-2", "--reason", "示例理由")

    assert rejected.exit_code == 0
    assert "reason: 示例理由" in rejected.stdout


@pytest.mark.parametrize(
    ("document", "told"),
    [
        pytest.param(DOCUMENT | {"name": "X"}, "/name", id="a name"),
        pytest.param(DOCUMENT | {"kind": "campaign"}, "/kind", id="a kind of another layer"),
        pytest.param(DOCUMENT | {"content": {"rules": [{}]}}, "/content/rules/0/about", id="content"),
        pytest.param(DOCUMENT | {"layer": "brand"}, "/owner_id unknown", id="a brand of nobody"),
        pytest.param('{"kind": 1, "kind": 2}', "malformed_json", id="a member twice"),
        pytest.param('{"kind": NaN}', "malformed_json", id="no number"),
    ],
)
def test_what_is_wrong_with_a_document_is_told(document: dict[str, Any] | str, told: str) -> None:
    answer = propose(document)

    assert answer.exit_code == 1
    assert told in answer.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "installation", "nothing", "1"),
        ("approve", "0190b3f0-0000-7000-8000-000000000000", "nothing", "1", "--by", "A-2"),
        ("approve", "somebody", "nothing", "1", "--by", "A-2"),
        ("approve", "installation", "nothing", "1", "--by", "张三"),
    ],
)
def test_what_is_not_there_is_not_done(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code != 0
