"""The trail keeps what was done, with its transaction, and gives it back in order."""

from datetime import timedelta

import pytest

from acceptance_api.audit import OPERATOR, Action, Actor, Entry, append, find_entries
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.ids import new_uuid
from tests.support.builders import NOON

STREAM, CASE, SUBJECT = new_uuid(), new_uuid(), new_uuid()
ACTOR = Actor(client_id=new_uuid(), clerk_id=new_uuid(), case_id=CASE, request_id="r-1")


def entries() -> tuple[Entry, ...]:
    """Four entries of one trail and one of another, in the order of their minting."""
    return (
        Entry(action=Action.CASE_OPENED, actor=OPERATOR, at=NOON, stream_id=STREAM, subject_id=CASE),
        Entry(
            action=Action.RECORDS_SEARCHED,
            actor=ACTOR,
            at=NOON + timedelta(microseconds=1),
            stream_id=STREAM,
            subject_id=SUBJECT,
            detail={"kind": "phone", "found": 2, "grounds": ["a", "b"], "nothing": None},
            commitments={"values": bytes(range(40))},
        ),
        Entry(action=Action.FIELDS_DISCLOSED, actor=OPERATOR, at=NOON, stream_id=STREAM, subject_id=SUBJECT),
        Entry(action=Action.CLERK_ADDED, actor=OPERATOR, at=NOON, stream_id=STREAM, subject_id=new_uuid()),
        Entry(action=Action.CLERK_ADDED, actor=OPERATOR, at=NOON, stream_id=new_uuid(), subject_id=SUBJECT),
    )


async def test_entries_come_back_as_they_were_appended(database: Database) -> None:
    made = entries()
    async with database.transaction() as tx:
        for entry in reversed(made):
            await append(tx, entry)
    async with database.read() as tx:
        assert await find_entries(tx, STREAM) == made[:4]
        assert await find_entries(tx, STREAM, limit=2) == made[:2]
        assert await find_entries(tx, STREAM, after=made[1].id) == made[2:4]
        assert await find_entries(tx, STREAM, subject_id=SUBJECT) == made[1:3]
        assert await find_entries(tx, STREAM, case_id=CASE) == made[:2]
        assert await find_entries(tx, new_uuid()) == ()


async def test_what_is_rolled_back_was_never_done(database: Database) -> None:
    async def failing() -> None:
        async with database.transaction() as tx:
            await append(tx, entries()[0])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await failing()
    async with database.read() as tx:
        assert await find_entries(tx, STREAM) == ()


def test_every_action_is_a_subject_and_what_was_done_to_it() -> None:
    assert all(action.value.replace(".", "_") == action.name.lower() for action in Action)
    assert all(action.value.count(".") == 1 for action in Action)
    irregular = {"made", "sought", "written_off"}
    done = [action.value.partition(".")[2] for action in Action]
    assert [one for one in done if not one.endswith("ed") and one not in irregular] == []
