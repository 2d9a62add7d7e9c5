"""What is asked of the database before a parcel is decided: one question, answered in one round trip."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, String, Uuid

from acceptance_api.acceptance import store
from acceptance_api.acceptance.model import DecideParcel
from acceptance_api.acceptance.noticing import NEVER, Sightings, burst_part, day_part, day_start
from acceptance_api.access import Caller
from acceptance_api.agreements import Agreement, agreement_part
from acceptance_api.identity import Identified, identified_part
from acceptance_api.inspection import Inspected, inspected_part
from acceptance_api.interception import Stopped, open_case_part
from acceptance_api.kernel.database import Instant
from acceptance_api.kernel.express import Question
from acceptance_api.screening import PassFact, passes_part

QUESTION = Question(
    {
        "outlet_id": Uuid(),
        "enterprise_id": Uuid(),
        "acceptance_id": Uuid(),
        "waybill": String(),
        "verification_id": Uuid(),
        "inspection_id": Uuid(),
        "agreement_id": Uuid(),
        "addressee_verification_id": Uuid(),
        "day_start": Instant(),
        "phone_token": BigInteger(),
        "burst_start": Instant(),
    },
    lambda asked: (
        *store.standing_parts(asked),
        identified_part(asked["outlet_id"], asked["verification_id"]),
        inspected_part(asked["outlet_id"], asked["inspection_id"]),
        agreement_part(asked["enterprise_id"], asked["agreement_id"]),
        passes_part(asked["outlet_id"], asked["waybill"]),
        open_case_part(asked["enterprise_id"], asked["waybill"]),
        day_part(),
        burst_part(asked),
        identified_part(asked["outlet_id"], asked["addressee_verification_id"], name="addressee"),
    ),
)
"""Everything that the database knows of a parcel before it is decided, in one round trip."""


@dataclass(frozen=True, slots=True)
class Known:
    """The answer to the question."""

    fingerprint: bytes | None
    """Of the request that was decided under this id before."""
    standing: UUID | None
    """The acceptance for which the waybill stands."""
    outlet_of_id: UUID | None
    """The outlet that has presented this waybill under this id before."""
    verification: Identified | None
    inspection: Inspected | None
    agreement: Agreement | None
    passes: tuple[PassFact, ...]
    stopped: Stopped
    sightings: Sightings
    lately: int
    """Parcels that the outlet has recorded lately, counted when it closes soon."""
    addressee: Identified | None
    """The verification of the addressee's document, where one was made."""


def asked_of(
    caller: Caller,
    request: DecideParcel,
    *,
    presented_at: datetime,
    phone_token: int = 0,
    burst_start: datetime = NEVER,
) -> tuple[object, ...]:
    """What is asked for a parcel, in the order of the question's keys; `phone_token` is of the sender's telephone."""
    return (
        caller.outlet_id,
        caller.enterprise_id,
        request.id,
        request.waybill,
        request.verification_id,
        request.inspection_id,
        request.agreement_id,
        request.addressee_verification_id,
        day_start(presented_at),
        phone_token,
        burst_start,
    )
