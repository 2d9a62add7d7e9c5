"""Past decisions in SQL, as a rehearsal reads them: page by page along an outlet's records, nothing of a person.

Of each parcel the first decision is read: what the counter decided when the parcel was presented. JSON comes as text;
of most parcels nobody wants to know more than their way.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple, cast
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import Text, and_, func, select, tuple_
from sqlalchemy import cast as sql_cast

from acceptance_api.acceptance.model import Outcome
from acceptance_api.acceptance.rehearsal_model import Place, Window
from acceptance_api.acceptance.rehearsal_policy import Difference, PastDecision, Rehearser
from acceptance_api.acceptance.tables import acceptances, decisions
from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import AcceptanceId, OutletId


class PastRow(NamedTuple):
    """A record and its first decision."""

    id: UUID
    recorded_at: datetime
    origin: str
    country: str
    division: str | None
    transport: str
    outcome: str
    facts: str
    rules: str
    objections: str


_FIRST = and_(
    decisions.c.outlet_id == acceptances.c.outlet_id,
    decisions.c.acceptance_id == acceptances.c.id,
    decisions.c.sequence == 1,
)
_COLUMNS = (
    acceptances.c.id,
    acceptances.c.recorded_at,
    acceptances.c.origin,
    acceptances.c.country,
    acceptances.c.division,
    acceptances.c.transport,
    decisions.c.outcome,
    sql_cast(decisions.c.facts, Text).label("facts"),
    sql_cast(decisions.c.rules, Text).label("rules"),
    sql_cast(decisions.c.objections, Text).label("objections"),
)


async def find_past(tx: Tx, place: Place, window: Window, *, limit: int) -> Sequence[PastRow]:
    """The decisions of one outlet in a period behind a record, in the order of recording."""
    wanted = _within(window, [place.outlet_id])
    if place.recorded_at is not None:
        # The index serves the first of the two; the second tells apart what was recorded at one instant.
        wanted &= acceptances.c.recorded_at >= place.recorded_at
        wanted &= tuple_(acceptances.c.recorded_at, acceptances.c.id) > (place.recorded_at, place.acceptance_id)
    query = select(*_COLUMNS).join(decisions, _FIRST).where(wanted)
    found = await tx.execute(query.order_by(acceptances.c.recorded_at, acceptances.c.id).limit(limit))
    return cast("Sequence[PastRow]", found.all())


async def count_past(tx: Tx, outlet_ids: Iterable[OutletId], window: Window) -> dict[OutletId, int]:
    """How many parcels each of these outlets recorded in a period; an outlet without any is left out."""
    query = select(acceptances.c.outlet_id, func.count()).where(_within(window, list(outlet_ids)))
    return {OutletId(row[0]): row[1] for row in await tx.execute(query.group_by(acceptances.c.outlet_id))}


def place_behind(outlet_id: OutletId, rows: Sequence[PastRow]) -> Place:
    """Where a page ends."""
    return Place(outlet_id, rows[-1].recorded_at, AcceptanceId(rows[-1].id))


def editions_unknown(rehearser: Rehearser, rows: Iterable[PastRow]) -> frozenset[tuple[UUID, str, int]]:
    """Owner, name and edition of the rule sets that these decisions name and the rehearser does not know yet."""
    return frozenset(key for rules in {row.rules for row in rows} for key in rehearser.unknown(_versions(rules)))


def rehearse_rows(rehearser: Rehearser, rows: Iterable[PastRow]) -> Iterator[tuple[date, list[Difference | None]]]:
    """What the draft would have made of these decisions, by legal day; they come in the order of recording.

    Raises:
        VersionUnknown: a decision names an edition that is not there.
        ValueError, KeyError, TypeError: facts that this release cannot read.
    """
    for day, together in groupby(rows, lambda row: legal_day(row.recorded_at)):
        yield day, [_rehearsed(rehearser, row) for row in together]


def _rehearsed(rehearser: Rehearser, row: PastRow) -> Difference | None:
    _, _, origin, country, division, transport, outcome, facts, rules, objections = row
    stored: Mapping[str, Any] | None = None
    transit: tuple[str, ...] = ()
    if rehearser.looks_at_transit and '"transit"' in facts:
        stored = from_json(facts)
        transit = tuple(stored.get("transit", ()))
    if rehearser.demand(origin, country, division, transport, transit) is None:
        return None
    past = PastDecision(
        origin=origin,
        country=country,
        division=division,
        transport=transport,
        outcome=Outcome(outcome),
        facts=from_json(facts) if stored is None else stored,
        rules=_versions(rules),
        objections=from_json(objections),
    )
    return rehearser.difference(past)


def _within(window: Window, outlet_ids: Sequence[OutletId]) -> Any:  # noqa: ANN401 - a condition
    outlet_id = acceptances.c.outlet_id
    return and_(
        outlet_id == outlet_ids[0] if len(outlet_ids) == 1 else outlet_id.in_(outlet_ids),
        acceptances.c.recorded_at >= window.since,
        acceptances.c.recorded_at < window.until,
        acceptances.c.revision == 1,
    )


@lru_cache(maxsize=4_096)
def _versions(text: str) -> Mapping[str, str]:
    """The versions that a decision names: of most decisions the same."""
    return cast("Mapping[str, str]", from_json(text))
