"""What a sender has sent in a legal day of goods with a limit by the day: in all parcels, at all outlets together.

A sender is known by the blind token of the document, an agreement customer by the agreement. Nothing is opened.
"""

from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Date, String, Uuid, and_, func, select

from acceptance_api.acceptance.facts import GoodsFact
from acceptance_api.acceptance.model import Acceptance, SenderKind
from acceptance_api.acceptance.rules import Rules
from acceptance_api.acceptance.tables import sender_amounts
from acceptance_api.identity import Identified
from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.database import Tx, insert_new
from acceptance_api.kernel.express import NewRow, Part, Question
from acceptance_api.kernel.ids import EnterpriseId
from acceptance_api.kernel.problems import Kind, Problem

Ask = Callable[..., Awaitable[tuple[Any, ...]]]
"""Answers a question: over the express lane, or within a transaction (`Question.of`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """How much of some goods a sender has sent on a day, and how often that was counted."""

    token: int
    day: date
    goods_code: str
    number: int = 0
    total: Decimal = Decimal(0)


Sender = tuple[int, date]
"""A sender's token, and the day on which their parcels are counted."""


def _part(asked: Mapping[str, ColumnElement[Any]]) -> Part[tuple[int, str] | None]:
    table, last = sender_amounts.alias("amount"), sender_amounts.alias("last")

    def of(one: Any) -> ColumnElement[bool]:  # noqa: ANN401 - an alias of the table
        return and_(*(one.c[name] == asked[name] for name in asked))

    newest = select(func.max(last.c.number)).where(of(last)).scalar_subquery()
    return Part(
        columns=(table.c.number, table.c.total),
        read=_number_and_total,
        joins=((table, and_(of(table), table.c.number == newest)),),
    )


def _number_and_total(values: Sequence[Any]) -> tuple[int, str] | None:
    return (values[0], values[1]) if values[0] is not None else None


QUESTION = Question(
    {"token": BigInteger(), "enterprise_id": Uuid(), "day": Date(), "goods_code": String()},
    lambda asked: (_part(asked),),
)


def sender_of(
    kind: SenderKind, verification: Identified | None, agreement_id: UUID | None, *, on: date
) -> Sender | None:
    """Who is counted for a parcel that was presented on this day; None for a sender who showed no document.

    A person's parcels count on the day the document was shown. Tokens change with the month. Within the day of the
    showing there is one token for one person, so a parcel that is presented after midnight with a document shown before
    is counted on the day before. What was decided offline may be verified later: it counts on its own day.
    """
    if kind is SenderKind.AGREEMENT and agreement_id is not None:
        return int.from_bytes(agreement_id.bytes[8:], "big", signed=True), on
    if verification is None:
        return None
    return verification.number_token, min(on, legal_day(verification.recorded_at))


async def sent_today(
    ask: Ask, enterprise_id: EnterpriseId, sender: Sender | None, goods: Iterable[GoodsFact], rules: Rules
) -> dict[str, Amount]:
    """What the sender has sent before, of those goods in the parcel that have a limit by the day; by code."""
    if sender is None:
        return {}
    return {code: await _amount(ask, enterprise_id, sender, code) for code in limited(goods, rules)}


def totals(amounts: Mapping[str, Amount]) -> dict[str, str]:
    """The same as the facts tell it: quantity by code."""
    return {code: f"{amount.total.normalize():f}" for code, amount in amounts.items()}


def limited(goods: Iterable[GoodsFact], rules: Rules) -> tuple[str, ...]:
    """The codes of goods with a limit by the day."""
    codes = dict.fromkeys(one.code for one in goods)
    combined = ((code, rules.catalogue.rule(code)) for code in codes)
    return tuple(code for code, rule in combined if rule is not None and rule.max_per_sender_per_day is not None)


def counted(
    acceptance: Acceptance, amounts: Mapping[str, Amount], goods: Iterable[GoodsFact]
) -> tuple[list[NewRow], set[Hashable]]:
    """The rows that add a parcel to the totals, and the keys at which others who add may be met."""
    rows: list[NewRow] = []
    keys: set[Hashable] = set()
    for code, amount in amounts.items():
        quantity = sum((one.amount for one in goods if one.code == code), start=Decimal(0))
        rows.append(row_of(acceptance, amount, added=quantity))
        keys.add(("amount", acceptance.enterprise_id, amount.token, amount.day, code))
    return rows, keys


async def count(tx: Tx, acceptance: Acceptance, amounts: Mapping[str, Amount], goods: Iterable[GoodsFact]) -> None:
    """Add a parcel to the totals within a transaction.

    Raises:
        Problem: CHANGED_MEANWHILE, when somebody else added to one first.
    """
    rows, _ = counted(acceptance, amounts, goods)
    await _insert(tx, rows)


async def give_back(tx: Tx, acceptance: Acceptance) -> None:
    """Take a parcel that stands no longer, or not as it was, out of the totals.

    Raises:
        Problem: CHANGED_MEANWHILE.
    """
    table = sender_amounts.c
    mine = select(table.token, table.day, table.goods_code, table.added).where(
        table.outlet_id == acceptance.outlet_id, table.acceptance_id == acceptance.id
    )
    added: dict[tuple[int, date, str], Decimal] = {}
    for row in await tx.execute(mine):
        key = row.token, row.day, row.goods_code
        added[key] = added.get(key, Decimal(0)) + Decimal(row.added)
    for (token, day, code), quantity in added.items():
        if not quantity:  # it was given back before
            continue
        amount = await _amount(asking_in(tx), acceptance.enterprise_id, (token, day), code)
        await _insert(tx, [row_of(acceptance, amount, added=-quantity)])


async def _insert(tx: Tx, rows: Iterable[NewRow]) -> None:
    for table, row in rows:
        if not await insert_new(tx, table, row):
            raise Problem(Kind.CHANGED_MEANWHILE)


async def _in(tx: Tx, question: Question, *asked: object) -> tuple[Any, ...]:
    return await question.of(tx, *asked)


def asking_in(tx: Tx) -> Ask:
    """Answers questions within a transaction."""
    return partial(_in, tx)


async def _amount(ask: Ask, enterprise_id: EnterpriseId, sender: Sender, code: str) -> Amount:
    token, day = sender
    (found,) = await ask(QUESTION, token, enterprise_id, day, code)
    number, total = found or (0, "0")
    return Amount(token=token, day=day, goods_code=code, number=number, total=Decimal(total))


def row_of(acceptance: Acceptance, amount: Amount, *, added: Decimal) -> NewRow:
    """The next row of a total."""
    return sender_amounts, {
        "token": amount.token,
        "enterprise_id": acceptance.enterprise_id,
        "day": amount.day,
        "goods_code": amount.goods_code,
        "number": amount.number + 1,
        "added": f"{added.normalize():f}",
        "total": f"{(amount.total + added).normalize():f}",
        "outlet_id": acceptance.outlet_id,
        "acceptance_id": acceptance.id,
    }
