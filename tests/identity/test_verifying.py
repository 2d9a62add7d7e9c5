"""Verifying a sender: the document's form, the authority's answer, and what of it is kept."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from acceptance_api.audit import Action, find_entries
from acceptance_api.identity import (
    NAME_COMMITMENT,
    Answer,
    Assurance,
    Channel,
    DocumentType,
    Failing,
    Question,
    Verification,
    VerificationStatus,
    VerifyingDesk,
    VerifySender,
    ask_about,
    draft_verification,
    find_verification,
    find_verifications,
    require_unused,
)
from acceptance_api.identity.policy import assurance_of, failings_of, is_asked_about, status_of
from acceptance_api.kernel.database import Database
from acceptance_api.kernel.express import Conflict
from acceptance_api.kernel.ids import OutletId, VerificationId, new_uuid
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.kernel.spelling import normal_name
from tests.support.authorities import MATCHING, OUT_OF_ORDER, SOMEBODY_ELSES, UNRECORDED, PretendAuthority
from tests.support.builders import NOON, SENDER, TODAY, VERIFICATION_SERVES, Shop, open_shop, verifying

PASSED, FAILED, UNCONFIRMED = VerificationStatus.PASSED, VerificationStatus.FAILED, VerificationStatus.UNCONFIRMED


@pytest.fixture
async def shop(database: Database, tmp_path: Path) -> AsyncIterator[Shop]:
    """A shop in a fresh database, with keys of its own."""
    async with open_shop(database, tmp_path) as opened:
        yield opened


def desk(shop: Shop, authority: PretendAuthority | None = None) -> VerifyingDesk:
    return VerifyingDesk(authority=authority or PretendAuthority(), vault=shop.vault, lifetime=VERIFICATION_SERVES)


async def asked(shop: Shop, request: VerifySender) -> Question:
    return await ask_about(desk(shop), shop.caller, request, at=NOON)


async def verified(shop: Shop, request: VerifySender) -> Verification:
    question = await asked(shop, request)
    verification, record = await draft_verification(desk(shop), shop.caller, question, at=NOON)
    await shop.writer.add(record)
    return verification


@pytest.mark.parametrize(
    ("presented", "status", "failings", "assurance"),
    [
        pytest.param(verifying(), PASSED, (), Assurance.AUTHORITY_CONFIRMED, id="confirmed"),
        pytest.param(
            verifying(number=SOMEBODY_ELSES),
            FAILED,
            (Failing.AUTHORITY_MISMATCH,),
            Assurance.CHIP_READ,
            id="somebody else's",
        ),
        pytest.param(verifying(number=UNRECORDED), UNCONFIRMED, (), Assurance.CHIP_READ, id="not in the register"),
        pytest.param(verifying(number=OUT_OF_ORDER), UNCONFIRMED, (), Assurance.CHIP_READ, id="out of order"),
        pytest.param(
            verifying(person_matches=False), FAILED, (Failing.PERSON_MISMATCH,), Assurance.CHIP_READ, id="a stranger"
        ),
        pytest.param(
            verifying(valid_until=TODAY - timedelta(days=1)),
            FAILED,
            (Failing.DOCUMENT_EXPIRED,),
            Assurance.AUTHORITY_CONFIRMED,
            id="expired yesterday",
        ),
        pytest.param(
            verifying(document=DocumentType.FOREIGN_PASSPORT, number="E12345678", channel=Channel.OCR),
            PASSED,
            (),
            Assurance.DOCUMENT_SEEN,
            id="a passport, which nobody is asked about",
        ),
    ],
)
async def test_a_verification_is_recorded_as_it_was_answered(
    shop: Shop,
    presented: VerifySender,
    status: VerificationStatus,
    failings: tuple[Failing, ...],
    assurance: Assurance,
) -> None:
    answered = await verified(shop, presented)

    assert (answered.status, answered.failings, answered.assurance) == (status, failings, assurance)
    assert answered.expires_at == NOON + VERIFICATION_SERVES
    async with shop.database.read() as tx:
        assert await find_verification(tx, answered.outlet_id, answered.id) == answered
        (entry,) = await find_entries(tx, answered.outlet_id, subject_id=answered.id)
    assert (entry.action, entry.detail["status"]) == (Action.VERIFICATION_RECORDED, status.value)


async def test_a_stranger_costs_no_question(shop: Shop) -> None:
    authority = PretendAuthority()

    question = await ask_about(desk(shop, authority), shop.caller, verifying(person_matches=False), at=NOON)

    assert (authority.asked, question.answer.answer) == (0, Answer.NOT_ASKED)


async def test_what_is_odd_about_number_and_name_is_recorded(shop: Shop) -> None:
    odd = verifying(name="张先生", number=MATCHING)

    answered = await verified(shop, odd)

    assert "title_not_name" in answered.warnings


async def test_what_cannot_be_is_pointed_at_and_not_repeated(shop: Shop) -> None:
    with pytest.raises(Problem) as caught:
        await asked(shop, verifying(number=MATCHING[:-1] + "0" if MATCHING[-1] != "0" else "1", name="123"))

    assert caught.value.kind is Kind.INVALID
    assert Fault("/document/number", "wrong_check_digit") in caught.value.faults
    assert Fault("/document/name", "name_missing") in caught.value.faults
    assert MATCHING[:-1] not in repr((caught.value, caught.value.faults))


@pytest.mark.parametrize(
    ("spelling", "same"),
    [(SENDER, True), (" 张 建国", True), ("李秀英", False)],
    ids=["as on the document", "with blanks", "another"],
)
async def test_the_holders_name_is_compared_unopened_in_one_spelling(shop: Shop, spelling: str, *, same: bool) -> None:
    answered = await verified(shop, verifying(name="张 建国"))

    matches = await shop.vault.commitment_matches(
        answered.name_commitment,
        owner_id=answered.enterprise_id,
        label=NAME_COMMITMENT,
        salt=answered.id,
        text=normal_name(spelling),
    )

    assert matches is same


async def test_neither_name_nor_number_is_in_the_clear(shop: Shop) -> None:
    answered = await verified(shop, verifying())

    async with shop.database.read() as tx:
        rows = (await tx.execute(text("SELECT * FROM verifications"))).all()

    for shown in (repr(rows), repr(answered)):
        assert SENDER not in shown
        assert MATCHING not in shown


async def test_a_new_id_is_unused_a_repeated_request_is_known(shop: Shop) -> None:
    request = verifying()
    async with shop.database.read() as tx:
        assert await require_unused(tx, shop.caller, request) is None
    answered = await verified(shop, request)

    async with shop.database.read() as tx:
        assert await require_unused(tx, shop.caller, request) == answered
        with pytest.raises(Problem) as caught:
            await require_unused(tx, shop.caller, replace(request, fingerprint=b"\x01" * 32))

    assert caught.value.kind is Kind.ID_CONFLICT


async def test_an_id_that_was_taken_while_the_authority_was_asked_is_a_conflict(shop: Shop) -> None:
    request = verifying()
    await verified(shop, request)

    with pytest.raises(Conflict):
        await verified(shop, request)


async def test_another_outlets_verification_serves_nobody_here(shop: Shop) -> None:
    answered = await verified(shop, verifying())
    elsewhere = OutletId(new_uuid())

    async with shop.database.read() as tx:
        assert await find_verification(tx, elsewhere, answered.id) is None
        found = await find_verifications(
            tx, [(answered.outlet_id, answered.id), (elsewhere, answered.id), (elsewhere, VerificationId(new_uuid()))]
        )
        assert await find_verifications(tx, []) == {}

    assert found == {answered.key: answered}


async def test_without_the_permission_nobody_is_verified(shop: Shop) -> None:
    without = replace(shop.caller, client=replace(shop.caller.client, permissions=frozenset()))

    with pytest.raises(Problem) as caught:
        await asked(replace(shop, caller=without), verifying())
    assert caught.value.kind is Kind.NOT_PERMITTED

    async with shop.database.read() as tx:
        with pytest.raises(Problem) as caught:
            await require_unused(tx, without, verifying())
    assert caught.value.kind is Kind.NOT_PERMITTED


# --- what it is worth: pure -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", Answer, ids=str)
def test_of_all_answers_only_a_mismatch_counts_against_the_sender(answer: Answer) -> None:
    failings = failings_of(verifying(), answer, on=TODAY)

    assert failings == ((Failing.AUTHORITY_MISMATCH,) if answer is Answer.MISMATCH else ())


@pytest.mark.parametrize("answer", Answer, ids=str)
def test_an_authority_that_said_nothing_leaves_the_identity_unconfirmed(answer: Answer) -> None:
    settled = {Answer.MATCH: PASSED, Answer.NOT_ASKED: PASSED, Answer.MISMATCH: FAILED}

    assert status_of(failings_of(verifying(), answer, on=TODAY), answer) is settled.get(answer, UNCONFIRMED)


@pytest.mark.parametrize(
    ("valid_until", "expired"),
    [(None, False), (TODAY, False), (TODAY - timedelta(days=1), True)],
    ids=["for life", "its last day", "the day after"],
)
def test_a_document_serves_through_its_last_day(valid_until: date | None, *, expired: bool) -> None:
    failings = failings_of(verifying(valid_until=valid_until), Answer.MATCH, on=TODAY)

    assert (Failing.DOCUMENT_EXPIRED in failings) is expired


@pytest.mark.parametrize("document", DocumentType, ids=str)
def test_authorities_know_18_digit_numbers_only(document: DocumentType) -> None:
    known = {"resident_id", "temp_resident_id", "hmt_residence_permit", "foreign_permanent_resident"}

    assert is_asked_about(document, person_matches=True) is (document.value in known)
    assert not is_asked_about(document, person_matches=False)


@pytest.mark.parametrize("channel", Channel, ids=str)
def test_only_a_match_is_worth_more_than_the_channel(channel: Channel) -> None:
    worth = assurance_of(channel, Answer.NOT_ASKED)

    assert assurance_of(channel, Answer.MATCH) is Assurance.AUTHORITY_CONFIRMED
    assert all(assurance_of(channel, answer) is worth for answer in Answer if answer is not Answer.MATCH)
    assert Assurance.AUTHORITY_CONFIRMED.rank > worth.rank > Assurance.NONE.rank
