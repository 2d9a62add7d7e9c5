"""Campaigns, documents and passages: small ones for a test's sentence, random ones for a property."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from acceptance_api.campaigns import Campaign, OverlayKind, Passage, parse_campaign

Content = dict[str, Any]
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Whole campaigns are drawn in milliseconds, and on a busy machine in many."""
DIVISIONS = ("110105", "110101", "120101", "130709", "140105", "370402", "371312", "310101", "440305", "810000")
STATED = {"source": "a notice", "verified": True}
OWN: dict[OverlayKind, Content] = {
    OverlayKind.ITEM_BAN: {"goods": ["R-LSS-01"], "on": ["acceptance"]},
    OverlayKind.AGREEMENT_SAMPLING_RATIO: {"ratio": "0.5"},
    OverlayKind.OUTLET_DUTY: {"text_zh": "值守。", "text_en": "Keep watch."},
}
"""What an overlay of the kind must say beside its source."""


def overlay(kind: OverlayKind | str = OverlayKind.SCREEN_100, **members: Any) -> Content:  # noqa: ANN401 - JSON
    """An overlay's document."""
    own = OWN.get(OverlayKind(kind), {}) if kind in list(OverlayKind) else {}
    return {"kind": str(kind), **own, **STATED, **members}


def content(*overlays: Content, **members: Any) -> Content:  # noqa: ANN401 - JSON
    """A campaign's document: Beijing is the core, and everything is screened unless told otherwise."""
    return {
        "name_zh": "示例",
        "name_en": "Example",
        "period": {"starts": STATED, "ends": STATED},
        "rings": {"CORE": {"divisions": ["11"], **STATED}, "MOAT": {"divisions": ["12", "13"], **STATED}},
        "overlays": list(overlays or [overlay()]),
        **members,
    }


def campaign(*overlays: Content, **members: Any) -> Campaign:  # noqa: ANN401 - JSON
    """The campaign of such a document."""
    return parse_campaign(content(*overlays, **members))


def passage(  # a parcel from Shanghai to Beijing
    origin: str = "310101",
    destination: str | None = "110105",
    *,
    country: str = "CN",
    transport: str = "ground",
    transit: tuple[str, ...] = (),
) -> Passage:
    """A parcel's way."""
    return Passage(
        origin=origin,
        destination_country=country,
        destination_division=destination,
        transport=transport,
        transit=transit,
    )


# --- random ones ------------------------------------------------------------------------------------------------------

_TRANSPORTS = ("ground", "air", "high_speed_rail")
_SOURCED = st.fixed_dictionaries({"source": st.sampled_from(("notice 1", "通告")), "verified": st.booleans()})
_PREFIXES = st.sampled_from(DIVISIONS).flatmap(lambda code: st.sampled_from((code[:2], code[:4], code)))


def _some(values: st.SearchStrategy[str], *, at_most: int = 3) -> st.SearchStrategy[list[str]]:
    return st.lists(values, min_size=1, max_size=at_most)


def _distinct(entries: list[str]) -> list[str]:
    """Spelt in two ways, a division would stand there twice: that is a fault, and another test's."""
    known: dict[str, str] = {}
    for entry in entries:
        short = entry
        while entry.isdigit() and len(short) > 2 and short.endswith("00"):
            short = short[:-2]
        known.setdefault(short, entry)
    return list(known.values())


def scopes() -> st.SearchStrategy[Content]:
    """Conditions, none of them mandatory."""
    places = _some(st.one_of(_PREFIXES, st.sampled_from(("CORE", "MOAT")))).map(_distinct)
    conditions = st.fixed_dictionaries(
        {},
        optional={
            "origin": places,
            "destination": places,
            "transit": places,
            "transport": st.lists(st.sampled_from(_TRANSPORTS), min_size=1, unique=True),
        },
    )
    return st.tuples(conditions, st.booleans()).map(
        lambda drawn: drawn[0] | ({"inbound": True} if drawn[1] and "destination" in drawn[0] else {})
    )


