"""The words of the goods catalogue."""

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum, StrEnum, auto

from acceptance_api.law import Citation, Duty


class Verdict(StrEnum):
    """What the rules say of a kind of goods."""

    BAN = "ban"
    """Never accepted."""
    LIMIT = "limit"
    """Accepted up to a quantity per parcel, with the required documents if there are any."""
    CONDITION = "condition"
    """Accepted with the required documents."""
    OK = "ok"
    """Accepted."""


class Disposal(StrEnum):
    """What to do with prohibited goods once found, and whom to tell (domain dossier, section 6.2)."""

    D1 = "D1"
    D2 = "D2"
    D3 = "D3"
    D4 = "D4"
    D5 = "D5"
    D6 = "D6"
    D7 = "D7"
    D8 = "D8"
    D9 = "D9"
    D10 = "D10"
    D11 = "D11"


class Document(StrEnum):
    """What a sender shows to satisfy a condition."""

    IDENTITY_DOCUMENT = "identity_document"
    PURCHASE_INVOICE = "purchase_invoice"
    SAFETY_DATA = "safety_data"
    """A safety data sheet or a transport appraisal."""
    UN38_3_REPORT = "un38_3_report"
    CARRIER_APPROVAL = "carrier_approval"
    CCC_MARK = "ccc_mark"
    RETAIL_PACKING = "retail_packing"
    """The unbroken retail packing itself."""
    QUARANTINE_CERTIFICATE = "quarantine_certificate"
    WILDLIFE_PERMIT = "wildlife_permit"
    """A permit or the special mark that stands for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsClass:
    """A class of the catalogue: P01 to P19 by the directory of 2016, R restricted goods, G everyday goods."""

    code: str
    name_zh: str
    name_en: str
    disposal: Disposal | None
    disposal_verified: bool
    verified: bool
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """A kind of goods with its rule.

    `max_per_item` is the most of it in one parcel, in `unit`; with `limit_per_piece`, the most in each piece
    (watt-hours of one battery). `max_per_sender_per_day` is the most that one sender may send of it in a legal day, in
    all parcels together. `not_by_air` goods travel on the ground under their verdict. `only_in` holds prefixes
    of GB/T 2260 codes of the outlets the rule binds; empty means everywhere. `verified` tells whether the rule was read
    in a stored text.
    """

    code: str
    class_code: str
    name_zh: str
    name_en: str
    synonyms: tuple[str, ...]
    verdict: Verdict
    unit: str
    max_per_item: Decimal | None
    required_documents: frozenset[Document]
    only_in: frozenset[str]
    limit_per_piece: bool
    not_by_air: bool
    disposal: Disposal | None
    duty: Duty
    verified: bool
    source: str
    max_per_sender_per_day: Decimal | None = None

    def binds(self, division: str) -> bool:
        """Whether the rule binds an outlet of this GB/T 2260 code."""
        return not self.only_in or any(division.startswith(prefix) for prefix in self.only_in)


class MatchKind(IntEnum):
    """How a search found its goods, best first."""

    CODE = auto()
    NAME = auto()
    SYNONYM = auto()
    BEGINNING = auto()
    PART = auto()
    PINYIN = auto()
    PINYIN_BEGINNING = auto()
    INITIALS = auto()
    INITIALS_BEGINNING = auto()
    ENGLISH_WORDS = auto()
    CONTAINED = auto()
    """A name of the goods stands within the searched text."""
    HOMOPHONE = auto()
    """Other characters that sound alike."""
    MISSPELT = auto()
    """One letter or character is wrong, missing, too many, or changed places with its neighbour."""
    MISSPELT_TWICE = auto()
    """Two letters of a long word are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Goods found by a search, the term that matched, and how."""

    goods: Goods
    kind: MatchKind
    term: str


class Reason(StrEnum):
    """Why goods may or may not be sent."""

    ALLOWED = "allowed"
    WITHIN_LIMIT = "within_limit"
    CONDITIONS_MET = "conditions_met"
    NOT_BOUND_HERE = "not_bound_here"
    """The rule does not bind outlets of this division."""
    PROHIBITED = "prohibited"
    OVER_LIMIT = "over_limit"
    OVER_DAILY_LIMIT = "over_daily_limit"
    DOCUMENTS_MISSING = "documents_missing"
    NOT_BY_TRANSPORT = "not_by_transport"
    NOT_TO_DESTINATION = "not_to_destination"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsRule:
    """What a layer asks of goods: of one code, of a class (`P03`), or of all (`*`). It can only add to other rules.

    A figure with a `unit` binds only goods that are counted in it. `not_by` are transports (`ground`, `air`,
    `high_speed_rail`), `not_to` prefixes of GB/T 2260 codes or ISO 3166-1 countries, `only_in` prefixes of the
    divisions of the outlets it binds.
    """

    about: str
    verdict: Verdict | None = None
    max_per_item: Decimal | None = None
    max_per_sender_per_day: Decimal | None = None
    unit: str | None = None
    required_documents: frozenset[Document] = frozenset()
    not_by: frozenset[str] = frozenset()
    not_to: frozenset[str] = frozenset()
    only_in: frozenset[str] = frozenset()
    cites: Citation | None = None
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsLayer:
    """Goods and rules that are added to the catalogue; nothing is taken out of it."""

    goods: tuple[Goods, ...] = ()
    rules: tuple[GoodsRule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CombinedRule:
    """What all layers together ask of goods: the strictest of every component. `layers` are those that say something.

    Figures are in the goods' own unit.
    """

    verdict: Verdict
    max_per_item: Decimal | None
    max_per_sender_per_day: Decimal | None
    required_documents: frozenset[Document]
    not_by: frozenset[str]
    not_to: frozenset[str]
    layers: tuple[str, ...]
    verified: bool


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why goods may not be sent as they are, and the version of the layer that says so; None is the catalogue itself.

    `cites` is the article that a layer names for it.
    """

    reason: Reason
    layer: str | None = None
    cites: Citation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The verdict on goods in one parcel, whether it is satisfied, and everything that speaks against it.

    `reason` is that of the first obstacle, or why there is none.
    """

    verdict: Verdict
    goods: Goods
    satisfied: bool
    reason: Reason
    obstacles: tuple[Obstacle, ...] = ()
