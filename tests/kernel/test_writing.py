"""Group commit: answered after the commit, one bad record fails alone, an unknown outcome is found out by the keys."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select

from acceptance_api.acceptance.tables import sender_amounts
from acceptance_api.audit import Action, Actor, Entry, row_of
from acceptance_api.audit.tables import audit_entries
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.express import Conflict, Lane, Record, Writer, open_lane, settled
from acceptance_api.kernel.express.lane import Rows, Unserved
from acceptance_api.kernel.express.questions import Question
from acceptance_api.kernel.ids import EntryId, new_uuid
from acceptance_api.kernel.problems import Kind, Problem
from tests.support.builders import NOON, TODAY

STREAM = new_uuid()


def record(entry_id: EntryId | None = None, *, action: Action = Action.EVIDENCE_STORED) -> Record:
    """A record of one row."""
    entry = Entry(
        action=action,
        actor=Actor(client_id=None),
        at=NOON,
        stream_id=STREAM,
        subject_id=STREAM,
        id=entry_id or EntryId(new_uuid()),
    )
    return Record((row_of(entry),), frozenset({entry.id}))


def too_long() -> Record:
    """A record that no database takes: SQLite by its type, PostgreSQL by its length."""
    table, row = record().rows[0]
    return Record(((table, row | {"action": None}),))


class Broken:
    """A lane whose connection breaks off, before or after it has committed."""

    writers = 1

    def __init__(self, lane: Lane, *, times: int, is_stored: bool) -> None:
        self._lane = lane
        self._times = times
        self._is_stored = is_stored
        self.inserts = 0

    async def insert(self, rows: Rows) -> None:
        """Break off as often as told."""
        self.inserts += 1
        if self._times > 0:
            self._times -= 1
            if self._is_stored:
                await self._lane.insert(rows)
            raise Unserved
        await self._lane.insert(rows)

    async def ask(self, question: Question, asked: Any) -> Any:  # noqa: ANN401 - nobody asks here
        """Pass on."""
        return await self._lane.ask(question, asked)

    async def close(self) -> None:
        """Pass on."""
        await self._lane.close()


@pytest.fixture
async def lane(database: Database) -> Any:  # noqa: ANN401 - an async generator
    """The express lane to a fresh database."""
    opened = open_lane(database)
    yield opened
    await opened.close()


def writer_of(lane: Lane, *, together: int = 128) -> Writer:
    return Writer(lane, together_max=together, waiting_max=512, lanes=lane.writers)


async def stored(database: Database) -> int:
    async with database.read() as tx:
        return int((await tx.execute(select(func.count()).select_from(audit_entries))).scalar_one())


async def test_a_record_is_there_when_its_caller_is_answered(database: Database, lane: Lane) -> None:
    await writer_of(lane).add(record())

    assert await stored(database) == 1


async def test_records_that_arrive_together_share_a_transaction(database: Database, lane: Lane) -> None:
    counting = Broken(lane, times=0, is_stored=False)
    writer = writer_of(counting)

    await asyncio.gather(*(writer.add(record()) for _ in range(60)))

    assert await stored(database) == 60
    assert counting.inserts <= 3


async def test_a_record_whose_key_is_taken_fails_alone(database: Database, lane: Lane) -> None:
    writer, taken = writer_of(lane), EntryId(new_uuid())
    await writer.add(record(taken))
    records = [record() for _ in range(9)]
    records.insert(4, record(taken, action=Action.MARK_ISSUED))

    outcomes = await asyncio.gather(*(writer.add(one) for one in records), return_exceptions=True)

    assert [type(one) for one in outcomes] == [type(None)] * 4 + [Conflict] + [type(None)] * 5
    assert await stored(database) == 10


async def test_a_record_the_database_does_not_take_fails_alone(database: Database, lane: Lane) -> None:
    writer = writer_of(lane)

    outcomes = await asyncio.gather(
        writer.add(record()), writer.add(too_long()), writer.add(record()), return_exceptions=True
    )

    assert [isinstance(one, Exception) for one in outcomes] == [False, True, False]
    assert await stored(database) == 2


async def test_two_records_of_one_key_at_once_do_not_meet_in_one_transaction(database: Database, lane: Lane) -> None:
    writer, key = writer_of(lane), EntryId(new_uuid())

    outcomes = await asyncio.gather(*(writer.add(record(key)) for _ in range(5)), return_exceptions=True)

    assert sum(one is None for one in outcomes) == 1
    assert sum(isinstance(one, Conflict) for one in outcomes) == 4
    assert await stored(database) == 1


@pytest.mark.parametrize(("is_stored", "outcome"), [(False, type(None)), (True, Conflict)], ids=["lost", "stored"])
async def test_after_a_commit_of_unknown_outcome_the_keys_tell(
    database: Database, lane: Lane, *, is_stored: bool, outcome: type
) -> None:
    writer = writer_of(Broken(lane, times=1, is_stored=is_stored))

    outcomes = await asyncio.gather(*(writer.add(record()) for _ in range(3)), return_exceptions=True)

    assert {type(one) for one in outcomes} == {outcome}
    assert await stored(database) == 3


async def test_a_database_that_is_gone_is_a_problem_and_the_writer_recovers(database: Database, lane: Lane) -> None:
    writer = writer_of(Broken(lane, times=2, is_stored=False))

    with pytest.raises(Problem) as refused:
        await writer.add(record())
    await writer.add(record())

    assert refused.value.kind is Kind.DATABASE_UNAVAILABLE
    assert await stored(database) == 1


async def test_who_was_second_drafts_anew(database: Database, lane: Lane) -> None:
    writer, taken = writer_of(lane), EntryId(new_uuid())
    await writer.add(record(taken))
    drafts = iter([taken, EntryId(new_uuid())])

    async def draft() -> tuple[EntryId, Record]:
        entry_id = next(drafts)
        return entry_id, record(entry_id)

    async def nothing_known() -> EntryId | None:
        return None

    assert await settled(writer, draft, nothing_known) != taken
    assert await stored(database) == 2


async def test_who_is_never_first_is_told_to_come_back(lane: Lane) -> None:
    writer, taken = writer_of(lane), EntryId(new_uuid())
    await writer.add(record(taken))

    async def draft() -> tuple[EntryId, Record]:
        return taken, record(taken)

    async def nothing_known() -> EntryId | None:
        return None

    with pytest.raises(Problem) as refused:
        await settled(writer, draft, nothing_known)

    assert refused.value.kind is Kind.CHANGED_MEANWHILE


# --- numbers that the next draft can have -----------------------------------------------------------------------------


class Numbers:
    """Callers who want the next number of one count, each in a row of its own."""

    def __init__(self, database: Database, *, in_line: bool) -> None:
        self._database, self._in_line = database, in_line
        self.key = ("count", new_uuid())

    async def numbers(self) -> list[int]:
        """The numbers that were given, in their order."""
        query = select(sender_amounts.c.number).where(sender_amounts.c.enterprise_id == self.key[1])
        async with self._database.read() as tx:
            return [int(row.number) for row in await tx.execute(query.order_by(sender_amounts.c.number))]

    async def draft(self) -> tuple[int, Record]:
        """The number after the last, and the record that takes it."""
        last = max(await self.numbers(), default=0)
        row = {
            "token": 1,
            "enterprise_id": self.key[1],
            "day": TODAY,
            "goods_code": "R-01",
            "number": last + 1,
            "added": "1",
            "total": str(last + 1),
            "outlet_id": STREAM,
            "acceptance_id": new_uuid(),
        }
        keys = [self.key]
        counted = Record(()).with_rows([(sender_amounts, row)], () if self._in_line else keys)
        return last + 1, counted.with_rows((), in_line=keys) if self._in_line else counted

    async def take(self, writer: Writer) -> int:
        """One number for one caller."""
        return await settled(writer, self.draft, nothing_done)


async def nothing_done() -> int | None:
    return None


def test_what_is_waited_for_in_line_is_claimed_too() -> None:
    base = Record((), frozenset({"a"}))

    extended = base.with_rows((), ["b"], in_line=["c"]).with_rows((), in_line=["d"])

    assert extended.claims == {"a", "b", "c", "d"}
    assert extended.in_line == {"c", "d"}


async def test_all_who_want_the_next_number_at_once_get_one_each(database: Database, lane: Lane) -> None:
    counting, writer = Numbers(database, in_line=True), writer_of(lane)

    taken = await asyncio.gather(*(counting.take(writer) for _ in range(48)))

    assert sorted(taken) == await counting.numbers() == list(range(1, 49))
    assert len(writer.turns) == 0


async def test_without_a_line_some_of_them_are_told_to_come_back(database: Database, lane: Lane) -> None:
    """What the line is for: without it as many callers give up as never were first in three drafts."""
    counting, writer = Numbers(database, in_line=False), writer_of(lane)

    taken = await asyncio.gather(*(counting.take(writer) for _ in range(48)), return_exceptions=True)

    turned_away = [one for one in taken if isinstance(one, Problem)]
    assert {one.kind for one in turned_away} == {Kind.CHANGED_MEANWHILE}
    assert await counting.numbers() == list(range(1, 49 - len(turned_away)))


async def test_two_processes_give_no_number_twice_and_skip_none(postgresql_url: str) -> None:
    databases = [Database(postgresql_url) for _ in range(2)]
    lanes = [open_lane(database) for database in databases]
    writers = [writer_of(lane) for lane in lanes]
    counting = Numbers(databases[0], in_line=True)

    taken = await asyncio.gather(*(counting.take(writers[i % 2]) for i in range(48)))

    assert sorted(taken) == await counting.numbers() == list(range(1, 49))
    assert [len(writer.turns) for writer in writers] == [0, 0]
    for lane, opened in zip(lanes, databases, strict=True):
        await lane.close()
        await opened.dispose()


async def test_who_is_never_first_in_line_gives_up_and_leaves_the_line(database: Database, lane: Lane) -> None:
    counting, writer, drafts = Numbers(database, in_line=True), writer_of(lane), 0
    _, first = await counting.draft()
    await writer.add(first)

    async def draft() -> tuple[int, Record]:
        nonlocal drafts
        drafts += 1
        return 1, first

    with pytest.raises(Problem) as refused:
        await settled(writer, draft, nothing_done)

    assert refused.value.kind is Kind.CHANGED_MEANWHILE
    assert drafts > 10
    assert len(writer.turns) == 0


async def test_who_finds_in_line_that_it_was_done_is_answered_so(database: Database, lane: Lane) -> None:
    counting, writer, looked = Numbers(database, in_line=True), writer_of(lane), 0
    _, first = await counting.draft()
    await writer.add(first)

    async def draft() -> tuple[int, Record]:
        return 1, first

    async def find_done() -> int | None:
        nonlocal looked
        looked += 1
        return 7 if looked == 2 else None

    assert await settled(writer, draft, find_done) == 7
    assert len(writer.turns) == 0


async def test_who_goes_away_in_line_lets_the_others_go_on(database: Database, lane: Lane) -> None:
    counting, writer = Numbers(database, in_line=True), writer_of(lane)
    callers = [asyncio.create_task(counting.take(writer)) for _ in range(24)]
    await asyncio.sleep(0.01)
    for caller in callers[::3]:
        caller.cancel()

    taken = await asyncio.gather(*callers, return_exceptions=True)

    answered = [one for one in taken if isinstance(one, int)]
    given = await counting.numbers()
    assert len(answered) >= 16
    assert given == list(range(1, len(given) + 1))
    assert len(given) >= len(answered), "what a caller was not told may be stored"
    assert set(answered) <= set(given)
    assert len(writer.turns) == 0
