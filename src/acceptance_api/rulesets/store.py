"""Rule sets in SQL: editions and outcomes are added and read, never changed."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, and_, func, or_, select, tuple_

from acceptance_api.audit import Entry, append
from acceptance_api.kernel.database import Tx, insert_new
from acceptance_api.kernel.problems import Kind, Problem
from acceptance_api.rulesets.model import (
    INSTALLATION,
    Found,
    Layer,
    Outcome,
    Proposal,
    RuleSet,
    RuleSetKey,
    Signature,
)
from acceptance_api.rulesets.policy import ordered
from acceptance_api.rulesets.tables import rule_set_outcomes, rule_sets

Key = tuple[UUID, str, int]
"""Owner, name and edition."""

_KEY: Final = (rule_sets.c.owner_id, rule_sets.c.name, rule_sets.c.edition)
_OUTCOME: Final = and_(
    rule_set_outcomes.c.owner_id == rule_sets.c.owner_id,
    rule_set_outcomes.c.name == rule_sets.c.name,
    rule_set_outcomes.c.edition == rule_sets.c.edition,
)
_APPROVED: Final = rule_set_outcomes.c.outcome == Outcome.APPROVED.value
_TOGETHER: Final = 100
"""Editions read by one statement: SQLite takes a limited number of parameters."""


async def add_proposal(tx: Tx, proposal: Proposal, *, entry: Entry) -> None:
    """Record an edition and its audit entry.

    Raises:
        Problem: CHANGED_MEANWHILE, when somebody proposed this edition at the same moment.
    """
    rule_set, proposed = proposal.rule_set, proposal.proposed
    row = {
        "owner_id": rule_set.owner_id,
        "name": rule_set.name,
        "edition": rule_set.edition,
        "id": proposal.id,
        "layer": rule_set.layer.value,
        "kind": rule_set.kind,
        "starts_at": rule_set.starts_at,
        "ends_at": rule_set.ends_at,
        "content": dict(rule_set.content),
        "digest": rule_set.digest,
        "jurisdiction": rule_set.jurisdiction,
        "proposed_by_client": proposed.client_id,
        "proposed_by": proposed.by,
        "proposed_at": proposed.at,
    }
    if not await insert_new(tx, rule_sets, row):
        raise Problem(Kind.CHANGED_MEANWHILE)
    await append(tx, entry)


async def add_outcome(
    tx: Tx, key: RuleSetKey, outcome: Outcome, answered: Signature, *, reason: str | None, entry: Entry
) -> None:
    """Record what the second person said, and its audit entry.

    Raises:
        Problem: RULE_SET_SETTLED, when somebody said something meanwhile.
    """
    row = {
        "owner_id": key.owner_id,
        "name": key.name,
        "edition": key.edition,
        "outcome": outcome.value,
        "answered_by_client": answered.client_id,
        "answered_by": answered.by,
        "answered_at": answered.at,
        "reason": reason,
    }
    if not await insert_new(tx, rule_set_outcomes, row):
        raise Problem(Kind.RULE_SET_SETTLED)
    await append(tx, entry)


async def find_newest(tx: Tx, owner_id: UUID, name: str) -> tuple[int, str] | None:
    """Number and kind of the newest edition of a name, whatever became of it."""
    query = (
        select(rule_sets.c.edition, rule_sets.c.kind)
        .where(rule_sets.c.owner_id == owner_id, rule_sets.c.name == name)
        .order_by(rule_sets.c.edition.desc())
        .limit(1)
    )
    row = (await tx.execute(query)).first()
    return (row.edition, row.kind) if row else None


async def find_proposal(tx: Tx, key: RuleSetKey) -> Proposal | None:
    """One edition."""
    query = _proposals().where(
        rule_sets.c.owner_id == key.owner_id, rule_sets.c.name == key.name, rule_sets.c.edition == key.edition
    )
    row = (await tx.execute(query)).first()
    return _proposal(row) if row else None


async def find_editions(tx: Tx, owner_id: UUID, name: str, *, limit: int = 100) -> tuple[Proposal, ...]:
    """The editions of one name, the newest first."""
    query = _proposals().where(rule_sets.c.owner_id == owner_id, rule_sets.c.name == name)
    rows = await tx.execute(query.order_by(rule_sets.c.edition.desc()).limit(limit))
    return tuple(_proposal(row) for row in rows)


async def find_proposals(
    tx: Tx,
    owner_id: UUID | None,
    *,
    at: datetime,
    found: Found = Found.ALL,
    after: UUID | None = None,
    limit: int = 50,
) -> tuple[Proposal, ...]:
    """Editions of an owner, or of all owners, oldest first."""
    query = _proposals()
    if owner_id is not None:
        query = query.where(rule_sets.c.owner_id == owner_id)
    if after is not None:
        query = query.where(rule_sets.c.id > after)
    if found is not Found.ALL:
        query = query.where(rule_sets.c.edition == _newest_approved(), *_window(found, at))
    return tuple(_proposal(row) for row in await tx.execute(query.order_by(rule_sets.c.id).limit(limit)))


async def find_approved_keys(tx: Tx, enterprise_id: UUID) -> frozenset[Key]:
    """Which approved editions may concern an enterprise: all statutory ones, its brand's, and all campaigns."""
    rows = await tx.execute(select(*_KEY).join(rule_set_outcomes, _OUTCOME).where(_APPROVED, _concerns(enterprise_id)))
    return frozenset((row.owner_id, row.name, row.edition) for row in rows)


