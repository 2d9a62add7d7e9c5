"""How an organisation names itself on the wire, to counters and enterprises alike."""

from typing import Annotated

from pydantic import AfterValidator, Field

from acceptance_api.identity import check_organisation_code


def _organisation_code(value: str) -> str:
    check = check_organisation_code(value)
    if check.faults:
        raise ValueError(check.faults[0].value)
    return check.code


OrganisationCode = Annotated[str, Field(min_length=1, max_length=40), AfterValidator(_organisation_code)]
"""A unified social credit code (GB 32100), check character verified."""
