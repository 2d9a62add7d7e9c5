"""Filing the papers of machines and screeners. `enterprise_id` says whose outlets; None is the operator."""

from datetime import date, datetime

from acceptance_api.audit import Action, Actor, Entry
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import ClerkId, EnterpriseId, MachineId, OutletId, new_uuid
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.sites import outlet_store, paper_store, store
from acceptance_api.sites.papers import FileMachinePaper, FileScreenerPaper, MachinePaper, PaperId, ScreenerPaper


async def file_machine_paper(
    tx: Tx,
    outlet_id: OutletId,
    machine_id: MachineId,
    request: FileMachinePaper,
    *,
    enterprise_id: EnterpriseId | None,
    actor: Actor,
    at: datetime,
) -> MachinePaper:
    """File a machine's certificate and calibration; from its first day on the paper takes the place of earlier ones.

    Raises:
        Problem: NOT_FOUND (also a retired machine), or INVALID: days that run backwards.
    """
    outlet = await store.get_outlet(tx, outlet_id, enterprise_id=enterprise_id)
    if await outlet_store.find_machine(tx, outlet_id, machine_id) is None:
        raise Problem(Kind.NOT_FOUND)
    _require_order(valid_to=(request.valid_from, request.valid_to))
    _require_order(calibration_due_on=(request.calibrated_on, request.calibration_due_on))
    paper = MachinePaper(
        outlet_id=outlet_id,
        machine_id=machine_id,
        id=PaperId(new_uuid()),
        enterprise_id=outlet.enterprise_id,
        filed_at=at,
        **{name: getattr(request, name) for name in FileMachinePaper.__slots__},
    )
    entry = Entry(
        action=Action.MACHINE_PAPER_FILED,
        actor=actor,
        at=at,
        stream_id=outlet_id,
        subject_id=machine_id,
        detail={"paper_id": paper.id.hex, "valid_to": paper.valid_to.isoformat()},
    )
    await paper_store.add_machine_paper(tx, paper, entry=entry)
    return paper


async def file_screener_paper(
    tx: Tx,
    outlet_id: OutletId,
    clerk_id: ClerkId,
    request: FileScreenerPaper,
    *,
    enterprise_id: EnterpriseId | None,
    actor: Actor,
    at: datetime,
) -> ScreenerPaper:
    """File a screener's training and background check; from its first day on it takes the place of earlier ones.

    Raises:
        Problem: NOT_FOUND (also a retired clerk), or INVALID: days that run backwards.
    """
    outlet = await store.get_outlet(tx, outlet_id, enterprise_id=enterprise_id)
    if await outlet_store.find_clerk(tx, outlet_id, clerk_id) is None:
        raise Problem(Kind.NOT_FOUND)
    _require_order(valid_to=(request.valid_from, request.valid_to))
    paper = ScreenerPaper(
        outlet_id=outlet_id,
        clerk_id=clerk_id,
        id=PaperId(new_uuid()),
        enterprise_id=outlet.enterprise_id,
        filed_at=at,
        **{name: getattr(request, name) for name in FileScreenerPaper.__slots__},
    )
    entry = Entry(
        action=Action.SCREENER_PAPER_FILED,
        actor=actor,
        at=at,
        stream_id=outlet_id,
        subject_id=clerk_id,
        detail={"paper_id": paper.id.hex, "valid_to": paper.valid_to.isoformat()},
    )
    await paper_store.add_screener_paper(tx, paper, entry=entry)
    return paper


def _require_order(**days: tuple[date, date]) -> None:
    for name, (first, last) in days.items():
        if last < first:
            raise Problem(Kind.INVALID, Fault(f"/{name}", "before_its_beginning"))
