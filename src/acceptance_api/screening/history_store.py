"""Steps and closings in SQL: added, never changed; the row of the pass sums them up."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, insert, select, update

from acceptance_api.audit import Entry, append
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import ClerkId
from acceptance_api.screening.history import Done, FlagClosing, PassHistory, StepTaken
from acceptance_api.screening.model import FlagConclusion, PassState, Screening, Step
from acceptance_api.screening.tables import screening_flag_closings, screening_steps, screenings


async def history_of(tx: Tx, screening: Screening) -> PassHistory:
    """A pass and everything that was done with it since."""
    steps, closings = screening_steps.c, screening_flag_closings.c
    taken = select(screening_steps).where(steps.outlet_id == screening.outlet_id, steps.screening_id == screening.id)
    closed = select(screening_flag_closings).where(
        closings.outlet_id == screening.outlet_id, closings.screening_id == screening.id
    )
    return PassHistory(
        screening=screening,
        steps=tuple(_step(row) for row in await tx.execute(taken.order_by(steps.number))),
        closings=tuple(_closing(row) for row in await tx.execute(closed.order_by(closings.at, closings.flag))),
    )


async def change(
    tx: Tx,
    after: Screening,
    *,
    steps: Sequence[StepTaken] = (),
    closing: FlagClosing | None = None,
    entry: Entry,
) -> None:
    """Record what was done with a pass, where it stands now, and the audit entry; this transaction holds it."""
    place = {"outlet_id": after.outlet_id, "screening_id": after.id}
    if steps:
        await tx.execute(insert(screening_steps), [place | _step_row(step) for step in steps])
    if closing is not None:
        await tx.execute(insert(screening_flag_closings), place | _closing_row(closing))
    await tx.execute(
        update(screenings)
        .where(screenings.c.outlet_id == after.outlet_id, screenings.c.id == after.id)
        .values(state=after.state.value, flags_open=after.flags_open)
    )
    await append(tx, entry)


def _step_row(step: StepTaken) -> dict[str, object]:
    done = {name: getattr(step.done, name) for name in Done.__slots__}
    return {"number": step.number, "step": step.step.value, "state": step.state.value, **done}


def _closing_row(closing: FlagClosing) -> dict[str, object]:
    done = {name: getattr(closing.done, name) for name in Done.__slots__ if name != "photo"}
    own = {name: getattr(closing, name) for name in ("flag", "in_time", "rules_version")}
    return {**own, "conclusion": closing.conclusion.value, **done}


def _step(row: Row[Any]) -> StepTaken:
    return StepTaken(
        number=row.number, step=Step(row.step), state=PassState(row.state), done=_done(row, photo=row.photo)
    )


def _closing(row: Row[Any]) -> FlagClosing:
    return FlagClosing(
        flag=row.flag,
        conclusion=FlagConclusion(row.conclusion),
        in_time=row.in_time,
        rules_version=row.rules_version,
        done=_done(row, photo=None),
    )


def _done(row: Row[Any], *, photo: str | None) -> Done:
    return Done(
        request_id=row.request_id,
        clerk_id=ClerkId(row.clerk_id),
        second_clerk_id=ClerkId(row.second_clerk_id) if row.second_clerk_id else None,
        reason=row.reason,
        photo=photo,
        at=row.at,
        fingerprint=row.fingerprint,
    )
