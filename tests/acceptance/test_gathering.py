"""Which goods a line of the contents is judged as."""

from datetime import date
from decimal import Decimal

from acceptance_api.acceptance.contents import goods_facts
from acceptance_api.acceptance.model import Item
from acceptance_api.acceptance.rules import rules_on

RULES = rules_on(date(2026, 3, 5))


def codes(name: str, goods_code: str | None = None) -> list[str]:
    return [fact.code for fact in goods_facts((Item(name=name, quantity=Decimal(1), goods_code=goods_code),), RULES)]


def test_a_harmless_code_does_not_hide_what_the_name_says() -> None:
    harmless = next(goods.code for goods in RULES.catalogue.goods if goods.verdict.value == "ok")
    banned = RULES.catalogue.find_named("打火机")

    assert banned is not None
    assert codes("打火机", harmless) == [harmless, banned.code]


def test_a_code_that_is_also_the_name_counts_once() -> None:
    banned = RULES.catalogue.find_named("打火机")

    assert banned is not None
    assert codes("打火机", banned.code) == [banned.code]


def test_what_the_catalogue_does_not_know_is_no_fact() -> None:
    assert codes("毫无名堂的东西") == []
