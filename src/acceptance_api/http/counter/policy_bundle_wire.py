"""The policy bundle on the wire. Texts come in both languages: a counter keeps it, whoever works there later."""

from datetime import date, datetime
from typing import Any

from pydantic import Field

from acceptance_api.http.wire import Out


class StatutorySetOut(Out):
    """A dated set of statutory values. Of the sets that are not in the future, the latest is in force."""

    version: str
    valid_from: date
    screened_reaches: list[str] = Field(description="A parcel that goes this far must be screened.")
    screened_transports: list[str] = Field(description="A parcel that travels this way must be screened.")
    weight_g_max: int
    side_mm_max: int
    sum_mm_max: int
    weights: dict[str, str] = Field(description="Of grounds that weigh otherwise than `grounds` says.")


class IdentityExemptionOut(Out):
    """A kind of sender who need not be identified for a kind of contents."""

    sender_kind: str
    contents_kind: str


class IdentityRulesOut(Out):
    """When the sender must be identified, and by what."""

    duty: str
    documents: list[str]
    verification_lifetime_s: int = Field(description="How long a verification serves the parcels of a visit.")
    exemptions: list[IdentityExemptionOut]


class InspectionRulesOut(Out):
    """When the contents must be inspected; exempt kinds are inspected when necessary."""

    duty: str
    exempt_contents_kinds: list[str]
    duty_of_exempt: str


class BundledEditionOut(Out):
    """A dated edition of what a decision names, though a counter that is offline does not apply it."""

    version: str
    valid_from: date


class ScreeningEditionOut(BundledEditionOut):
    """A dated edition of the figures of screening."""

    reservations: dict[str, str] = Field(description="What each reservation of a pass weighs: none, hold or refuse.")


class ScreeningRulesOut(Out):
    """On what screening rests, and what a reservation of a pass weighs; when it is required stands in `statutory`."""

    duty: str
    editions: list[ScreeningEditionOut]


class BundledGoodsOut(Out):
    """An entry of the catalogue. A limit holds for the whole parcel, or for the largest piece if it is per piece.

    `max_per_sender_per_day` is the most that one sender may send of it in a legal day, in all parcels together.
    """

    code: str
    class_code: str
    name_zh: str
    name_en: str
    synonyms: list[str]
    verdict: str
    unit: str
    max_quantity: str | None
    max_per_sender_per_day: str | None
    limit_per_piece: bool
    required_documents: list[str]
    not_by_air: bool
    only_in: list[str] = Field(description="Prefixes of the outlets' divisions that the rule binds; empty: everywhere.")
    disposal: str | None
    duty: str
    verified: bool


class GoodsClassOut(Out):
    """A class of the catalogue."""

    code: str
    name_zh: str
    name_en: str


class BundledCatalogueOut(Out):
    """A dated edition of the catalogue. A line is judged by its code and by the goods whose very name it bears.

    A name comes before a synonym, and of several goods with one synonym the first of this list is meant.
    """

    version: str
    valid_from: date
    classes: list[GoodsClassOut]
    goods: list[BundledGoodsOut]


class BundledItemOut(Out):
    """One thing to check. One that needs opening is not asked while a parcel lawfully stays closed."""

    code: str
    text_zh: str
    text_en: str
    photo_required: bool
    may_be_not_applicable: bool
    needs_opening: bool
    duty: str
    verified: bool


class BundledChecklistOut(Out):
    """What to check for one kind of contents: codes of items of the same edition, in this order."""

    contents_kind: str
    opening: str
    photos_min: int
    items: list[str]


class ChecklistEditionOut(Out):
    """A dated edition of the checklists."""

    version: str
    valid_from: date
    items: list[BundledItemOut]
    checklists: list[BundledChecklistOut]


class BundledGroundOut(Out):
    """A ground of a decision, what it weighs, and the duty whose article it cites."""

    code: str
    weight: str
    duty: str
    title_zh: str
    title_en: str


class BundledArticleOut(Out):
    """The article that imposes a duty from one legal day to another, both included."""

    duty: str
    act: str
    version: str
    article: str
    valid_from: date
    valid_to: date | None
    verified: bool


class ActOut(Out):
    """The full titles of an act."""

    act: str
    title_zh: str
    title_en: str


class RulebookOut(Out):
    """What holds everywhere: in force today, or known to come."""

    format: int
    valid_for_s: int = Field(description="Ask again after this. Offline, the latest bundle is better than none.")
    offline_days_max: int = Field(description="What was decided offline longer ago than this is no longer taken.")
    statutory: list[StatutorySetOut]
    identity: IdentityRulesOut
    inspection: InspectionRulesOut
    screening: ScreeningRulesOut
    signals: list[BundledEditionOut] = Field(description="By which signals are judged, of parcels at a counter online.")
    agreements: list[BundledEditionOut] = Field(description="By which agreement customers' parcels are sampled.")
    catalogues: list[BundledCatalogueOut]
    checklists: list[ChecklistEditionOut]
    grounds: list[BundledGroundOut]
    duties_of_own_acts: list[str] = Field(
        description="Grounds about goods of these duties cite the goods' duty instead of the ground's."
    )
    articles: list[BundledArticleOut]
    acts: list[ActOut]


class ReachesOut(Out):
    """How far every destination is. Of the division prefixes that fit a code, the longest counts."""

    countries: dict[str, str]
    other_countries: str
    divisions: dict[str, str]
    other_divisions: str


class OutletPolicyOut(Out):
    """What holds at this outlet."""

    division: str
    reaches: ReachesOut


class BundledSetOut(Out):
    """An approved rule set: it binds within its window, and only tightens. `content` is its typed document."""

    layer: str
    kind: str
    name: str
    edition: int
    version: str
    starts_at: datetime
    ends_at: datetime | None
    content: dict[str, Any]


class LocalPolicyOut(Out):
    """What holds here."""

    outlet: OutletPolicyOut
    rule_sets: list[BundledSetOut] = Field(description="What the brand asks beyond the law, now and soon.")
    campaigns: list[BundledSetOut] = Field(description="What tightens the rules here for a time, now and soon.")


class PolicyBundleOut(RulebookOut, LocalPolicyOut):
    """Everything a counter needs to decide provisionally while it is offline. No personal data.

    `version` stands first, and is the SHA-256 of the same bytes without it: `{` and all that follows its comma.
    """

    version: str
