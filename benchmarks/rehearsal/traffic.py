"""Past traffic that never was: parcels of 400 outlets over 90 days, decided by the service's own rules, no person.

A pool of decisions is made for each of the outlets' divisions; the rows draw from it. So every row's facts, rules and
objections are such as a counter would have stored, and a million of them are ready in a minute. What would be sealed
is noise of the usual length: a rehearsal does not read it, but the database has to store it.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from acceptance_api.acceptance.facts import Facts, GoodsFact, InspectionFact, VerificationFact
from acceptance_api.acceptance.model import Destination, SenderKind, Transport
from acceptance_api.acceptance.policy import decide, reach_of
from acceptance_api.acceptance.rows import objection_json
from acceptance_api.acceptance.standing_rules import rules_of
from acceptance_api.acceptance.tables import acceptances
from acceptance_api.kernel.ids import OutletId, new_uuid
from acceptance_api.rulesets import RuleSet
from acceptance_api.signals import Seen

DIVISIONS: Final = (
    *("110101", "120101", "130102", "140105", "150102", "210102", "220102", "230102", "310101", "310104"),
    *("320102", "320505", "330102", "330106", "340102", "350102", "360102", "370102", "370202", "410102"),
    *("420102", "430102", "440103", "440305", "450102", "460105", "500103", "510104", "520102", "530102"),
    *("610102", "620102", "630102", "640104", "650102"),
)
"""The capitals of the provinces, and a few cities that send more than others."""
BEIJING: Final = "110101"
TO_BEIJING: Final = 0.05
"""The share of parcels that go to Beijing; the destinations of the others are drawn alike."""
DAYS: Final = 90
FIRST: Final = date(2026, 2, 1)
POOL: Final = 600
"""Decisions of each division, among which the rows of its outlets are drawn."""
SEALED_BYTES: Final = 110
GOODS: Final = ("R-01", "R-06", "R-10", "R-15")
CONTENTS: Final = ("general", "general", "general", "general", "letter")
_BYTES: Final = frozenset(
    column.name for column in acceptances.columns if column.name.endswith(("_sealed", "_commitment", "fingerprint"))
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A decision in the form in which rows hold it."""

    facts: Facts
    outcome: str
    facts_json: str
    rules_json: str
    objections_json: str


@dataclass(frozen=True, slots=True)
class Place:
    """An outlet, and whether its brand has rules of its own."""

    outlet_id: OutletId
    division: str
    has_rules: bool


def pool_of(division: str, brand: RuleSet | None, chance: random.Random) -> list[Drawn]:
    """What the counters of a division decide; `brand` is a rule set of the outlets' enterprise."""
    drawn = []
    for number in range(POOL):
        facts = _facts(division, FIRST + timedelta(days=number * DAYS // POOL), chance)
        decision = decide(facts, rules_of([brand] if brand else [], day=facts.on))
        drawn.append(
            Drawn(
                facts=facts,
                outcome=decision.outcome.value,
                facts_json=json.dumps(facts.as_json()),
                rules_json=json.dumps(dict(decision.rules)),
                objections_json=json.dumps([objection_json(one) for one in decision.objections]),
            )
        )
    return drawn


def rows_of(
    places: list[Place], brand: RuleSet, *, records: int, since: datetime, seed: int = 1
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Acceptances and their first decisions, in the order of recording."""
    chance = random.Random(seed)  # noqa: S311 - made-up traffic, not a secret
    pools = {
        (division, has_rules): pool_of(division, brand if has_rules else None, chance)
        for division in DIVISIONS
        for has_rules in (False, True)
    }
    step = timedelta(days=DAYS) / records
    noise = [chance.randbytes(SEALED_BYTES) for _ in range(64)]
    clerk_id, record_id = new_uuid(), new_uuid()
    for number in range(records):
        place = chance.choice(places)
        one = chance.choice(pools[place.division, place.has_rules])
        key, at, going = new_uuid(), since + step * number, one.facts.destination
        sealed = noise[number % len(noise)]
        yield (
            {
                **dict.fromkeys(_BYTES, sealed),
                "outlet_id": place.outlet_id,
                "id": key,
                "revision": 1,
                "record_id": record_id,
                "enterprise_id": place.outlet_id,
                "origin": place.division,
                "counter_id": None,
                "clerk_id": clerk_id,
                "waybill": f"SF{number:013d}",
                "sender_kind": one.facts.sender_kind.value,
                "country": going.country if going else "CN",
                "division": going.division if going else None,
                "reach": one.facts.reach.value,
                "transport": one.facts.transport.value,
                "contents_kind": one.facts.contents_kind,
                "correction": None,
                "recorded_at": at,
                "late": None,
                "organisation_name_sealed": None,
                "organisation_code_sealed": None,
                "seal_key_id": 1,
            },
            {
                "outlet_id": place.outlet_id,
                "acceptance_id": key,
                "sequence": 1,
                "id": key,
                "revision": 1,
                "outcome": one.outcome,
                "objections": one.objections_json,
                "rules": one.rules_json,
                "facts": one.facts_json,
                "noticed": None,
                "verification_id": record_id,
                "inspection_id": record_id,
                "agreement_id": None,
                "clerk_id": clerk_id,
                "decided_at": at,
                "fingerprint": sealed[:32],
            },
        )


def _facts(origin: str, on: date, chance: random.Random) -> Facts:
    """A parcel of the usual kind: nearly all in order, half of them screened before they are decided."""
    division = BEIJING if chance.random() < TO_BEIJING else chance.choice(DIVISIONS[1:])
    destination = Destination(country="CN", division=division)
    contents_kind, kind = chance.choice(CONTENTS), chance.choice([SenderKind.PERSON, *SenderKind])
    is_agreement = kind is SenderKind.AGREEMENT
    return Facts(
        on=on,
        origin=origin,
        sender_kind=kind,
        contents_kind=contents_kind,
        transport=chance.choice([Transport.GROUND] * 8 + [Transport.AIR, Transport.HIGH_SPEED_RAIL]),
        reach=reach_of(origin, destination),
        goods=tuple(
            GoodsFact(code=chance.choice(GOODS), quantity=str(chance.randrange(1, 20)), documents=("ccc_mark",))
            for _ in range(chance.choice([0, 0, 1, 2]))
        ),
        weight_g=chance.randrange(100, 20_000),
        sides_mm=(chance.randrange(200, 600), chance.randrange(100, 400), chance.randrange(50, 300)),
        verification=None
        if is_agreement
        else VerificationFact(status="passed" if chance.random() < 0.99 else "failed"),  # noqa: PLR2004
        agreement_in_force=True if is_agreement else None,
        inspection=InspectionFact(status="passed", checklist="2025-06-01"),
        screenings=("clear",) if chance.random() < 0.5 else (),  # noqa: PLR2004
        destination=destination,
        is_labelled=chance.random() < 0.9,  # noqa: PLR2004
        sampled=chance.random() < 0.1 if is_agreement else None,  # noqa: PLR2004
        seen=Seen(
            parcels_today=chance.randrange(4),
            distinct_phones=1,
            distinct_names_refused=0,
            outlet_division=origin,
            same_phone=False,
            accepted_in_last_minutes=chance.randrange(5),
            items_declared=1,
            photos_reused=0,
        ),
    )
