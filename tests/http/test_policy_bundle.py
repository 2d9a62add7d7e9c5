"""The policy bundle: what a counter decides by while it is offline is what the service decides by."""

import base64
import hashlib
import json
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jws
from joserfc.jwk import KeySet
from joserfc.registry import HeaderParameter

from acceptance_api.acceptance import Ground
from acceptance_api.access import SigningKeys, mint_key
from acceptance_api.http.counter.policy_bundle_wire import PolicyBundleOut
from acceptance_api.kernel.clock import legal_day
from tests.http.bundles import (
    PATH,
    Json,
    bundle_of,
    by_code,
    every_name,
    fetch,
    published,
    question_of,
    questions,
    required,
)
from tests.http.offline_counter import OfflineCounter
from tests.support import journeys
from tests.support.authorities import StandingClock
from tests.support.service import Service, running_service

PARCELS = "/counter/v1/acceptances"
BEFORE_THE_RENUMBERING = datetime(2025, 5, 20, 4, 0, tzinfo=UTC)
AFTER_IT = datetime(2025, 6, 1, 4, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> StandingClock:
    """A clock that the test moves."""
    return StandingClock(datetime(2026, 11, 20, 4, 20, tzinfo=UTC))


@pytest.fixture
async def service(database_url: str, tmp_path: Path, clock: StandingClock) -> AsyncIterator[Service]:
    """The service by that clock, on each backend in turn."""
    async with running_service(database_url, tmp_path, clock=clock) as running:
        yield running


@pytest.fixture
async def embedded(sqlite_url: str, tmp_path: Path, clock: StandingClock) -> AsyncIterator[Service]:
    """The service by that clock, on SQLite alone: for what no database can change."""
    async with running_service(sqlite_url, tmp_path, clock=clock) as running:
        yield running


# --- what it says is what the service says ----------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_a_counter_that_has_only_the_bundle_states_the_same_requirements(service: Service, language: str) -> None:
    offline = OfflineCounter(await bundle_of(service), on=legal_day(service.office.clock.now()))

    for question in questions(random.Random(1), 25):  # noqa: S311 - a fixed table of parcels, no secret
        told = await required(service, question, language)
        assert offline.requirements(question, language=language) == told, question


async def test_every_name_of_the_catalogue_is_judged_alike(embedded: Service) -> None:
    offline = OfflineCounter(await bundle_of(embedded), on=legal_day(embedded.office.clock.now()))
    lines = [{"name": name, "quantity": quantity} for name in every_name() for quantity in (1, 5_000)]

    for start in range(0, len(lines), 50):
        question = question_of(contents=lines[start : start + 50])
        assert offline.requirements(question)["contents"] == (await required(embedded, question))["contents"]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "parcel",
    [
        pytest.param({}, id="nobody was verified, nothing inspected"),
        pytest.param({"division": journeys.FAR_AWAY}, id="nor screened"),
        pytest.param({"contents_kind": "letter", "contents": [{"name": "信函"}]}, id="a letter"),
        pytest.param({"contents": [{"name": "打火机"}, {"name": "Drinks"}], "transport": "air"}, id="prohibited goods"),
        pytest.param(
            {"contents": [{"name": "香烟", "quantity": 300}, {"name": "雪茄", "quantity": 101}]}, id="tobacco"
        ),
        pytest.param({"contents": [{"name": "锂电池", "quantity": 101}, {"name": "红酒"}]}, id="limits, papers"),
        pytest.param({"contents": [{"name": "野生动物", "documents": ["wildlife_permit"]}]}, id="wildlife"),
        pytest.param({"contents": [{"name": "围巾", "goods_code": "R-05"}]}, id="a code hides nothing"),
        pytest.param({"weight_g": 50_001}, id="too heavy"),
        pytest.param({"measures": {"length_mm": 1_501, "width_mm": 1, "height_mm": 1}}, id="too long"),
        pytest.param({"measures": {"length_mm": 1_500, "width_mm": 1_500, "height_mm": 1}}, id="too large"),
        pytest.param({"weight_g": 50_000, "destination": {"country": "HK"}}, id="to Hong Kong"),
    ],
)
async def test_it_finds_the_grounds_the_service_finds(embedded: Service, parcel: Json, language: str) -> None:
    body = journeys.parcel_of(**parcel)
    offline = OfflineCounter(await bundle_of(embedded), on=legal_day(embedded.office.clock.now()))

    answer = await embedded.post(PARCELS, body, await embedded.as_counter(None, **{"Accept-Language": language}))

    decided = answer.json()["decision"]
    assert sorted(offline.grounds(body, language=language), key=by_code) == sorted(decided["grounds"], key=by_code)
    assert offline.versions() == decided["rules"]


