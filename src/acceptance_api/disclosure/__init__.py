"""The only door to plaintext: opening a field leaves an audit entry, and masks are made here."""

from acceptance_api.disclosure.masks import Mask
from acceptance_api.disclosure.model import Cell, Probe
from acceptance_api.disclosure.opening import DisclosureDesk, Look

__all__ = ["Cell", "DisclosureDesk", "Look", "Mask", "Probe"]
