"""Whom a case asks to tell, by when, and who was told. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from acceptance_api.interception.model import Body, Obligation
from acceptance_api.interception.rules import DisposalRule


def obligations_of(rule: DisposalRule, known: tuple[Obligation, ...], *, since: datetime) -> tuple[Obligation, ...]:
    """What finding goods of a class asks for, beyond what is asked and open already.

    A body that was told of something else is told again; one that is still to be told keeps its earlier deadline.
    """
    open_bodies = {one.bodies for one in known if one.told_at is None}
    wanted = [duty for duty in rule.duties if duty.bodies not in open_bodies]
    return tuple(
        Obligation(
            number=len(known) + i,
            disposal=rule.disposal,
            bodies=duty.bodies,
            urgency=duty.urgency,
            due_at=since + duty.within,
        )
        for i, duty in enumerate(wanted, start=1)
    )


def told(known: Iterable[Obligation], body: Body, *, at: datetime, step: int) -> tuple[Obligation, ...]:
    """The open obligations that telling this body meets."""
    return tuple(replace(one, told_at=at, told_in=step) for one in known if one.told_at is None and body in one.bodies)


def next_due(known: Iterable[Obligation]) -> datetime | None:
    """When the next body must have been told; None when all were."""
    return min((one.due_at for one in known if one.told_at is None), default=None)
