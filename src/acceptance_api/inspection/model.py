"""The words of an inspection: checklists, answers, what was declared and seen, and what came of it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from acceptance_api.law import Duty


class ContentsKind(StrEnum):
    """What a parcel holds, as far as the checklist depends on it."""

    LETTER = "letter"
    DOCUMENT = "document"
    GENERAL = "general"
    FOOD = "food"
    LIQUID_OR_POWDER = "liquid_or_powder"
    ELECTRONICS = "electronics"
    BATTERY = "battery"
    FRAGILE = "fragile"
    MEDICINE = "medicine"
    WILDLIFE_PRODUCT = "wildlife_product"
    OTHER = "other"


class OpeningRule(StrEnum):
    """Whether a parcel must be opened (邮政法, article 25)."""

    ALWAYS = "always"
    WHEN_NECESSARY = "when_necessary"


class Opening(StrEnum):
    """Whether the parcel was opened."""

    OPENED = "opened"
    NOT_OPENED = "not_opened"


class NotOpenedReason(StrEnum):
    """Why it was not."""

    LETTER_NOT_NECESSARY = "letter_not_necessary"
    AGREEMENT_CUSTOMER = "agreement_customer"
    SENDER_REFUSED = "sender_refused"
    OTHER = "other"


class AnswerValue(StrEnum):
    """The clerk's answer to an item of the checklist."""

    PASS = "pass"  # noqa: S105 - an answer, not a secret
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"


class InspectionStatus(StrEnum):
    """What came of an inspection."""

    INCOMPLETE = "incomplete"
    FAILED = "failed"
    PASSED = "passed"


class Objection(StrEnum):
    """What speaks against the parcel, apart from failed items."""

    OPENING_REFUSED = "opening_refused"
    """The sender would not have it opened: not accepted (邮政法, article 25)."""
    NOT_OPENED = "not_opened"
    """It had to be opened and was not, without a lawful reason."""
    DECLARATION_MISMATCH = "declaration_mismatch"
    """What was seen is not what was declared, by name or quantity."""
    UNIDENTIFIABLE_SUBSTANCE = "unidentifiable_substance"
    """A substance nobody could identify, without proof that it is safe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistItem:
    """One thing to check, with the duty it serves.

    An item that `needs_opening` is not asked when the parcel lawfully stays closed.
    """

    code: str
    text_zh: str
    text_en: str
    photo_required: bool
    may_be_not_applicable: bool
    needs_opening: bool
    duty: Duty
    verified: bool
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """What to check for one kind of contents, from a legal day on. `photos_min` is policy: no text demands photos."""

    version: str
    valid_from: date
    contents_kind: ContentsKind
    items: tuple[ChecklistItem, ...]
    photos_min: int
    photos_verified: bool
    opening: OpeningRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to the item of this code; `not_applicable` needs a note."""

    item: str
    value: AnswerValue
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredItem:
    """What the sender says is inside."""

    name: str
    quantity: Decimal | int
    goods_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenItem:
    """What the clerk saw inside; `safety_proof` is a competent body's, for what could not be identified."""

    name: str
    quantity: Decimal | int
    goods_code: str | None = None
    unidentified: bool = False
    safety_proof: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """The result of an inspection.

    `missing` and `failed` hold codes of items, and `photos`, `seen` or `not_opened_reason`; `unknown` the codes of
    answers to items that the checklist does not have.
    """

    status: InspectionStatus
    missing: tuple[str, ...]
    failed: tuple[str, ...]
    objections: tuple[Objection, ...]
    unknown: tuple[str, ...]
