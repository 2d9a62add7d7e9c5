"""The sealed fields of an inspection and of its photos."""

from acceptance_api.vault import Field

FINDINGS = Field("inspection", "findings", 256)
"""What was declared, what was seen, and the clerk's notes: free text may name people."""
PHOTO = Field("evidence", "content", 4096)
DECLARED_COMMITMENT = "inspection/declared/1"
"""Label of the salted commitment by which an acceptance's contents are compared with what was inspected, unopened."""
