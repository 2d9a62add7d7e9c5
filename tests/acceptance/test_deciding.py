"""smoke"""

from tests.support.builders import ANOTHER_PROVINCE, Shop


async def test_smoke(shop: Shop) -> None:
    acc = await shop.decide(await shop.ready())
    print(acc)
    acc = await shop.decide(await shop.ready(destination=ANOTHER_PROVINCE))
    print(acc)
