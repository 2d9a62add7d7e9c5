"""However a person is spelled: refused on the way in, or found by one search."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from acceptance_api.http.wire import PersonName, Phone
from acceptance_api.identity import DocumentType, check_document, check_name
from acceptance_api.kernel.ids import new_uuid
from acceptance_api.kernel.spelling import check_character
from acceptance_api.vault import FileKeyStore, Index, Scope, Vault
from tests.contract import bodies
from tests.contract.bodies import Body, Someone
from tests.contract.scenes import FAR_AWAY, Scene, headers, set_scene
from tests.support.builders import NOON
from tests.support.databases import run_apart
from tests.support.service import running_service

ON = date(2026, 11, 20)
PHONE, NAME, ID_NUMBER = "13800138000", "买买提·吐尔逊", "11010519491231002X"
BLANKS = ["", " ", "\u00a0", "\u3000", "\u2009", "\t", "\n"]
INVISIBLE = ["", "\u200b", "\u200d", "\ufeff", "\u2060", "\u00ad", "\ufe0f", "\u202a"]
DOTS = ["·", "•", "・", "‧", "∙", "⋅", "．", "."]
ZEROS = [ord(zero) for zero in "0０٠۰०০"]
"""ASCII, full-width, Arabic, Persian, Devanagari and Bengali digits: `str.isdigit()` takes them all for digits."""


@st.composite
def respelled(draw: st.DrawFn, text: str) -> str:
    """A text with other digits, other dots, other case, blanks and invisible characters between and after."""
    spelled = []
    for character in text:
        if character.isdigit():
            character = chr(draw(st.sampled_from(ZEROS)) + int(character))  # noqa: PLW2901 - one of its spellings
        elif character == "·":
            character = draw(st.sampled_from(DOTS))  # noqa: PLW2901 - the same
        elif character == "X":
            character = draw(st.sampled_from(["X", "x", "Ｘ", "ｘ"]))  # noqa: PLW2901 - the same
        spelled += [character, draw(st.sampled_from(INVISIBLE)), draw(st.sampled_from(BLANKS))]
    return draw(st.sampled_from(INVISIBLE + BLANKS)) + "".join(spelled)


@st.composite
def respelled_phones(draw: st.DrawFn) -> str:
    """A telephone with or without country code, hyphens and all that."""
    prefix = draw(st.sampled_from(["", "+86", "0086", "86", "＋８６", "+86-", "(+86)"]))
    return draw(respelled(prefix)) + draw(respelled(draw(st.sampled_from([PHONE, "138-0013-8000", "138 0013 8000"]))))


@pytest.fixture(scope="module")
def scope(tmp_path_factory: pytest.TempPathFactory) -> Scope:
    """One owner's scope; a scope is synchronous and needs no loop."""
    made: list[Scope] = []

    async def make() -> None:
        vault = Vault(FileKeyStore(tmp_path_factory.mktemp("vault") / "keys"))
        made.append(await vault.scope(new_uuid(), at=NOON))

    run_apart(make())
    return made[0]


class Wire(BaseModel):
    """A telephone and a name as bodies take them."""

    phone: Phone = PHONE
    name: PersonName = NAME


def is_taken(**values: str) -> bool:
    """Whether the wire takes a value."""
    try:
        Wire(**values)
    except ValidationError:
        return False
    return True


@given(text=respelled_phones())
@settings(deadline=None)
def test_a_telephone_is_refused_or_has_one_token(scope: Scope, text: str) -> None:
    wanted = scope.token(Index.PHONE, PHONE)

    assert not is_taken(phone=text) or scope.token(Index.PHONE, text) == wanted


@given(text=respelled(NAME))
@settings(deadline=None)
def test_a_name_is_refused_or_has_one_token(scope: Scope, text: str) -> None:
    wanted = scope.token(Index.NAME_AND_PHONE, NAME, PHONE)
    refused = not is_taken(name=text) or bool(check_name(text).faults)

    assert refused or scope.token(Index.NAME_AND_PHONE, text, PHONE) == wanted


@given(text=respelled(ID_NUMBER))
@settings(deadline=None)
def test_an_id_number_is_refused_or_has_one_token(scope: Scope, text: str) -> None:
    checked = check_document(DocumentType.RESIDENT_ID, text, on=ON)
    wanted = scope.token(Index.ID_NUMBER, ID_NUMBER)

    assert checked.faults or scope.token(Index.ID_NUMBER, text) == wanted
    assert checked.faults or scope.token(Index.ID_NUMBER, checked.number) == wanted


