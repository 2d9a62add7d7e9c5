"""What a parcel will need, told before the clerk starts."""

from dataclasses import replace

import pytest

from acceptance_api.acceptance import (
    AskRequirements,
    Destination,
    Item,
    Reach,
    Requirements,
    SenderKind,
    Transport,
    rules_on,
    state_requirements,
)
from acceptance_api.goods import Reason
from acceptance_api.inspection import ContentsKind
from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.problems import Fault, Kind, Problem
from tests.support.builders import ANOTHER_PROVINCE, NOON, SAME_CITY, Shop, item


def asked(
    *,
    sender_kind: SenderKind = SenderKind.PERSON,
    contents_kind: ContentsKind = ContentsKind.GENERAL,
    destination: Destination = SAME_CITY,
    transport: Transport = Transport.GROUND,
    contents: tuple[Item, ...] = (),
) -> AskRequirements:
    return AskRequirements(
        sender_kind=sender_kind,
        contents_kind=contents_kind,
        destination=destination,
        transport=transport,
        contents=contents,
    )


async def requirements(shop: Shop, request: AskRequirements) -> Requirements:
    async with shop.database.read() as tx:
        return await state_requirements(rules_on(legal_day(NOON)), tx, shop.caller, request, at=NOON)


@pytest.mark.parametrize(
    ("question", "needed"),
    [
        pytest.param(asked(), (True, True, False), id="a walk-in's parcel in the city"),
        pytest.param(asked(destination=ANOTHER_PROVINCE), (True, True, True), id="to another province"),
        pytest.param(asked(transport=Transport.AIR), (True, True, True), id="by air"),
        pytest.param(asked(contents_kind=ContentsKind.LETTER), (False, False, False), id="a letter"),
        pytest.param(asked(sender_kind=SenderKind.AGREEMENT), (False, True, False), id="an agreement customer's"),
        pytest.param(asked(sender_kind=SenderKind.ORGANISATION), (True, True, False), id="an organisation's"),
    ],
)
async def test_what_is_needed_follows_from_sender_contents_and_way(
    shop: Shop, question: AskRequirements, needed: tuple[bool, bool, bool]
) -> None:
    told = await requirements(shop, question)

    assert (told.identity_required, told.inspection_required, told.screening_required) == needed


async def test_each_requirement_cites_its_article(shop: Shop) -> None:
    parcel, letter = (
        await requirements(shop, asked()),
        await requirements(shop, asked(contents_kind=ContentsKind.LETTER)),
    )

    assert (parcel.identity_citation.act, parcel.identity_citation.article) == ("快递暂行条例", "23")
    assert (parcel.inspection_citation.act, parcel.inspection_citation.article) == ("快递暂行条例", "32")
    assert (letter.inspection_citation.act, letter.inspection_citation.article) == ("邮政法", "25")
    assert (parcel.screening_citation.act, parcel.screening_citation.article) == ("快递暂行条例", "33")


async def test_the_checklist_and_the_rules_of_the_day_are_named(shop: Shop) -> None:
    told = await requirements(shop, asked(contents_kind=ContentsKind.FOOD))

    assert (told.checklist.contents_kind, told.reach) == (ContentsKind.FOOD, Reach.SAME_CITY)
    assert told.rules == {**rules_on(legal_day(NOON)).versions, "checklist": told.checklist.version}


async def test_each_line_the_catalogue_knows_is_judged(shop: Shop) -> None:
    told = await requirements(
        shop, asked(contents=(item("打火机"), item("新玩意"), item("香烟", 401, goods_code="R-01")))
    )

    assert [(line, judgement.reason) for line, judgement, _ in told.judgements] == [
        (0, Reason.PROHIBITED),
        (2, Reason.OVER_LIMIT),
    ]


async def test_an_unknown_goods_code_is_pointed_at(shop: Shop) -> None:
    with pytest.raises(Problem) as caught:
        await requirements(shop, asked(contents=(item("新玩意", goods_code="X-99"),)))

    assert caught.value.kind is Kind.INVALID
    assert caught.value.faults == (Fault("/contents/0/goods_code", "not_in_the_catalogue"),)


async def test_without_the_permission_nothing_is_told(shop: Shop) -> None:
    without = replace(shop.caller, client=replace(shop.caller.client, permissions=frozenset()))

    with pytest.raises(Problem) as caught:
        await requirements(replace(shop, caller=without), asked())

    assert caught.value.kind is Kind.NOT_PERMITTED
