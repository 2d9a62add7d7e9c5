"""What an answer and a document are worth. Pure."""

from datetime import date

from acceptance_api.identity.model import Answer, Assurance, Channel, DocumentType
from acceptance_api.identity.verification import Failing, VerificationStatus, VerifySender

_ASKABLE = frozenset({
    DocumentType.RESIDENT_ID,
    DocumentType.TEMP_RESIDENT_ID,
    DocumentType.HMT_RESIDENCE_PERMIT,
    DocumentType.FOREIGN_PERMANENT_RESIDENT,
})  # fmt: skip
_SAID_NOTHING = frozenset(Answer) - {Answer.MATCH, Answer.MISMATCH, Answer.NOT_ASKED}


def is_asked_about(document: DocumentType, *, person_matches: bool) -> bool:
    """Whether an authority is worth asking: its register knows 18-digit numbers only, and a stranger costs nothing."""
    return person_matches and document in _ASKABLE


def failings_of(request: VerifySender, answer: Answer, *, on: date) -> tuple[Failing, ...]:
    """Every reason not to take this person for the sender; of all answers only MISMATCH counts against them.

    Source: 邮件快件实名收寄管理办法 (2018), and the four refusals the 2022 notice lists.
    """
    reasons = (
        (Failing.PERSON_MISMATCH, not request.person_matches),
        (Failing.DOCUMENT_EXPIRED, request.valid_until is not None and request.valid_until < on),
        (Failing.AUTHORITY_MISMATCH, answer is Answer.MISMATCH),
    )
    return tuple(failing for failing, holds in reasons if holds)


def status_of(failings: tuple[Failing, ...], answer: Answer) -> VerificationStatus:
    """Pass, fail, or unconfirmed when the authority that was asked could not say."""
    if failings:
        return VerificationStatus.FAILED
    return VerificationStatus.UNCONFIRMED if answer in _SAID_NOTHING else VerificationStatus.PASSED


def assurance_of(channel: Channel, answer: Answer) -> Assurance:
    """How strongly the identity was proven, whatever the outcome."""
    if answer is Answer.MATCH:
        return Assurance.AUTHORITY_CONFIRMED
    return _OF_CHANNEL[channel]


_OF_CHANNEL = {
    Channel.CHIP_READER: Assurance.CHIP_READ,
    Channel.OCR: Assurance.DOCUMENT_SEEN,
    Channel.MANUAL: Assurance.CLAIMED,
    Channel.NATIONAL_NET_ID: Assurance.DOCUMENT_SEEN,
    Channel.ANYIDI_QR: Assurance.DOCUMENT_SEEN,
    Channel.ALIPAY_QR: Assurance.DOCUMENT_SEEN,
    Channel.CARRIER_PROFILE: Assurance.CLAIMED,
}
