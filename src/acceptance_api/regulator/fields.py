"""The sealed fields of a case and of a disclosure: officers are persons too, and reasons name them."""

from acceptance_api.vault import Field

OFFICERS = Field("case", "officers", 256)
PURPOSE = Field("case", "purpose", 256)
REASON = Field("disclosure", "reason", 256)
SEARCHED_COMMITMENT = "search/values/1"
"""Label of the salted commitment to what was searched for: provable to whoever knows it, dead with its key."""