async def test_a_bundle_fetched_before_the_law_changes_knows_the_law_after(
    service: Service, clock: StandingClock
) -> None:
    clock.at = BEFORE_THE_RENUMBERING
    bundle = await bundle_of(service)
    service.tokens.clear()
    clock.at = AFTER_IT
    before, after = (OfflineCounter(bundle, on=legal_day(at)) for at in (BEFORE_THE_RENUMBERING, AFTER_IT))

    assert (before.versions()["statutory"], after.versions()["statutory"]) == ("2018-05-01", "2025-06-01")
    for question in questions(random.Random(2), 10):  # noqa: S311 - the same
        told = await required(service, question)
        assert after.requirements(question) == told
        assert before.requirements(question)["identity"]["citation"] != told["identity"]["citation"]


@pytest.mark.parametrize("division", ["110105", "440305", "650102", "419001"])
async def test_each_outlet_has_its_own_reaches(embedded: Service, division: str) -> None:
    world = await embedded.another_world(division=division)
    offline = OfflineCounter(await bundle_of(embedded, world=world), on=legal_day(embedded.office.clock.now()))

    for question in questions(random.Random(3), 30):  # noqa: S311 - the same
        assert offline.requirements(question)["reach"] == (await required(embedded, question, world=world))["reach"]


async def test_every_ground_stands_in_it_with_an_article_that_is_in_force(embedded: Service) -> None:
    bundle = await bundle_of(embedded)
    cited = {article["duty"] for article in bundle["articles"] if article["valid_to"] is None}

    assert {ground["code"] for ground in bundle["grounds"]} == {ground.code for ground in Ground}
    assert {ground["duty"] for ground in bundle["grounds"]} <= cited
    assert bundle["campaigns"] == []


async def test_it_tells_how_long_what_it_is_used_for_is_good(embedded: Service) -> None:
    bundle, settings = await bundle_of(embedded), embedded.office.settings

    assert bundle["offline_days_max"] == settings.offline_days_max
    assert bundle["identity"]["verification_lifetime_s"] == settings.verification_lifetime_s


async def test_it_is_what_its_schema_says(embedded: Service) -> None:
    bundle = await bundle_of(embedded)

    assert PolicyBundleOut.model_validate(bundle).model_dump(mode="json") == bundle


# --- its version, and whether a counter has it already ----------------------------------------------------------------


async def test_the_version_is_the_digest_of_everything_else(service: Service) -> None:
    answer = await fetch(service)
    version = answer.json()["version"]

    rest = answer.content.removeprefix(b'{"version":"%b",' % version.encode())
    assert hashlib.sha256(b"{" + rest).hexdigest() == version
    assert answer.headers["ETag"] == f'"{version}"'


async def test_two_installations_give_the_same_policy_the_same_version(
    embedded: Service, sqlite_url: str, tmp_path: Path, clock: StandingClock
) -> None:
    (tmp_path / "other").mkdir()
    async with running_service(sqlite_url, tmp_path / "other", clock=clock) as other:
        assert (await fetch(embedded)).content == (await fetch(other)).content


async def test_the_same_policy_keeps_its_version_from_day_to_day(embedded: Service, clock: StandingClock) -> None:
    first = await fetch(embedded)
    clock.move(timedelta(days=1))
    embedded.tokens.clear()

    assert (await fetch(embedded)).content == first.content


async def test_another_outlet_or_another_law_is_another_version(embedded: Service, clock: StandingClock) -> None:
    elsewhere = await embedded.another_world(division="440305")
    versions = [(await bundle_of(embedded))["version"], (await bundle_of(embedded, world=elsewhere))["version"]]
    clock.at = BEFORE_THE_RENUMBERING
    embedded.tokens.clear()
    versions.append((await bundle_of(embedded))["version"])

    assert len(set(versions)) == 3


@pytest.mark.parametrize("validator", ['"{}"', 'W/"{}"', '"older", "{}"', "*"])
async def test_a_counter_that_has_it_already_is_told_so(service: Service, validator: str) -> None:
    first = await fetch(service)
    again = await fetch(service, **{"If-None-Match": validator.format(first.json()["version"])})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert verified(first.content, again.headers["Bundle-Signature"], await published(service))


@pytest.mark.parametrize("validator", ['"older"', "{}", '"{}', "", "\x7f"])
async def test_a_counter_that_has_another_gets_it(embedded: Service, validator: str) -> None:
    version = (await bundle_of(embedded))["version"]

    assert (await fetch(embedded, **{"If-None-Match": validator.format(version)})).status_code == 200


# --- its signature ----------------------------------------------------------------------------------------------------


async def test_the_signature_is_that_of_a_published_key_over_exactly_these_bytes(service: Service) -> None:
    answer = await fetch(service)
    header, detached, _ = answer.headers["Bundle-Signature"].split(".")

    assert detached == ""
    assert json.loads(unpadded(header)) == {
        "alg": "ES256",
        "kid": service.office.signing_keys.newest.kid,
        "typ": "policy-bundle+jws",
        "iat": int(datetime(2026, 11, 20, 4, 0, tzinfo=UTC).timestamp()),
    }
    assert verified(answer.content, answer.headers["Bundle-Signature"], await published(service))


