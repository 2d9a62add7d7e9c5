"""The sealed fields of a verification: one declaration drives column, binding, padding and index."""

from acceptance_api.vault import Field

DOCUMENT_NUMBER = Field("verification", "document_number", 32)
HOLDER_NAME = Field("verification", "holder_name", 32)
NAME_COMMITMENT = "verification/holder_name/1"
"""Label of the salted commitment by which a waybill's sender is compared with the verified holder, unopened."""
