"""How the demo looks on a terminal."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from acceptance_api.demo.counter import Presented
from acceptance_api.demo.supervision import Supervised

_COLOURS = {"accepted": "green", "held": "yellow", "refused": "red"}


def show_day(console: Console, presented: Sequence[Presented]) -> None:
    """What became of the day's parcels, story by story."""
    table = Table(title="The day, by what happened", title_justify="left")
    for column in ("story", "parcels", "outcome", "grounds (act, version, article)"):
        table.add_column(column)
    groups = Counter((one.story.title, one.outcome, _grounds(one)) for one in presented)
    for (title, outcome, grounds), count in sorted(groups.items(), key=lambda item: (item[0][1], -item[1])):
        table.add_row(title, str(count), f"[{_COLOURS[outcome]}]{outcome}[/]", grounds)
    console.print(table)
    totals = Counter(one.outcome for one in presented)
    console.print("  ".join(f"[{_COLOURS[name]}]{name} {totals[name]}[/]" for name in _COLOURS))


def show_supervision(console: Console, seen: Supervised) -> None:
    """What the regulator saw, and the trail it left."""
    table = Table(title="Search by ID number, typed in full-width digits: hits are masked", title_justify="left")
    for column in ("waybill", "outcome", "sender", "phone", "address", "ID number"):
        table.add_column(column)
    for hit in seen.hits:
        masked = hit["masked"]
        table.add_row(
            hit["waybill"],
            hit["decision"]["outcome"],
            *(masked[name] or "" for name in ("sender_name", "sender_phone", "sender_address", "sender_id_number")),
        )
    console.print(table)
    values = "  ".join(f"{name}: {value}" for name, value in seen.disclosed["values"].items())
    console.print(f"Disclosed, for a stated reason, after its audit entry was committed: [bold]{values}[/]")
    trail = Table(title="The audit entries this case left", title_justify="left")
    for column in ("at", "action", "about", "detail"):
        trail.add_column(column)
    for entry in seen.entries:
        detail = {
            key: value for key, value in entry["detail"].items() if key in {"kind", "found", "fields", "legal_basis"}
        }
        trail.add_row(entry["at"][:19], entry["action"], entry["subject_id"][-12:], str(detail))
    console.print(trail)


def _grounds(one: Presented) -> str:
    lines = []
    for ground in one.acceptance["decision"]["grounds"]:
        citation = ground["citation"]
        lines.append(f"{ground['code']} ({citation['act']} {citation['version']} art. {citation['article']})")
    return "\n".join(lines) + (" after a later screening" if one.was_resolved and not lines else "")
