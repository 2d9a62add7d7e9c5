"""The parcels accepted under agreements, in SQL: what was chosen, and what was inspected."""

from datetime import date

from sqlalchemy import ColumnElement, and_, func, select, update

from acceptance_api.agreements.model import SampledParcel, Shares
from acceptance_api.agreements.store import written
from acceptance_api.agreements.tables import agreement_parcels
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.express import NewRow
from acceptance_api.kernel.ids import AcceptanceId, AgreementId, EnterpriseId, OutletId


def sampled_parcel_row(parcel: SampledParcel) -> NewRow:
    """The row of a parcel accepted under an agreement, for who commits it together with the acceptance."""
    return agreement_parcels, {
        "enterprise_id": parcel.enterprise_id,
        "agreement_id": parcel.agreement_id,
        "outlet_id": parcel.outlet_id,
        "acceptance_id": parcel.acceptance_id,
        "waybill": parcel.waybill,
        "accepted_on": parcel.accepted_on,
        "sampling_ratio": written(parcel.sampling.ratio),
        "is_sampled": parcel.sampling.is_sampled,
        "is_inspected": parcel.is_inspected,
    }


async def mark_inspected(
    tx: Tx, enterprise_id: EnterpriseId, agreement_id: AgreementId, outlet_id: OutletId, acceptance_id: AcceptanceId
) -> None:
    """Tell of a parcel that it was inspected after all, when it was held for that; nothing if it is none of these."""
    of = agreement_parcels.c
    place = and_(of.agreement_id == agreement_id, of.outlet_id == outlet_id, of.acceptance_id == acceptance_id)
    whose = update(agreement_parcels).where(of.enterprise_id == enterprise_id, place)
    await tx.execute(whose.values(is_inspected=True))


async def find_shares(
    tx: Tx, enterprise_id: EnterpriseId, agreement_id: AgreementId, *, since: date, until: date
) -> Shares:
    """How many parcels of an agreement were chosen and inspected, of both legal days and those between."""
    of = agreement_parcels.c
    query = select(
        func.count(),
        _counted(of.is_sampled),
        _counted(of.is_inspected),
        _counted(and_(of.is_sampled, of.is_inspected)),
    ).where(of.enterprise_id == enterprise_id, of.agreement_id == agreement_id, of.accepted_on.between(since, until))
    parcels, sampled, inspected, both = (await tx.execute(query)).one()
    return Shares(parcels=parcels, sampled=sampled, inspected=inspected, sampled_and_inspected=both)


def _counted(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)
