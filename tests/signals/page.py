"""docs/signals.md: what each signal says and asks for, and how often it does so in synthetic traffic.

`python -m tests.signals.page` measures and writes the page; `--check` measures and says whether it would be the same.
"""

import argparse
import sys
from datetime import date
from pathlib import Path

from acceptance_api.documentation.markdown import table
from acceptance_api.signals import REASONS, RESPONSES, Response, Signal, Values, shipped_on
from tests.signals.measuring import Detection, FalseAlarms, detections, false_alarms
from tests.signals.traffic import DISHONEST, HONEST, dishonest_parcels, honest_parcels, travelling_copies

PAGE = Path(__file__).parents[2] / "docs" / "signals.md"
SEED, HONEST_PARCELS, DISHONEST_DAYS = 20260101, 250_000, 2_000
ON = date(2026, 1, 1)

FALSE_ALARMS_MAX: dict[Signal, float] = {
    Signal.CLERK_IS_SENDER: 1.5,
    Signal.STAFF_IS_SENDER: 6.0,
    Signal.ONE_ID_MANY_PHONES: 3.0,
    Signal.ONE_ID_MANY_NAMES: 1.5,
    Signal.IMPOSSIBLE_TRAVEL: 0.2,
    Signal.TOO_MANY_A_DAY: 3.0,
    Signal.SENDER_PHONE_IS_ADDRESSEE_PHONE: 150.0,
    Signal.BURST_BEFORE_CLOSING: 2.0,
    Signal.INSPECTION_TOO_SHORT: 6.0,
    Signal.PHOTO_REUSED: 5.0,
}
"""For each thousand honest parcels; a small run keeps them too."""
DETECTED_MIN: dict[str, float] = {
    "clerk's own card for a sender without one": 1.0,
    "colleague's card, lent": 1.0,
    "a ring's bought document": 0.95,
    "names tried with somebody's card": 0.7,
    "a number used in two cities": 0.05,
    "bulk sender without an agreement": 0.95,
    "burner telephone for both ends": 1.0,
    "heap registered at closing": 0.95,
    "inspection skipped": 0.5,
    "stock photo": 1.0,
}
"""The least share of days on which a kind of dishonesty shows at all; a small run keeps them too."""


def rules_part(values: Values) -> str:
    """What the shipped rules are: of the code and the data alone."""
    rows = []
    for signal in Signal:
        rule = values.rules[signal]
        figures = ", ".join(f"{name} {figure}" for name, figure in rule.figures.items()) or "-"
        response = rule.response.value if rule.response else "-"
        rows.append([f"`{signal.value}`", REASONS[signal].en, REASONS[signal].zh, response, figures])
    sources = [[f"`{signal.value}`", values.rules[signal].source] for signal in Signal]
    answers = [[f"`{response.value}`", RESPONSES[response].en, RESPONSES[response].zh] for response in Response]
    return "\n\n".join((
        "## What is noticed, and what it asks for",
        table(["response", "what it asks for", "中文"], answers),
        table(["signal", "reason", "理由", "response", "figures"], rows),
        "Every figure is a policy value: no act names one, so each is `verified: false` with its source.",
        table(["signal", "source"], sources),
    ))  # fmt: skip


def honest_part(measured: FalseAlarms) -> str:
    """How often honest senders are stopped."""
    signals = [
        [f"`{signal.value}`", f"{measured.rate(signal):.2f}", f"{FALSE_ALARMS_MAX[signal]:.1f}"] for signal in Signal
    ]
    responses = [[f"`{response.value}`", f"{measured.rate_of(response):.2f}"] for response in Response]
    shares = {kind: share for kind, _, share in HONEST}
    kinds = [
        [kind, f"{shares[kind]:.1f} %", str(parcels), _percent(some / parcels), _percent(more / parcels)]
        for kind, (parcels, some, more) in sorted(measured.by_kind.items(), key=lambda one: -one[1][0])
    ]
    return "\n\n".join((
        "## How often honest senders are stopped",
        f"{measured.parcels} honest parcels. False alarms for each thousand of them:",
        table(["signal", "measured", "bound that a test keeps"], signals),
        "By the heaviest response that a parcel meets, for each thousand:",
        table(["response", "measured"], responses),
        "By the kind of day:",
        table(["honest day", "share of days", "parcels", "with any signal", "more than a warning"], kinds),
    ))  # fmt: skip


