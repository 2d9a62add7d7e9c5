"""What a counter that is offline says of goods: by the catalogue of its bundle, and by what its brand asks beyond it.

Goods that a brand adds to the catalogue are not looked for here, only what it says of those that stand in it.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

Json = Mapping[str, Any]
Obstacle = tuple[str, str | None]
"""Why goods may not travel as they are, and the version of the brand's rule set that says so; None is the catalogue."""
_ORDER = (
    "prohibited",
    "over_limit",
    "over_daily_limit",
    "documents_missing",
    "not_by_transport",
    "not_to_destination",
)
_FIGURES = ("max_per_item", "max_per_sender_per_day")


class OfflineCatalogue:
    """A catalogue and the brand's rule sets, at an outlet of a division."""

    def __init__(self, catalogue: Json, sets: Sequence[Json], *, division: str) -> None:
        """Read what is said of goods."""
        self._division = division
        self._goods = {goods["code"]: goods for goods in catalogue["goods"]}
        self._named = dict(reversed(list(self._names())))
        self._rules = [
            {**rule, "by": one["version"]}
            for one in sets
            if one["kind"] == "goods"
            for rule in one["content"].get("rules", [])
        ]

    def duty(self, code: str) -> str:
        """The duty on which the rule about goods rests."""
        return str(self._goods[code]["duty"])

    def codes(self, item: Json) -> tuple[str, ...]:
        """The goods of a line: by its code, and by the very name it bears."""
        return tuple(dict.fromkeys(filter(None, (item.get("goods_code"), self._named.get(_folded(item["name"]))))))

    def lines(self, question: Json) -> list[dict[str, Any]]:
        """What is said of each line by itself: the gravest obstacle, or why there is none."""
        return [
            {"line": line, "goods": code, "satisfied": not against, "reason": reason, "by": by}
            for line, item in enumerate(question["contents"])
            for code in self.codes(item)
            for against in [self._against(code, [item], question)]
            for reason, by in [against[0] if against else (self._why_not(code), None)]
        ]

    def obstacles(self, parcel: Json) -> Iterator[tuple[str, str, str | None]]:
        """What speaks against the goods of a parcel: the reason, the goods, and who says so."""
        lines: dict[str, list[Json]] = {}
        for item in parcel["contents"]:
            for code in self.codes(item):
                lines.setdefault(code, []).append(item)
        for code, items in lines.items():
            yield from ((reason, code, by) for reason, by in self._against(code, items, parcel))

    def _against(self, code: str, items: Sequence[Json], parcel: Json) -> list[Obstacle]:
        """The gravest first. What the sender sent today is not known here: this parcel alone may be too much."""
        amounts = [Decimal(str(item.get("quantity", 1))) for item in items]
        in_all = sum(amounts, start=Decimal(0))
        quantity = max(amounts) if self._goods[code]["limit_per_piece"] else in_all
        documents = {document for item in items for document in item.get("documents", [])}
        destination = parcel["destination"].get("division") or ""
        found = []
        for said in self._said_of(code):
            holds = {
                "prohibited": said.get("verdict") == "ban",
                "over_limit": _is_over(quantity, said.get("max_per_item")),
                "over_daily_limit": _is_over(in_all, said.get("max_per_sender_per_day")),
                "documents_missing": not set(said.get("required_documents", [])) <= documents,
                "not_by_transport": parcel["transport"] in said.get("not_by", []),
                "not_to_destination": any(destination.startswith(prefix) for prefix in said.get("not_to", [])),
            }
            found += [(reason, said["by"]) for reason in _ORDER if holds[reason]]
        return sorted(found, key=lambda one: (_ORDER.index(one[0]), one[1] or ""))

    def _why_not(self, code: str) -> str:
        said = self._said_of(code)
        if not said:
            return "not_bound_here"
        if any(one.get("verdict") == "limit" or any(one.get(name) for name in _FIGURES) for one in said):
            return "within_limit"
        asked = any(one.get("verdict") == "condition" or one.get("required_documents") for one in said)
        return "conditions_met" if asked else "allowed"

    def _said_of(self, code: str) -> list[Json]:
        """The catalogue's own rule, and those of the brand about these goods, their class or all; where they bind."""
        goods = self._goods[code]
        own = {
            "by": None,
            "verdict": goods["verdict"],
            "max_per_item": goods["max_quantity"],
            "max_per_sender_per_day": goods["max_per_sender_per_day"],
            "required_documents": goods["required_documents"],
            "not_by": ["air"] if goods["not_by_air"] else [],
            "only_in": goods["only_in"],
        }
        about = {code, goods["class_code"], "*"}
        added = [_counted(rule, goods["unit"]) for rule in self._rules if rule["about"] in about]
        return [one for one in (own, *added) if self._binds(one.get("only_in"))]

    def _binds(self, only_in: Sequence[str] | None) -> bool:
        return not only_in or any(self._division.startswith(prefix) for prefix in only_in)

    def _names(self) -> Iterator[tuple[str, str]]:
        """Every name, then every synonym, with its goods: the first that bears a name is meant."""
        goods = self._goods.values()
        yield from ((_folded(one[name]), one["code"]) for one in goods for name in ("name_zh", "name_en"))
        yield from ((_folded(synonym), one["code"]) for one in goods for synonym in one["synonyms"])


def _counted(rule: Json, unit: str) -> Json:
    """Figures in another unit do not bind the goods."""
    if rule.get("unit") in {None, unit}:
        return rule
    return {name: value for name, value in rule.items() if name not in _FIGURES}


def _is_over(quantity: Decimal, most: str | None) -> bool:
    return most is not None and quantity > Decimal(most)


def _folded(text: str) -> str:
    """One spelling, as the service has it, as far as a catalogue's names need it."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold().replace("ü", "v").replace("'", "")
