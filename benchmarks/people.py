"""Four hundred people who do not exist: senders and addressees of the load."""

import random
from dataclasses import dataclass, replace

from acceptance_api.demo.people import Person, make_person

COUNT = 400
SEED = 20_261_124
GOODS = (
    "羊毛混纺圆领毛衣（藏青色，均码，原包装未拆）",
    "纯棉儿童长袖睡衣两件套（一百二十码，浅蓝色）",
    "手工编织羊绒围巾（浅灰色，带原厂包装盒）",
    "精装本散文集与旅行笔记（上下两册，签名本）",
    "陶瓷马克杯（带盖，防震泡沫已包裹，四件）",
    "学生用笔记本与文具套装（未拆封，含直尺）",
)
"""What they send: nothing that the goods catalogue knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A sender at the counter, with everything for some parcels but their numbers."""

    sender: Person
    addressee: Person


def visits(count: int = COUNT, *, seed: int = SEED) -> tuple[Visit, ...]:
    """So many senders, each with somebody to send to; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - made-up people, not secrets
    people = [_directed(make_person(chance)) for _ in range(2 * count)]
    return tuple(Visit(sender=people[i], addressee=people[count + i]) for i in range(count))


def _directed(person: Person) -> Person:
    """The person with an address as long as people write them."""
    return replace(
        person, address=f"{person.address}（小区南门快递柜旁，工作日请放物业代收点，周末送货上门前请先打电话联系）"
    )


def contents() -> list[dict[str, object]]:
    """The declared contents: the same six lines in every parcel."""
    return [{"name": name, "quantity": 1 + number % 3} for number, name in enumerate(GOODS)]
