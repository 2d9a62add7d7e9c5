"""The sealed fields of a case: officers and witnesses are persons too, and notes name them."""

from typing import Final

from acceptance_api.vault import Field

_TABLE: Final = "interception_step"

ACTOR_NAME = Field(_TABLE, "actor_name", 32)
ACTOR_CERTIFICATE = Field(_TABLE, "actor_certificate", 32)
HOLDER_NAME = Field(_TABLE, "holder_name", 32)
HOLDER_CERTIFICATE = Field(_TABLE, "holder_certificate", 32)
WITNESS_NAME = Field(_TABLE, "witness_name", 32)
WITNESS_CERTIFICATE = Field(_TABLE, "witness_certificate", 32)
NOTE = Field(_TABLE, "note", 256)
OF_A_STEP: Final = (
    ACTOR_NAME,
    ACTOR_CERTIFICATE,
    HOLDER_NAME,
    HOLDER_CERTIFICATE,
    WITNESS_NAME,
    WITNESS_CERTIFICATE,
    NOTE,
)
CONTENT = Field("interception_evidence", "content", 4096)