@given(text=st.text(min_size=1, max_size=30))
@settings(deadline=None)
def test_what_is_stored_and_what_is_searched_for_agree_for_any_text(scope: Scope, text: str) -> None:
    """The check folds before it validates: what it takes and what it was given are one person."""
    checked = check_document(DocumentType.RESIDENT_ID, text, on=ON)
    if not checked.faults:
        assert scope.token(Index.ID_NUMBER, text) == scope.token(Index.ID_NUMBER, checked.number)


FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
SPELLINGS: Mapping[str, Callable[[Someone], Someone]] = {
    "plain": lambda one: one,
    "full-width": lambda one: _with(one, one.number.translate(FULL_WIDTH), one.phone.translate(FULL_WIDTH)),
    "Arabic digits": lambda one: _with(one, one.number.translate(ARABIC), one.phone.translate(ARABIC)),
    "country code": lambda one: _with(one, one.number, f"+86 {one.phone[:3]}-{one.phone[3:7]}-{one.phone[7:]}"),
    "zero-width": lambda one: _with(one, "\u200b".join(one.number), f"{one.phone}\u200b", f"\u200b{one.name}"),
    "blanks": lambda one: _with(one, f" {one.number[:6]} {one.number[6:]}", f"{one.phone} ", " ".join(one.name)),
    "lower-case x": lambda one: _with(one, one.number.lower(), one.phone),
    "another dot": lambda one: _with(one, one.number, one.phone, one.name.replace("·", "•")),
    "trailing newline": lambda one: _with(one, f"{one.number}\n", f"{one.phone}\n", f"{one.name}\n"),
}


def _with(one: Someone, id_number: str, phone: str, name: str | None = None) -> Someone:
    return Someone(name=name or one.name, phone=phone, address=one.address, number=id_number)


@pytest.mark.parametrize("searched_as", ["plain", "full-width", "blanks"])
async def test_over_http_every_spelling_that_is_taken_is_found_by_every_search(
    searched_as: str, database_url: str, tmp_path: Path
) -> None:
    seventeen = "11010519491231002"
    person = Someone(name=NAME, phone="13700137001", number=seventeen + check_character(seventeen))
    async with running_service(database_url, tmp_path) as service:
        scene = await set_scene(service, service.world, division="110105")
        taken = {how: await _present(scene, respell(person)) for how, respell in SPELLINGS.items()}
        stored = {made for made in taken.values() if made}
        as_searched = SPELLINGS[searched_as](person)
        found = [await _found(scene, by) for by in _searches(as_searched, person.phone[-4:])]

    assert len(stored) >= len(SPELLINGS) - 1, "most spellings are ordinary at a counter"
    assert found == [stored] * len(found)


async def _present(scene: Scene, person: Someone) -> str | None:
    """Have a person verified and send a parcel; the record's id, or None when either was refused as ill-formed."""
    given_headers = await headers(scene.service, scene.world, "counter")
    verified = await scene.service.post("/counter/v1/verifications", bodies.verification(person), given_headers)
    assert verified.status_code in {201, 422}, verified.text
    if verified.status_code != 201:
        return None
    body = bodies.parcel(division=FAR_AWAY, sender=person, verification_id=verified.json()["id"])
    again = await headers(scene.service, scene.world, "counter")
    decided = await scene.service.post("/counter/v1/acceptances", body, again)
    assert decided.status_code in {201, 422}, decided.text
    if decided.status_code != 201:
        return None
    grounds = {ground["code"] for ground in decided.json()["decision"]["grounds"]}
    assert "name_mismatch" not in grounds
    return str(decided.json()["id"])


def _searches(person: Someone, phone_last_4: str) -> list[Body]:
    return [
        {"kind": "id_number", "id_number": person.number},
        {"kind": "phone", "phone": person.phone},
        {"kind": "name_and_phone", "name": person.name, "phone_last_4": phone_last_4},
    ]


async def _found(scene: Scene, by: Body) -> set[str]:
    given_headers = await headers(scene.service, scene.world, "regulator")
    body = {"case_id": scene.case_id, "by": by}
    answer = await scene.service.post("/regulator/v1/searches", body, given_headers)
    assert answer.status_code == 200, answer.text
    return {hit["acceptance_id"] for hit in answer.json()["data"]}
