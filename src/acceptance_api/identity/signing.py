"""How the vendors' requests are signed. Pure; the sandbox checks signatures with the same functions.

Sources: Alibaba Cloud, "V3 request structure and signature" (ACS3-HMAC-SHA256); Tencent Cloud, "Signature v3"
(TC3-HMAC-SHA256). Both vendors' worked examples are in the tests.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

ACS3 = "ACS3-HMAC-SHA256"
TC3 = "TC3-HMAC-SHA256"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a vendor knows us by. The secret is not in the repr."""

    key_id: str
    secret: str = field(repr=False)


def sha256_hex(content: bytes) -> str:
    """The SHA-256 of some bytes, in lower-case hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def acs3_authorization(credentials: Credentials, headers: Mapping[str, str], content: bytes, *, query: str = "") -> str:
    """The Authorization header of a POST to `/` of Alibaba Cloud.

    Args:
        credentials: who asks.
        headers: every header to be signed, with its name in lower case.
        content: the body, as it is sent.
        query: the canonical query string, for operations that have one.
    """
    hashed = sha256_hex(_canonical(headers, content, query=query).encode())
    signature = hmac.new(credentials.secret.encode(), f"{ACS3}\n{hashed}".encode(), hashlib.sha256).hexdigest()
    return f"{ACS3} Credential={credentials.key_id},SignedHeaders={_names(headers)},Signature={signature}"


def tc3_authorization(
    credentials: Credentials, headers: Mapping[str, str], content: bytes, *, service: str, at: datetime
) -> str:
    """The Authorization header of a POST to `/` of Tencent Cloud.

    Args:
        credentials: who asks.
        headers: every header to be signed, with its name in lower case.
        content: the body, as it is sent.
        service: the product's name, the first label of its host.
        at: the moment that X-TC-Timestamp names.
    """
    moment = at.astimezone(UTC)
    scope = f"{moment:%Y-%m-%d}/{service}/tc3_request"
    lowered = {name: value.lower() for name, value in headers.items()}
    hashed = sha256_hex(_canonical(lowered, content, query="").encode())
    key = f"TC3{credentials.secret}".encode()
    for part in (*scope.split("/"), f"{TC3}\n{int(moment.timestamp())}\n{scope}\n{hashed}"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return f"{TC3} Credential={credentials.key_id}/{scope}, SignedHeaders={_names(headers)}, Signature={key.hex()}"


def _canonical(headers: Mapping[str, str], content: bytes, *, query: str) -> str:
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in sorted(headers))
    return f"POST\n/\n{query}\n{lines}\n{_names(headers)}\n{sha256_hex(content)}"


def _names(headers: Mapping[str, str]) -> str:
    return ";".join(sorted(headers))
