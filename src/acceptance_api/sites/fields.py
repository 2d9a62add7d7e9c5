"""The sealed fields of sites."""

from acceptance_api.vault import Field

CLERK_NAME = Field("clerk", "name", 32)
