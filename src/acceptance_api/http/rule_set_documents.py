"""Who reads the typed documents of rule sets when they are proposed: one parser for each kind."""

from collections.abc import Mapping
from typing import Final

from acceptance_api import acceptance
from acceptance_api.goods import parse_new_layer
from acceptance_api.rulesets import Parse

PARSERS: Final[Mapping[str, Parse]] = {
    **acceptance.PARSERS,
    # What is approved is read whatever the catalogue has become since; what is proposed must be about something.
    "goods": parse_new_layer,
}
