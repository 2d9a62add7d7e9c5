"""Verifying a sender: the document first, then an authority that may or may not answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from acceptance_api.access import Caller, Permission, require
from acceptance_api.audit import Action, Entry
from acceptance_api.identity import store
from acceptance_api.identity.authority import IdentityAuthority, StructuralAuthority
from acceptance_api.identity.documents import DocumentCheck, check_document, check_name
from acceptance_api.identity.fields import DOCUMENT_NUMBER, HOLDER_NAME, NAME_COMMITMENT
from acceptance_api.identity.model import AuthorityAnswer, NameCheck
from acceptance_api.identity.policy import assurance_of, failings_of, is_asked_about, status_of
from acceptance_api.identity.verification import Verification, VerifySender
from acceptance_api.kernel.clock import legal_day
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.express import Record
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.kernel.spelling import normal_name
from acceptance_api.sites import Staff, StaffNumbers
from acceptance_api.vault import Index, Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyingDesk:
    """What verifying needs: who is asked, who seals, how long a verification serves, whose numbers are staff's."""

    authority: IdentityAuthority
    vault: Vault
    lifetime: timedelta
    staff: StaffNumbers | None = None
    """Without it nobody looks whether a sender is a member of staff, and no verification says so."""

    @property
    def asks_nobody(self) -> bool:
        """Whether the answer costs neither time nor money."""
        return isinstance(self.authority, StructuralAuthority)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A sender whose document is in form, and what the authority said."""

    request: VerifySender
    document: DocumentCheck
    name: NameCheck
    answer: AuthorityAnswer

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is odd about the document and the name on it."""
        return tuple(warning.value for warning in (*self.document.warnings, *self.name.warnings))


async def require_unused(tx: Tx, caller: Caller, request: VerifySender) -> Verification | None:
    """None for a new id; the record when this very request was recorded before.

    Raises:
        Problem: NOT_PERMITTED or ID_CONFLICT.
    """
    require(caller, Permission.COUNTER_VERIFICATION_RECORD)
    known = await store.find_verification(tx, caller.outlet_id, request.id)
    if known is not None and known.fingerprint != request.fingerprint:
        raise Problem(Kind.ID_CONFLICT)
    return known


async def ask_about(desk: VerifyingDesk, caller: Caller, request: VerifySender, *, at: datetime) -> Question:
    """Check the document's form, then ask the authority. Holds no transaction: the authority is slow.

    Raises:
        Problem: NOT_PERMITTED, or INVALID with what is wrong with the document.
    """
    require(caller, Permission.COUNTER_VERIFICATION_RECORD)
    document, name = checked(request, at=at)
    if is_asked_about(request.document, person_matches=request.person_matches):
        answer = await desk.authority.ask(request.name, document.number)
    else:
        answer = AuthorityAnswer.not_asked(desk.authority.name)
    return Question(request=request, document=document, name=name, answer=answer)


def checked(request: VerifySender, *, at: datetime) -> tuple[DocumentCheck, NameCheck]:
    """The document in its normal spelling, and what is odd about it and about the name.

    Raises:
        Problem: INVALID, pointing at the number or the name, never repeating them.
    """
    document, name = check_document(request.document, request.number, on=legal_day(at)), check_name(request.name)
    faults = [Fault("/document/number", fault.value) for fault in document.faults]
    faults += [Fault("/document/name", fault.value) for fault in name.faults]
    if faults:
        raise Problem(Kind.INVALID, *faults)
    return document, name


async def draft_verification(
    desk: VerifyingDesk, caller: Caller, question: Question, *, at: datetime
) -> tuple[Verification, Record]:
    """Seal a verification; with it the record to commit, the audit entry in it.

    A conflict on committing means that the id was taken meanwhile: `require_unused` says by what.

    Raises:
        Problem: KEYS_UNAVAILABLE, or DATABASE_UNAVAILABLE or OVERLOADED when the staff's numbers have to be asked for.
    """
    staff = await _staff(desk, caller, question.document.number, at=at)
    verification = await _sealed(desk, caller, question, staff=staff, at=at)
    return verification, store.record_of(verification, entry=_entry(caller, verification))


async def _staff(desk: VerifyingDesk, caller: Caller, number: str, *, at: datetime) -> Staff | None:
    """Whether the number in hand is the clerk's own or a colleague's; only here is it ever in hand."""
    if desk.staff is None:
        return None
    return await desk.staff.find_staff(caller.enterprise_id, caller.named_clerk_id, number, at=at)


async def _sealed(
    desk: VerifyingDesk, caller: Caller, question: Question, *, staff: Staff | None, at: datetime
) -> Verification:
    request, answer = question.request, question.answer
    scope = await desk.vault.scope(caller.enterprise_id, at=at)
    failings = failings_of(request, answer.answer, on=legal_day(at))
    return Verification(
        id=request.id,
        enterprise_id=caller.enterprise_id,
        outlet_id=caller.outlet_id,
        clerk_id=caller.named_clerk_id,
        document=request.document,
        channel=request.channel,
        status=status_of(failings, answer.answer),
        failings=failings,
        assurance=assurance_of(request.channel, answer.answer),
        answer=answer.answer,
        authority=answer.authority,
        authority_request_id=answer.request_id,
        authority_latency_ms=answer.latency_ms,
        warnings=question.warnings,
        notice_version=request.notice_version,
        recorded_at=at,
        expires_at=at + desk.lifetime,
        document_number_sealed=scope.seal(DOCUMENT_NUMBER, request.id, question.document.number),
        holder_name_sealed=scope.seal(HOLDER_NAME, request.id, request.name),
        seal_key_id=scope.key_id,
        number_token=scope.token(Index.ID_NUMBER, question.document.number),
        index_key_id=scope.index_key_id,
        name_commitment=scope.commit(NAME_COMMITMENT, request.id, normal_name(request.name)),
        fingerprint=request.fingerprint,
        staff=staff,
    )


def _entry(caller: Caller, verification: Verification) -> Entry:
    return Entry(
        action=Action.VERIFICATION_RECORDED,
        actor=caller.actor,
        at=verification.recorded_at,
        stream_id=verification.outlet_id,
        subject_id=verification.id,
        detail={
            "status": verification.status.value,
            "document": verification.document.value,
            "channel": verification.channel.value,
            "assurance": verification.assurance.value,
            "authority": verification.authority,
            "answer": verification.answer.value,
            "staff": verification.staff.value if verification.staff else None,
        },
        commitments={"holder_name": verification.name_commitment},
    )
