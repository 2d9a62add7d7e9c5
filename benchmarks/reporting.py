"""Keeping what was measured: the raw rounds as JSON, a report that puts ratios first, and a plot."""

import json
from pathlib import Path
from typing import Any

from acceptance_api.kernel.clock import SystemClock
from benchmarks.machine import commit, describe
from benchmarks.plot import plot_of
from benchmarks.report import report_of
from benchmarks.rounds import Plan
from benchmarks.workloads.bench import Workload


class Keeping:
    """Keeps a run from its beginning. Everything is written after each workload: a late failure loses nothing."""

    def __init__(self, plan: Plan, settings: dict[str, str], output: Path) -> None:
        """Note the machine as it is before anything is loaded."""
        at = SystemClock().now()
        self._output = output
        self._found: dict[str, Any] = {
            "at": at.isoformat(timespec="seconds"),
            "commit": commit(),
            "plan": {"name": plan.name, "rounds": plan.rounds, "seconds": plan.seconds},
            "machine": describe(),
            "postgresql": settings,
            "workloads": [],
        }
        self._raw = output / f"{at:%Y-%m-%d}-{self._found['commit'].rstrip('+')}.json"

    def keep(self, done: Workload) -> list[Path]:
        """Keep one more workload; the files."""
        self._found["workloads"].append(done.as_json())
        self._output.mkdir(parents=True, exist_ok=True)
        self._raw.write_text(json.dumps(self._found, ensure_ascii=False, indent=1) + "\n")
        return [self._raw, *write_report(self._raw, self._output)]


def write_report(raw: Path, output: Path) -> list[Path]:
    """Write the report of a run that was kept; the files."""
    found = json.loads(raw.read_text())
    report = output / "REPORT.md"
    plots = {f"{workload['name']}.svg": plot_of(workload) for workload in found["workloads"]}
    written = [report]
    for name, drawn in plots.items():
        if drawn:
            (output / name).write_text(drawn)
            written.append(output / name)
    report.write_text(report_of(found, raw.name, {path.name for path in written}))
    return written
