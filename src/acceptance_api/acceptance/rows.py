"""Between rows and words: the only place that knows how an acceptance is spread over columns."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from acceptance_api.acceptance.grounds import Ground, Weight
from acceptance_api.acceptance.model import (
    Acceptance,
    Decision,
    Destination,
    Late,
    Objection,
    Outcome,
    Reach,
    References,
    SealedRecord,
    SenderKind,
    Transport,
)
from acceptance_api.kernel.ids import AcceptanceId, CounterId, EnterpriseId, OutletId
from acceptance_api.law import Citation
from acceptance_api.signals import noticed_from_json


def acceptance_row(acceptance: Acceptance, sealed: SealedRecord) -> dict[str, object]:
    """The row of one revision."""
    return {
        "outlet_id": acceptance.outlet_id,
        "id": acceptance.id,
        "revision": acceptance.revision,
        "record_id": sealed.record_id,
        "enterprise_id": acceptance.enterprise_id,
        "origin": acceptance.origin,
        "counter_id": acceptance.counter_id,
        "clerk_id": acceptance.clerk_id,
        "waybill": acceptance.waybill,
        "sender_kind": acceptance.sender_kind.value,
        "country": acceptance.destination.country,
        "division": acceptance.destination.division,
        "reach": acceptance.reach.value,
        "transport": acceptance.transport.value,
        "contents_kind": acceptance.contents_kind,
        "correction": acceptance.correction,
        "recorded_at": acceptance.recorded_at,
        "late": late_json(acceptance.late) if acceptance.late else None,
        **sealed.envelopes,
        "seal_key_id": sealed.seal_key_id,
        "sender_name_commitment": sealed.sender_name_commitment,
        "contents_commitment": sealed.contents_commitment,
        "fingerprint": acceptance.fingerprint,
    }


def decision_row(acceptance: Acceptance, *, decision_id: UUID, fingerprint: bytes) -> dict[str, object]:
    """The row of the acceptance's latest decision."""
    return {
        "outlet_id": acceptance.outlet_id,
        "acceptance_id": acceptance.id,
        "sequence": acceptance.sequence,
        "id": decision_id,
        "revision": acceptance.revision,
        "outcome": acceptance.decision.outcome.value,
        "objections": [objection_json(objection) for objection in acceptance.decision.objections],
        "rules": dict(acceptance.decision.rules),
        "facts": dict(acceptance.facts),
        "noticed": [one.as_json() for one in acceptance.decision.noticed] or None,
        "verification_id": acceptance.references.verification_id,
        "inspection_id": acceptance.references.inspection_id,
        "agreement_id": acceptance.references.agreement_id,
        "clerk_id": acceptance.clerk_id,
        "decided_at": acceptance.decided_at,
        "fingerprint": fingerprint,
    }


def acceptance_of(row: Row[tuple[object, ...]]) -> Acceptance:
    """The acceptance that a joined row of revision and decision holds."""
    return Acceptance(
        id=AcceptanceId(row.id),
        enterprise_id=EnterpriseId(row.enterprise_id),
        outlet_id=OutletId(row.outlet_id),
        origin=row.origin,
        counter_id=CounterId(row.counter_id) if row.counter_id else None,
        clerk_id=row.decision_clerk_id,
        waybill=row.waybill,
        sender_kind=SenderKind(row.sender_kind),
        destination=Destination(country=row.country, division=row.division),
        reach=Reach(row.reach),
        transport=Transport(row.transport),
        contents_kind=row.contents_kind,
        revision=row.revision,
        sequence=row.decision_sequence,
        decision=Decision(
            outcome=Outcome(row.decision_outcome),
            objections=tuple(objection_from_json(stored) for stored in row.decision_objections),
            rules=row.decision_rules,
            noticed=tuple(noticed_from_json(stored) for stored in row.decision_noticed or ()),
        ),
        references=References(
            verification_id=row.decision_verification_id,
            inspection_id=row.decision_inspection_id,
            agreement_id=row.decision_agreement_id,
        ),
        facts=row.decision_facts,
        recorded_at=row.recorded_at,
        decided_at=row.decision_decided_at,
        fingerprint=row.fingerprint,
        correction=row.correction,
        late=late_from_json(row.late) if row.late else None,
    )


def late_json(late: Late) -> dict[str, Any]:
    """The mark of a late record, as stored."""
    return asdict(late) | {
        "occurred_at": late.occurred_at.isoformat(),
        "device_occurred_at": late.device_occurred_at.isoformat(),
    }


def late_from_json(stored: Mapping[str, Any]) -> Late:
    """The mark of a late record."""
    return Late(
        **{
            **stored,
            "occurred_at": datetime.fromisoformat(stored["occurred_at"]),
            "device_occurred_at": datetime.fromisoformat(stored["device_occurred_at"]),
        }
    )


def objection_json(objection: Objection) -> dict[str, Any]:
    """An objection as stored: with the citation of its day, so that it still reads the same years later."""
    return {
        "ground": objection.ground.code,
        "weight": objection.weight.value,
        "about": objection.about,
        "act": objection.citation.act,
        "version": objection.citation.version,
        "article": objection.citation.article,
        **({"by": objection.by} if objection.by else {}),
    }


def objection_from_json(stored: Mapping[str, Any]) -> Objection:
    """A stored objection."""
    return Objection(
        ground=Ground.of(stored["ground"]),
        weight=Weight(stored["weight"]),
        about=stored["about"],
        citation=Citation(act=stored["act"], version=stored["version"], article=stored["article"]),
        by=stored.get("by"),
    )