def dishonest_part(measured: dict[str, Detection], located: Detection) -> str:
    """How often dishonesty shows."""
    rows = [
        [
            kind,
            f"`{signal.value}`",
            str(measured[kind].parcels),
            _percent(measured[kind].by_own_signal),
            _percent(measured[kind].by_any_signal),
            _percent(measured[kind].of_days),
        ]
        for kind, _, signal in DISHONEST
    ]
    heads = ["dishonest day", "meant for it", "parcels", "with its own signal", "with any", "days on which any shows"]
    told = (
        f"A number used in two cities at any hours of one day shows on {_percent(located.of_days)} of the days when the"
        " coordinates of every outlet are registered; on the others its holder could have travelled."
    )
    return "\n\n".join((
        "## How often dishonesty shows",
        table(heads, rows),
        told,
    ))  # fmt: skip


def page(
    *, honest: FalseAlarms, dishonest: dict[str, Detection], located: Detection, version: str, values: Values
) -> str:
    """The whole page."""
    intro = f"""# Signals at the counter

What may tell, in real time, that an identity or an inspection is not what it is recorded as. Each signal says in one
sentence what was seen, with its numbers, and asks for something; a person decides. Nothing here knows a person: a
signal is judged from counts and codes (`Seen`), which are stored with the decision, so that it can be judged again.
What is unknown is silent.

The rules below are edition {version} of `src/acceptance_api/signals/values`. A brand or an agency can tighten them by
a rule set of the kind `signals`: the heavier response and the tighter figure count, whoever states them. Nobody can
loosen them."""
    limits = f"""## How this was measured, and what it does not say

`make signals` measures again and rewrites this page: seed {SEED}, {HONEST_PARCELS:,} honest parcels at the least,
{DISHONEST_DAYS:,} days of each dishonesty (`tests/signals/traffic.py`). The traffic is synthetic: the shares of kinds
of days are assumptions, and so is how long people travel and inspections take. Read the figures as how the rules
behave when such people come, not as how many there are; no figures of real counters were found.

- **Distance needs coordinates.** Where both outlets' are registered (here: half of the outlets, so a quarter of the
  journeys), a number used in two cities shows whenever nobody can travel so fast. By divisions alone only half an hour
  between two provinces shows, because cities on both sides of a border lie that near. Registering outlets is what
  improves this signal.
- **`sender_phone_is_addressee_phone` is mostly honest**: people who move or travel send to themselves. It only warns.
- **Counting starts anew each day**, and within one enterprise: a ring that spreads over days, enterprises or documents
  is not seen here.
- **A staff number must be registered** for its clerk to be recognised, and one whose key was destroyed has to be
  registered again.
- **A clerk who does not say when an inspection began**, or says it wrongly, is not timed."""
    return "\n\n".join((
        intro,
        rules_part(values),
        honest_part(honest),
        dishonest_part(dishonest, located),
        limits,
    )) + "\n"  # fmt: skip


def measured_page() -> str:
    """The page as a whole run makes it."""
    version, values = shipped_on(ON)
    return page(
        honest=false_alarms(honest_parcels(SEED, HONEST_PARCELS), values),
        dishonest=detections(dishonest_parcels(SEED, DISHONEST_DAYS), values),
        located=detections(travelling_copies(SEED, DISHONEST_DAYS), values)["a number used in two cities"],
        version=version,
        values=values,
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def main() -> int:
    """Write the page, or check it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="say whether the page is what a run makes")
    made = measured_page()
    if parser.parse_args().check:
        return int(PAGE.read_text(encoding="utf-8") != made)
    PAGE.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