async def find_rule_sets(tx: Tx, keys: Collection[Key]) -> tuple[RuleSet, ...]:
    """The approved ones of these editions."""
    found: list[RuleSet] = []
    for some in _chunks(sorted(keys)):
        query = _with_outcome().where(_APPROVED, tuple_(*_KEY).in_(some))
        found += [_rule_set(row) for row in await tx.execute(query)]
    return tuple(found)


async def find_approved(tx: Tx, enterprise_id: UUID) -> tuple[RuleSet, ...]:
    """Every approved edition that may concern an enterprise, superseded ones too."""
    rows = await tx.execute(_with_outcome().where(_APPROVED, _concerns(enterprise_id)))
    return ordered(_rule_set(row) for row in rows)


def _concerns(enterprise_id: UUID) -> ColumnElement[bool]:
    is_campaign = rule_sets.c.layer == Layer.CAMPAIGN.value
    return or_(is_campaign, rule_sets.c.owner_id.in_((INSTALLATION, enterprise_id)))


def _with_outcome() -> Select[tuple[object, ...]]:
    outcome = rule_set_outcomes.c
    return select(
        rule_sets, outcome.outcome, outcome.answered_by_client, outcome.answered_by, outcome.answered_at, outcome.reason
    ).join(rule_set_outcomes, _OUTCOME, isouter=True)


def _proposals() -> Select[tuple[object, ...]]:
    return _with_outcome().add_columns(_newest_approved().label("newest_approved"))


def _newest_approved() -> ScalarSelect[int | None]:
    other = rule_set_outcomes.alias("other")
    return (
        select(func.max(other.c.edition))
        .where(
            other.c.owner_id == rule_sets.c.owner_id,
            other.c.name == rule_sets.c.name,
            other.c.outcome == Outcome.APPROVED.value,
        )
        .correlate(rule_sets)
        .scalar_subquery()
    )


def _window(found: Found, at: datetime) -> tuple[ColumnElement[bool], ...]:
    if found is Found.UPCOMING:
        return (rule_sets.c.starts_at > at,)
    return rule_sets.c.starts_at <= at, or_(rule_sets.c.ends_at.is_(None), rule_sets.c.ends_at > at)


def _chunks(keys: list[Key]) -> Iterable[list[Key]]:
    return (keys[start : start + _TOGETHER] for start in range(0, len(keys), _TOGETHER))


def _proposal(row: Row[tuple[object, ...]]) -> Proposal:
    outcome = Outcome(row.outcome) if row.outcome else None
    answered = Signature(client_id=row.answered_by_client, by=row.answered_by, at=row.answered_at) if outcome else None
    return Proposal(
        id=row.id,
        rule_set=_rule_set(row),
        proposed=Signature(client_id=row.proposed_by_client, by=row.proposed_by, at=row.proposed_at),
        outcome=outcome,
        answered=answered,
        reason=row.reason,
        newest_approved=row.newest_approved,
    )


def _rule_set(row: Row[tuple[object, ...]]) -> RuleSet:
    return RuleSet(
        layer=Layer(row.layer),
        owner_id=row.owner_id,
        kind=row.kind,
        name=row.name,
        edition=row.edition,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        content=row.content,
        digest=row.digest,
        jurisdiction=row.jurisdiction,
        approved_at=row.answered_at if row.outcome == Outcome.APPROVED.value else None,
    )