async def test_a_library_of_others_verifies_it(embedded: Service) -> None:
    answer = await fetch(embedded)
    registry = jws.JWSRegistry({"iat": HeaderParameter("issued at", "int")}, algorithms=["ES256"])
    keys = KeySet.import_key_set(await published(embedded))  # type: ignore[arg-type]

    told = jws.deserialize_compact(answer.headers["Bundle-Signature"], keys, registry=registry, payload=answer.content)

    assert told.payload == answer.content


async def test_any_changed_byte_is_noticed(embedded: Service) -> None:
    answer, keys = await fetch(embedded), await published(embedded)
    signature, body = answer.headers["Bundle-Signature"], answer.content
    places = [*range(0, len(body), 641), len(body) - 1]

    assert not any(
        verified(body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :], signature, keys) for place in places
    )
    assert not verified(body[:-1], signature, keys)
    assert not verified(body + b"\n", signature, keys)


async def test_any_changed_character_of_the_signature_is_noticed(embedded: Service) -> None:
    answer, keys = await fetch(embedded), await published(embedded)
    signature = answer.headers["Bundle-Signature"]
    header = signature.index(".")

    assert not any(
        verified(
            answer.content,
            f"{signature[:place]}{'A' if signature[place] != 'A' else 'B'}{signature[place + 1 :]}",
            keys,
        )
        for place in (*range(header), *range(header + 2, len(signature) - 1))
    )


async def test_a_new_key_signs_from_the_moment_it_is_there_and_the_old_one_still_verifies(
    embedded: Service, tmp_path: Path
) -> None:
    old = await fetch(embedded)
    kid = mint_key(tmp_path / "keys")
    newer = replace(embedded.office, signing_keys=SigningKeys(tmp_path / "keys"))
    embedded.app.state.office = newer

    new, keys = await fetch(embedded), await published(embedded)

    assert json.loads(unpadded(new.headers["Bundle-Signature"].split(".")[0]))["kid"] == kid
    assert new.content == old.content
    assert verified(new.content, new.headers["Bundle-Signature"], keys)
    assert verified(old.content, old.headers["Bundle-Signature"], keys)


async def test_the_server_vouches_for_it_anew_each_hour(embedded: Service, clock: StandingClock) -> None:
    hours = []
    for _ in range(3):
        header = (await fetch(embedded)).headers["Bundle-Signature"].split(".")[0]
        hours.append(json.loads(unpadded(header))["iat"])
        clock.move(timedelta(minutes=30))
        embedded.tokens.clear()

    assert [hour - hours[0] for hour in hours] == [0, 0, 3_600]


async def test_a_signature_is_no_access_token(embedded: Service) -> None:
    answer = await fetch(embedded)
    header, _, signature = answer.headers["Bundle-Signature"].split(".")
    payload = base64.urlsafe_b64encode(answer.content).rstrip(b"=").decode()

    for token in (answer.headers["Bundle-Signature"], f"{header}.{payload}.{signature}"):
        headers = await embedded.as_counter() | {"Authorization": f"Bearer {token}"}
        assert (await embedded.http.get(PATH, headers=headers)).status_code == 401


# --- who may have it --------------------------------------------------------------------------------------------------


async def test_caches_between_keep_nothing_and_ask_again(embedded: Service) -> None:
    answer = await fetch(embedded)

    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Vary"] == "Authorization"


async def test_nobody_of_the_outlet_stands_in_it(embedded: Service) -> None:
    text, world = (await fetch(embedded)).text, embedded.world
    ids = (world.enterprise_id, world.outlet_id, world.counter_id, world.clerk_id, world.agreement_id)

    assert not any(str(one) in text for one in ids)
    assert not any(name in text for name in ("示例收寄员", "示例营业部", "示例快递", "示例代表"))


# --- how it is verified -----------------------------------------------------------------------------------------------


def unpadded(text: str) -> bytes:
    """The bytes of base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def verified(body: bytes, signature: str, keys: Json) -> bool:
    """Whether one of the keys made this detached JWS over this body: RFC 7515 by hand, so that no library helps."""
    header, _, made = signature.split(".")
    try:
        named = json.loads(unpadded(header))
        (key,) = [key for key in keys["keys"] if key["kid"] == named["kid"] and named["alg"] == "ES256"]
        r, s = unpadded(made)[:32], unpadded(made)[32:]
        x, y = (int.from_bytes(unpadded(key[name])) for name in ("x", "y"))
        signed = f"{header}.".encode() + base64.urlsafe_b64encode(body).rstrip(b"=")
        public = EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()
        public.verify(encode_dss_signature(int.from_bytes(r), int.from_bytes(s)), signed, ECDSA(SHA256()))
    except (InvalidSignature, ValueError, KeyError, TypeError):
        return False
    return True
