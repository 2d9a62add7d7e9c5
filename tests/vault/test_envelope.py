"""The envelope, byte by byte."""

from dataclasses import replace
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from acceptance_api.vault import BrokenAlgorithm, envelope, verify_algorithms
from acceptance_api.vault.known_answers import ANSWERS

CIPHER = AESGCM(bytes(range(32)))
HEAD = envelope.header(envelope.Algorithm.AES_256_GCM, 0x0102030405060708)
LABEL = envelope.record_label(
    envelope.field_label("parcel", "sender_name"), envelope.owner_label("org-0001"), UUID(bytes=bytes(range(16)))
)


def test_the_golden_envelope_opens() -> None:
    assert envelope.unsealed(CIPHER, HEAD, LABEL, ANSWERS.envelope) == "张三".encode()


def test_this_machine_gives_the_published_answers() -> None:
    verify_algorithms()


@pytest.mark.parametrize(
    "spoiled",
    [
        pytest.param(replace(ANSWERS, envelope=ANSWERS.envelope[:-1] + b"\x00"), id="envelope"),
        pytest.param(replace(ANSWERS, mac=bytes(32)), id="mac"),
    ],
)
def test_a_machine_that_gives_other_answers_does_not_start(spoiled: object) -> None:
    with pytest.raises(BrokenAlgorithm):
        verify_algorithms(spoiled)  # type: ignore[arg-type]  # parametrize loses the type


def test_every_single_bit_flip_of_every_byte_is_rejected() -> None:
    for at in range(len(ANSWERS.envelope)):
        for bit in range(8):
            flipped = bytearray(ANSWERS.envelope)
            flipped[at] ^= 1 << bit
            assert envelope.unsealed(CIPHER, HEAD, LABEL, bytes(flipped)) is None


def test_authentic_content_without_its_end_mark_is_damaged() -> None:
    sealed = envelope.seal(CIPHER, HEAD, bytes(12), LABEL, bytes(32))
    assert envelope.unsealed(CIPHER, HEAD, LABEL, sealed) is None


@given(content=st.binary(max_size=200), bucket=st.integers(1, 64))
def test_padding_comes_off_again_and_fills_whole_buckets(content: bytes, bucket: int) -> None:
    padded = envelope.padded(content, bucket)

    assert envelope.unpadded(padded) == content
    assert len(padded) % bucket == 0
    assert len(content) < len(padded) <= len(content) + bucket


@pytest.mark.parametrize(
    "pair",
    [
        pytest.param((("ab", "c"), ("a", "bc")), id="table and column"),
        pytest.param((("a", ""), ("", "a")), id="empty"),
    ],
)
def test_names_cannot_run_into_one_another(pair: tuple[tuple[str, str], tuple[str, str]]) -> None:
    one, other = pair
    assert envelope.field_label(*one) != envelope.field_label(*other)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xe1\x01", id="cut header"),
        pytest.param(ANSWERS.envelope[:38], id="no content"),
        pytest.param(b"\xe2" + ANSWERS.envelope[1:], id="other format"),
    ],
)
def test_what_is_no_envelope_names_no_key(other: bytes) -> None:
    assert envelope.named_key(other) is None
