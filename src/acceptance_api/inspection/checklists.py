"""Dated checklists for every kind of contents, read once from `editions/*.json`."""

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final, TypedDict

from acceptance_api.inspection.model import Checklist, ChecklistItem, ContentsKind, OpeningRule
from acceptance_api.law import Duty

_FOLDER: Final = files("acceptance_api") / "inspection" / "editions"


class _ItemRow(TypedDict):
    code: str
    text_zh: str
    text_en: str
    photo_required: bool
    may_be_not_applicable: bool
    needs_opening: bool
    duty: str
    verified: bool
    source: str


class _ChecklistRow(TypedDict):
    contents_kind: str
    opening: str
    photos_min: int
    photos_verified: bool
    items: list[str]


class _Data(TypedDict):
    version: str
    valid_from: str
    source: str
    items: list[_ItemRow]
    checklists: list[_ChecklistRow]


def checklist_for(kind: ContentsKind, *, on: date) -> Checklist:
    """The checklist for a kind of contents in force on a legal day.

    Raises:
        LookupError: no checklist is known for that day.
    """
    for checklist in reversed(checklists()[kind]):
        if checklist.valid_from <= on:
            return checklist
    raise LookupError(f"no checklist is known for {on.isoformat()}")


@cache
def checklists() -> Mapping[ContentsKind, tuple[Checklist, ...]]:
    """Every checklist known, oldest first, for each kind of contents."""
    texts = (entry.read_text(encoding="utf-8") for entry in _FOLDER.iterdir() if entry.name.endswith(".json"))
    known = sorted((one for text in texts for one in _edition(json.loads(text))), key=lambda one: one.valid_from)
    return {kind: tuple(one for one in known if one.contents_kind is kind) for kind in ContentsKind}


def _edition(data: _Data) -> tuple[Checklist, ...]:
    items = {row["code"]: _item(row) for row in data["items"]}
    return tuple(
        Checklist(
            version=data["version"],
            valid_from=date.fromisoformat(data["valid_from"]),
            contents_kind=ContentsKind(row["contents_kind"]),
            items=tuple(items[code] for code in row["items"]),
            photos_min=row["photos_min"],
            photos_verified=row["photos_verified"],
            opening=OpeningRule(row["opening"]),
        )
        for row in data["checklists"]
    )


def _item(row: _ItemRow) -> ChecklistItem:
    return ChecklistItem(
        code=row["code"],
        text_zh=row["text_zh"],
        text_en=row["text_en"],
        photo_required=row["photo_required"],
        may_be_not_applicable=row["may_be_not_applicable"],
        needs_opening=row["needs_opening"],
        duty=Duty(row["duty"]),
        verified=row["verified"],
        source=row["source"],
    )
