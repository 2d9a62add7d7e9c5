"""Confirming what was found: a row that was edited, or merely collided, shows nobody's record."""

from acceptance_api.acceptance import Acceptance, Claim, probe_of
from acceptance_api.access import is_within
from acceptance_api.disclosure import Look, Probe
from acceptance_api.kernel.log import get_logger
from acceptance_api.regulator.finding import Found
from acceptance_api.regulator.model import SearchKind, SearchRecords

log = get_logger()


async def confirmed(look: Look, found: Found, request: SearchRecords, *, jurisdiction: str) -> tuple[Acceptance, ...]:
    """The records of which at least one claim holds, newest first.

    Raises:
        Problem: KEYS_UNAVAILABLE or SEALED_DATA_DAMAGED.
    """
    claims = [(claim, one) for claim in found.claims if (one := _claimed(claim, found, request, jurisdiction))]
    plain = [one for claim, one in claims if claim.token is None]
    probed = [(one, probe) for claim, one in claims if claim.token is not None and (probe := _probe(claim, one, found))]
    holds = await look.confirmed([probe for _, probe in probed])
    kept = [*plain, *(one for (one, _), is_held in zip(probed, holds, strict=True) if is_held)]
    return tuple({one.key: one for one in kept}.values())


def _claimed(claim: Claim, found: Found, request: SearchRecords, jurisdiction: str) -> Acceptance | None:
    """The record itself, if it says what the index said: its waybill, and that it lies in the jurisdiction."""
    acceptance = found.acceptances.get((claim.outlet_id, claim.acceptance_id))
    if acceptance is None or acceptance.key not in found.revisions:
        return None
    is_other = request.kind is SearchKind.WAYBILL and acceptance.waybill != request.values[0]
    if is_other or not is_within(acceptance.origin, jurisdiction):
        log.error("index does not match its record", table="acceptance", record_id=str(acceptance.id))
        return None
    return acceptance


def _probe(claim: Claim, acceptance: Acceptance, found: Found) -> Probe | None:
    probe = probe_of(claim, acceptance, found.revisions[acceptance.key], found.verifications)
    if probe is None:
        log.error("token's source is not its record's", table="acceptance", record_id=str(acceptance.id))
    return probe
