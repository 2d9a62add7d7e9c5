"""Adding to an enterprise's tree: branches, outlets, counters, clerks, machines.

`enterprise_id` says whose outlets the caller may touch: another's looks missing. None is the operator, who sees all.
"""

from datetime import datetime
from uuid import UUID

from acceptance_api.audit import Action, Actor, Entry
from acceptance_api.kernel.database import Tx
from acceptance_api.kernel.ids import ClerkId, CounterId, EnterpriseId, MachineId, OutletId, new_uuid
from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.sites import outlet_store, store
from acceptance_api.sites.divisions import Level, find_division
from acceptance_api.sites.fields import CLERK_NAME
from acceptance_api.sites.model import (
    AddClerk,
    AddOutlet,
    Branch,
    BranchId,
    Clerk,
    Counter,
    Enterprise,
    Machine,
    Outlet,
)
from acceptance_api.sites.staff import register_staff_number
from acceptance_api.vault import Scope, Vault

_LEVELS = frozenset({Level.CITY, Level.COUNTY})
"""An outlet stands in a county, or in a city that has none; a province is no address."""


async def add_enterprise(tx: Tx, *, name: str, brand: str, actor: Actor, at: datetime) -> Enterprise:
    """Add an enterprise."""
    enterprise = Enterprise(id=EnterpriseId(new_uuid()), name=name, brand=brand, created_at=at)
    entry = _entry(Action.ENTERPRISE_ADDED, enterprise.id, enterprise.id, actor=actor, at=at)
    await store.add_enterprise(tx, enterprise, entry=entry)
    return enterprise


async def add_branch(
    tx: Tx, enterprise_id: EnterpriseId, *, name: str, parent_id: BranchId | None, actor: Actor, at: datetime
) -> Branch:
    """Add a branch below another, or right below the headquarters.

    Raises:
        Problem: NOT_FOUND, or REFERENCE_UNKNOWN (the parent).
    """
    await _require_enterprise(tx, enterprise_id)
    await _require_branch(tx, enterprise_id, parent_id, pointer="/parent_id")
    branch = Branch(enterprise_id=enterprise_id, id=BranchId(new_uuid()), parent_id=parent_id, name=name, created_at=at)
    entry = _entry(Action.BRANCH_ADDED, enterprise_id, branch.id, actor=actor, at=at)
    await store.add_branch(tx, branch, entry=entry)
    return branch


async def add_outlet(tx: Tx, enterprise_id: EnterpriseId, request: AddOutlet, *, actor: Actor, at: datetime) -> Outlet:
    """Add an outlet in a county or city.

    Raises:
        Problem: NOT_FOUND, REFERENCE_UNKNOWN (the branch), or INVALID (the division).
    """
    await _require_enterprise(tx, enterprise_id)
    await _require_branch(tx, enterprise_id, request.branch_id, pointer="/branch_id")
    division = find_division(request.division)
    if division is None or division.level not in _LEVELS:
        raise Problem(Kind.INVALID, Fault("/division", "unknown_division"))
    outlet = Outlet(
        enterprise_id=enterprise_id,
        id=OutletId(new_uuid()),
        branch_id=request.branch_id,
        name=request.name,
        division=request.division,
        created_at=at,
    )
    entry = _entry(Action.OUTLET_ADDED, enterprise_id, outlet.id, actor=actor, at=at)
    await store.add_outlet(tx, outlet, entry=entry)
    return outlet


async def add_counter(
    tx: Tx, outlet_id: OutletId, *, enterprise_id: EnterpriseId | None, name: str, actor: Actor, at: datetime
) -> Counter:
    """Add a counter to an outlet.

    Raises:
        Problem: NOT_FOUND or ALREADY_EXISTS.
    """
    outlet = await store.get_outlet(tx, outlet_id, enterprise_id=enterprise_id)
    counter = Counter(
        outlet_id=outlet_id,
        id=CounterId(new_uuid()),
        enterprise_id=outlet.enterprise_id,
        name=name,
        created_at=at,
    )
    entry = _entry(Action.COUNTER_ADDED, outlet_id, counter.id, actor=actor, at=at)
    await outlet_store.add_counter(tx, counter, entry=entry)
    return counter


