"""Scanning a parcel under way: it is judged anew at every place that sees it, by the campaigns in force then."""

from dataclasses import dataclass
from datetime import datetime

from acceptance_api.acceptance import scan_store, store
from acceptance_api.acceptance.facts import Facts, facts_from_json
from acceptance_api.acceptance.model import Acceptance
from acceptance_api.acceptance.policy import passage_of
from acceptance_api.acceptance.rules import Rules
from acceptance_api.acceptance.scan_model import PassSeen, Scan, ScanKnown, ScanParcel
from acceptance_api.acceptance.scan_policy import judge_scan
from acceptance_api.access import Caller, Permission, require
from acceptance_api.audit import Action, Entry
from acceptance_api.campaigns import NOTHING, Measures
from acceptance_api.interception import find_stop
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.screening import pass_fact, passes_of_waybill
from acceptance_api.sites import Outlet


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    acceptance: Acceptance
    facts: Facts


async def scan_parcel(
    rules: Rules, tx: Tx, caller: Caller, outlet: Outlet, request: ScanParcel, *, at: datetime
) -> tuple[Scan, bool]:
    """Say what is to be done with a parcel here, and record it; say whether the record is new.

    The parcel may have been accepted at any outlet of the enterprise, before the campaign that binds it now began.

    Raises:
        Problem: NOT_PERMITTED, ID_CONFLICT, or REFERENCE_UNKNOWN for a waybill that stands for no parcel.
    """
    require(caller, Permission.COUNTER_SCAN_RECORD)
    known = await scan_store.find_scan(tx, caller.outlet_id, request.id)
    if known is not None:
        if known.fingerprint != request.fingerprint:
            raise Problem(Kind.ID_CONFLICT)
        return known, False
    found = await _found(tx, caller, request.waybill)
    measures = _measures(rules, found, outlet)
    seen = ScanKnown(
        outcome=found.acceptance.decision.outcome.value,
        goods=tuple((goods.code, _class_of(rules, goods.code)) for goods in found.facts.goods),
        passes=await _passes(tx, caller, request.waybill),
        accepted_here=found.acceptance.outlet_id == caller.outlet_id,
        **await _stops(tx, caller, request.waybill),
    )
    instruction, reasons = judge_scan(seen, request.stage, measures)
    scan = Scan(
        id=request.id,
        enterprise_id=caller.enterprise_id,
        outlet_id=caller.outlet_id,
        waybill=request.waybill,
        acceptance_id=found.acceptance.id,
        accepted_at_outlet_id=found.acceptance.outlet_id,
        stage=request.stage,
        instruction=instruction,
        reasons=reasons,
        rules=rules.asking(measures),
        clerk_id=caller.named_clerk_id,
        recorded_at=at,
        fingerprint=request.fingerprint,
    )
    await scan_store.add(tx, scan, entry=_entry(caller, scan))
    return scan, True


async def _found(tx: Tx, caller: Caller, waybill: str) -> _Found:
    keys = await scan_store.find_presented(tx, waybill, caller.enterprise_id)
    acceptances = await store.find_acceptances(tx, keys[:1])
    if not acceptances:
        raise Problem(Kind.REFERENCE_UNKNOWN, Fault("/waybill", "unknown"))
    return _Found(acceptance=acceptances[0], facts=facts_from_json(dict(acceptances[0].facts)))


async def _passes(tx: Tx, caller: Caller, waybill: str) -> tuple[PassSeen, ...]:
    """Every pass at any outlet of the enterprise, with what was said of it since."""
    passes = await passes_of_waybill(tx, caller.enterprise_id, waybill)
    facts = ((one.outlet_id, pass_fact(one)) for one in passes)
    return tuple(
        PassSeen(here=outlet_id == caller.outlet_id, verdict=fact.verdict.value, labelled=fact.labelled)
        for outlet_id, fact in facts
    )


async def _stops(tx: Tx, caller: Caller, waybill: str) -> dict[str, bool]:
    stop = await find_stop(tx, caller.enterprise_id, waybill)
    return {"is_intercepted": stop.is_intercepted, "is_under_examination": stop.is_under_examination}


def _measures(rules: Rules, found: _Found, outlet: Outlet) -> Measures:
    """What the campaigns of the agencies that supervise this place ask of a parcel that passes through it."""
    facts, destination = found.facts, found.acceptance.destination
    if not rules.campaigns:
        return NOTHING
    passage = passage_of(facts.origin, destination, facts.transport, (*facts.transit, outlet.division))
    return rules.measures(passage, at_division=outlet.division)


def _class_of(rules: Rules, code: str) -> str:
    goods = rules.catalogue.find(code)
    return goods.class_code if goods else ""


def _entry(caller: Caller, scan: Scan) -> Entry:
    return Entry(
        action=Action.PARCEL_SCANNED,
        actor=caller.actor,
        at=scan.recorded_at,
        stream_id=scan.outlet_id,
        subject_id=scan.id,
        detail={
            "stage": scan.stage.value,
            "instruction": scan.instruction.value,
            "reasons": [why.reason.code for why in scan.reasons],
        },
    )
