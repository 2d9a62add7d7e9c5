"""The parcels of a simulation, with people who do not exist: what is decided of each is plain from itself."""

from random import Random
from typing import Any

_SURNAMES, _GIVEN = "赵钱孙李周吴郑王冯陈", "青霁岚澄予宁朔望舒禾"
_NEAR, _FAR = ("110105", "110108"), ("310101", "440305")


def parcel(rng: Random, *, waybill: str, is_valid: bool = True) -> dict[str, Any]:
    """A letter, which is accepted near and held far away, or a parcel that nobody inspected, which is refused."""
    is_letter = rng.random() < 0.7
    return {
        "waybill": waybill if is_valid else waybill.lower(),
        "sender": {"kind": "person", **_person(rng)},
        "addressee": _person(rng),
        "destination": {"country": "CN", "division": rng.choice(rng.choice([_NEAR, _FAR]))},
        "contents_kind": "letter" if is_letter else "general",
        "contents": [{"name": "信函" if is_letter else "毛衣", "quantity": rng.randint(1, 9)}],
        "weight_g": rng.randint(1, 49_999),
    }


def waybill(rng: Random) -> str:
    """A waybill of its own."""
    return f"OF{rng.randrange(10**14):014d}"


def _person(rng: Random) -> dict[str, str]:
    return {
        "name": rng.choice(_SURNAMES) + "".join(rng.sample(_GIVEN, 2)),
        "phone": f"139{rng.randrange(10**8):08d}",
        "address": f"北京市朝阳区示例路{rng.randint(1, 999)}号",
    }
