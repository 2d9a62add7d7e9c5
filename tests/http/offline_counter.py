"""A counter that is offline: it knows its policy bundle, the day and the parcel, and nothing else.

Nothing of the service is imported: whatever it says, it says from the document alone.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

Json = Mapping[str, Any]
_REASONS = {"ok": "allowed", "limit": "within_limit", "condition": "conditions_met"}
_GROUNDS = {
    "prohibited": "prohibited_goods",
    "over_limit": "restricted_over_limit",
    "documents_missing": "condition_unmet",
}


class OfflineCounter:
    """Decides provisionally."""

    def __init__(self, bundle: Json, *, on: date) -> None:
        """Read the bundle as it is to be read on a legal day."""
        self._bundle = bundle
        self._on = on
        self._statutory = self._in_force(bundle["statutory"])
        self._catalogue = self._in_force(bundle["catalogues"])
        self._goods = {goods["code"]: goods for goods in self._catalogue["goods"]}
        self._named = dict(reversed(list(self._names())))

    def requirements(self, question: Json, *, language: str = "zh") -> dict[str, Any]:
        """What a parcel needs, as the service would state it."""
        reach = self._reach(question["destination"])
        edition, checklist = self._checklist(question["contents_kind"])
        identity, inspection = self._bundle["identity"], self._bundle["inspection"]
        is_identified = self._must_be_identified(question)
        is_exempt = question["contents_kind"] in inspection["exempt_contents_kinds"]
        return {
            "reach": reach,
            "identity": {
                "required": is_identified,
                "documents": identity["documents"] if is_identified else [],
                "citation": self._cite(identity["duty"], language),
            },
            "inspection": {
                "required": not is_exempt,
                "checklist_version": edition["version"],
                "opening": checklist["opening"],
                "photos_min": checklist["photos_min"],
                "items": [self._item(edition, code, language) for code in checklist["items"]],
                "citation": self._cite(inspection["duty_of_exempt" if is_exempt else "duty"], language),
            },
            "screening": {
                "required": self._must_be_screened(reach, question["transport"]),
                "citation": self._cite(self._bundle["screening"]["duty"], language),
            },
            "contents": [
                {"line": line, "goods": code, "satisfied": reason not in _GROUNDS, "reason": reason}
                for line, item in enumerate(question["contents"])
                for code in self._codes(item)
                for reason in [self._judged(code, _quantity(item), item.get("documents", []))]
            ],
            "rules": self.versions() | {"checklist": edition["version"]},
        }

    def grounds(self, parcel: Json, *, language: str = "zh") -> list[dict[str, Any]]:
        """The grounds that speak against a parcel whose sender was not verified, that nobody inspected or screened."""
        question = {"sender_kind": parcel["sender"]["kind"], "transport": "ground"} | dict(parcel)
        reach = self._reach(parcel["destination"])
        found: list[tuple[str, str | None]] = []
        if self._must_be_identified(question):
            found.append(("sender_not_verified", None))
        if parcel["contents_kind"] not in self._bundle["inspection"]["exempt_contents_kinds"]:
            found.append(("not_inspected", None))
        found += self._against_goods(parcel["contents"], question["transport"])
        if self._must_be_screened(reach, question["transport"]):
            found.append(("not_screened", None))
        if self._is_too_large(parcel):
            found.append(("too_large_or_heavy", None))
        return [self._ground(code, about, language) for code, about in found]

    def versions(self) -> dict[str, str]:
        """The rule sets by which it decides."""
        return {"statutory": self._statutory["version"], "catalogue": self._catalogue["version"]}

    def _in_force(self, series: list[Any]) -> Any:  # noqa: ANN401 - JSON
        return [one for one in series if date.fromisoformat(one["valid_from"]) <= self._on][-1]

    def _checklist(self, kind: str) -> tuple[Json, Json]:
        of_kind = [
            (edition, checklist)
            for edition in self._bundle["checklists"]
            for checklist in edition["checklists"]
            if checklist["contents_kind"] == kind and date.fromisoformat(edition["valid_from"]) <= self._on
        ]
        return of_kind[-1]

    def _item(self, edition: Json, code: str, language: str) -> dict[str, Any]:
        (item,) = [one for one in edition["items"] if one["code"] == code]
        kept = ("code", "photo_required", "may_be_not_applicable")
        return {name: item[name] for name in kept} | {"text": item[f"text_{language}"]}

    def _cite(self, duty: str, language: str) -> dict[str, str]:
        (article,) = [one for one in self._bundle["articles"] if one["duty"] == duty and self._covers(one)]
        (act,) = [one for one in self._bundle["acts"] if one["act"] == article["act"]]
        cited = {name: article[name] for name in ("act", "version", "article")}
        return cited | {"act_title": act[f"title_{language}"]}

    def _covers(self, article: Json) -> bool:
        last = date.fromisoformat(article["valid_to"] or "9999-12-31")
        return date.fromisoformat(article["valid_from"]) <= self._on <= last

    def _reach(self, destination: Json) -> str:
        reaches, country = self._bundle["outlet"]["reaches"], destination.get("country", "CN")
        if country != "CN":
            return str(reaches["countries"].get(country, reaches["other_countries"]))
        division = destination.get("division") or ""
        fitting = [prefix for prefix in reaches["divisions"] if division.startswith(prefix)]
        return str(reaches["divisions"][max(fitting, key=len)] if fitting else reaches["other_divisions"])

    def _must_be_identified(self, question: Json) -> bool:
        kinds = {name: question[name] for name in ("sender_kind", "contents_kind")}
        return kinds not in self._bundle["identity"]["exemptions"]

    def _must_be_screened(self, reach: str, transport: str) -> bool:
        rules = self._statutory
        return reach in rules["screened_reaches"] or transport in rules["screened_transports"]

    def _is_too_large(self, parcel: Json) -> bool:
        rules, sides = self._statutory, list((parcel.get("measures") or {"none": 0}).values())
        is_heavy = (parcel.get("weight_g") or 0) > rules["weight_g_max"]
        return bool(is_heavy or max(sides) > rules["side_mm_max"] or sum(sides) > rules["sum_mm_max"])

    def _names(self) -> Iterator[tuple[str, str]]:
        """Every name, then every synonym, with its goods: the first that bears a name is meant."""
        goods = self._catalogue["goods"]
        yield from ((_folded(one[name]), one["code"]) for one in goods for name in ("name_zh", "name_en"))
        yield from ((_folded(synonym), one["code"]) for one in goods for synonym in one["synonyms"])

    def _codes(self, item: Json) -> tuple[str, ...]:
        return tuple(dict.fromkeys(filter(None, (item.get("goods_code"), self._named.get(_folded(item["name"]))))))

    def _judged(self, code: str, quantity: Decimal, documents: list[str]) -> str:
        goods, division = self._goods[code], self._bundle["outlet"]["division"]
        if goods["only_in"] and not any(division.startswith(prefix) for prefix in goods["only_in"]):
            return "not_bound_here"
        if goods["verdict"] == "ban":
            return "prohibited"
        if goods["max_quantity"] is not None and quantity > Decimal(goods["max_quantity"]):
            return "over_limit"
        if not set(goods["required_documents"]) <= set(documents):
            return "documents_missing"
        return _REASONS[goods["verdict"]]

    def _against_goods(self, contents: list[Json], transport: str) -> Iterator[tuple[str, str]]:
        lines: dict[str, list[Json]] = {}
        for item in contents:
            for code in self._codes(item):
                lines.setdefault(code, []).append(item)
        for code, items in lines.items():
            amounts = list(map(_quantity, items))
            quantity = max(amounts) if self._goods[code]["limit_per_piece"] else sum(amounts, start=Decimal(0))
            documents = [document for item in items for document in item.get("documents", [])]
            reason = self._judged(code, quantity, documents)
            if reason in _GROUNDS:
                yield _GROUNDS[reason], code
            if self._goods[code]["not_by_air"] and transport == "air":
                yield "goods_not_by_air", code

    def _ground(self, code: str, about: str | None, language: str) -> dict[str, Any]:
        (ground,) = [one for one in self._bundle["grounds"] if one["code"] == code]
        own = self._goods[about]["duty"] if about else ""
        duty = own if own in self._bundle["duties_of_own_acts"] else ground["duty"]
        return {
            "code": code,
            "title": ground[f"title_{language}"],
            "weight": self._statutory["weights"].get(code, ground["weight"]),
            "about": about,
            "citation": self._cite(duty, language),
        }


def _quantity(item: Json) -> Decimal:
    return Decimal(str(item.get("quantity", 1)))


def _folded(text: str) -> str:
    """One spelling, as the service has it, as far as a catalogue's names need it."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold().replace("ü", "v").replace("'", "")
