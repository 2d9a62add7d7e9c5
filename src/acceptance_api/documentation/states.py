"""The page of states: what can become of a pass through a machine, and of an intercepted parcel."""

from acceptance_api import interception, screening
from acceptance_api.acceptance import Instruction, ScanReason
from acceptance_api.documentation.markdown import NOTICE, table

_INTRODUCTION = """# States

Drawn from the very tables by which the service decides what may be done next; what has no arrow is refused. Each step
is a row of its own, with who did it, when and why: nothing is overwritten."""
_SCREENING = """## A pass through an X-ray machine (过机安检)

A suspect pass is looked at again by another screener; what stays suspect is opened by two persons. Only a pass that is
`labelled` marks its parcel."""
_INTERCEPTION = """## An intercepted parcel (截留处置)

In brackets stands what is asked of the step. Goods of the classes D1 to D5, D9 and D10 never go back to the sender, nor
does a parcel whose case has ever been of such a class. Every step needs: """
_SCANS = """## A parcel under way

At every scan the parcel is judged anew, by the campaigns in force then; the heaviest reason decides: `proceed`,
`screen`, `return`, `hold`."""


def states_page() -> str:
    """The diagrams, and the reasons of scans."""
    asked = ", ".join(interception.asked_always())
    return "\n\n".join([
        NOTICE,
        _INTRODUCTION,
        _SCREENING,
        _drawn(screening.diagram()),
        f"{_INTERCEPTION}{asked}.",
        _drawn(interception.diagram()),
        _SCANS,
        table(["Reason", "Instruction", "标题", "Title"], map(_row, sorted(ScanReason, key=_rank))),
    ]) + "\n"  # fmt: skip


def _drawn(diagram: str) -> str:
    return f"```mermaid\n{diagram}```"


def _rank(reason: ScanReason) -> int:
    return -Instruction(reason.value.instruction).rank


def _row(reason: ScanReason) -> list[str]:
    meaning = reason.value
    return [f"`{reason.code}`", meaning.instruction.value, meaning.zh, meaning.en]
