"""A counter that is offline: it knows its policy bundle, the day and the parcel, and nothing else.

Nothing of the service is imported: whatever it says, it says from the document alone.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from tests.http.offline_goods import OfflineCatalogue

Json = Mapping[str, Any]
_GROUNDS = {
    "prohibited": "prohibited_goods",
    "over_limit": "restricted_over_limit",
    "over_daily_limit": "restricted_over_daily_limit",
    "documents_missing": "condition_unmet",
    "not_by_transport": "goods_not_by_transport",
    "not_to_destination": "goods_not_to_destination",
}


class OfflineCounter:
    """Decides provisionally."""

    def __init__(self, bundle: Json, *, on: date) -> None:
        """Read the bundle as it is to be read on a legal day."""
        self._bundle = bundle
        self._on = on
        sets = [one for one in bundle["rule_sets"] if self._is_within(one)]
        self._statutory = _tightened(self._in_force(bundle["statutory"]), sets)
        self._goods = OfflineCatalogue(
            self._in_force(bundle["catalogues"]), sets, division=bundle["outlet"]["division"]
        )

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
            "addressee": {"required": False},
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
            "contents": self._goods.lines(question),
            "rules": self.versions() | {"checklist": edition["version"]},
        }

    def grounds(self, parcel: Json, *, language: str = "zh") -> list[dict[str, Any]]:
        """The grounds that speak against a parcel whose sender was not verified, that nobody inspected or screened."""
        question = {"sender_kind": parcel["sender"]["kind"], "transport": "ground"} | dict(parcel)
        reach = self._reach(parcel["destination"])
        found: list[tuple[str, str | None, str | None]] = []
        if self._must_be_identified(question):
            found.append(("sender_not_verified", None, None))
        if parcel["contents_kind"] not in self._bundle["inspection"]["exempt_contents_kinds"]:
            found.append(("not_inspected", None, None))
        found += [(_ground_of(reason, question), code, by) for reason, code, by in self._goods.obstacles(question)]
        if self._must_be_screened(reach, question["transport"]):
            found.append(("not_screened", None, None))
        if self._is_too_large(parcel):
            found.append(("too_large_or_heavy", None, None))
        return [self._ground(code, about, by, language) for code, about, by in found]

    def versions(self) -> dict[str, str]:
        """The rule sets by which it decides."""
        bundle = self._bundle
        series = {name: bundle[name] for name in ("statutory", "signals", "agreements")}
        series |= {"catalogue": bundle["catalogues"], "screening": bundle["screening"]["editions"]}
        return {name: self._in_force(editions)["version"] for name, editions in series.items()}

    def _is_within(self, one: Json) -> bool:
        """Whether a set of the brand binds at the end of the day."""
        at = datetime(self._on.year, self._on.month, self._on.day, 15, 59, tzinfo=UTC)
        starts, ends = datetime.fromisoformat(one["starts_at"]), one["ends_at"]
        return starts <= at and (ends is None or at < datetime.fromisoformat(ends))

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

    def _ground(self, code: str, about: str | None, by: str | None, language: str) -> dict[str, Any]:
        (ground,) = [one for one in self._bundle["grounds"] if one["code"] == code]
        own = self._goods.duty(about) if about else ""
        duty = own if own in self._bundle["duties_of_own_acts"] else ground["duty"]
        return {
            "code": code,
            "title": ground[f"title_{language}"],
            "weight": self._statutory["weights"].get(code, ground["weight"]),
            "about": about,
            "by": by,
            "citation": self._cite(duty, language),
        }


def _tightened(statutory: Json, sets: list[Json]) -> dict[str, Any]:
    """The statutory values, and what the brand asks beyond them."""
    values = dict(statutory)
    for content in (one["content"] for one in sets if one["kind"] == "acceptance"):
        for name, plural in (("reach", "screened_reaches"), ("transport", "screened_transports")):
            asked = [row[name] for row in content.get("screening_required", []) if row.get(name)]
            values[plural] = [*values[plural], *asked]
        for name in ("weight_g_max", "side_mm_max", "sum_mm_max"):
            values[name] = min(values[name], content.get("parcel", {}).get(name) or values[name])
    return values


def _ground_of(reason: str, question: Json) -> str:
    by_air = reason == "not_by_transport" and question["transport"] == "air"
    return "goods_not_by_air" if by_air else _GROUNDS[reason]
