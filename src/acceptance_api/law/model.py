"""The words of the law: duties, the articles that impose them, and how an article is cited."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Duty(StrEnum):
    """What the law asks for, independently of which article asks for it on a given day."""

    IDENTITY_CHECK = "identity_check"
    """Verify the sender's identity and register it; letters and agreement customers are exempt."""
    IDENTITY_DOCUMENTS = "identity_documents"
    """Which documents prove an identity."""
    DECLARATION = "declaration"
    """The sender states names, addresses, telephones, and the name, nature and quantity of the contents, truthfully."""
    WAYBILL_PRIVACY = "waybill_privacy"
    """Nothing of a person's identity on the waybill but name, address and telephone."""
    WAYBILL_DATA = "waybill_data"
    """Keep waybills and their data safe, destroy waybills in time, sell and leak nothing, report a leak."""
    REGISTRATION = "registration"
    """Register the customer's identity and what is sent."""
    INSPECTION = "inspection"
    """Inspect the contents on the spot; whoever refuses is not served."""
    INSPECTION_LETTERS = "inspection_letters"
    """Letters are opened only when necessary, and never read."""
    INSPECTION_MARK = "inspection_mark"
    """Mark what was inspected."""
    AGREEMENT = "agreement"
    """A safety agreement with whoever sends regularly and in bulk."""
    SCREENING = "screening"
    """Screen parcels, with certified machines and vetted staff; a third party may, liability stays."""
    SCREENING_MARK = "screening_mark"
    """Mark what was screened."""
    GOODS_RULES = "goods_rules"
    """Keep the rules and the catalogue of prohibited and restricted goods."""
    GOODS_CATALOGUE = "goods_catalogue"
    """What may not be sent at all."""
    PROHIBITED_GOODS = "prohibited_goods"
    """Refuse prohibited goods; found later, stop at once and report."""
    WILDLIFE = "wildlife"
    """Wild animals and what is made of them travel only with their permit and quarantine certificate."""
    TOBACCO = "tobacco"
    """Tobacco is sent within the set limits only."""
    PARCEL_DIMENSIONS = "parcel_dimensions"
    """At most 50 kg, 150 cm on any side, 300 cm in length, width and height together."""
    STATE_ORGAN_DOCUMENTS = "state_organ_documents"
    """Couriers carry no official documents of state organs."""
    LETTERS_AS_PARCELS = "letters_as_parcels"
    """Couriers do not bundle letters as parcels."""
    USER_INFORMATION = "user_information"
    """Do not disclose who sent what to whom."""
    STATE_ACCESS = "state_access"
    """Cooperate, in confidence, with police, state security and procuratorate."""
    POSTAL_INSPECTION = "postal_inspection"
    """Let the postal administration enter, ask, read and copy."""
    SUPERVISION_DATA = "supervision_data"
    """Let the postal administration look into electronic records on the spot."""
    TERMINAL_FILING = "terminal_filing"
    """File a terminal point within 20 days of opening it."""
    UNIFIED_MANAGEMENT = "unified_management"
    """One brand is managed as one."""
    STAFF_TRAINING = "staff_training"
    """Train the staff."""
    COMPLAINTS = "complaints"
    """Answer a complaint within 7 days."""
    INCIDENT_REPORT = "incident_report"
    """Have plans for emergencies, drill them, and report an emergency at once."""
    PENALTIES = "penalties"
    """What follows when identity check, inspection, screening or registration are skipped."""
    PENALTIES_ACCEPTANCE = "penalties_acceptance"
    """Which failures of acceptance are punished under the postal and the counter-terrorism law."""
    PENALTIES_USER_DATA = "penalties_user_data"
    """What follows when waybills and their data are not kept as they must be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """An article as a clerk, a court or a regulator would cite it.

    `version` is the day the cited text took effect (`2025-06-01`): article numbers change.
    """

    act: str
    version: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """The full titles of an act."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article that imposes a duty from one legal day to another, both included; no last day means still in force.

    `verified` tells whether the article was read in a stored text, named in `source`.
    """

    duty: Duty
    citation: Citation
    valid_from: date
    valid_to: date | None
    verified: bool
    source: str

    def is_in_force(self, on: date) -> bool:
        """Whether the article imposes its duty on this legal day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
