"""What can happen at a counter: each story says only how it differs from an ordinary parcel."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One way a parcel can go. `weight` says how often it happens."""

    title: str
    weight: int
    sequence: int | None = None
    sender: str = "person"
    contents_kind: str = "general"
    goods: tuple[str, int] = ("毛衣", 2)
    seen: tuple[str, int] | None = None
    same_city: bool = False
    is_screened: bool = True
    is_inspected: bool = True
    is_opened: bool = True
    person_matches: bool = True
    valid_until: date | None = None
    waybill_name: str | None = None
    screened_later: bool = False
    documents: tuple[str, ...] = field(default=())


STORIES = (
    Story(title="ordinary parcel", weight=40),
    Story(title="parcel within the city", weight=12, same_city=True, is_screened=False, goods=("图书", 3)),
    Story(title="letter", weight=6, sender="nobody", contents_kind="letter", goods=("信件", 1), is_inspected=False),
    Story(title="safety-agreement customer", weight=10, sender="agreement"),
    Story(title="organisation through its agent", weight=6, sender="organisation"),
    Story(title="lighters in the box", weight=4, goods=("打火机", 5)),
    Story(title="petrol in the box", weight=2, goods=("汽油", 1)),
    Story(title="authority says no match", weight=3, sequence=998),
    Story(title="authority has no record", weight=3, sequence=997),
    Story(title="another person's card", weight=2, person_matches=False),
    Story(title="card expired", weight=2, valid_until=date(2020, 1, 1)),
    Story(title="another name on the waybill", weight=2, waybill_name="某某某"),
    Story(title="sender will not open the box", weight=2, is_opened=False),
    Story(title="other goods than declared", weight=2, seen=("手机", 1)),
    Story(title="X-ray machine busy, screened later", weight=4, is_screened=False, screened_later=True),
)
