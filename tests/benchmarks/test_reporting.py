"""What was measured is kept as soon as it is known."""

import json
from pathlib import Path

import pytest

from benchmarks.reporting import Keeping, write_report
from benchmarks.rounds import Plan
from benchmarks.workloads.bench import Workload
from tests.benchmarks.test_report import rows_of


def test_each_workload_is_kept_when_it_is_done_beside_those_before(tmp_path: Path) -> None:
    keeping = Keeping(Plan(name="test", rounds=2, seconds=1), {"fsync": "on"}, tmp_path / "results")
    rows = rows_of("ours", "64", [100.0, 120.0])
    accept, sqlite = (
        Workload(name=name, title=name, rows=rows, contestants={"ours": "the service"}) for name in ("accept", "sqlite")
    )

    keeping.keep(accept)
    raw, report, *_ = keeping.keep(sqlite)

    kept = json.loads(raw.read_text())
    assert [workload["name"] for workload in kept["workloads"]] == ["accept", "sqlite"]
    assert {"processor", "cores", "kernel", "libraries", "load_before"} <= kept["machine"].keys()
    assert raw.name == f"{kept['at'][:10]}-{kept['commit'].rstrip('+')}.json"
    assert {"## accept", "## sqlite"} <= set(report.read_text().splitlines())
    assert (tmp_path / "results" / "sqlite.svg").exists()


def test_a_report_can_be_written_again_from_what_was_kept(tmp_path: Path) -> None:
    keeping = Keeping(Plan(name="test", rounds=1, seconds=1), {}, tmp_path)
    rows = rows_of("ours", "64", [100.0])
    raw, report, *_ = keeping.keep(Workload(name="accept", title="A", rows=rows, contestants={"ours": "o"}))
    before = report.read_text()
    report.unlink()

    again = write_report(raw, tmp_path)

    assert report in again
    assert report.read_text() == before


@pytest.mark.parametrize("is_race", [True, False])
def test_rates_of_those_who_do_not_do_the_same_are_not_compared(tmp_path: Path, is_race: bool) -> None:  # noqa: FBT001 - a column
    keeping = Keeping(Plan(name="test", rounds=1, seconds=1), {}, tmp_path)
    rows = [*rows_of("page", "16", [30.0]), *rows_of("requirements", "16", [400.0])]
    names = {"page": "a page", "requirements": "needs"}

    _, report, *_ = keeping.keep(Workload(name="read", title="R", rows=rows, contestants=names, is_race=is_race))

    assert ("as a ratio" in report.read_text()) is is_race
