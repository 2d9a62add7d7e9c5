"""People who do not exist. Their ID numbers carry the impossible division 000000, so that nobody real is met."""

import random
from dataclasses import dataclass

from acceptance_api.kernel.spelling import check_character

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚英华玉萍红玲芬燕彬岩"
_STREETS = ("示例路", "样板街", "演示大道", "虚构巷")
_CITIES = (
    ("110105", "北京市朝阳区"),
    ("310101", "上海市黄浦区"),
    ("440106", "广州市天河区"),
    ("510104", "成都市锦江区"),
)
_NOBODY_LIVES_HERE = "000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A made-up person. `sequence` steers the sandbox authority: 996 down, 997 no record, 998 mismatch."""

    name: str
    phone: str
    address: str
    division: str
    id_number: str

    def __repr__(self) -> str:
        """Show nothing, as if the person were real."""
        return "<person>"

    def as_party(self) -> dict[str, str]:
        """The person as a party of a waybill."""
        return {"name": self.name, "phone": self.phone, "address": self.address}


def make_person(chance: random.Random, *, sequence: int | None = None) -> Person:
    """A person drawn by chance."""
    division, city = chance.choice(_CITIES)
    address = (
        f"{city}{chance.choice(_STREETS)}{chance.randint(1, 300)}号"
        f"{chance.randint(1, 20)}号楼{chance.randint(1, 6)}单元{chance.randint(101, 2606)}室"
    )
    return Person(
        name=chance.choice(_SURNAMES) + "".join(chance.sample(_GIVEN, k=2)),
        phone=f"1{chance.choice('356789')}0{chance.randint(0, 99_999_999):08d}",
        address=address,
        division=division,
        id_number=make_id_number(chance, sequence=sequence),
    )


def make_id_number(chance: random.Random, *, sequence: int | None = None) -> str:
    """A well-formed number of nobody."""
    born = f"{chance.randint(1950, 2004)}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
    chosen = chance.randint(1, 990) if sequence is None else sequence
    seventeen = f"{_NOBODY_LIVES_HERE}{born}{chosen:03d}"
    return seventeen + check_character(seventeen)