def _own(kind: OverlayKind) -> st.SearchStrategy[Content]:
    match kind:
        case OverlayKind.ITEM_BAN:
            goods = st.lists(st.sampled_from(("R-LSS-01", "R-LSS-02", "P04", "G")), min_size=1, unique=True)
            on = st.lists(st.sampled_from(("acceptance", "delivery")), min_size=1, unique=True)
            return st.fixed_dictionaries({"goods": goods, "on": on})
        case OverlayKind.AGREEMENT_SAMPLING_RATIO:
            ratio = st.integers(0, 100)
            return st.fixed_dictionaries({"ratio": ratio.map(lambda hundredths: f"{hundredths / 100}")})
        case OverlayKind.OUTLET_DUTY:
            texts = st.sampled_from(("值守", "报告", "巡查"))
            return st.fixed_dictionaries({"text_zh": texts, "text_en": st.just("A duty")})
        case _:
            return st.just({})


def overlays() -> st.SearchStrategy[Content]:
    """An overlay of any kind, with or without its own scope."""

    def of(kind: OverlayKind) -> st.SearchStrategy[Content]:
        scope = st.one_of(st.just(Content()), scopes().map(lambda one: {"applies_to": one}))
        return st.tuples(_SOURCED, _own(kind), scope).map(
            lambda parts: {"kind": kind.value} | parts[0] | parts[1] | parts[2]
        )

    return st.sampled_from(OverlayKind).flatmap(of)


def contents() -> st.SearchStrategy[Content]:
    """Documents of campaigns in which nothing is wrong."""
    rings = st.fixed_dictionaries(
        {
            name: st.tuples(_SOURCED, _some(_PREFIXES).map(_distinct)).map(lambda p: p[0] | {"divisions": p[1]})
            for name in ("CORE", "MOAT")
        }
    )
    issued = st.fixed_dictionaries(
        {"title": st.sampled_from(("通告", "通知")), "issuer": st.just("国家邮政局")},
        optional={"number": st.just("1号"), "dated_on": st.dates().map(str)},
    )
    issuing = st.lists(st.tuples(issued, _SOURCED).map(lambda p: p[0] | p[1]), max_size=2, unique_by=_named)
    goods = st.fixed_dictionaries(
        {"code": st.sampled_from(("R-X-1", "R-X-2")), "class_code": st.just("R")},
        optional={"synonyms": st.lists(st.sampled_from(("甲", "乙")), max_size=2)},
    )
    named = st.fixed_dictionaries({"name_zh": st.just("物"), "name_en": st.just("Thing")})
    introduced = st.lists(
        st.tuples(goods, named, _SOURCED).map(lambda p: p[0] | p[1] | p[2]),
        max_size=2,
        unique_by=lambda row: row["code"],
    )
    return st.fixed_dictionaries(
        {
            "name_zh": st.just("示例"),
            "name_en": st.just("Example"),
            "period": st.fixed_dictionaries({"starts": _SOURCED, "ends": _SOURCED}),
            "rings": rings,
            "overlays": st.lists(overlays(), min_size=1, max_size=6, unique_by=_essence),
        },
        optional={"issuing_documents": issuing, "applies_to": scopes(), "goods": introduced},
    )


def _named(document: Content) -> tuple[str, str | None]:
    return document["title"], document.get("number")


def _essence(one: Content) -> str:
    """Kinds stand once here: what counts as a repetition is another test's."""
    return str(one["kind"])


def campaigns() -> st.SearchStrategy[Campaign]:
    """Campaigns of any make."""
    return contents().map(parse_campaign)


def passages() -> st.SearchStrategy[Passage]:
    """Parcels of any way, abroad too, some known coarsely."""
    codes = st.sampled_from((*DIVISIONS, "110000", "370000", "370400"))
    return st.builds(
        Passage,
        origin=st.sampled_from((*DIVISIONS, "140100")),
        destination_country=st.sampled_from(("CN", "CN", "CN", "HK", "US")),
        destination_division=st.one_of(st.none(), codes),
        transport=st.sampled_from(_TRANSPORTS),
        transit=st.lists(codes, max_size=2).map(tuple),
    )
