"""Which clients may exist: each audience stands in its own place and is given permissions of its own."""

import re

from acceptance_api.access.model import AddClient, Agency, Audience, is_within, permissions_of
from acceptance_api.kernel.problems import Fault

_PLACES = ("enterprise_id", "outlet_id", "counter_id", "agency_id", "jurisdiction")
_REQUIRED = {
    Audience.COUNTER: frozenset({"enterprise_id", "outlet_id"}),
    Audience.ENTERPRISE: frozenset({"enterprise_id"}),
    Audience.REGULATOR: frozenset({"agency_id"}),
}
_ALLOWED = {
    Audience.COUNTER: _REQUIRED[Audience.COUNTER] | {"counter_id"},
    Audience.ENTERPRISE: _REQUIRED[Audience.ENTERPRISE],
    Audience.REGULATOR: _REQUIRED[Audience.REGULATOR] | {"jurisdiction"},
}
_JURISDICTION = re.compile(r"(?:[0-9]{2}){0,3}\Z")


def faults_of(request: AddClient) -> tuple[Fault, ...]:
    """What is wrong with a client that is asked for; nothing when it may exist."""
    given = {place for place in _PLACES if getattr(request, place) is not None}
    missing = [Fault(f"/{place}", "required") for place in sorted(_REQUIRED[request.audience] - given)]
    foreign = [Fault(f"/{place}", "not_of_audience") for place in sorted(given - _ALLOWED[request.audience])]
    return (*missing, *foreign, *_permission_faults(request), *jurisdiction_faults(request.jurisdiction or ""))


def jurisdiction_faults(jurisdiction: str) -> tuple[Fault, ...]:
    """A jurisdiction is the prefix of a GB/T 2260 code: "" or 2, 4 or 6 digits."""
    return () if _JURISDICTION.match(jurisdiction) else (Fault("/jurisdiction", "not_a_division_prefix"),)


def reach_faults(request: AddClient, agency: Agency) -> tuple[Fault, ...]:
    """A regulator's client looks no further than its agency."""
    if request.jurisdiction is None or is_within(request.jurisdiction, agency.jurisdiction):
        return ()
    return (Fault("/jurisdiction", "beyond_agency"),)


def _permission_faults(request: AddClient) -> tuple[Fault, ...]:
    if request.permissions is None or request.permissions <= permissions_of(request.audience):
        return ()
    return (Fault("/permissions", "not_of_audience"),)
