"""The sealed fields of agreements."""

from acceptance_api.vault import Field

CUSTOMER = Field("agreement", "customer", 64)
USCC = Field("agreement", "uscc", 32)
REPRESENTATIVE = Field("agreement", "representative", 32)
