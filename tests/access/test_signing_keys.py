"""The files of the signing keys."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from acceptance_api.access import SigningKeys, mint_key
from acceptance_api.kernel.problems import Kind, Problem

P384 = generate_private_key(SECP384R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
ED25519 = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def test_the_first_start_mints_a_key_that_only_its_owner_can_read(tmp_path: Path) -> None:
    keys = SigningKeys(tmp_path / "keys")
    (file,) = (tmp_path / "keys" / "signing").iterdir()

    assert file.name == f"{keys.newest.kid}.pem"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert file.parent.parent.stat().st_mode & 0o777 == 0o700


def test_a_restart_keeps_the_key(tmp_path: Path) -> None:
    assert SigningKeys(tmp_path).newest.kid == SigningKeys(tmp_path).newest.kid


def test_the_newest_key_signs_and_all_verify(tmp_path: Path) -> None:
    first = SigningKeys(tmp_path).newest.kid
    second = mint_key(tmp_path)
    keys = SigningKeys(tmp_path)

    assert keys.newest.kid == second
    assert keys.find(first) is not None
    assert [key["kid"] for key in keys.public_set()["keys"]] == [first, second]


def test_the_public_set_shows_no_private_half(tmp_path: Path) -> None:
    (key,) = SigningKeys(tmp_path).public_set()["keys"]

    assert set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    assert (key["crv"], key["alg"]) == ("P-256", "ES256")


@pytest.mark.parametrize("kid", [None, 7, [], "", "../../etc/passwd", "unknown"])
def test_a_key_nobody_minted_is_not_found(tmp_path: Path, kid: object) -> None:
    assert SigningKeys(tmp_path, reload_interval_s=0).find(kid) is None


def test_a_key_another_process_minted_is_found(tmp_path: Path) -> None:
    keys = SigningKeys(tmp_path, reload_interval_s=0)
    kid = mint_key(tmp_path)

    assert keys.find(kid) is not None
    assert keys.newest.kid == kid


def test_unknown_names_do_not_make_the_directory_be_read_again_and_again(tmp_path: Path) -> None:
    keys = SigningKeys(tmp_path, reload_interval_s=3_600)
    kid = mint_key(tmp_path)

    assert keys.find(kid) is None


def test_keys_in_memory_outlive_a_lost_directory(tmp_path: Path) -> None:
    keys = SigningKeys(tmp_path, reload_interval_s=0)
    (tmp_path / "signing" / f"{keys.newest.kid}.pem").unlink()

    assert keys.find("unknown") is None
    assert keys.find(keys.newest.kid) is not None


@pytest.mark.parametrize(
    ("content", "mode"),
    [
        pytest.param(b"no key", 0o600, id="no key at all"),
        pytest.param(P384, 0o600, id="another curve"),
        pytest.param(ED25519, 0o600, id="another algorithm"),
        pytest.param(None, 0o644, id="readable by others"),
    ],
)
def test_a_key_that_cannot_be_trusted_stops_the_start(tmp_path: Path, content: bytes | None, mode: int) -> None:
    file = tmp_path / "signing" / f"{SigningKeys(tmp_path).newest.kid}.pem"
    file.write_bytes(file.read_bytes() if content is None else content)
    file.chmod(mode)

    with pytest.raises(Problem) as caught:
        SigningKeys(tmp_path)

    assert caught.value.kind is Kind.KEYS_UNAVAILABLE
    assert len(list(file.parent.iterdir())) == 1, "no new key in its place"


def test_a_place_where_no_key_can_be_written_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(Problem) as caught:
        SigningKeys(tmp_path / "file")

    assert caught.value.kind is Kind.KEYS_UNAVAILABLE
