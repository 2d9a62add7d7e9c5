"""Signatures of documents that are kept and verified later."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from joserfc import jws
from joserfc.errors import BadSignatureError
from joserfc.jwk import KeySet
from joserfc.registry import HeaderParameter

from acceptance_api.access import SigningKeys, mint_key, sign_document

AT = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
REGISTRY = jws.JWSRegistry({"iat": HeaderParameter("issued at", "int")}, algorithms=["ES256"])


def read(signature: str, document: bytes, keys: SigningKeys) -> jws.CompactSignature:
    published = KeySet.import_key_set(keys.public_set())  # type: ignore[arg-type]
    return jws.deserialize_compact(signature, published, registry=REGISTRY, payload=document)


def test_a_signature_holds_everything_but_the_document(tmp_path: Path) -> None:
    keys = SigningKeys(tmp_path)
    signature = sign_document(keys, b"a document", kind="example+jws", at=AT)

    assert signature.split(".")[1] == ""
    assert read(signature, b"a document", keys).headers() == {
        "alg": "ES256",
        "kid": keys.newest.kid,
        "typ": "example+jws",
        "iat": int(AT.timestamp()),
    }


@pytest.mark.parametrize("document", [b"", b"another document", b"a document ", b"\x00"])
def test_it_is_no_signature_of_another_document(tmp_path: Path, document: bytes) -> None:
    keys = SigningKeys(tmp_path)
    signature = sign_document(keys, b"a document", kind="example+jws", at=AT)

    with pytest.raises(BadSignatureError):
        read(signature, document, keys)


def test_an_old_signature_outlives_the_key_that_made_it(tmp_path: Path) -> None:
    old = sign_document(SigningKeys(tmp_path), b"a document", kind="example+jws", at=AT)
    mint_key(tmp_path)
    keys = SigningKeys(tmp_path)

    assert read(old, b"a document", keys).headers()["kid"] != keys.newest.kid
