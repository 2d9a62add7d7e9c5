"""Known answers: before anything is sealed, this machine's algorithms must give the published results."""

from dataclasses import dataclass
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from acceptance_api.vault import envelope
from acceptance_api.vault.envelope import Algorithm
from acceptance_api.vault.model import BrokenAlgorithm

_KEY = bytes(range(32))
_NONCE = bytes(range(12))
_RECORD = UUID(bytes=bytes(range(16)))
_KEY_ID = 0x0102030405060708
_NAME_BUCKET = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What must come out."""

    envelope: bytes
    mac: bytes


ANSWERS = Answers(
    envelope=bytes.fromhex(
        "e1010102030405060708000102030405060708090a0ba2be76ff7d6c421b8d41978bb1e9786d83d68734f07b5f7c3867e5851d6900b2"
        "1a6b69f9937ddb7cbacc9d7805eeebc0"
    ),
    # RFC 4231, test case 2.
    mac=bytes.fromhex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
)


def verify_algorithms(answers: Answers = ANSWERS) -> None:
    """Seal and open the golden envelope, and compute a published MAC; call it before the process serves.

    Raises:
        BrokenAlgorithm: a result is not the published one.
    """
    head = envelope.header(Algorithm.AES_256_GCM, _KEY_ID)
    label = envelope.record_label(
        envelope.field_label("parcel", "sender_name"), envelope.owner_label("org-0001"), _RECORD
    )
    cipher, name = AESGCM(_KEY), "张三".encode()
    sealed = envelope.seal(cipher, head, _NONCE, label, envelope.padded(name, _NAME_BUCKET))
    if sealed != answers.envelope or envelope.unsealed(cipher, head, label, sealed) != name:
        raise BrokenAlgorithm("AES-256-GCM does not give the published answer")
    mac = HMAC(b"Jefe", SHA256())
    mac.update(b"what do ya want for nothing?")
    if mac.finalize() != answers.mac:
        raise BrokenAlgorithm("HMAC-SHA-256 does not give the published answer")