async def add_clerk(
    tx: Tx,
    vault: Vault,
    outlet_id: OutletId,
    request: AddClerk,
    *,
    enterprise_id: EnterpriseId | None,
    actor: Actor,
    at: datetime,
) -> Clerk:
    """Add a clerk to an outlet; the name is sealed for the enterprise, an own document's number only committed to.

    Raises:
        Problem: NOT_FOUND or ALREADY_EXISTS.
        KeyStoreUnavailable, KeyUnavailable: the vault cannot seal.
    """
    outlet = await store.get_outlet(tx, outlet_id, enterprise_id=enterprise_id)
    scope = await vault.scope(outlet.enterprise_id, at=at)
    clerk = _clerk(scope, outlet, request, at=at)
    entry = _entry(Action.CLERK_ADDED, outlet_id, clerk.id, actor=actor, at=at)
    await outlet_store.add_clerk(tx, clerk, entry=entry)
    if request.id_number is not None:
        number = request.id_number
        await register_staff_number(
            tx, vault, outlet_id, clerk.id, number, enterprise_id=enterprise_id, actor=actor, at=at
        )
    return clerk


async def retire_clerk(
    tx: Tx,
    outlet_id: OutletId,
    clerk_id: ClerkId,
    *,
    enterprise_id: EnterpriseId | None,
    actor: Actor,
    at: datetime,
) -> None:
    """Let a clerk work at an outlet no longer; doing it again changes nothing.

    Raises:
        Problem: NOT_FOUND.
    """
    await store.get_outlet(tx, outlet_id, enterprise_id=enterprise_id)
    if await outlet_store.find_clerk(tx, outlet_id, clerk_id, even_retired=True) is None:
        raise Problem(Kind.NOT_FOUND)
    entry = _entry(Action.CLERK_RETIRED, outlet_id, clerk_id, actor=actor, at=at)
    await outlet_store.retire_clerk(tx, outlet_id, clerk_id, at=at, entry=entry)


async def add_machine(
    tx: Tx,
    outlet_id: OutletId,
    *,
    enterprise_id: EnterpriseId | None,
    serial: str,
    certificate_no: str,
    actor: Actor,
    at: datetime,
) -> Machine:
    """Add an X-ray machine to an outlet.

    Raises:
        Problem: NOT_FOUND or ALREADY_EXISTS.
    """
    outlet = await store.get_outlet(tx, outlet_id, enterprise_id=enterprise_id)
    machine = Machine(
        outlet_id=outlet_id,
        id=MachineId(new_uuid()),
        enterprise_id=outlet.enterprise_id,
        serial=serial,
        certificate_no=certificate_no,
        created_at=at,
    )
    entry = _entry(Action.MACHINE_ADDED, outlet_id, machine.id, actor=actor, at=at)
    await outlet_store.add_machine(tx, machine, entry=entry)
    return machine


def _clerk(scope: Scope, outlet: Outlet, request: AddClerk, *, at: datetime) -> Clerk:
    clerk_id = ClerkId(new_uuid())
    return Clerk(
        outlet_id=outlet.id,
        id=clerk_id,
        enterprise_id=outlet.enterprise_id,
        staff_no=request.staff_no,
        roles=request.roles,
        name_sealed=scope.seal(CLERK_NAME, clerk_id, request.name),
        seal_key_id=scope.key_id,
        created_at=at,
    )


async def _require_enterprise(tx: Tx, enterprise_id: EnterpriseId) -> None:
    if await store.find_enterprise(tx, enterprise_id) is None:
        raise Problem(Kind.NOT_FOUND)


async def _require_branch(tx: Tx, enterprise_id: EnterpriseId, branch_id: BranchId | None, *, pointer: str) -> None:
    if branch_id is not None and await store.find_branch(tx, enterprise_id, branch_id) is None:
        raise Problem(Kind.REFERENCE_UNKNOWN, Fault(pointer, "unknown"))


def _entry(action: Action, stream_id: UUID, subject_id: UUID, *, actor: Actor, at: datetime) -> Entry:
    return Entry(action=action, actor=actor, at=at, stream_id=stream_id, subject_id=subject_id)
