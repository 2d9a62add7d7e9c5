"""The words of identity: documents, how they were read, what an authority said, and what is wrong or odd about them.

The values of every enumeration here are public API: they are added to, never renamed.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class DocumentType(StrEnum):
    """Documents a sender may show (邮件快件实名收寄管理办法 2018, art. 3)."""

    RESIDENT_ID = "resident_id"
    TEMP_RESIDENT_ID = "temp_resident_id"
    PLA_ID = "pla_id"
    PAP_ID = "pap_id"
    HMT_RESIDENCE_PERMIT = "hmt_residence_permit"
    HM_MAINLAND_TRAVEL_PERMIT = "hm_mainland_travel_permit"
    TW_MAINLAND_TRAVEL_PERMIT = "tw_mainland_travel_permit"
    FOREIGN_PASSPORT = "foreign_passport"
    FOREIGN_PERMANENT_RESIDENT = "foreign_permanent_resident"
    """Accepted under the residual clause, as OTHER_STATE_RECOGNISED is; a member of its own for its number's sake."""
    OTHER_STATE_RECOGNISED = "other_state_recognised"

    @property
    def recognised_under(self) -> "DocumentType":
        """The member of art. 3 under which this document is accepted."""
        if self is DocumentType.FOREIGN_PERMANENT_RESIDENT:
            return DocumentType.OTHER_STATE_RECOGNISED
        return self


class Channel(StrEnum):
    """How the document came to the counter app."""

    CHIP_READER = "chip_reader"
    OCR = "ocr"
    MANUAL = "manual"
    NATIONAL_NET_ID = "national_net_id"
    ANYIDI_QR = "anyidi_qr"
    ALIPAY_QR = "alipay_qr"
    CARRIER_PROFILE = "carrier_profile"


class Assurance(StrEnum):
    """How strongly an identity was proven; whether it was accepted is another question.

    Compare with `at_least`: the comparison operators of a string would compare the spelling.
    """

    NONE = "none"
    CLAIMED = "claimed"
    DOCUMENT_SEEN = "document_seen"
    CHIP_READ = "chip_read"
    AUTHORITY_CONFIRMED = "authority_confirmed"

    @property
    def rank(self) -> int:
        """Its place among the others, weakest 0."""
        return tuple(Assurance).index(self)

    def at_least(self, other: "Assurance") -> bool:
        """Whether this proof is as strong as the other, or stronger."""
        return self.rank >= other.rank


class Answer(StrEnum):
    """What an authority said. Only MISMATCH is evidence against the sender."""

    MATCH = "match"
    MISMATCH = "mismatch"
    NO_RECORD = "no_record"
    """Happens to real people: new cards, soldiers, residents of Hong Kong, Macao and Taiwan."""
    INVALID_INPUT = "invalid_input"
    SOURCE_DOWN = "source_down"
    RATE_LIMITED = "rate_limited"
    QUOTA = "quota"
    """The vendor's daily limit, arrears, or our own spending cap."""
    UNKNOWN = "unknown"
    """It said something that this release does not understand."""
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityAnswer:
    """What an authority said about one pair of name and number; holds neither."""

    answer: Answer
    authority: str
    request_id: str = ""
    """The vendor's id of this question, for a complaint; empty when it gave none."""
    latency_ms: int = 0
    charged: bool = False
    """Whether the vendor charges for it, or might: a question that may have been charged is never repeated."""
    vendor_code: str = ""

    @classmethod
    def not_asked(cls, authority: str) -> "AuthorityAnswer":
        """Nobody was asked, and nobody was paid."""
        return cls(answer=Answer.NOT_ASKED, authority=authority)


class DocumentFault(StrEnum):
    """Why a document's number cannot be one: the request is refused."""

    WRONG_LENGTH = "wrong_length"
    WRONG_CHARACTERS = "wrong_characters"
    WRONG_CHECK_DIGIT = "wrong_check_digit"
    WRONG_FORM = "wrong_form"
    IMPOSSIBLE_BIRTH_DATE = "impossible_birth_date"
    BORN_IN_FUTURE = "born_in_future"
    IMPLAUSIBLE_AGE = "implausible_age"
    WRONG_AREA_FOR_DOCUMENT = "wrong_area_for_document"
    FIRST_GENERATION_CARD = "first_generation_card"
    UNKNOWN_COUNTRY = "unknown_country"


class DocumentWarning(StrEnum):
    """What is odd about a document's number; it is never a reason to refuse."""

    AREA_UNKNOWN = "area_unknown"
    """Published tables of areas miss codes that real people carry."""
    AREA_YOUNGER_THAN_BIRTH = "area_younger_than_birth"
    """Real people are registered long after they were born."""
    UNDER_SIXTEEN = "under_sixteen"
    UNUSUAL_FORM = "unusual_form"
    """The number does not have the form that we remember, and no text of the rule was found."""
    COUNTRY_UNKNOWN = "country_unknown"


class NameFault(StrEnum):
    """Why a text cannot be a person's name."""

    NAME_MISSING = "name_missing"
    NAME_TOO_LONG = "name_too_long"
    NAME_WRONG_CHARACTERS = "name_wrong_characters"


class NameWarning(StrEnum):
    """What is odd about a name."""

    ONE_CHARACTER = "one_character"
    TITLE_NOT_NAME = "title_not_name"
    """It ends with 先生, 女士 and the like: what people are called, not what their document says."""
    PRIVATE_CHARACTER = "private_character"
    """A rare character was typed from a font's private area, where no other computer can read it."""


class OrganisationFault(StrEnum):
    """Why a text cannot be a unified social credit code (GB 32100)."""

    WRONG_LENGTH = "wrong_length"
    WRONG_CHARACTERS = "wrong_characters"
    WRONG_CHECK_DIGIT = "wrong_check_digit"


class OrganisationWarning(StrEnum):
    """What is odd about a unified social credit code."""

    ISSUER_UNKNOWN = "issuer_unknown"
    AREA_UNKNOWN = "area_unknown"
    ORGANISATION_CHECK_DIGIT = "organisation_check_digit"
    """The organisation code inside it (GB 11714) fails its own check."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentCheck:
    """A document's number in its one spelling, and what was found. Its repr does not show the number."""

    document: DocumentType
    number: str = field(repr=False)
    faults: tuple[DocumentFault, ...] = ()
    warnings: tuple[DocumentWarning, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NameCheck:
    """What was found about a name; the name itself is not kept."""

    faults: tuple[NameFault, ...] = ()
    warnings: tuple[NameWarning, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationCheck:
    """An organisation's code in its one spelling, and what was found."""

    code: str = field(repr=False)
    faults: tuple[OrganisationFault, ...] = ()
    warnings: tuple[OrganisationWarning, ...] = ()
