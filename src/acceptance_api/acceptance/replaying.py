"""Replaying a decision: the same facts under the very rules it names must lead to the same outcome and grounds.

Facts and versions are stored with each decision; shipped editions stay in the release for good, and rule sets are never
edited. So a decision can be explained years later, and a change of the program that would have decided otherwise shows.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from acceptance_api import signals
from acceptance_api.acceptance import policy
from acceptance_api.acceptance.facts import Facts, facts_from_json
from acceptance_api.acceptance.model import Acceptance, Decision
from acceptance_api.acceptance.rules import Rules, catalogue_of, rules_on, statutory_editions
from acceptance_api.acceptance.standing_rules import keys_in, rules_under
from acceptance_api.goods import catalogue_editions
from acceptance_api.rulesets import RuleSet
from acceptance_api.screening import screening_editions

SETS_SHIPPED = frozenset({"statutory", "catalogue", "signals", "screening", "agreements", "checklist"})


class VersionUnknown(LookupError):  # noqa: N818 - it is told to the operator, who made no error
    """A decision names an edition that is neither in this release nor among the rule sets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A decision as it was, and as it is under the rules it names."""

    was: Decision
    now: Decision

    @property
    def differences(self) -> tuple[str, ...]:
        """What is not the same: `outcome`, `grounds`, `signals`."""
        pairs = (
            ("outcome", self.was.outcome, self.now.outcome),
            ("grounds", self.was.objections, self.now.objections),
            ("signals", self.was.noticed, self.now.noticed),
        )
        return tuple(name for name, was, now in pairs if was != now)


def replay(acceptance: Acceptance, sets: Iterable[RuleSet]) -> Replay:
    """Decide again what was decided; `sets` holds at least the rule sets that the decision names.

    Raises:
        VersionUnknown: an edition it names is not there.
    """
    facts = facts_from_json(dict(acceptance.facts))
    return Replay(was=acceptance.decision, now=replayed(facts, acceptance.decision, sets))


def replayed(facts: Facts, was: Decision, sets: Iterable[RuleSet]) -> Decision:
    """The decision on these facts under the rules that another decision names.

    Raises:
        VersionUnknown: an edition it names is not there.
    """
    return policy.decide(facts, rules_named(was, sets, on=facts.on))


def rules_named(was: Decision, sets: Iterable[RuleSet], *, on: date) -> Rules:
    """The rules that a decision names.

    A decision of before a kind of set was recorded names none: of that kind it was asked nothing.

    Raises:
        VersionUnknown: an edition it names is not there.
    """
    known = {(one.owner_id, one.name, one.edition): one for one in sets}
    named = []
    for key in keys_in(was.rules):
        one = known.get(key)
        if one is None:
            raise VersionUnknown(f"{key[0]}/{key[1]}@{key[2]}")
        named.append(one)
    return rules_under(named, _shipped(was, on))


def _shipped(was: Decision, on: date) -> Rules:
    rules = rules_on(on)
    statutory = _edition(statutory_editions(), was.rules["statutory"])
    catalogue = _edition(catalogue_editions(), was.rules["catalogue"])
    changes: dict[str, object] = {
        "statutory": statutory,
        "values": statutory,
        "catalogue": catalogue_of(catalogue),
        "signals": _signals(was),
    }
    if "screening" in was.rules:
        changes["screening"] = _edition(screening_editions(), was.rules["screening"])
    versions = {name: version for name, version in was.rules.items() if name in SETS_SHIPPED}
    return replace(rules, **changes, versions=versions)  # type: ignore[arg-type] # each by its own name


def _signals(was: Decision) -> signals.Values:
    if "signals" not in was.rules:
        return signals.Values()
    try:
        return signals.shipped(was.rules["signals"])
    except LookupError as error:
        raise VersionUnknown(was.rules["signals"]) from error


def _edition(known: Iterable[object], version: str) -> object:
    found = next((one for one in known if getattr(one, "version", None) == version), None)
    if found is None:
        raise VersionUnknown(version)
    return found
