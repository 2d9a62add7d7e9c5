"""The report of a run, as Markdown: floors and ratios first, absolute figures last."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from benchmarks.figures import Figure, figure, ratios, shown
from benchmarks.floors import by_round, judged
from benchmarks.rounds import Row, valid

_PER_RECORD = (("server_cpu_s", "server CPU us"), ("database_cpu_s", "database CPU us"))


def report_of(found: dict[str, Any], raw: str, plots: Collection[str] = ()) -> str:
    """The whole report of what a run kept in the file `raw`, with the plots that lie beside it."""
    results = {workload["name"]: workload["rows"] for workload in found["workloads"]}
    parts = [_head(found, raw), _floors(judged(results))]
    parts += [_workload(workload, plots) for workload in found["workloads"]]
    parts.append(_machine(found))
    return "\n\n".join(parts) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; the first column is to the left, the others to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _head(found: dict[str, Any], raw: str) -> str:
    plan = found["plan"]
    return (
        "# How fast it is\n\n"
        f"Commit {found['commit']}, {found['at']}, plan `{plan['name']}`: {plan['rounds']} rounds of "
        f"{plan['seconds']:g} s. Every figure is a median over the rounds with its [least-most]; a ratio is taken "
        "within each round first. All servers of a workload were up and were loaded in turn from a second process, "
        "in reversed order every other round. An unexpected answer, a lost connection or a missing row voids a round. "
        "Server, database and load shared the machine below: compare ratios, never rates of two runs. "
        f"Raw rounds: [{raw}]({raw}). What each contestant is, and what the figures do not show: "
        "[README](../README.md)."
    )


def _floors(found: list[dict[str, Any]]) -> str:
    words = {True: "reached", False: "**not reached**", None: "-"}
    rows = [[one["floor"], one["bound"], one["figure"], words[one["reached"]]] for one in found]
    return "## Floors\n\n" + table(["what", "floor", "measured", ""], rows)


def _workload(workload: dict[str, Any], plots: Collection[str]) -> str:
    rows: list[Row] = workload["rows"]
    parts = [f"## {workload['title']}", *workload["notes"]]
    loads = list(dict.fromkeys(row["load"] for row in rows))
    contestants = list(workload["contestants"])
    closed = [load for load in loads if not load.startswith("open")]
    if workload["is_race"] and len(contestants) > 1 and closed:
        parts.append(_ratios(rows, contestants, closed, workload["contestants"]))
    if (plot := f"{workload['name']}.svg") in plots:
        parts.append(f"![{workload['title']}]({plot})")
    parts.append(_absolute(rows, contestants, loads))
    if voids := [row for row in rows if row["void"]]:
        lines = [f"- {row['contestant']}, {row['load']}, round {row['round']}: {row['void']}" for row in voids]
        parts.append("Void rounds:\n\n" + "\n".join(lines))
    return "\n\n".join(parts)


def _ratios(rows: list[Row], contestants: list[str], loads: list[str], titles: dict[str, str]) -> str:
    first, *others = contestants
    lines = [
        [f"{first} over {other} ({titles[other]})", *(_over(rows, first, other, load) for load in loads)]
        for other in others
    ]
    return table(["rate, as a ratio", *(f"at {load}" for load in loads)], lines)


def _over(rows: list[Row], above: str, below: str, load: str) -> str:
    if any(found and found.is_noisy for found in (_rate(rows, above, load), _rate(rows, below, load))):
        return "too noisy"
    found = ratios(by_round(rows, above, load), by_round(rows, below, load))
    return str(found) if found else "-"


def _rate(rows: list[Row], contestant: str, load: str) -> Figure | None:
    return figure(by_round(rows, contestant, load).values())


def _absolute(rows: list[Row], contestants: list[str], loads: list[str]) -> str:
    head = [
        "load",
        "contestant",
        "a second",
        "p50 ms",
        "p90 ms",
        "p99 ms",
        *(name for _, name in _PER_RECORD),
        "RSS MB",
    ]
    lines = [
        [load, contestant, *_line(valid(rows, contestant, load))]
        for load in loads
        for contestant in contestants
        if any(row["contestant"] == contestant and row["load"] == load for row in rows)
    ]
    return table(head, lines)


def _line(rows: list[Row]) -> list[str]:
    if not rows:
        return ["void", *["-"] * (len(_PER_RECORD) + 4)]
    rate = figure(row["rate"] for row in rows)
    noisy = " (too noisy)" if rate and rate.is_noisy else ""
    latencies = [_median(rows, lambda row, name=name: row.get(name)) for name in ("p50_ms", "p90_ms", "p99_ms")]
    spent = [
        _median(rows, lambda row, name=name: row[name] / row["accepted"] * 1e6 if row.get(name) else None)
        for name, _ in _PER_RECORD
    ]
    memory = _median(rows, lambda row: row["rss_bytes"] / 2**20 if row.get("rss_bytes") else None)
    return [f"{rate}{noisy}", *latencies, *spent, memory]


def _median(rows: list[Row], of: Any) -> str:  # noqa: ANN401 - a function of a row
    found = figure(value for row in rows if (value := of(row)) is not None)
    return shown(found.median) if found else "-"


def _machine(found: dict[str, Any]) -> str:
    machine = found["machine"]
    memory = f"{machine['memory_bytes'] / 2**30:.0f} GiB"
    lines = [
        f"- {machine['processor']}, {machine['cores']} cores, {memory}; {machine['system']} {machine['kernel']}",
        f"- load average before: {', '.join(str(one) for one in machine['load_before'])}",
        f"- Python {machine['python']}: {', '.join(f'{n} {v}' for n, v in machine['libraries'].items())}",
        f"- PostgreSQL: {', '.join(f'{name}={value}' for name, value in found['postgresql'].items())}",
    ]
    return "## Measured on\n\n" + "\n".join(lines)
